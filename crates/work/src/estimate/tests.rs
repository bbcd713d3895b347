use super::{Estimate, Measure};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_is_read_again(hundredths in 0..1_000_000_i64) {
        let estimate = Estimate(hundredths);
        prop_assert_eq!(estimate.to_string().parse::<Estimate>().unwrap(), estimate);
        let json = serde_json::to_string(&estimate).unwrap();
        prop_assert_eq!(serde_json::from_str::<Estimate>(&json).unwrap(), estimate);
    }
}

#[test]
fn a_size_counts_as_its_points() {
    let medium: Estimate = "m".parse().unwrap();
    assert_eq!(
        (medium, Measure::Sizes.says(medium), Measure::Points.says(medium)),
        (Estimate(300), "M".into(), "3".into())
    );
    assert_eq!(Measure::Hours.says("0,5".parse().unwrap()), "0.5 h");
}

#[test]
fn what_is_no_estimate_is_refused() {
    for text in ["", "-1", "1e9", "NaN", "1.234", "XXXL", "99999999", "1.", ".5"] {
        assert!(text.parse::<Estimate>().is_err(), "{text}");
    }
}
