use super::Random;

/// The first numbers that the reference implementation in C gives for the seed 1234567.
#[test]
fn the_numbers_are_those_of_the_reference() {
    let mut random = Random::new(1_234_567);
    let numbers: [u64; 3] = std::array::from_fn(|_| random.number());
    assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
}

#[test]
fn every_choice_is_picked() {
    let mut random = Random::new(7);
    let mut seen = [false; 5];
    for _ in 0..200 {
        seen[*random.pick(&[0, 1, 2, 3, 4])] = true;
    }
    assert_eq!(seen, [true; 5]);
}
