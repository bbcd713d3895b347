//! What is exported comes back the same into an empty workspace.
use super::{asked, config, import};
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
        there_and_back(&world, &empty).await;
    }
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

#[tokio::test(flavor = "multi_thread")]
async fn generated_issues_come_back_byte_for_byte() {
    let mut runner = TestRunner::new(Runs { failure_persistence: None, ..Runs::default() });
    for (from, to) in empty_worlds().await.into_iter().zip(empty_worlds().await) {
        let team = asked(&from, "team.add", json!({ "name": "Generated: everything" })).await["id"].clone();
        let begun = asked(&from, "issue_import.begin", json!({ "source": "linear", "label": "generated" })).await;
        let issues: Vec<Json> = (1..30).map(|number| issue(number).new_tree(&mut runner).unwrap().current()).collect();
        let bunch = json!({ "import": begun["id"], "team": team, "issues": issues });
        asked(&from, "issue_import.send", bunch).await;
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
    assert_eq!(tables.len(), 5);
}
