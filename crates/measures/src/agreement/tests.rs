use super::{Agreement, Case, Held, Touched, touched};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000_000;

#[test]
fn each_agreement_is_kept_broken_or_not_known() {
    let all = Case {
        answered: Some(true),
        waited: Some(4 * HOUR),
        lines: Some(400),
        open: Some(5),
        linked: Some(true),
        self_merged: Some(false),
        touched: Some(Touched { behaviour: true, tests: true }),
        took: Some(HOUR / 6),
    };
    for kind in Agreement::ALL {
        assert_eq!(kind.held(400, &all), Held::Kept, "{kind:?}");
        let unknown = if *kind == Agreement::ReviewWithin { Case { waited: None, ..all } } else { Case::default() };
        assert_eq!(kind.held(400, &unknown), Held::NotKnown, "{kind:?}");
    }
    for (kind, most, broken, words) in [
        (Agreement::ReviewWithin, 3, all, "Answered after 4 working hours"),
        (Agreement::ReviewWithin, 99, Case { answered: Some(false), waited: None, ..all }, "Merged without an answer"),
        (Agreement::Size, 399, all, "400 lines"),
        (Agreement::InProgress, 4, all, "5 were open with it"),
        (Agreement::LinkedIssue, 0, Case { linked: Some(false), ..all }, "Names no issue"),
        (
            Agreement::NoSelfMerge,
            0,
            Case { self_merged: Some(true), ..all },
            "Merged by its author without an approval",
        ),
        (
            Agreement::TestsChange,
            0,
            Case { touched: Some(Touched { behaviour: true, tests: false }), ..all },
            "Changes behaviour and no test",
        ),
        (Agreement::BuildsWithin, 9, all, "Took 10 minutes"),
    ] {
        assert_eq!((kind.held(most, &broken), kind.happened(&broken).as_str()), (Held::Broken, words));
    }
    let papers = Case { touched: Some(Touched { behaviour: false, tests: false }), ..all };
    assert_eq!(Agreement::TestsChange.held(0, &papers), Held::Apart);
}

#[test]
fn paths_tell_tests_from_code() {
    for path in [
        "tests/it/keys.rs",
        "src/keys/tests.rs",
        "pkg/keys_test.go",
        "test_keys.py",
        "web/keys.test.ts",
        "spec/keys_spec.rb",
        "src/test/java/PayoutTest.java",
        "app/PayoutTests.cs",
    ] {
        assert_eq!(touched([path]), Touched { behaviour: false, tests: true }, "{path}");
    }
    for path in ["src/keys.rs", "app/Contest.java", "lib/latest.py", "web/attest.ts", "migrations/0001.sql"] {
        assert_eq!(touched([path]), Touched { behaviour: true, tests: false }, "{path}");
    }
    assert_eq!(touched(["README.md", "Cargo.toml", "docs/a.png"]), Touched::default());
}

proptest! {
    #[test]
    fn a_proposal_is_kept_by_four_in_five_and_no_smaller_one_is(lines in prop::collection::vec(1i64..2_000, 1..60)) {
        let cases: Vec<Case> = lines.iter().map(|lines| Case { lines: Some(*lines), ..Case::default() }).collect();
        let most = Agreement::Size.proposal(&cases).unwrap();
        let kept = |most: i64| cases.iter().filter(|case| Agreement::Size.held(most, case) == Held::Kept).count();
        prop_assert!(kept(most) * 5 >= cases.len() * 4);
        prop_assert!(kept(most - 1) * 5 < cases.len() * 4 || most == 1);
    }
}
