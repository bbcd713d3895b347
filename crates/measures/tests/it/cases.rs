//! The cases of `cases.toml`.
use crate::{MINUTE, act, minute};
use kernel::calendar::{Calendar, Week};
use measures::{Pull, PullOptions, Summary, figure, stages};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    options: PullOptions,
    #[serde(default)]
    written: Vec<i64>,
    #[serde(default)]
    committed: Vec<i64>,
    opened: i64,
    merged: Option<i64>,
    merged_by: Option<String>,
    deployed: Option<i64>,
    #[serde(default)]
    acts: Vec<(i64, String, String)>,
    wanted: Wanted,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    coding: Option<i64>,
    pickup: Option<i64>,
    review: Option<i64>,
    merge: Option<i64>,
    deploy: Option<i64>,
    cycle: Option<i64>,
    #[serde(default)]
    self_merged: bool,
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
    figure: Vec<FigureCase>,
}

/// Of several values, of which some are not known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureCase {
    name: String,
    summary: Summary,
    values: Vec<i64>,
    #[serde(default)]
    missing: usize,
    wanted: Option<i64>,
}

#[test]
fn every_rule_has_its_case() {
    let Cases { case: cases, .. } = toml::from_str(include_str!("cases.toml")).unwrap();
    assert!(cases.len() > 15);
    let utc = Calendar::new(kernel::calendar::zone("UTC").unwrap(), Week::standard());
    for case in cases {
        let dates = (0..case.written.len().max(case.committed.len()))
            .map(|at| (case.written.get(at).copied().map(minute), case.committed.get(at).copied().map(minute)));
        let pull = Pull {
            author: Some("ann".to_owned()),
            opened_at: minute(case.opened),
            merged_at: case.merged.map(minute),
            merged_by: case.merged_by,
            deployed_at: case.deployed.map(minute),
            draft: None,
            commits: dates.collect(),
            acts: case.acts.iter().map(|(at, by, what)| act(*at, by, what)).collect(),
        };
        let found = stages(&pull, &case.options, Some(&utc));
        let minutes = |value: Option<i64>| value.map(|value| value / MINUTE);
        let found = Wanted {
            coding: minutes(found.coding),
            pickup: minutes(found.pickup),
            review: minutes(found.review),
            merge: minutes(found.merge),
            deploy: minutes(found.deploy),
            cycle: minutes(found.cycle),
            self_merged: found.self_merged,
        };
        assert_eq!(found, case.wanted, "{}", case.name);
    }
}

#[test]
fn every_summary_has_its_case() {
    let Cases { figure: cases, .. } = toml::from_str(include_str!("cases.toml")).unwrap();
    for case in cases {
        let values = case.values.iter().copied().map(Some).chain(std::iter::repeat_n(None, case.missing));
        let found = figure(values, case.summary);
        assert_eq!(
            (found.value, found.of, found.missing),
            (case.wanted, case.values.len(), case.missing),
            "{}",
            case.name
        );
    }
}

#[test]
fn what_is_missing_is_not_taken_for_nothing() {
    let values = [Some(1), None, Some(3), Some(10), Some(2)];
    let of = |summary| figure(values, summary);
    assert_eq!((of(Summary::Median).value, of(Summary::Median).of, of(Summary::Median).missing), (Some(2), 4, 1));
    assert_eq!((of(Summary::Mean).value, of(Summary::Percentile85).value), (Some(4), Some(10)));
    assert_eq!(figure([None], Summary::Median).value, None);
}
