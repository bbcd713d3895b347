use super::Figure;
use crate::keys::Average;
use crate::random::Random;
use proptest::prelude::*;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 5e-4
}

/// Of R: `binom.test(3, 20, conf.level = 0.9)` and the like.
#[test]
fn shares_have_exact_intervals() {
    for (count, of, low, high) in [(3, 20, 0.0421694, 0.3436641), (0, 10, 0.0, 0.2588656), (10, 10, 0.7411344, 1.0)] {
        let figure = Figure::share(count, of, 1);
        let (found_low, found_high) = figure.interval.unwrap();
        assert!(close(found_low, low) && close(found_high, high), "{count} of {of}: {found_low} to {found_high}");
    }
}

#[test]
fn too_little_is_no_number() {
    assert_eq!(Figure::average(vec![1.0, 2.0], Average::Median, 3).value, None);
    assert_eq!(Figure::share(1, 4, 5), Figure { value: None, sample: 4, interval: None });
    assert_eq!(Figure::average(vec![4.0, 1.0, 3.0, 2.0], Average::P75, 1).value, Some(3.25));
}

proptest! {
    #[test]
    fn the_order_does_not_matter_and_the_value_lies_within(samples in prop::collection::vec(0.0..1e6_f64, 1..40)) {
        let mut turned = samples.clone();
        turned.reverse();
        let figure = Figure::average(samples.clone(), Average::Median, 1);
        prop_assert_eq!(&figure, &Figure::average(turned, Average::Median, 1));
        let most = samples.iter().copied().fold(0.0, f64::max);
        let (low, high) = figure.interval.unwrap_or((0.0, most));
        prop_assert!(low <= high && high <= most);
    }
}

/// Of samples of which the truth is known, nine intervals in ten have it.
#[test]
fn the_interval_of_many_samples_has_the_truth_nine_times_in_ten() {
    const TRIALS: usize = 400;
    const SAMPLES: usize = 501;
    for (average, truth) in [(Average::Median, 0.5), (Average::P75, 0.75), (Average::P90, 0.9), (Average::Mean, 0.5)] {
        let mut random = Random(11);
        let mut number = || random.below(1 << 30) as f64 / f64::from(1 << 30);
        let holds = (0..TRIALS).filter(|_| {
            let figure = Figure::average((0..SAMPLES).map(|_| number()).collect(), average, 5);
            figure.interval.is_some_and(|(low, high)| low <= truth && truth <= high)
        });
        let share = holds.count() as f64 / TRIALS as f64;
        assert!((0.86..=0.94).contains(&share), "{average:?}: {share}");
    }
}
