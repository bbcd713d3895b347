use super::*;

#[test]
fn the_numbers_are_those_of_the_reference_implementation() {
    let mut random = Random::seeded(42, 54);
    let first: Vec<u32> = (0..4).map(|_| random.bits()).collect();
    assert_eq!(first, [0xa15c_02b7, 0x7b47_f409, 0xba1d_3330, 0x83d2_f293]);
}

#[test]
fn neighbouring_streams_start_differently() {
    let mean = (0..10_000).map(|stream| Random::new(5, stream).unit()).sum::<f64>() / 10_000.0;
    assert!((mean - 0.5).abs() < 0.01, "{mean}");
}
