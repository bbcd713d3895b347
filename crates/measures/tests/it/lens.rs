//! What definitions make of one pull request, and why.
use crate::{MINUTE, act, minute};
use kernel::Time;
use measures::{Act, Pull, PullOptions, Stages, What, pull_presets, reasons, stages};

/// Begun at 0, opened as a draft at 60, ready at 100, commented at 130, reviewed at 150, approved at 300 and again at 350,
/// merged at 400, deployed at 500.
fn pull() -> Pull<String> {
    let acts = [
        (100, "ann", "ready"),
        (130, "ben", "commented"),
        (150, "ben", "changes_requested"),
        (300, "ben", "approved"),
        (350, "cat", "approved"),
    ];
    Pull {
        author: Some("ann".to_owned()),
        opened_at: minute(60),
        merged_at: Some(minute(400)),
        merged_by: Some("ann".to_owned()),
        deployed_at: Some(minute(500)),
        draft: None,
        commits: vec![(Some(minute(0)), Some(minute(10)))],
        acts: acts.iter().map(|(at, by, what)| act(*at, by, what)).collect(),
    }
}

fn options(name: &str) -> PullOptions {
    pull_presets().into_iter().find(|one| one.name == name).unwrap().options
}

fn minutes(stages: Stages) -> [Option<i64>; 5] {
    [stages.coding, stages.pickup, stages.review, stages.merge, stages.cycle].map(|one| one.map(|one| one / MINUTE))
}

#[test]
fn each_preset_has_its_own_stages() {
    for (name, wanted) in [
        ("cairn", [Some(100), Some(30), Some(220), Some(50), Some(400)]),
        ("linearb", [Some(100), Some(30), Some(270), None, Some(500)]),
        ("swarmia", [Some(100), Some(50), Some(200), Some(50), Some(400)]),
        ("middleware", [Some(60), Some(50), Some(150), Some(100), Some(460)]),
        ("devlake", [Some(60), Some(70), Some(270), None, Some(500)]),
    ] {
        assert_eq!(minutes(stages(&pull(), &options(name), None)), wanted, "{name}");
    }
}

#[test]
fn one_that_nobody_answered_has_its_own_stages() {
    let pull = Pull { acts: vec![act(100, "ann", "ready")], ..pull() };
    for (name, wanted) in [
        ("cairn", [Some(100), None, None, Some(300), Some(400)]),
        ("linearb", [Some(100), Some(300), Some(0), None, Some(500)]),
        ("middleware", [Some(60), Some(300), Some(0), None, Some(460)]),
        ("devlake", [Some(60), None, None, Some(340), Some(500)]),
    ] {
        assert_eq!(minutes(stages(&pull, &options(name), None)), wanted, "{name}");
    }
}

#[test]
fn presets_are_read_and_the_first_is_the_default() {
    let all = pull_presets();
    assert_eq!(
        all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["cairn", "linearb", "swarmia", "middleware", "devlake"]
    );
    assert_eq!(all[0].options, PullOptions::default());
    assert!(all[1..].iter().all(|one| one.source.starts_with("https://") && one.version == 1));
    let choices: Vec<_> = all.iter().map(|one| one.options.choices()).collect();
    assert!(choices.iter().all(|one| one.len() == choices[0].len()));
    assert_ne!(choices[0], choices[1]);
}

#[test]
fn the_reason_is_the_choice_that_changes_the_stages() {
    let why = reasons(&pull(), &options("cairn"), &options("devlake"), None);
    assert_eq!(
        why,
        [
            "time as a draft is waiting there",
            "review lasts until the merge there",
            "the whole ends with the deployment there",
        ]
    );
    let quick = Pull { acts: vec![act(130, "ben", "approved")], deployed_at: None, ..pull() };
    let swarmia = reasons(&quick, &options("cairn"), &options("swarmia"), None);
    assert!(swarmia.is_empty(), "one approval and no comment is the same there: {swarmia:?}");
}

#[derive(serde::Deserialize)]
struct Examples {
    pull: Vec<Example>,
}

#[derive(serde::Deserialize)]
struct Example {
    name: String,
    written: Vec<i64>,
    opened: i64,
    merged: i64,
    deployed: i64,
    comments: Vec<(i64, String)>,
    wanted: std::collections::BTreeMap<String, i64>,
}

#[test]
fn the_preset_of_devlake_has_the_results_of_devlakes_own_example() {
    let examples: Examples = toml::from_str(include_str!("devlake.toml")).unwrap();
    let second = |number: i64| Time(number * 1_000_000);
    for one in examples.pull {
        let said =
            |(at, by): &(i64, String)| Act { at: second(*at), by: Some(by.clone()), bot: false, what: What::Commented };
        let pull = Pull {
            author: Some("a".to_owned()),
            opened_at: second(one.opened),
            merged_at: Some(second(one.merged)),
            merged_by: None,
            deployed_at: Some(second(one.deployed)),
            draft: None,
            commits: one.written.iter().map(|at| (Some(second(*at)), None)).collect(),
            acts: one.comments.iter().map(said).collect(),
        };
        let found = stages(&pull, &options("devlake"), None);
        let all = [
            ("coding", found.coding),
            ("pickup", found.pickup),
            ("review", found.review),
            ("deploy", found.deploy),
            ("cycle", found.cycle),
        ];
        for (stage, value) in all {
            let minutes = value.map(|value| (value + MINUTE - 1) / MINUTE);
            assert_eq!(minutes, one.wanted.get(stage).copied(), "{} of {}", stage, one.name);
        }
    }
}
