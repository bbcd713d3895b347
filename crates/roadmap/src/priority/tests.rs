use super::{
    Criterion, Method,
    method::{Score, place},
    number,
};
use kernel::Id;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn score(method: Method, values: &[(&str, f64)]) -> Score {
    method.score(&method.factors(&[]), &values.iter().copied().collect())
}

#[test]
fn rice_is_the_example_of_its_author() {
    // Reach 500, impact 3, confidence 80 %, effort 2 person-months.
    let known = [("reach", 500.0), ("impact", 3.0), ("confidence", 80.0), ("effort", 2.0)];
    assert_eq!(score(Method::Rice, &known).score, Some(600.0));
    let missing = score(Method::Rice, &known[..2]);
    assert_eq!((missing.score, missing.missing), (None, vec!["Confidence".to_owned(), "Effort".to_owned()]));
}

#[test]
fn wsjf_is_the_cost_of_delay_by_the_size() {
    let known = [("value", 8.0), ("urgency", 5.0), ("opportunity", 0.0), ("size", 2.0)];
    assert_eq!(score(Method::Wsjf, &known).score, Some(6.5));
    assert_eq!(score(Method::Wsjf, &known[1..]).score, None, "what is missing is not zero");
}

fn weighed(pairs: &[(i64, Option<f64>)]) -> Option<f64> {
    let criteria: Vec<Criterion> = pairs
        .iter()
        .enumerate()
        .map(|(place, (weight, _))| Criterion {
            id: Id::from_u128(place as u128 + 1),
            name: "c".into(),
            weight: *weight,
        })
        .collect();
    let factors = Method::Weights.factors(&criteria);
    let known = factors.iter().zip(pairs).filter_map(|(factor, (_, value))| Some((factor.key.as_str(), (*value)?)));
    let known: BTreeMap<&str, f64> = known.collect();
    Method::Weights.score(&factors, &known).score
}

#[test]
fn a_weight_below_zero_counts_against() {
    assert_eq!(weighed(&[(3, Some(10.0)), (-1, Some(2.0))]), Some(7.0));
    assert_eq!(weighed(&[(3, Some(10.0)), (-1, None)]), None);
    assert_eq!(weighed(&[]), None, "no criteria, no score");
}

#[test]
fn numbers_are_as_exact_as_is_useful() {
    let cases = [
        (0.25, "0.25"),
        (600.0, "600"),
        (1240.4, "1,240"),
        (17.34, "17.3"),
        (-5.5, "-5.5"),
        (-123.0, "-123"),
        (-1234.0, "-1,234"),
        (1e9, "1,000,000,000"),
        (3.0, "3"),
        (0.0, "0"),
    ];
    for (value, written) in cases {
        assert_eq!(number(value), written);
    }
}

proptest! {
    #[test]
    fn a_weighted_mean_lies_between_the_ends(pairs in prop::collection::vec((1i64..=100, 0.0..=10.0f64), 1..12)) {
        let all: Vec<(i64, Option<f64>)> = pairs.iter().map(|(weight, value)| (*weight, Some(*value))).collect();
        let mean = weighed(&all).unwrap();
        let least = pairs.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
        let most = pairs.iter().map(|(_, value)| *value).fold(0.0, f64::max);
        prop_assert!((least - 1e-9..=most + 1e-9).contains(&mean), "{mean} of {pairs:?}");
    }

    #[test]
    fn who_has_more_is_never_behind(known in prop::collection::vec(prop::option::of(0.0..100.0f64), 0..40)) {
        let new = |score: &Option<f64>| Score { method: Method::Rice, score: *score, place: None, missing: Vec::new() };
        let mut scores: Vec<Score> = known.iter().map(new).collect();
        place(&mut scores.iter_mut().collect::<Vec<_>>());
        for one in &scores {
            prop_assert_eq!(one.place.is_some(), one.score.is_some());
            let ahead = scores.iter().filter(|other| other.score > one.score).count();
            prop_assert!(one.place.is_none_or(|place| place == ahead + 1));
        }
    }
}
