//! Check-ins: they open at each one's own hour, are answered from a page, the inbox or by mail, and are read together.
mod reach;
mod weekly;

use kernel::{Error, Json, Result, json};
use rituals::checkin::PassTime;
use testkit::{World, worlds};

pub async fn ask(world: &World, who: &str, operation: &str, input: Json) -> Result<Json> {
    world.ask(&world.actor(who).await, operation, input).await
}

pub async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    ask(world, who, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

/// A daily check-in of payments, begun on Tuesday noon in UTC.
pub async fn daily(world: &World, mood: bool) -> Json {
    let start = json!({
        "team": world.team("payments"), "name": "Daily", "days": ["mon", "tue", "wed", "thu", "fri"], "opens": "09:30",
        "hours": 4, "questions": ["What got done?", "What is next?"], "goals": "Refunds\nLedger split",
        "proposes_work": true, "asks_mood": mood,
    });
    done(world, "mara", "checkin.start", start).await["id"].clone()
}

/// Hour by hour to an instant.
pub async fn pass(world: &World, to: &str) {
    let end: jiff::Timestamp = to.parse().unwrap();
    while world.clock.now() < kernel::Time::from(end) {
        let next = world.clock.now() + std::time::Duration::from_secs(1800);
        world.clock.set(next.min(end.into()));
        world.call(&world.system(), PassTime {}).await.unwrap();
        world.drain().await;
    }
    world.pass_to(to).await;
}

/// The round of a date.
pub async fn round(world: &World, checkin: &Json, date: &str) -> Json {
    let shown = done(world, "mara", "checkin.show", json!({ "checkin": checkin })).await;
    let rounds = shown["rounds"].as_array().unwrap();
    let found = rounds.iter().find(|one| one["round"]["on_date"] == date);
    let round = found.unwrap_or_else(|| panic!("no round on {date}: {shown}"))["round"]["id"].clone();
    done(world, "mara", "checkin_round.show", json!({ "round": round })).await
}

pub fn entry<'a>(world: &World, rolled: &'a Json, who: &str) -> &'a Json {
    let of = |entry: &&Json| entry["person_id"] == json!(world.person(who));
    rolled["entries"].as_array().unwrap().iter().find(of).unwrap_or_else(|| panic!("{who} is not in {rolled}"))
}

/// Answers for somebody, one text for each question.
pub async fn answer(world: &World, who: &str, rolled: &Json, texts: [&str; 2], goal: &str) -> Json {
    let questions = rolled["questions"].as_array().unwrap();
    let answers: Vec<Json> = questions
        .iter()
        .zip(texts)
        .map(|(question, body)| json!({ "question": question["id"], "body": body, "goal": goal }))
        .collect();
    let input = json!({ "entry": entry(world, rolled, who)["id"], "answers": answers });
    done(world, who, "checkin.answer", input).await
}

#[tokio::test]
async fn it_opens_at_each_ones_own_hour_and_skips_who_is_away() {
    for world in worlds().await {
        let checkin = daily(&world, false).await;
        pass(&world, "2026-03-18T06:00:00Z").await;
        let leave = json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-03-18" });
        done(&world, "tomasz", "leave.enter", leave).await;
        pass(&world, "2026-03-18T21:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        assert_eq!(entry(&world, &rolled, "tomasz")["state"], "away", "leave that was entered late is leave");
        let opened: Vec<&Json> =
            rolled["entries"].as_array().unwrap().iter().filter(|one| one["state"] == "open").collect();
        assert!(opened.len() > 2, "{rolled}");
        for one in opened {
            let opens: jiff::Timestamp = one["opens_at"].as_str().unwrap().parse().unwrap();
            let local = opens.to_zoned(zone_of(&world, one).await);
            assert_eq!(local.date(), jiff::civil::date(2026, 3, 18), "{one}");
            assert!(local.time() >= jiff::civil::time(9, 30, 0, 0) && local.hour() < 22, "{one} opens at {local}");
        }
    }
}

async fn zone_of(world: &World, entry: &Json) -> jiff::tz::TimeZone {
    let shown = world.ask(&world.system(), "person.show", json!({ "person": entry["person_id"] })).await.unwrap();
    let zone = shown["zone"].as_str().or(shown["person"]["zone"].as_str()).expect("a person has a zone");
    jiff::tz::TimeZone::get(zone).unwrap()
}

#[tokio::test]
async fn answers_become_one_post_that_each_reads_when_everyone_had_their_time() {
    for world in worlds().await {
        let checkin = daily(&world, false).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        answer(&world, "mara", &rolled, ["The hiring plan", "Budgets"], "").await;
        answer(&world, "tomasz", &rolled, ["Refund states", "Their tests"], "Refunds").await;
        let inbox =
            async |who: &str, pile: &str| done(&world, who, "ask.list", json!({ "pile": pile })).await.to_string();
        world.drain().await;
        assert!(!inbox("mara", "owe").await.contains("What got done?"), "what is answered waits no more");
        pass(&world, "2026-03-19T07:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        assert!(rolled["round"]["closed_at"].is_string());
        assert!(inbox("tomasz", "read").await.contains("Daily, Wednesday 18 March"));
        let late = json!({ "entry": entry(&world, &rolled, "ines")["id"], "answers": [
            { "question": rolled["questions"][0]["id"], "body": "Late and fine" },
        ] });
        done(&world, "ines", "checkin.answer", late).await;
        let page =
            world.browser("tomasz").await.get(&format!("/check-ins/rounds/{}", text(&rolled["round"]["id"]))).await;
        let html = page.text();
        let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words} is not in {html}"));
        assert!(at("<h2>Refunds</h2>") < at("Refund states") && at("Refund states") < at("By person"));
        assert!(at("By person") < at("The hiring plan") && html.contains("Late and fine"));
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

#[tokio::test]
async fn a_blocker_asks_for_help_and_is_out_of_the_way_when_it_came() {
    for world in worlds().await {
        let checkin = daily(&world, false).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        let input = json!({
            "entry": entry(&world, &rolled, "tomasz")["id"], "answers": [],
            "blockers": [{ "body": "No access to the bank's test system", "ask": world.person("joana") }, { "body": "Slow builds" }],
        });
        done(&world, "tomasz", "checkin.answer", input).await;
        world.drain().await;
        let owed = done(&world, "joana", "ask.list", json!({ "pile": "owe" })).await;
        let asks = owed["asks"].as_array().unwrap();
        let help = asks.iter().find(|ask| text(&ask["subject"]).starts_with("What blocks Tomasz: No access"));
        let help = help.unwrap_or_else(|| panic!("{owed}"));
        let page = world.browser("joana").await.get(text(&help["href"])).await.text();
        assert!(page.contains("It is in the way of Tomasz"), "a helper from another team sees it, and no roll-up");
        done(&world, "joana", "ask.finish", json!({ "asks": [help["id"]], "outcome": "Granted." })).await;
        world.drain().await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        let solved: Vec<bool> =
            rolled["blockers"].as_array().unwrap().iter().map(|one| one["solved_at"].is_string()).collect();
        assert_eq!(solved, [true, false]);
        done(&world, "ines", "blocker.solve", json!({ "blocker": rolled["blockers"][1]["id"] })).await;
    }
}

#[tokio::test]
async fn the_inbox_answers_a_check_in_with_what_was_written() {
    for world in worlds().await {
        let checkin = daily(&world, false).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let owed = done(&world, "tomasz", "ask.list", json!({ "pile": "owe" })).await;
        let asks = owed["asks"].as_array().unwrap();
        let asked = asks.iter().find(|ask| ask["subject"] == "Daily: a) What got done? b) What is next?");
        let asked = asked.unwrap_or_else(|| panic!("{owed}"))["id"].clone();
        let outcome = "a) Refund states\nb) Tests\nBlocked: the vault is locked";
        done(&world, "tomasz", "ask.finish", json!({ "asks": [asked], "outcome": outcome })).await;
        world.drain().await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        assert_eq!(entry(&world, &rolled, "tomasz")["state"], "answered");
        let said: Vec<&str> = rolled["answers"].as_array().unwrap().iter().map(|one| text(&one["body"])).collect();
        assert!(said.contains(&"Refund states") && said.contains(&"Tests"), "{said:?}");
        assert_eq!(rolled["blockers"][0]["body"], "the vault is locked");
    }
}

#[tokio::test]
async fn an_answer_begins_with_what_one_did_and_can_be_changed() {
    for world in worlds().await {
        let issue =
            json!({ "team": world.team("payments"), "title": "Refund receipts", "assignee": world.person("tomasz") });
        let issue = done(&world, "tomasz", "issue.create", issue).await;
        let states = done(&world, "tomasz", "work.show", json!({ "team": world.team("payments") })).await;
        let state = states["states"].as_array().unwrap().iter().find(|state| state["category"] == "done").unwrap();
        let checkin = daily(&world, false).await;
        done(&world, "tomasz", "issue.edit", json!({ "issue": issue["id"], "state": state["id"] })).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        let own = json!({ "entry": entry(&world, &rolled, "tomasz")["id"] });
        let view = done(&world, "tomasz", "checkin_entry.show", own.clone()).await;
        assert!(view["deeds"].to_string().contains("Refund receipts"), "{view}");
        let path = format!("/check-ins/entries/{}", text(&own["entry"]));
        let mut browser = world.browser("tomasz").await;
        assert!(browser.get(&path).await.text().contains("- Finished ["));
        let first = format!("answer-{}", text(&rolled["questions"][0]["id"]));
        let sent = browser.post_from(&path, &path, &[(&first, "Receipts are out"), ("blocker", "No reviewer")]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        assert!(browser.get(&path).await.text().contains("Receipts are out"));
        let wrong = json!({ "entry": own["entry"], "answers": [{ "question": rolled["questions"][0]["id"], "body": "x", "goal": "None of ours" }] });
        assert!(matches!(ask(&world, "tomasz", "checkin.answer", wrong).await, Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn the_next_round_clears_the_inbox_of_the_one_before() {
    for world in worlds().await {
        daily(&world, false).await;
        pass(&world, "2026-03-20T15:00:00Z").await;
        let owed = done(&world, "tomasz", "ask.list", json!({ "pile": "owe" })).await;
        let asks = owed["asks"].as_array().unwrap();
        let open = asks.iter().filter(|ask| text(&ask["subject"]).starts_with("Daily: ")).count();
        assert_eq!(open, 1, "{owed}");
    }
}
