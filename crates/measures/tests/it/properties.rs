use crate::{act, minute};
use kernel::calendar::Calendar;
use measures::{
    CommitDate, CycleEnd, DraftTime, Pickup, Pull, PullOptions, ReviewEnd, Unanswered, distance, reasons, stages,
    waiting,
};
use proptest::prelude::*;

const WHAT: [&str; 11] = [
    "drafted",
    "ready",
    "closed",
    "reopened",
    "requested",
    "pushed",
    "force_pushed",
    "commented",
    "approved",
    "changes_requested",
    "dismissed",
];

prop_compose! {
    fn pulls()(
        opened in 0i64..5_000,
        life in prop::option::of(0i64..20_000),
        by in prop::option::of("ann|ben"),
        deployed in prop::option::of(0i64..30_000),
        draft in prop::option::of(any::<bool>()),
        commits in prop::collection::vec((prop::option::of(0i64..9_000), prop::option::of(0i64..9_000)), 0..4),
        acts in prop::collection::vec((0i64..25_000, "ann|ben|cat|bot", prop::sample::select(&WHAT[..])), 0..12),
    ) -> Pull<String> {
        Pull {
            author: Some("ann".to_owned()),
            opened_at: minute(opened),
            merged_at: life.map(|life| minute(opened + life)),
            merged_by: by,
            deployed_at: deployed.map(minute),
            draft,
            commits: commits.iter().map(|(one, other)| (one.map(minute), other.map(minute))).collect(),
            acts: acts.iter().map(|(at, by, what)| act(*at, by, what)).collect(),
        }
    }
}

prop_compose! {
    fn definitions()(
        commit_date in prop::sample::select(CommitDate::ALL),
        draft_time in prop::sample::select(DraftTime::ALL),
        pickup_ends in prop::sample::select(Pickup::ALL),
        review_ends in prop::sample::select(ReviewEnd::ALL),
        unanswered in prop::sample::select(Unanswered::ALL),
        cycle_ends in prop::sample::select(CycleEnd::ALL),
        working_time in any::<bool>(),
    ) -> PullOptions {
        PullOptions {
            commit_date, draft_time, pickup_ends, review_ends, unanswered, cycle_ends, working_time,
            ..PullOptions::default()
        }
    }
}

fn calendar(zone: &str) -> Calendar {
    Calendar::new(kernel::calendar::zone(zone).unwrap(), kernel::calendar::Week::standard())
}

proptest! {
    #[test]
    fn stages_are_never_negative_and_sum_to_the_cycle(pull in pulls(), options in definitions()) {
        let lisbon = calendar("Europe/Lisbon");
        let found = stages(&pull, &options, Some(&lisbon));
        let deploy = found.deploy.filter(|_| options.cycle_ends == CycleEnd::Deployment);
        let all = [found.coding, found.pickup, found.review, found.merge, deploy];
        prop_assert!(found.deploy.is_none_or(|deploy| deploy >= 0));
        prop_assert!(all.iter().flatten().all(|stage| *stage >= 0), "{:?}", found);
        if let Some(cycle) = found.cycle {
            prop_assert_eq!(all.iter().flatten().sum::<i64>(), cycle, "{:?}", found);
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(pull in pulls(), options in definitions(), turn in any::<prop::sample::Index>()) {
        let mut other = pull.clone();
        other.acts.reverse();
        other.commits.reverse();
        if !other.acts.is_empty() {
            let by = turn.index(other.acts.len());
            other.acts.rotate_left(by);
        }
        prop_assert_eq!(stages(&other, &options, None), stages(&pull, &options, None));
        let team = [calendar("Asia/Kolkata")];
        prop_assert_eq!(waiting(&other, &options, &team), waiting(&pull, &options, &team));
    }

    #[test]
    fn waiting_sums_to_the_stages(pull in pulls(), options in definitions()) {
        let options = PullOptions { working_time: false, ..options };
        let found = stages(&pull, &options, None);
        let (pickup, review) = waiting(&pull, &options, &[calendar("Asia/Tokyo"), calendar("America/Lima")]).unwrap();
        for (waits, stage) in [(pickup, found.pickup), (review, found.review)] {
            prop_assert!(waits.nobody >= 0 && waits.someone >= 0 && waits.author >= 0);
            if let Some(stage) = stage {
                prop_assert_eq!(waits.nobody + waits.someone + waits.author, stage);
            }
        }
    }

    #[test]
    fn two_definitions_differ_for_a_reason(pull in pulls(), one in definitions(), other in definitions()) {
        let (a, b) = (stages(&pull, &one, None), stages(&pull, &other, None));
        prop_assert_eq!(reasons(&pull, &one, &other, None).is_empty(), a == b);
        prop_assert_eq!(distance(&a, &b), distance(&b, &a));
        prop_assert_eq!(distance(&a, &a), 0);
        prop_assert!(reasons(&pull, &one, &one, None).is_empty());
    }
}
