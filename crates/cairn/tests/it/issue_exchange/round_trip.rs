//! What is exported comes back the same into an empty workspace.
use super::{asked, config, import, latest};
use cairn::command::cli;
use kernel::{Json, json};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config as Runs, TestRunner},
};
use std::{collections::BTreeMap, fs, path::Path};
use testkit::{World, empty_worlds, worlds};

async fn export(world: &World, format: &str, to: &Path) {
    let to = to.display().to_string();
    let args = ["cairn", "export", "issues", "--format", format, "--to", &to];
    let matches = cli().try_get_matches_from(args).unwrap();
    cairn::command::export(&config(world), matches.subcommand().unwrap().1).await.unwrap();
}

/// The texts of all files by their paths.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(texts(&path).into_iter().map(|(name, text)| (format!("{}/{name}", path.display()), text)));
        } else {
            all.insert(path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap());
        }
    }
    let prefix = format!("{}/", folder.display());
    all.into_iter().map(|(name, text)| (name.replace(&prefix, ""), text)).collect()
}

/// Exports, imports into an empty workspace, exports again, and compares byte for byte.
async fn there_and_back(from: &World, to: &World) {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    export(from, "folder", &first).await;
    import(to, &["folder", &first.display().to_string()]).await.unwrap();
    export(to, "folder", &second).await;
    let (before, after) = (texts(&first), texts(&second));
    assert!(before.len() > 1);
    for (name, text) in &before {
        let now = after.get(name).unwrap_or_else(|| panic!("{name} is not in {:?}", after.keys().collect::<Vec<_>>()));
        assert_eq!(now, text, "{name}");
    }
    assert_eq!(after.len(), before.len());
    assert_eq!(sprints(to).await, sprints(from).await);
    import(to, &["folder", &first.display().to_string()]).await.unwrap();
    let again = latest(to).await;
    assert_eq!((&again["created"], &again["renewed"]), (&json!(0), &json!(0)));
    assert_eq!(sprints(to).await, sprints(from).await);
}

/// Every sprint with its plan and its report as its page shows it, but for ids, which no two workspaces share.
async fn sprints(world: &World) -> Vec<Json> {
    let mut all = Vec::new();
    for team in asked(world, "work.list", json!({})).await.as_array().unwrap() {
        let listed = asked(world, "sprint.list", json!({ "team": team })).await;
        for sprint in [&listed["closed"], &listed["open"]].into_iter().flat_map(|list| list.as_array().unwrap()) {
            let shown = asked(world, "sprint.show", json!({ "sprint": sprint["id"] })).await;
            let closed = !shown["closed_at"].is_null();
            let report = if closed {
                shown["report"].clone()
            } else {
                json!([shown["report"]["scope"], shown["report"]["changes"]])
            };
            all.push(without_ids(json!([
                shown["number"],
                shown["name"],
                shown["goal"],
                shown["stage"],
                shown["plan"],
                shown["first_on"],
                shown["last_on"],
                shown["zone"],
                shown["done"],
                report
            ])));
        }
    }
    all
}

fn without_ids(value: Json) -> Json {
    match value {
        Json::Object(fields) => {
            let kept = fields.into_iter().filter(|(name, _)| name != "id" && !name.ends_with("_id"));
            kept.map(|(name, value)| (name, without_ids(value))).collect()
        }
        Json::Array(list) => list.into_iter().map(without_ids).collect(),
        other => other,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_company_comes_back_byte_for_byte() {
    for (world, empty) in worlds().await.into_iter().zip(empty_worlds().await) {
        let tomasz = world.actor("tomasz").await;
        let issue = json!({ "team": world.team("payments"), "title": "=1+1 \"quoted\": --- #1", "body": "---\r\nkey: no\n\n\t- x" });
        let made = world.ask(&tomasz, "issue.create", issue).await.unwrap();
        let said = json!({ "kind": "issue", "record": made["id"], "body": "Said here.\n---" });
        world.ask(&tomasz, "comment.add", said).await.unwrap();
        let move_on = json!({ "issue": made["id"], "team": world.team("ledger") });
        world.ask(&tomasz, "issue.move", move_on).await.unwrap();
        world
            .ask(&tomasz, "issue.edit", json!({ "issue": made["id"], "body": "Other", "priority": "high" }))
            .await
            .unwrap();
        with_fields(&world, &made["id"]).await;
        with_a_sprint(&world).await;
        there_and_back(&world, &empty).await;
    }
}

/// A sprint of which everything happens that a ledger holds: one that is closed, with an issue that was deleted since, one
/// that was moved, one that is called otherwise, and somebody who is; and one that runs.
async fn with_a_sprint(world: &World) {
    let joana = world.actor("joana").await;
    let team = json!(world.team("merchants"));
    let ask = async |operation: &str, input: Json| {
        world.ask(&joana, operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"))
    };
    let mut issues = Vec::new();
    for title in ["Stays", "Goes", "Moves", "Grows", "Late"] {
        issues.push(ask("issue.create", json!({ "team": team, "title": title, "estimate": 2 })).await["id"].clone());
    }
    for open in asked(world, "sprint.list", json!({ "team": team })).await["open"].as_array().unwrap() {
        if open["stage"] == "running" {
            ask("sprint.close", json!({ "sprint": open["id"], "reason": "Other things" })).await;
        }
    }
    let first =
        ask("sprint.plan", json!({ "team": team, "name": "First: \"---\"", "goal": "=1+1" })).await["id"].clone();
    let plan = json!({ "sprint": first, "commitment": "---\nAll of it\n", "risks": "None: really", "away": "", "left_out": "x\n" });
    ask("sprint.edit", plan).await;
    for issue in &issues[..4] {
        ask("issue.edit", json!({ "issue": issue, "sprint": first })).await;
    }
    ask("sprint.start", json!({ "sprint": first })).await;
    ask("issue.edit", json!({ "issue": issues[3], "estimate": 5, "title": "Grew" })).await;
    ask("issue.edit", json!({ "issue": issues[4], "sprint": first })).await;
    ask("issue.delete", json!({ "issue": issues[1] })).await;
    ask("issue.move", json!({ "issue": issues[2], "team": world.team("ledger") })).await;
    let second = ask("sprint.plan", json!({ "team": team, "name": "Second" })).await["id"].clone();
    ask("sprint.close", json!({ "sprint": first, "to": second, "reason": "Not enough time" })).await;
    ask("issue.edit", json!({ "issue": issues[4], "title": "Later still" })).await;
    ask("sprint.start", json!({ "sprint": second })).await;
    ask("person.edit_profile", json!({ "person": world.person("joana"), "name": "Joana Otherwise" })).await;
}

/// Two issues, of which one was moved, with what a field of each kind holds, of a team and of everyone.
async fn with_fields(world: &World, moved: &Json) {
    let (tomasz, joana) = (world.actor("tomasz").await, world.actor("joana").await);
    let here = json!({ "team": world.team("payments"), "title": "With fields" });
    let here = world.ask(&tomasz, "issue.create", here).await.unwrap()["id"].clone();
    for (kind, value) in [
        ("text", json!("=1+1: \"---\"")),
        ("number", json!(-0.25)),
        ("day", json!("2026-04-01")),
        ("choice", json!("Second")),
        ("person", json!(world.person("priya"))),
        ("link", json!("https://example.org/?a=b#c")),
    ] {
        for (team, issue) in [(json!(world.team("ledger")), moved), (Json::Null, moved), (Json::Null, &here)] {
            let choices = if kind == "choice" { json!(["First", "Second"]) } else { json!([]) };
            let field = json!({ "team": team, "name": format!("A {kind}"), "kind": kind, "choices": choices });
            let field = match world.ask(&joana, "custom_field.add", field).await {
                Ok(field) => field["id"].clone(),
                Err(_) => named(world, &format!("A {kind}")).await,
            };
            let edit = json!({ "issue": issue, "fields": { field.as_str().unwrap(): value } });
            world.ask(&tomasz, "issue.edit", edit).await.unwrap();
        }
    }
    let archived = named(world, "A link").await;
    world.ask(&tomasz, "custom_field.archive", json!({ "field": archived })).await.unwrap();
}

/// The field of everyone that is called so.
async fn named(world: &World, name: &str) -> Json {
    let all = asked(world, "custom_field.list", json!({})).await;
    let found = all.as_array().unwrap().iter().find(|one| one["name"] == name && one["team_id"].is_null());
    found.unwrap()["id"].clone()
}

/// Text as nobody types it.
fn text(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("---\n"),
        Just("\n"),
        Just("\r\n"),
        Just("  - {"),
        Just(": "),
        Just("=2+3"),
        Just("'\""),
        Just("ßé中"),
        Just("\t"),
        Just("key: x")
    ];
    prop::collection::vec(prop_oneof![piece.prop_map(str::to_owned), "[ -~]{0,8}"], 0..most)
        .prop_map(|all| all.concat())
}

fn line() -> impl Strategy<Value = String> {
    text(6).prop_map(|text| format!("x{}", text.replace(['\n', '\r', '\t'], " ")).trim().chars().take(200).collect())
}

fn at() -> impl Strategy<Value = String> {
    (-20_000_000_000_i64..2_000_000_000).prop_map(|second| jiff::Timestamp::from_second(second).unwrap().to_string())
}

fn who() -> impl Strategy<Value = Json> {
    (0..4_u8, line()).prop_map(|(id, _)| match id {
        0 => Json::Null,
        id => json!({ "id": format!("user-{id}"), "name": format!("User: {id}"), "mail": (id > 1).then(|| format!("u{id}@away.example")) }),
    })
}

fn state() -> impl Strategy<Value = Json> {
    let all = [("Offen", "unstarted"), ("In Arbeit: jetzt", "started"), ("'Fertig'", "done"), ("offen", "backlog")];
    prop::sample::select(all.to_vec()).prop_map(|(name, category)| json!({ "name": name, "category": category }))
}

/// What an issue holds in fields, of which each has one kind.
fn values() -> impl Strategy<Value = Json> {
    let all = (line(), -999_999_999_i64..999_999_999, "20[0-9]{2}-0[1-9]-[12][0-8]", line(), who(), any::<[bool; 6]>());
    all.prop_map(|(text, number, day, choice, who, held)| {
        let value = |field: &str, kind: &str, value: String| json!({ "field": field, "kind": kind, "value": value });
        let choice = choice.chars().take(90).collect::<String>().trim().to_owned();
        let all = [
            value("Größe: ", "text", text.clone()),
            value("seats", "number", format!("{}.{}", number / 1000, number.abs() % 1000)),
            value("Renewal", "day", day),
            value("\"Plan\"", "choice", choice),
            value("link", "link", "https://example.org/%20".to_owned()),
            json!({ "field": "Contact", "kind": "person", "person": who, "shared": true }),
        ];
        let kept = all
            .into_iter()
            .zip(held)
            .filter(|(value, held)| *held && !value["person"].is_null() | value["value"].is_string());
        Json::Array(kept.map(|(value, _)| value).collect())
    })
}

fn issue(number: usize) -> impl Strategy<Value = Json> {
    let past =
        (prop::collection::vec((state(), at()), 1..5), prop::collection::vec((at(), who(), text(6), line()), 0..6));
    let around = (prop::collection::vec(1..30_usize, 0..4), prop::collection::vec(line(), 0..4), 1..30_usize);
    (line(), text(12), who(), at(), past, around, values()).prop_map(move |(title, body, who, at, (mut visits, said), (others, labels, parent), custom)| {
        visits.sort_by_key(|visit| visit.1.parse::<jiff::Timestamp>().unwrap());
        let other = |number: &usize| json!({ "key": format!("GEN-{number}") });
        let directions = ["blocks", "blocked_by", "relates", "duplicates"];
        json!({
            "source_id": number.to_string(), "key": format!("GEN-{number}"), "title": title, "body": body,
            "state": visits.last().unwrap().0, "assignee": who, "creator": who, "created_at": at, "updated_at": at,
            "visits": visits.iter().map(|(state, at)| json!({ "state": state, "from_at": at })).collect::<Vec<_>>(),
            "labels": labels.iter().map(|label| label.chars().take(40).collect::<String>()).collect::<Vec<_>>(),
            "parent": other(&parent), "former_keys": [format!("PAST-{number}")], "custom": custom, "fields": { "Größe: ": [body, 1.5, null] },
            "relations": others.iter().zip(directions).map(|(key, direction)| json!({ "direction": direction, "other": other(key), "since": at })).collect::<Vec<_>>(),
            "changes": said.iter().map(|(at, by, from, to)| json!({ "field": "body", "at": at, "by": by, "from": from, "to": to })).collect::<Vec<_>>(),
            "notes": said.iter().enumerate().map(|(place, (at, by, body, _))| json!({ "source_id": place.to_string(), "at": at, "by": by, "body": body })).collect::<Vec<_>>(),
        })
    })
}

/// A sprint over two weeks, one of several that follow each other, with any sequence of changes of what it holds.
fn sprint(place: usize) -> impl Strategy<Value = Json> {
    let start = 1_700_000_000 + 1_300_000 * place as i64;
    let at = |second: i64| json!(jiff::Timestamp::from_second(second).unwrap().to_string());
    let estimate = || prop::option::of(prop::sample::select(vec![0.5, 1.0, 3.0, 8.0]));
    let steps = prop::collection::vec((1..30_usize, any::<bool>(), estimate(), 0..1_200_000_i64, who()), 0..30);
    let begun = prop::collection::btree_map(1..30_usize, estimate(), 1..10);
    (line(), text(6), begun, steps, 0..3_u8).prop_map(move |(name, body, begun, mut steps, stage)| {
        steps.sort_by_key(|step| step.3);
        let (mut held, mut changes) = (begun.clone(), Vec::new());
        for (issue, goes, estimate, second, by) in steps {
            let before = held.get(&issue).map(|estimate| json!({ "estimate": estimate }));
            let after = (!goes || before.is_none()).then(|| json!({ "estimate": estimate }));
            if after.is_some() { held.insert(issue, estimate) } else { held.remove(&issue) };
            if before != after {
                changes.push(json!({ "issue": issue.to_string(), "at": at(start + second), "by": by, "before": before,
                    "after": after, "reason": name.chars().take(200).collect::<String>().trim() }));
            }
        }
        let commitment: Vec<Json> = begun.iter().map(|(issue, estimate)| json!({ "issue": issue.to_string(), "estimate": estimate })).collect();
        let started = stage > 0;
        json!({
            "source_id": format!("sprint {place}"), "name": name.chars().take(100).collect::<String>().trim(), "goal": "=\"'",
            "days": { "first_on": format!("2023-{place:02}-01"), "last_on": format!("2023-{place:02}-14"), "zone": "Asia/Kolkata" },
            "started_at": started.then(|| at(start)), "closed_at": (stage > 1).then(|| at(start + 1_250_000)),
            "commitment": if started { commitment } else { Vec::new() }, "changes": if started { changes } else { Vec::new() },
            "holds": held.keys().map(ToString::to_string).collect::<Vec<_>>(), "body": body, "risks": body,
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_work_comes_back_byte_for_byte() {
    let mut runner = TestRunner::new(Runs { failure_persistence: None, ..Runs::default() });
    for (from, to) in empty_worlds().await.into_iter().zip(empty_worlds().await) {
        let team = asked(&from, "team.add", json!({ "name": "Generated: everything" })).await["id"].clone();
        let begun = asked(&from, "issue_import.begin", json!({ "source": "linear", "label": "generated" })).await;
        let issues: Vec<Json> = (1..30).map(|number| issue(number).new_tree(&mut runner).unwrap().current()).collect();
        let bunch = json!({ "import": begun["id"], "team": team, "issues": issues });
        asked(&from, "issue_import.send", bunch).await;
        let sprints: Vec<Json> = (1..10).map(|place| sprint(place).new_tree(&mut runner).unwrap().current()).collect();
        let sprints = json!({ "import": begun["id"], "team": team, "sprints": sprints });
        assert_eq!(asked(&from, "issue_import.sprints", sprints).await["created"], 9);
        asked(&from, "issue_import.finish", json!({ "import": begun["id"] })).await;
        there_and_back(&from, &to).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_hold_no_formula() {
    let world = worlds().await.remove(0);
    let issue = json!({ "team": world.team("payments"), "title": "=HYPERLINK(\"evil\")" });
    world.ask(&world.actor("tomasz").await, "issue.create", issue).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    export(&world, "csv", folder.path()).await;
    let tables = texts(folder.path());
    assert!(tables["issues.csv"].contains("\"'=HYPERLINK(\"\"evil\"\")\""), "{}", tables["issues.csv"]);
    assert!(tables["sprint_commitments.csv"].lines().count() > 1);
    assert_eq!(tables.len(), 8);
}
