use measures::{Run, flaky};
use proptest::prelude::*;

fn run(id: &str, thing: &str, commit: &str, at: i64, failed: bool) -> Run {
    Run { thing: thing.into(), commit: commit.into(), at, id: id.into(), failed }
}

#[test]
fn the_same_commit_with_two_outcomes_is_evidence() {
    let runs = [
        run("1", "test", "a", 1, true),
        run("2", "test", "a", 2, false),
        run("3", "test", "b", 3, true),
        run("4", "lint", "a", 4, false),
        run("5", "test", "c", 5, false),
        run("6", "test", "c", 6, true),
    ];
    let found = flaky(&runs);
    assert_eq!(found.len(), 1, "one that fails until it is mended is not flaky");
    assert_eq!((found[0].thing.as_str(), found[0].runs, found[0].failed), ("test", 5, 3));
    let evidence: Vec<_> = found[0]
        .evidence
        .iter()
        .map(|one| (one.commit.as_str(), one.failed.as_str(), one.succeeded.as_str()))
        .collect();
    assert_eq!(evidence, [("c", "6", "5"), ("a", "1", "2")]);
}

proptest! {
    #[test]
    fn order_and_repetition_of_runs_do_not_matter(
        runs in prop::collection::vec(("[a-c]", "[a-c]", 0i64..50, any::<bool>()), 0..40),
        turn in any::<prop::sample::Index>(),
    ) {
        let runs: Vec<Run> =
            (0..).zip(&runs).map(|(id, (thing, commit, at, failed))| run(&id.to_string(), thing, commit, *at, *failed)).collect();
        let mut other = [runs.clone(), runs.clone()].concat();
        if !other.is_empty() {
            let by = turn.index(other.len());
            other.rotate_left(by);
            other.reverse();
        }
        let found = flaky(&runs);
        prop_assert_eq!(&flaky(&other), &found);
        for one in &found {
            prop_assert!(one.failed < one.runs && !one.evidence.is_empty());
        }
    }
}
