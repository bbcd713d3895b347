use super::{
    Done, Share,
    actual::{Marks, Unit, actual, share_of},
};
use kernel::Id;
use people::person::Named;
use proptest::prelude::*;

fn share(place: u128) -> Share {
    let name = |id: u128| format!("n{id}");
    Share {
        id: Id::from_u128(place + 1),
        name: name(place),
        percent: 10,
        labels: vec![Named { id: Id::from_u128(100 + place), name: name(place) }],
        projects: vec![Named { id: Id::from_u128(200 + place), name: name(place) }],
    }
}

fn done(place: u128, estimate: Option<i64>) -> Done {
    Done { issue_id: Id::from_u128(1000 + place), key: format!("A-{place}"), title: String::new(), estimate }
}

#[test]
fn a_label_says_more_than_a_project_and_the_first_share_has_it() {
    let shares = [share(0), share(1), share(2)];
    let issue = Id::from_u128(1000);
    let mut marks = Marks::default();
    assert_eq!(share_of(issue, &marks, &shares), (None, false));
    marks.projects.insert(issue, Id::from_u128(200));
    assert_eq!(share_of(issue, &marks, &shares), (Some(0), false));
    marks.labels.insert((issue, Id::from_u128(102)));
    assert_eq!(share_of(issue, &marks, &shares), (Some(2), false));
    marks.labels.insert((issue, Id::from_u128(101)));
    assert_eq!(share_of(issue, &marks, &shares), (Some(1), true));
}

#[test]
fn estimates_count_where_nearly_all_have_one() {
    let all = |known: u128| (0..10).map(|at| done(at, (at < known).then_some(100))).collect::<Vec<_>>();
    assert_eq!(Unit::of(Some("points"), &all(8)), Unit::Points);
    assert_eq!(Unit::of(Some("points"), &all(7)), Unit::Issues);
    assert_eq!(Unit::of(Some("hours"), &all(10)), Unit::Hours);
    assert_eq!(Unit::of(Some("sizes"), &all(10)), Unit::Issues);
    assert_eq!(Unit::of(None, &[]), Unit::Issues);
}

proptest! {
    #[test]
    fn every_finished_issue_counts_once(
        places in prop::collection::vec((prop::option::of(0usize..3), prop::option::of(0i64..2000)), 0..60),
        points in any::<bool>(),
    ) {
        let shares = [share(0), share(1), share(2)];
        let all: Vec<Done> = (0u128..).zip(&places).map(|(at, (_, estimate))| done(at, *estimate)).collect();
        let where_to: Vec<Option<usize>> = places.iter().map(|(place, _)| *place).collect();
        let unit = if points { Unit::Points } else { Unit::Issues };
        let found = actual(&shares, true, &all, &where_to, unit);
        prop_assert_eq!(found.len(), 4);
        prop_assert_eq!(found.iter().map(|one| one.issues).sum::<usize>(), all.len());
        let percent: f64 = found.iter().filter_map(|one| one.percent).sum();
        prop_assert!(found[0].percent.is_none() || (percent - 100.0).abs() < 1e-6);
    }
}
