use super::{
    Commit, Count, Definition, Deployment, Facts, Incident, Keys, Period, first_deployed, keys, presets,
    previous_successes,
};
use intake::stream::{Content, Document, Limits, Options, Row, read};
use proptest::prelude::*;
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

const HOUR: i64 = 3_600_000_000;
/// A Monday.
const START: i64 = 1_767_571_200_000_000;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    #[serde(default)]
    preset: Option<String>,
    #[serde(default)]
    choose: toml::Table,
    #[serde(default)]
    commits: Vec<CaseCommit>,
    deployments: Vec<CaseDeployment>,
    #[serde(default)]
    incidents: Vec<CaseIncident>,
    expected: Expected,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CaseCommit {
    hash: String,
    at: i64,
    authored: Option<i64>,
    parents: Vec<String>,
    subject: Option<String>,
    bot: bool,
    reverts: Option<String>,
    picked_from: Option<String>,
    change: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CaseDeployment {
    id: String,
    commit: Option<String>,
    at: i64,
    failed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseIncident {
    id: String,
    from: i64,
    to: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Hours, by deployment.
    leads: Vec<f64>,
    deployments: usize,
    #[serde(default)]
    failed: Vec<String>,
    #[serde(default)]
    rework: Vec<String>,
    #[serde(default)]
    recoveries: Vec<f64>,
    /// Hours, by the average of the definition; looked at where it stands.
    #[serde(default)]
    lead: Option<f64>,
}

impl Case {
    fn facts(&self) -> Facts {
        let at = |hours: i64| START + hours * HOUR;
        let commit = |one: &CaseCommit| Commit {
            hash: one.hash.clone(),
            author: "somebody".into(),
            parents: one.parents.clone(),
            bot: one.bot,
            authored_at: at(one.authored.unwrap_or(one.at)),
            committed_at: at(one.at),
            subject: one.subject.clone().unwrap_or_else(|| format!("Work {}", one.hash)),
            reverts: one.reverts.clone(),
            picked_from: one.picked_from.clone(),
            change: one.change.clone(),
            ..Commit::default()
        };
        let deployment = |one: &CaseDeployment| Deployment {
            id: one.id.clone(),
            commit: one.commit.clone(),
            finished_at: at(one.at),
            failed: one.failed,
            ..Deployment::default()
        };
        let incident =
            |one: &CaseIncident| Incident { id: one.id.clone(), opened_at: at(one.from), resolved_at: one.to.map(at) };
        Facts {
            commits: self.commits.iter().map(commit).collect(),
            deployments: self.deployments.iter().map(deployment).collect(),
            incidents: self.incidents.iter().map(incident).collect(),
        }
    }

    fn definition(&self) -> Definition {
        let name = self.preset.as_deref().unwrap_or("dora");
        let preset = presets().into_iter().find(|one| one.name == name).unwrap();
        let mut table = toml::Table::try_from(preset).unwrap();
        table.extend(self.choose.clone());
        table.insert("floor".into(), 1.into());
        table.try_into().unwrap()
    }
}

const PERIOD: Period = Period { from: START, to: START + 1000 * HOUR };

#[test]
fn each_definition_and_edge_has_a_case() {
    let files = [
        include_str!("../../cases/basics.toml"),
        include_str!("../../cases/failures.toml"),
        include_str!("../../cases/averages.toml"),
    ];
    for case in files.iter().flat_map(|file| toml::from_str::<Cases>(file).unwrap().case) {
        let (facts, definition) = (case.facts(), case.definition());
        let found = keys(&facts, &definition, PERIOD);
        let hours = |seconds: &Vec<f64>| seconds.iter().map(|one| one / 3600.0).collect::<Vec<_>>();
        let leads: Vec<f64> = found.rows.iter().flat_map(|row| hours(&row.lead_times)).collect();
        assert_eq!(leads, case.expected.leads, "lead times: {}", case.title);
        if let Some(lead) = case.expected.lead {
            let value = found.lead_time.value.map(|seconds| seconds / 3600.0);
            assert_eq!(value, Some(lead), "lead time: {}", case.title);
        }
        assert_eq!(found.frequency.sample, case.expected.deployments, "deployments: {}", case.title);
        let ids = |of: fn(&super::Row) -> bool| {
            found.rows.iter().filter(|row| of(row)).map(|row| row.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(|row| !row.failed_by.is_empty()), case.expected.failed, "failed: {}", case.title);
        assert_eq!(ids(|row| !row.rework.is_empty()), case.expected.rework, "rework: {}", case.title);
        assert_eq!(found.recovery.sample, case.expected.recoveries.len(), "recoveries: {}", case.title);
        let mean = Definition { average: super::Average::Mean, ..definition };
        let expected: f64 = case.expected.recoveries.iter().sum::<f64>() / case.expected.recoveries.len() as f64;
        let value = keys(&facts, &mean, PERIOD).recovery.value.map(|seconds| seconds / 3600.0);
        assert_eq!(value, Some(expected).filter(|value| value.is_finite()), "recoveries: {}", case.title);
    }
}

#[test]
fn under_the_floor_there_is_no_number() {
    let facts = Facts {
        deployments: vec![Deployment { id: "d".into(), finished_at: START, ..Deployment::default() }],
        ..Facts::default()
    };
    let found = keys(&facts, &presets()[0], PERIOD);
    assert_eq!((found.lead_time.value, found.fail_rate.value, found.fail_rate.sample), (None, None, 1));
    assert!(found.frequency.value.is_some());
}

/// A history of random merges, deployments and incidents; ids are places, so a shuffle changes nothing but the order.
fn facts() -> impl Strategy<Value = Facts> {
    let commit = (0..400_i64, any::<u8>(), any::<u8>(), 0..8_u8);
    let deployment = (0..500_i64, any::<u8>(), 0..5_u8);
    let incident = (0..500_i64, prop::option::of(1..90_i64));
    (
        prop::collection::vec(commit, 0..30),
        prop::collection::vec(deployment, 0..15),
        prop::collection::vec(incident, 0..6),
    )
        .prop_map(|(commits, deployments, incidents)| {
            let older = |place: usize, by: u8| format!("c{}", place.saturating_sub(1 + usize::from(by) % 4));
            let commit = |(place, (at, first, second, kind)): (usize, (i64, u8, u8, u8))| Commit {
                hash: format!("c{place}"),
                parents: match (place, kind) {
                    (0, _) => vec![],
                    (_, 0) => vec![older(place, first), older(place, second)],
                    _ => vec![older(place, first)],
                },
                author: format!("p{}", kind % 4),
                bot: kind == 7,
                authored_at: START + at * HOUR,
                committed_at: START + (at + i64::from(second % 9)) * HOUR,
                subject: if kind == 6 { "hotfix".into() } else { format!("s{place}") },
                reverts: (kind == 5).then(|| older(place, second)),
                picked_from: (kind == 4).then(|| older(place, second)),
                ..Commit::default()
            };
            let deployment = |(place, (at, commit, kind)): (usize, (i64, u8, u8))| Deployment {
                id: format!("d{place}"),
                commit: (kind > 0).then(|| format!("c{}", commit % 32)),
                finished_at: START + at * HOUR,
                failed: kind == 1,
                ..Deployment::default()
            };
            let incident = |(place, (at, lasted)): (usize, (i64, Option<i64>))| Incident {
                id: format!("i{place}"),
                opened_at: START + at * HOUR,
                resolved_at: lasted.map(|hours| START + (at + hours) * HOUR),
            };
            Facts {
                commits: commits.into_iter().enumerate().map(commit).collect(),
                deployments: deployments.into_iter().enumerate().map(deployment).collect(),
                incidents: incidents.into_iter().enumerate().map(incident).collect(),
            }
        })
}

fn all(facts: &Facts) -> Vec<Keys> {
    presets().iter().map(|definition| keys(facts, definition, PERIOD)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_arrival_does_not_matter_and_nothing_counts_twice(facts in facts()) {
        let mut turned = facts.clone();
        turned.commits.reverse();
        turned.deployments.rotate_left(facts.deployments.len() / 2);
        turned.incidents.reverse();
        turned.commits.extend(facts.commits.iter().take(3).cloned());
        turned.deployments.extend(facts.deployments.iter().take(2).cloned());
        prop_assert_eq!(all(&facts), all(&turned));
    }

    #[test]
    fn no_time_is_negative_and_no_work_is_brought_twice(facts in facts()) {
        for found in all(&facts) {
            prop_assert!(found.rows.iter().flat_map(|row| &row.lead_times).all(|seconds| *seconds >= 0.0));
            prop_assert!(found.rows.iter().map(|row| row.commits).sum::<usize>() <= facts.commits.len());
            for rate in [&found.fail_rate, &found.rework_rate] {
                prop_assert!(rate.value.is_none_or(|value| (0.0..=1.0).contains(&value)));
            }
        }
    }

    /// Two periods side by side hold the rows of the whole.
    #[test]
    fn a_period_at_a_time_gives_the_rows_of_the_whole(facts in facts(), hours in 0..600_i64) {
        let middle = START + hours * HOUR;
        for definition in presets() {
            let whole = keys(&facts, &definition, PERIOD).rows;
            let first = keys(&facts, &definition, Period { to: middle, ..PERIOD }).rows;
            let second = keys(&facts, &definition, Period { from: middle, ..PERIOD }).rows;
            prop_assert_eq!(whole, [first, second].concat());
        }
    }
}

#[test]
fn a_merge_is_deployed_with_the_first_deployment_that_reaches_it() {
    let commit = |hash: &str, parents: &[&str]| Commit {
        hash: hash.into(),
        parents: parents.iter().map(|one| (*one).to_owned()).collect(),
        ..Commit::default()
    };
    let commits = [commit("a", &[]), commit("b", &["a"]), commit("m", &["a", "b"]), commit("n", &["m"])];
    let deployment = |id: &str, commit: &str, finished_at: i64, failed: bool| Deployment {
        id: id.into(),
        commit: Some(commit.into()),
        finished_at,
        failed,
        ..Deployment::default()
    };
    let deployments = [
        deployment("4", "n", 40, false),
        deployment("1", "a", 10, false),
        deployment("2", "m", 20, true),
        deployment("3", "m", 30, false),
        deployment("5", "elsewhere", 50, false),
    ];
    let hashes = ["a", "b", "m", "n", "elsewhere"];
    for (guard, wanted) in [
        (Count::LeaveOut, [None, Some(30), Some(30), Some(40), Some(50)]),
        (Count::Count, [Some(10), Some(30), Some(30), Some(40), Some(50)]),
    ] {
        let found = first_deployed(&commits, &deployments, guard);
        assert_eq!(hashes.map(|hash| found.get(&("", hash)).copied()), wanted);
    }
}

/// Apache DevLake's own test of which successful deployment is the one before.
#[test]
fn deployments_follow_each_other_as_in_devlake() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/dora/apache-incubator-devlake/dora/e2e/prev_success_deployment_commit");
    if !folder.exists() {
        eprintln!("Passed over: no tables at {}", folder.display());
        return;
    }
    let rows = |name: &str| {
        let (mut rows, options) = (Vec::new(), Options { lists: &[], limits: Limits::default() });
        let each = &mut |document: Document| {
            rows.extend(match document.content {
                Content::Row(row) => Some(row),
                _ => None,
            });
            Ok(())
        };
        read(&[folder.join(name)], &options, each).unwrap();
        rows
    };
    let before = rows("cicd_deployment_commits_before.csv");
    let mapping = rows("project_mapping.csv");
    let text = |row: &Row, name: &str| row.get(name).unwrap_or_default().to_owned();
    let scopes: BTreeMap<String, String> = mapping
        .iter()
        .filter(|row| text(row, "table") == "cicd_scopes")
        .map(|row| (text(row, "row_id"), text(row, "project_name")))
        .collect();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let of_project = |row: &&Row| {
        scopes.get(&text(row, "cicd_scope_id")).is_some_and(|project| project == "project1")
            && !text(row, "environment").is_empty()
    };
    let deployments: Vec<Deployment> = before
        .iter()
        .filter(of_project)
        .map(|row| Deployment {
            id: text(row, "id"),
            repository: format!("{} {}", text(row, "cicd_scope_id"), text(row, "repo_url")),
            environment: text(row, "environment"),
            commit: Some(text(row, "commit_sha")),
            finished_at: intake::instant(&text(row, "started_date").into()).unwrap().as_microsecond(),
            failed: text(row, "result") != "SUCCESS",
        })
        .collect();
    found.extend(
        previous_successes(&deployments).into_iter().map(|(id, previous)| (id.to_owned(), previous.to_owned())),
    );
    for row in rows("cicd_deployment_commits_after.csv") {
        let expected = Some(text(&row, "prev_success_deployment_commit_id")).filter(|id| !id.is_empty());
        assert_eq!(found.get(&text(&row, "id")).cloned(), expected, "{}", text(&row, "id"));
    }
}
