//! The verbs of the inbox on the command line and over the API do what the pages do.
use super::{call, pile, raised, review};
use asks::{Ask, CountAsks, ShowAsk, State};
use kernel::{Json, json};
use std::process::Command;
use testkit::{World, worlds};

/// What the command prints for a program.
fn cairn(world: &World, who: &str, arguments: &[&str]) -> Json {
    let folder = testkit::sqlite_file().replace(".db", "-data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    let mail = format!("{who}@northwind.example");
    command.arg("asks").args(arguments).args(["--data", &folder, "--database-url", &world.url, "--as", &mail]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or(Json::String(said))
}

async fn state(world: &World, who: &str, ask: &str) -> Ask {
    call::<ShowAsk>(world, who, json!({ "ask": ask })).await.unwrap().ask
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verb_of_the_inbox_is_a_command() {
    for world in worlds().await {
        world.clock.set(kernel::Time::now());
        let new = ["new", "Keep the export", "--to", "tomasz@northwind.example", "--to", "priya@northwind.example"];
        let new = [&new[..], &["--verb", "decide", "--silence", "escalate", "--next", "Dele", "--json"]].concat();
        let asked = cairn(&world, "mara", &new);
        let (one, two) = (asked[0]["id"].as_str().unwrap(), asked[1]["id"].as_str().unwrap());
        let of = |id: &str| if asked[0]["id"] == id { &asked[0] } else { &asked[1] }["receiver_name"].clone();
        let key = |id: &str| if of(id).as_str().unwrap().starts_with("Tomasz") { "tomasz" } else { "priya" };
        assert_eq!(asked[0]["escalate_to"], json!(world.person("dele")));
        let waits = cairn(&world, key(one), &["owe", "--json"]);
        assert!(waits["asks"].to_string().contains(one));
        cairn(&world, key(one), &["snooze", one]);
        assert!(state(&world, "mara", one).await.snoozed_until.is_some());
        cairn(&world, key(one), &["reopen", one]);
        assert!(state(&world, "mara", one).await.snoozed_until.is_none());
        cairn(&world, key(one), &["done", one, "--outcome", "Until June."]);
        let shown = cairn(&world, "mara", &["show", one, "--json"]);
        assert_eq!((&shown["ask"]["state"], &shown["ask"]["outcome"]), (&json!("done"), &json!("Until June.")));
        cairn(&world, key(two), &["hand-on", two, "--to", "ines@northwind.example", "--note", "You know it."]);
        assert_eq!(state(&world, "mara", two).await.state, State::HandedOn);
        let next = pile(&world, "ines", "owe").await.into_iter().find(|ask| ask.note == "You know it.").unwrap();
        cairn(&world, "ines", &["decline", next.id.as_str(), "--reason", "I do not."]);
        assert_eq!(state(&world, "ines", next.id.as_str()).await.state, State::Declined);
        let other = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        cairn(&world, "mara", &["withdraw", other.id.as_str()]);
        assert_eq!(state(&world, "mara", other.id.as_str()).await.state, State::Withdrawn);
        let counts = call::<CountAsks>(&world, "mara", json!({})).await.unwrap();
        let listed = cairn(&world, "mara", &["owed", "--json"]);
        assert_eq!(listed["counts"]["owed"], json!(counts.owed));
    }
}
