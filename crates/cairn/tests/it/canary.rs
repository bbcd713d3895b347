//! Plants a word that occurs nowhere else in every private field, and looks for it wherever it must not come out.
mod issues;
mod rituals;

use crate::{
    events::recorded,
    matrix::{Ground, as_self, targets},
};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Actor, Json, json};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use testkit::{World, crawl, worlds};

/// A planted word, and those who may read it: nobody else does.
struct Canary {
    what: &'static str,
    word: String,
    readers: &'static [&'static str],
}

const COLLEAGUES: &[&str] = &["aroha", "leo", "farah", "joana"];
const PERSONAS: [&str; 5] = ["grace", "aroha", "leo", "farah", "joana"];
const MOST_PAGES: usize = 220;

fn canary(what: &'static str, word: &str, readers: &'static [&'static str]) -> Canary {
    Canary { what, word: word.to_owned(), readers }
}

async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    let session = Some(world.signed_in(world.workspace(), world.person(who)).await.1);
    let actor = Actor { session, ..world.actor(who).await };
    world.ask(&actor, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

/// Everything is about tomasz, who reports to mara; priya takes over from him.
async fn plant(world: &World) -> Vec<Canary> {
    let tomasz = world.person("tomasz");
    let terms = json!({ "person": tomasz, "employee_id": "canary-1-employee" });
    done(world, "wanjiru", "person.edit_employment", terms).await;
    done(world, "tomasz", "person.edit_profile", json!({ "person": tomasz, "about": "canary-2-about" })).await;
    let day = json!({ "person": tomasz, "date": "2026-05-04", "hours": "10:00-12:00", "note": "canary-3-exception" });
    done(world, "tomasz", "hours.set_exception", day).await;
    let connection = json!({ "system": "github", "scope": "group", "path": "canary-15-path", "address": "https://127.0.0.1",
        "token": "canary-15-token" });
    done(world, "joana", "connection.add", connection).await;
    let token = json!({ "name": "canary-4-token", "scopes": ["*:read"], "days": 3 });
    let token = done(world, "tomasz", "token.create", token).await;
    let mut all = vec![
        canary("an employee id", "canary-1-employee", &["joana"]),
        canary("what somebody says of themselves", "canary-2-about", COLLEAGUES),
        canary("the note of other hours", "canary-3-exception", COLLEAGUES),
        canary("the name of a token", "canary-4-token", &[]),
        canary("the secret of a token", token["token"].as_str().expect("the token is told once"), &[]),
        canary("the hash of a password", "$argon2", &[]),
        canary("the token of a connection", "canary-15-token", &[]),
        canary("what is connected", "canary-15-path", &["joana"]),
    ];
    all.extend(plant_leave(world).await);
    all.extend(plant_plan(world).await);
    all.extend(plant_links(world).await);
    all.extend(plant_upload(world).await);
    all.extend(plant_asks(world).await);
    all.extend(plant_conversation(world).await);
    all.extend(issues::plant_issue(world).await);
    all.extend(issues::plant_form(world).await);
    all.extend(rituals::plant_one_on_one(world).await);
    all.extend(rituals::plant_together(world).await);
    all
}

async fn plant_leave(world: &World) -> Vec<Canary> {
    let leave = |first: &str, to: &str, word: &str| {
        json!({
            "person": world.person("tomasz"), "kind": "sick", "first_on": first, "note": format!("canary-5-{word}"),
            "handover_to": world.person(to), "handover_note": format!("canary-6-{word}"),
        })
    };
    done(world, "tomasz", "leave.enter", leave("2026-06-01", "priya", "asked")).await;
    let other = done(world, "tomasz", "leave.enter", leave("2026-06-08", "ines", "declined")).await;
    let decline = json!({ "leave": other["id"], "reason": "canary-7-reason" });
    done(world, "ines", "leave.decline_handover", decline).await;
    vec![
        canary("the note of a leave", "canary-5-asked", COLLEAGUES),
        canary("a hand-over note", "canary-6-asked", &[]),
        canary("the hand-over note of someone who declined", "canary-6-declined", &[]),
        canary("the reason of someone who declined", "canary-7-reason", &[]),
    ]
}

async fn plant_plan(world: &World) -> Vec<Canary> {
    let templates = world.ask(&world.system(), "onboarding_template.list", json!({})).await.unwrap();
    let begin = json!({
        "person": world.person("tomasz"), "template": templates[0]["id"], "buddy": world.person("priya"),
        "starts_on": "2026-03-23",
    });
    let plan = done(world, "mara", "onboarding.start", begin).await["id"].clone();
    let view = done(world, "mara", "onboarding.show", json!({ "plan": plan })).await;
    let step =
        json!({ "plan": plan, "phase": view["phases"][0]["day"], "title": "canary-8-title", "body": "canary-8-body" });
    done(world, "mara", "onboarding.add_step", step).await;
    let steps = done(world, "mara", "onboarding.show", json!({ "plan": plan })).await["steps"].clone();
    let step = steps.as_array().and_then(|steps| steps.iter().find(|step| step["title"] == "canary-8-title"));
    let step = step.expect("the step is in the plan")["id"].clone();
    let note = json!({ "plan": plan, "step": step, "note": "canary-8-note" });
    done(world, "tomasz", "onboarding.complete_step", note).await;
    done(world, "mara", "onboarding.end", json!({ "plan": plan, "reason": "canary-8-end" })).await;
    let words = ["canary-8-title", "canary-8-body", "canary-8-note", "canary-8-end"];
    words.map(|word| canary("a text of an onboarding plan", word, &["joana"])).into()
}

/// What is said on a plan, with what it said before and a file; and a draft, which nobody reads but who writes it.
async fn plant_conversation(world: &World) -> Vec<Canary> {
    let plan = plan_of_tomasz(world).await;
    let on_plan = |more: Json| with(json!({ "kind": "onboarding", "record": plan }), more);
    let on_team = |more: Json| with(json!({ "kind": "team", "record": world.team("payments") }), more);
    let file = json!({ "name": "canary-12-name.txt", "content": STANDARD.encode("canary-12-file") });
    let file = done(world, "mara", "file.add", on_plan(file)).await["id"].clone();
    let body = json!({ "body": "canary-12-before", "files": [file] });
    let comment = done(world, "mara", "comment.add", on_plan(body)).await["comment"]["id"].clone();
    done(world, "mara", "comment.edit", json!({ "comment": comment, "body": "canary-12-comment" })).await;
    done(world, "mara", "thread.resolve", on_plan(json!({ "outcome": "canary-12-outcome" }))).await;
    done(world, "mara", "comment.add", on_team(json!({ "body": "canary-12-public" }))).await;
    done(world, "mara", "draft.save", on_team(json!({ "body": "canary-12-draft" }))).await;
    let gone = done(world, "mara", "comment.add", on_team(json!({ "body": "canary-12-deleted" }))).await;
    done(world, "mara", "comment.delete", json!({ "comment": gone["comment"]["id"] })).await;
    done(world, "mara", "draft.save", on_team(json!({ "body": "canary-12-draft" }))).await;
    vec![
        canary("a comment on a plan", "canary-12-comment", &["joana"]),
        canary("what a comment on a plan said before", "canary-12-before", &["joana"]),
        canary("what is in a file on a plan", "canary-12-file", &["joana"]),
        canary("the name of a file on a plan", "canary-12-name", &["joana"]),
        canary("what came of a plan's thread", "canary-12-outcome", &["joana"]),
        canary("a comment on a team", "canary-12-public", COLLEAGUES),
        canary("a comment that was deleted", "canary-12-deleted", &[]),
        canary("a draft", "canary-12-draft", &[]),
    ]
}

fn with(mut base: Json, more: Json) -> Json {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

async fn plan_of_tomasz(world: &World) -> Json {
    let input = json!({ "which": "all", "person": world.person("tomasz") });
    world.ask(&world.system(), "onboarding.list", input).await.unwrap()[0]["id"].clone()
}

/// The addresses of what was said on the plan.
async fn said_by_id(world: &World) -> Vec<String> {
    let about = json!({ "kind": "onboarding", "record": plan_of_tomasz(world).await });
    let Ok(view) = world.ask(&world.system(), "comment.list", about).await else { return Vec::new() };
    let text = |id: &Json| id.as_str().unwrap_or_default().to_owned();
    let comments = view["comments"].as_array().into_iter().flatten();
    let of = |comment: &Json| {
        let (comment, file) = (text(&comment["id"]), text(&comment["files"][0]["id"]));
        [format!("/comments/{comment}"), format!("/comments/{comment}/versions"), format!("/files/{file}")]
    };
    comments.flat_map(of).collect()
}

/// The secret of the newest invitation, and a password that was chosen with it.
async fn plant_links(world: &World) -> Vec<Canary> {
    let invite = json!({ "person": world.person("amara"), "roles": ["member"] });
    done(world, "joana", "invitation.send", invite).await;
    world.drain().await;
    let texts: Vec<String> = world.outside.letters().into_iter().map(|letter| letter.text).collect();
    let is_secret = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
    let links = texts.iter().filter_map(|text| text.split_once("/invitations/")?.1.split(|c| !is_secret(c)).next());
    let fields = [("new_password", "canary-9-password"), ("zone", "Europe/Berlin"), ("hours", "Mon-Fri 09:00-17:00")];
    let mut answers = Vec::new();
    for link in links.map(|link| link.trim_end_matches('.')) {
        let answer = world.client().post(&format!("/invitations/{link}"), &fields).await;
        answers.push((link.rsplit('.').next().unwrap_or_default(), answer.status.as_u16()));
    }
    let used = answers.iter().find(|(_, status)| *status == 303);
    let (secret, _) = used.unwrap_or_else(|| panic!("no link lets anyone in: {answers:?}"));
    vec![canary("the secret of a link", secret, &[]), canary("a password", "canary-9-password", &[])]
}

/// A file that is looked at before it is imported.
async fn plant_upload(world: &World) -> Vec<Canary> {
    let mut browser = world.browser("wanjiru").await;
    let csrf = browser.get("/people/import").await.field("csrf");
    let part = |head: &str, text: &str| format!("--part\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let file = "Name,Email,Title\ncanary-10-upload,ten@northwind.example,canary-10-title\n";
    let body =
        part("name=\"csrf\"", &csrf) + &part("name=\"file\"; filename=\"canary-10-file.csv\"", file) + "--part--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=part"), ("origin", "http://cairn.test")];
    let kept = browser.send("POST", "/people/import/preview", &headers, Body::from(body)).await;
    assert!(kept.status.is_redirection(), "{} {}", kept.status, kept.text());
    let tracker = json!({ "issues": [{ "id": "1", "key": "CAN-1", "fields": { "summary": "canary-17-issue",
        "creator": { "accountId": "c", "displayName": "canary-17-person" }, "status": { "id": "1", "name": "Open" } } }] });
    let body = part("name=\"csrf\"", &csrf)
        + &part("name=\"source\"", "jira")
        + &part("name=\"file\"; filename=\"canary-17-file.json\"", &tracker.to_string())
        + "--part--\r\n";
    let kept = browser.send("POST", "/issue-imports/files", &headers, Body::from(body)).await;
    assert!(kept.status.is_redirection(), "{} {}", kept.status, kept.text());
    vec![
        canary("an uploaded file", "canary-10-upload", &[]),
        canary("the name of a file", "canary-10-file", &[]),
        canary("an issue in an uploaded file", "canary-17-issue", &[]),
        canary("a person in an uploaded file", "canary-17-person", &[]),
        canary("the name of a file of issues", "canary-17-file", &[]),
    ]
}

/// What mara and tomasz ask of each other, and what priya hears of it when tomasz hands it on.
async fn plant_asks(world: &World) -> Vec<Canary> {
    let ask = async |by: &str, to: &str| {
        let input = json!({
            "to": [world.person(to)], "verb": "answer", "subject": "canary-11-subject", "note": "canary-11-note",
            "urgent": true, "about": { "kind": "team", "id": world.team("payments") },
        });
        done(world, by, "ask.raise", input).await[0]["id"].clone()
    };
    let finish = json!({ "asks": [ask("mara", "tomasz").await], "outcome": "canary-11-outcome" });
    done(world, "tomasz", "ask.finish", finish).await;
    let decline = json!({ "asks": [ask("tomasz", "mara").await], "reason": "canary-11-reason" });
    done(world, "mara", "ask.decline", decline).await;
    let pass =
        json!({ "asks": [ask("mara", "tomasz").await], "to": world.person("priya"), "note": "canary-11-passed" });
    done(world, "tomasz", "ask.hand_on", pass).await;
    ask("mara", "tomasz").await;
    let words = ["subject", "note", "outcome", "reason", "passed"];
    words.map(|word| Canary { what: IN_AN_ASK, word: format!("canary-11-{word}"), readers: &[] }).into()
}

const IN_AN_ASK: &str = "a text of an ask";

/// Letters go to nobody who has no part in what they tell, and the history of an ask tells nothing of it.
#[tokio::test]
async fn the_text_of_an_ask_reaches_those_two_and_nobody_else() {
    for world in worlds().await {
        let canaries = plant_asks(&world).await;
        world.pass_to("2026-03-17T13:00:00Z").await;
        world.pass_to("2026-03-18T15:00:00Z").await;
        let letters = world.outside.letters();
        let parties = ["mara@", "tomasz@", "priya@"];
        for canary in &canaries {
            let told: Vec<_> = letters
                .iter()
                .filter(|letter| format!("{} {} {}", letter.subject, letter.text, letter.html).contains(&canary.word))
                .collect();
            let stray = told.iter().find(|letter| !parties.iter().any(|party| letter.to.contains(party)));
            assert!(stray.is_none(), "{:?} is told {}", stray.map(|letter| &letter.to), canary.word);
        }
        assert!(letters.iter().any(|letter| letter.text.contains("canary-11-subject")), "a letter tells of the ask");
        let events = recorded(&world, "").await;
        let told = events.iter().find(|event| event.contains("canary-11"));
        assert!(told.is_none() && events.iter().any(|event| event.starts_with("ask.declined")), "{told:?}");
    }
}

/// The addresses of what was planted, as somebody who guesses them would try.
async fn by_id(world: &World) -> Vec<String> {
    let (system, tomasz) = (world.system(), world.person("tomasz"));
    let leaves = world.ask(&system, "leave.list", json!({ "person": tomasz })).await.unwrap();
    let plans = world.ask(&system, "onboarding.list", json!({ "which": "all", "person": tomasz })).await.unwrap();
    let ids = |list: &Json| -> Vec<String> {
        let all = list.as_array().into_iter().flatten();
        all.filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
    };
    let mut all =
        vec![format!("/people/{tomasz}"), format!("/people/{tomasz}/leaves"), format!("/people/{tomasz}/hours")];
    all.extend(ids(&leaves["leaves"]).iter().map(|id| format!("/leaves/{id}")));
    all.extend(ids(&plans).iter().map(|id| format!("/onboarding/{id}")));
    let mara = world.actor("mara").await;
    for pile in ["owed", "answers", "ended"] {
        let asks = world.ask(&mara, "ask.list", json!({ "pile": pile })).await.unwrap();
        all.extend(ids(&asks["asks"]).iter().map(|id| format!("/asks/{id}")));
    }
    let issues = world.ask(&mara, "issue.list", json!({ "limit": 200 })).await.unwrap();
    let planted = issues["issues"].as_array().and_then(|all| all.iter().find(|one| one["title"] == "canary-13-title"));
    let key = planted.and_then(|one| one["key"].as_str());
    all.extend(key.into_iter().flat_map(|key| [format!("/issues/{key}"), format!("/issues/{key}/forecast")]));
    let projects = world.ask(&mara, "project.list", json!({})).await.unwrap();
    all.extend(ids(&projects).iter().map(|id| format!("/projects/{id}")));
    all.push(format!("/teams/{}/forecast/ageing", world.team("payments")));
    all.extend(said_by_id(world).await);
    all.extend(issues::sent_by_id(world).await);
    all.extend(rituals::together_by_id(world).await);
    let pairs = world.ask(&mara, "one_on_one.list", json!({})).await.unwrap();
    for pair in pairs["one_on_ones"].as_array().into_iter().flatten().map(|one| &one["one_on_one"]["id"]) {
        let shown = world.ask(&mara, "one_on_one.show", json!({ "one_on_one": pair })).await.unwrap();
        all.push(format!("/one-on-ones/{}", pair.as_str().unwrap_or_default()));
        all.extend(ids(&shown["points"]).iter().map(|id| format!("/talking-points/{id}")));
        all.extend(ids(&shown["promises"]).iter().map(|id| format!("/promises/{id}")));
    }
    all
}

/// Everything that a persona can fetch: the place, and what came from there.
async fn fetched(world: &World, ground: &Ground, who: &str) -> Vec<(String, String)> {
    let mut browser = world.browser(who).await;
    let tomasz = world.person("tomasz");
    let own = by_id(world).await;
    let mut starts = vec![
        "/today",
        "/palette.json",
        "/palette.json?q=canary",
        "/search?q=canary",
        "/search.json?q=canary",
        "/metrics",
        "/nowhere",
    ];
    starts.extend(["/api/v1/openapi.json", "/people/import", "/admin", "/onboarding?which=ended"]);
    starts.extend(own.iter().map(String::as_str));
    let visits = crawl(&mut browser, &starts, MOST_PAGES).await;
    assert!(visits.len() > 15, "{who} found only {} pages", visits.len());
    let mut all: Vec<(String, String)> = visits
        .into_iter()
        .map(|visit| (visit.path, format!("{:?}{}", visit.answer.headers, visit.answer.text())))
        .collect();
    let actor = world.actor(who).await;
    let (dele, tomasz) = (world.person("dele").to_string(), tomasz.to_string());
    for (name, questions) in targets(ground).into_iter().filter(|(name, _)| world.op(name).reads) {
        for (label, input) in questions {
            let input = as_self(&input, &actor).to_string().replace(&dele, &tomasz);
            let answer = world.ask(&actor, name, serde_json::from_str(&input).unwrap()).await;
            all.push((
                format!("{name} {label}"),
                answer.map_or_else(|error| error.to_string(), |answer| answer.to_string()),
            ));
        }
    }
    for (operation, field, start) in [
        ("leave.show", "leave", "/leaves/"),
        ("onboarding.show", "plan", "/onboarding/"),
        ("ask.show", "ask", "/asks/"),
        ("one_on_one.show", "one_on_one", "/one-on-ones/"),
    ] {
        for id in own.iter().filter_map(|path| path.strip_prefix(start)) {
            let answer = world.ask(&actor, operation, json!({ field: id })).await;
            let text = answer.map_or_else(|error| error.to_string(), |answer| answer.to_string());
            all.push((format!("{operation} {id}"), text));
        }
    }
    all
}

/// Each place at which a persona finds a word that is not for them.
fn leaks(who: &str, canaries: &[Canary], fetched: &[(String, String)]) -> Vec<String> {
    let forbidden: Vec<&Canary> = canaries.iter().filter(|canary| !canary.readers.contains(&who)).collect();
    let found = |(place, text): &(String, String)| {
        let here = forbidden.iter().filter(|canary| text.contains(&canary.word));
        here.map(|canary| format!("{who} reads {} ({}) at {place}", canary.what, canary.word)).collect::<Vec<_>>()
    };
    fetched.iter().flat_map(found).collect()
}

#[tokio::test]
async fn a_private_word_comes_out_only_where_it_may() {
    let log = Log::default();
    let keeper = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || keeper.clone());
    // With a single subscriber, a thread that has none may switch a place in the program off for all of them.
    let silent = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink);
    let _second = tracing::Dispatch::new(silent.finish());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    let world = worlds().await.remove(0);
    let ground = Ground::of(&world).await;
    let canaries = plant(&world).await;
    let mut found = Vec::new();
    for who in PERSONAS {
        let fetched = fetched(&world, &ground, who).await;
        found.extend(leaks(who, &canaries, &fetched));
        found.extend(kinds(&world, who, &fetched));
        for canary in canaries.iter().filter(|canary| canary.readers.contains(&who)) {
            let seen = fetched.iter().any(|(_, text)| text.contains(&canary.word));
            assert!(seen, "{who} may read {} ({}), and the search did not find it", canary.what, canary.word);
        }
    }
    drop(guard);
    world.drain().await;
    let private: Vec<Canary> = canaries.into_iter().filter(|canary| canary.readers.len() < COLLEAGUES.len()).collect();
    let not_linked = |canary: &&Canary| !["the secret of a link", IN_AN_ASK].contains(&canary.what);
    for canary in private.iter().filter(not_linked) {
        let letters = world.outside.letters();
        let told = letters.iter().find(|letter| format!("{} {}", letter.subject, letter.text).contains(&canary.word));
        assert!(told.is_none(), "a letter tells {}", canary.what);
    }
    found.extend(leaks("the log", &private, &[("some line".into(), log.text())]));
    assert_eq!(found, [""; 0]);
    assert!(log.text().contains("/today"), "the log was not caught");
}

/// Why somebody is away is told to those who are close to them. The forms for one's own leave name all kinds.
fn kinds(world: &World, who: &str, fetched: &[(String, String)]) -> Vec<String> {
    let tomasz = world.person("tomasz").to_string();
    let about = |place: &str| place.starts_with(&format!("/people/{tomasz}")) || place.contains("leave.list dele");
    let told = fetched
        .iter()
        .filter(|(place, text)| about(place) && (text.contains("Sick leave") || text.contains("\"sick\"")));
    told.filter(|_| who != "joana").map(|(place, _)| format!("{who} reads the kind of a leave at {place}")).collect()
}

#[tokio::test]
async fn the_search_finds_a_word_that_is_there() {
    let world = worlds().await.remove(0);
    let ground = Ground::of(&world).await;
    let about = json!({ "person": world.person("tomasz"), "about": "canary-0-public" });
    done(&world, "tomasz", "person.edit_profile", about).await;
    let public = [canary("a public text", "canary-0-public", &[])];
    let found = leaks("leo", &public, &fetched(&world, &ground, "leo").await);
    let on = |place: &str| found.iter().any(|leak| leak.contains(&format!(" at {place}")));
    assert!(on("/people/") && on("person.show"), "{found:?}");
    assert_eq!(leaks("grace", &public, &fetched(&world, &ground, "grace").await), [""; 0]);
}

#[tokio::test]
async fn the_search_finds_a_private_word_for_nobody_else() {
    for world in worlds().await {
        let canaries = plant(&world).await;
        world.drain().await;
        for who in PERSONAS {
            let actor = world.actor(who).await;
            for canary in &canaries {
                // A dash at the beginning, which a secret may have by chance, would leave the word out instead.
                let word = canary.word.trim_start_matches('-');
                for q in [word.to_owned(), format!("\"{word}\""), word.replace("canary", "canry")] {
                    let found = world.ask(&actor, "search.find", json!({ "q": q })).await.unwrap();
                    let hits = found["hits"].as_array().unwrap();
                    let told = hits.is_empty() || canary.readers.contains(&who);
                    assert!(told, "{who} looks for {q:?}, {}, and finds {found}", canary.what);
                    assert_eq!(found["more"], false);
                }
            }
            let about = world.ask(&actor, "search.find", json!({ "q": "canary-2-about" })).await.unwrap();
            let names: String = about["hits"][0]["title"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|piece| piece["text"].as_str().unwrap())
                .collect();
            assert_eq!(names, if who == "grace" { "" } else { "Tomasz Zieliński" });
        }
    }
}

/// What was logged, kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
