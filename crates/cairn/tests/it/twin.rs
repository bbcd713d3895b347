//! Two worlds that differ in what an outsider must not know are the same to that outsider, byte for byte.
use kernel::{Actor, Json, json};
use testkit::{World, crawl, without_chance, worlds};

const OUTSIDERS: [&str; 3] = ["grace", "aroha", "farah"];
const MOST_PAGES: usize = 200;

async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    let session = Some(world.signed_in(world.workspace(), world.person(who)).await.1);
    let actor = Actor { session, ..world.actor(who).await };
    world.ask(&actor, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

async fn one() -> World {
    worlds().await.remove(0)
}

/// What differs is between tomasz, mara, priya and those who keep the records of people.
async fn keep_secrets(world: &World, second: bool) {
    let either = |first: &'static str, other: &'static str| if second { other } else { first };
    let tomasz = world.person("tomasz");
    let leave = json!({
        "person": tomasz, "kind": either("holiday", "sick"), "first_on": "2026-03-18", "last_on": "2026-03-20",
        "handover_to": world.person("priya"), "handover_note": either("The keys are in the vault.", "Call Nell."),
    });
    done(world, "tomasz", "leave.enter", leave).await;
    let terms = json!({ "person": tomasz, "employee_id": either("NW-9001", "NW-9002") });
    done(world, "wanjiru", "person.edit_employment", terms).await;
    if second {
        start_plan(world).await;
        let roles = json!({ "person": world.person("zainab"), "roles": ["member", "recruiter"] });
        done(world, "hanneke", "account.set_roles", roles).await;
        let invite = json!({ "person": world.person("piotr"), "roles": ["member"] });
        done(world, "joana", "invitation.send", invite).await;
        let token = json!({ "name": "Report", "scopes": ["*:read"], "days": 3 });
        done(world, "priya", "token.create", token).await;
        done(world, "hanneke", "account.disable", json!({ "person": world.person("ipek") })).await;
        let ask = json!({
            "to": [tomasz, world.person("priya")], "verb": "decide", "subject": "Close the vault", "urgent": true,
            "note": "Before Nell comes.", "about": { "kind": "team", "id": world.team("payments") },
        });
        let asks = done(world, "mara", "ask.raise", ask).await;
        let asked = asks.as_array().and_then(|all| all.iter().find(|ask| ask["receiver_id"] == json!(tomasz)));
        let asked = asked.expect("tomasz is asked")["id"].clone();
        done(
            world,
            "tomasz",
            "view.add",
            json!({ "name": "Nell’s vault", "q": "vault", "team": world.team("payments") }),
        )
        .await;
        done(world, "tomasz", "ask.decline", json!({ "asks": [asked], "reason": "Nell has the keys." })).await;
        talk(world).await;
        talk_alone(world).await;
    }
    world.drain().await;
}

/// On records that outsiders see, what they do not see; and on a record that they do not see, everything.
async fn talk(world: &World) {
    let plans = json!({ "which": "all", "person": world.person("tomasz") });
    let plan = world.ask(&world.system(), "onboarding.list", plans).await.unwrap()[0]["id"].clone();
    let name = format!("[@Priya](/people/{}) Nell has the vault", world.person("priya"));
    let said = json!({ "kind": "onboarding", "record": plan, "body": name, "intent": "question" });
    done(world, "mara", "comment.add", said).await;
    let team = world.team("payments");
    let file = json!({ "kind": "team", "record": team, "name": "vault.txt", "content": "bmVsbA==" });
    done(world, "mara", "file.add", file).await;
    done(world, "mara", "draft.save", json!({ "kind": "team", "record": team, "body": "Nell has the vault" })).await;
}

/// What two people have between them, and what it puts into their inboxes.
async fn talk_alone(world: &World) {
    let begin = json!({ "person": world.person("tomasz"), "kind": "report" });
    let pair = done(world, "mara", "one_on_one.start", begin).await["id"].clone();
    let point = json!({ "one_on_one": pair, "body": "Nell has the vault" });
    let point = done(world, "tomasz", "talking_point.add", point).await["id"].clone();
    done(world, "mara", "talking_point.reply", json!({ "point": point, "body": "Then close the vault" })).await;
    let promise = json!({ "one_on_one": pair, "owner": world.person("tomasz"), "body": "Close the vault" });
    done(world, "mara", "promise.make", promise).await;
    let days = ["mon", "tue", "wed", "thu", "fri"];
    let start = json!({
        "team": world.team("payments"), "name": "Vault watch", "days": days, "opens": "09:30", "questions": ["Is it shut?"],
    });
    done(world, "mara", "checkin.start", start).await;
    let board = json!({ "team": world.team("payments"), "name": "The vault", "format": "incident", "guests": true });
    let board = done(world, "mara", "retrospective.start", board).await["id"].clone();
    done(world, "mara", "retrospective_link.make", json!({ "retrospective": board, "days": 7 })).await;
    let left = json!({ "team": world.team("payments"), "body": "The vault is ajar" });
    done(world, "tomasz", "hand_over.write", left).await;
}

async fn start_plan(world: &World) {
    let templates = world.ask(&world.system(), "onboarding_template.list", json!({})).await.unwrap();
    let begin = json!({
        "person": world.person("tomasz"), "template": templates[0]["id"], "buddy": world.person("priya"),
        "starts_on": "2026-03-23",
    });
    done(world, "mara", "onboarding.start", begin).await;
}

/// All that this person can fetch, without what chance made.
async fn seen(world: &World, who: &str) -> Vec<String> {
    let mut browser = world.browser(who).await;
    let tomasz = format!("/people/{}", world.person("tomasz"));
    let starts = [
        &["/today", "/inbox", "/inbox?pile=owed", "/inbox?pile=read", "/inbox?pile=answers", "/catch-up"][..],
        &["/palette.json", "/onboarding", "/admin", &tomasz, "/asks/new", "/one-on-ones", "/one-on-ones/new"],
        &[
            "/search?q=NW-9001",
            "/search?q=NW-9002",
            "/search?q=vault",
            "/search?q=nell",
            "/search?q=onboarding",
            "/search?q=t",
        ],
        &[
            "/search?q=is:person+sick",
            "/search?q=is:team",
            "/search.json?q=vau",
            "/search.json?q=tomasz",
            "/search.json?q=zi",
        ],
    ]
    .concat();
    let visits = crawl(&mut browser, &starts, MOST_PAGES).await;
    let whole = |visit: testkit::Visit| format!("{} {}\n{}", visit.answer.status, visit.path, visit.answer.text());
    // How many asks a team of five or more had is for everyone, whoever they were between.
    let counted = |visit: &testkit::Visit| visit.path.ends_with("/async-health");
    visits.into_iter().filter(|visit| !counted(visit)).map(|visit| without_chance(&whole(visit))).collect()
}

/// The first place in which two accounts of the world differ.
fn difference(first: &[String], second: &[String]) -> Option<String> {
    if first.len() != second.len() {
        return Some(format!("{} pages and {}", first.len(), second.len()));
    }
    let (one, other) = first.iter().zip(second).find(|(one, other)| one != other)?;
    let at = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| {
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(200)..(at + 120).min(text.len())]).into_owned()
    };
    let path = one.lines().next().unwrap_or_default();
    Some(format!("{path}\n--- {}\n+++ {}", around(one), around(other)))
}

#[tokio::test]
async fn an_outsider_cannot_tell_two_worlds_apart_by_a_secret() {
    let (first, second) = (one().await, one().await);
    keep_secrets(&first, false).await;
    keep_secrets(&second, true).await;
    for who in OUTSIDERS {
        let difference = difference(&seen(&first, who).await, &seen(&second, who).await);
        assert!(difference.is_none(), "{who} can tell: {}", difference.unwrap_or_default());
    }
    assert!(difference(&seen(&first, "joana").await, &seen(&second, "joana").await).is_some(), "the worlds are one");
}

#[tokio::test]
async fn what_everyone_may_see_tells_two_worlds_apart() {
    let (first, second) = (one().await, one().await);
    for (world, title) in [(&first, "Staff engineer"), (&second, "Principal engineer")] {
        let terms = json!({ "person": world.person("tomasz"), "title": title });
        done(world, "wanjiru", "person.edit_employment", terms).await;
    }
    let found = difference(&seen(&first, "aroha").await, &seen(&second, "aroha").await);
    assert!(found.expect("a title is seen by colleagues").contains("Staff"));
    assert_eq!(difference(&seen(&first, "grace").await, &seen(&second, "grace").await), None);
}

/// Not even to its own members does the page of a small team differ by what they asked each other, nor that of a larger
/// one by asks that reached fewer than five of them.
#[tokio::test]
async fn asks_of_few_people_leave_no_trace_in_the_health_of_a_team() {
    let (first, second) = (one().await, one().await);
    for world in [&first, &second] {
        let team = done(world, "joana", "team.add", json!({ "name": "Small" })).await["id"].clone();
        for who in ["tomasz", "priya", "ines"] {
            let join = json!({ "team": team, "person": world.person(who) });
            done(world, "joana", "team.join", join).await;
        }
    }
    for n in 0..12 {
        let ask = json!({ "to": [second.person("priya")], "verb": "review", "subject": format!("Vault {n}"), "urgent": true });
        done(&second, "tomasz", "ask.raise", ask).await;
    }
    second.drain().await;
    let health = async |world: &World, who: &str| {
        let teams = world.ask(&world.system(), "team.list", json!({})).await.unwrap();
        let small = teams.as_array().unwrap().iter().find(|team| team["name"] == "Small").unwrap()["id"].clone();
        let path = format!("/teams/{}/async-health", small.as_str().unwrap());
        let page = world.browser(who).await.get(&path).await;
        assert_eq!(page.status, 200);
        let text = page.text();
        let main = text.split_once("<main").unwrap().1.to_owned();
        without_chance(&main)
    };
    for who in ["ines", "joana", "aroha"] {
        assert_eq!(health(&first, who).await, health(&second, who).await, "{who} can tell");
    }
}
