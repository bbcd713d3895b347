//! What the two have before them: what happened since they last talked, the same for both, and nothing else.
use super::{done, point, started};
use kernel::{Json, json};
use rituals::checkin::PassTime;
use testkit::{World, worlds};

async fn prepared(world: &World, who: &str, pair: &Json) -> Json {
    done(world, who, "one_on_one.prepare", json!({ "one_on_one": pair })).await
}

/// What there is about somebody on what somebody has before them.
fn side(world: &World, prepared: &Json, who: &str) -> Json {
    let sides = prepared["sides"].as_array().unwrap();
    sides.iter().find(|side| side["person_id"] == json!(world.person(who))).unwrap().clone()
}

/// An issue of somebody that is done now.
async fn finish(world: &World, who: &str, title: &str) {
    let new = json!({ "team": world.team("payments"), "title": title, "assignee": world.person(who) });
    let issue = done(world, "mara", "issue.create", new).await["id"].clone();
    let states = done(world, "mara", "work.show", json!({ "team": world.team("payments") })).await;
    let state = states["states"].as_array().unwrap().iter().find(|state| state["category"] == "done").unwrap();
    done(world, "mara", "issue.edit", json!({ "issue": issue, "state": state["id"] })).await;
}

/// Two points were left open, and one thing of the notes is not done, when the two talked at noon on Tuesday.
async fn talked(world: &World) -> Json {
    let pair = started(world).await;
    point(world, "tomasz", &pair, "Who reviews refunds?").await;
    finish(world, "tomasz", "Long ago").await;
    let notes = json!({ "one_on_one": pair, "body": "- [ ] Name a reviewer\n- [x] Swap the pager", "version": 0 });
    done(world, "mara", "one_on_one.write_notes", notes).await;
    world.pass_to("2026-03-17T13:00:00Z").await;
    done(world, "mara", "one_on_one.hold", json!({ "one_on_one": pair, "how": "called" })).await;
    world.pass_to("2026-03-17T14:00:00Z").await;
    pair
}

#[tokio::test]
async fn both_find_what_happened_since_and_what_waits_on_whom() {
    for world in worlds().await {
        let pair = talked(&world).await;
        point(&world, "mara", &pair, "The new rota").await;
        finish(&world, "tomasz", "Refund receipts").await;
        let promise = json!({ "one_on_one": pair, "owner": world.person("mara"), "body": "Ask finance" });
        done(&world, "mara", "promise.make", promise).await;
        let ask = json!({ "to": [world.person("tomasz")], "verb": "read", "subject": "The export plan" });
        done(&world, "mara", "ask.raise", ask).await;
        let leave = json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-03-30", "last_on": "2026-04-02" });
        done(&world, "tomasz", "leave.enter", leave).await;
        world.drain().await;
        world.pass_to("2026-03-18T09:00:00Z").await;
        for who in ["mara", "tomasz"] {
            let view = prepared(&world, who, &pair).await;
            assert_eq!(view["since"], "2026-03-17T13:00:00Z");
            let (tomasz, mara) = (side(&world, &view, "tomasz"), side(&world, &view, "mara"));
            let deeds = tomasz["deeds"].to_string();
            assert!(deeds.contains("Refund receipts") && !deeds.contains("Long ago"), "{who}: {deeds}");
            assert!(tomasz["asks"].to_string().contains("The export plan"), "{tomasz}");
            assert_eq!(tomasz["away"][0]["first_on"], "2026-03-30");
            assert_eq!(mara["promises"][0]["body"], "Ask finance");
            assert!(!mara["asks"].to_string().contains("Ask finance"), "a promise stands by itself: {mara}");
            assert_eq!(view["to_do"], json!(["Name a reviewer"]));
            let open: Vec<&Json> = view["carried_over"].as_array().unwrap().iter().map(|one| &one["body"]).collect();
            assert_eq!(open, ["Who reviews refunds?"], "what was added since is no rest of the last time");
            assert!(!view.to_string().contains("\"kind\":\"holiday\""), "why somebody is away is not told");
            let page = format!("/one-on-ones/{}/preparation", pair.as_str().unwrap());
            let page = world.browser(who).await.get(&page).await.text();
            for words in ["Refund receipts", "The export plan", "Ask finance", "Name a reviewer", "30 Mar"] {
                assert!(page.contains(words), "{who} does not find {words}");
            }
        }
    }
}

#[tokio::test]
async fn blockers_and_what_was_decided_are_there_where_both_take_part() {
    for world in worlds().await {
        let pair = talked(&world).await;
        let start = json!({
            "team": world.team("payments"), "name": "Daily", "days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:30",
            "questions": ["What is next?"],
        });
        done(&world, "mara", "checkin.start", start).await;
        world.pass_to("2026-03-18T12:00:00Z").await;
        world.call(&world.system(), PassTime {}).await.unwrap();
        let own = done(&world, "tomasz", "checkin_entry.list", json!({})).await;
        let own = own.as_array().unwrap().iter().find(|one| one["checkin_name"] == "Daily").unwrap();
        let blocked = json!({ "entry": own["id"], "answers": [], "blockers": [{ "body": "The vault is locked" }] });
        done(&world, "tomasz", "checkin.answer", blocked).await;
        let about = json!({ "kind": "team", "record": world.team("money") });
        let on_team = |field: &str, value: Json| {
            let mut input = about.clone();
            input[field] = value;
            input
        };
        done(&world, "mara", "comment.add", on_team("body", json!("Which day is quiet?"))).await;
        done(&world, "mara", "thread.resolve", on_team("outcome", json!("Wednesday is quiet."))).await;
        let commitment =
            json!({ "name": "Refund API", "team": world.team("payments"), "promised_on": "2026-06-01", "items": 20 });
        done(&world, "mara", "commitment.add", commitment).await;
        world.pass_to("2026-03-18T13:00:00Z").await;
        let view = prepared(&world, "mara", &pair).await;
        assert_eq!(side(&world, &view, "tomasz")["blockers"][0]["body"], "The vault is locked");
        let agreed = view["agreed"].to_string();
        assert!(agreed.contains("Refund API") && !agreed.contains("Wednesday"), "tomasz does not watch it: {agreed}");
        done(&world, "tomasz", "watch.set", on_team("on", json!(true))).await;
        assert!(prepared(&world, "tomasz", &pair).await["agreed"].to_string().contains("Wednesday is quiet."));
    }
}

/// A guest has a one-on-one like everybody else, and learns by it of no issue, leave or commitment.
#[tokio::test]
async fn nobody_learns_by_it_what_they_could_not_see_elsewhere() {
    for world in worlds().await {
        let with = json!({ "person": world.person("grace"), "kind": "peers" });
        let pair = done(&world, "mara", "one_on_one.start", with).await["id"].clone();
        world.pass_to("2026-03-17T14:00:00Z").await;
        finish(&world, "mara", "Secret receipts").await;
        let leave = json!({ "person": world.person("mara"), "kind": "holiday", "first_on": "2026-03-30", "last_on": "2026-04-02" });
        done(&world, "mara", "leave.enter", leave).await;
        world.pass_to("2026-03-17T15:00:00Z").await;
        let own = side(&world, &prepared(&world, "mara", &pair).await, "mara");
        assert!(own["deeds"].to_string().contains("Secret receipts") && own["away"][0].is_object(), "{own}");
        let seen = side(&world, &prepared(&world, "grace", &pair).await, "mara");
        for what in ["deeds", "away", "blockers"] {
            assert_eq!(seen[what], json!([]), "a guest sees {what}");
        }
    }
}

/// Anybody may begin a page of peers with anybody.
#[tokio::test]
async fn a_peer_is_not_told_what_somebody_brought_about() {
    for world in worlds().await {
        let with = json!({ "person": world.person("priya"), "kind": "peers" });
        let pair = done(&world, "yuki", "one_on_one.start", with).await["id"].clone();
        finish(&world, "priya", "Refund receipts").await;
        world.pass_to("2026-03-18T15:00:00Z").await;
        for (who, sees) in [("priya", true), ("yuki", false)] {
            let seen = side(&world, &prepared(&world, who, &pair).await, "priya")["deeds"].to_string();
            assert_eq!(seen.contains("Refund receipts"), sees, "{who} sees {seen}");
        }
    }
}
