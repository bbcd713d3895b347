//! Forms that outsiders fill in: what they see, what comes of it, and that a form that is over is one that never was.
use crate::issues::{asked, shown, state};
use kernel::{Actor, Error, Id, Json, json};
use std::time::Duration;
use testkit::{Answer, Client, World, with_token, without_chance, worlds};
use work::intake_form::CloseAllForms;

const NEVER: &str = "/forms/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A form of payments, made by tomasz.
async fn form(world: &World, more: Json) -> Json {
    let mut content = json!({ "about": "Say **what** is wrong.", "description": "required", "sender_name": "optional",
                              "sender_mail": "required" });
    content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let input = json!({ "team": world.team("payments"), "name": "Report a problem", "content": content });
    asked(world, "tomasz", "intake_form.add", input).await
}

/// The path of its link.
async fn link(world: &World, form: &Json) -> String {
    let view = asked(world, "tomasz", "intake_form.show", json!({ "form": form["id"] })).await;
    let address = view["address"].as_str().unwrap();
    address[address.find("/forms/").unwrap()..].to_owned()
}

const FILLED: [(&str, &str); 4] = [
    ("title", "The payout is late"),
    ("description", "Since Friday."),
    ("name", "Nell Ackroyd"),
    ("mail", "nell@northstar.example"),
];

/// Sends it, and returns the address of the receipt.
async fn sent(browser: &mut Client, link: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.post(link, fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").unwrap().to_owned()
}

/// The issue of payments that was made last.
async fn newest(world: &World) -> Json {
    let list = json!({ "team": world.team("payments"), "q": "sort:created", "limit": 200 });
    let page = asked(world, "tomasz", "issue.list", list).await;
    let number = |issue: &&Json| issue["key"].as_str().unwrap().rsplit('-').next().unwrap().parse::<i64>().unwrap();
    let newest =
        page["issues"].as_array().unwrap().iter().filter(|issue| issue["parent_id"].is_null()).max_by_key(number);
    shown(world, &newest.unwrap()["key"]).await
}

async fn with_state(world: &World, issue: &Json, name: &str) {
    let input = json!({ "issue": issue["id"], "state": state(world, name).await });
    asked(world, "tomasz", "issue.edit", input).await;
}

/// Of how many sendings it is known from which network they came.
async fn counted(world: &World) -> i64 {
    db::dump(&world.opened.db, Box::new(std::io::sink())).await.unwrap()["intake_counts"]
}

fn over(answer: &Answer) -> String {
    assert_eq!(answer.status, 404, "{}", answer.text());
    without_chance(&answer.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_sends_an_issue_and_learns_how_it_stands() {
    for world in worlds().await {
        let link = link(&world, &form(&world, json!({})).await).await;
        let mut nell = world.client();
        let page = nell.get(&link).await;
        let text = page.text();
        assert!(text.contains("Report a problem") && text.contains("<strong>what</strong>"), "{text}");
        for inside in ["Payments", "Tomasz", "Priority", "/teams/", "Sign in"] {
            assert!(!text.contains(inside), "the form tells {inside}: {text}");
        }
        let receipt = sent(&mut nell, &link, &FILLED).await;
        let issue = newest(&world).await;
        assert_eq!((&issue["title"], &issue["body"]), (&json!("The payout is late"), &json!("Since Friday.")));
        assert_eq!((&issue["category"], &issue["creator_name"]), (&json!("triage"), &Json::Null));
        assert_eq!(issue["sent"]["sender_mail"], "nell@northstar.example");
        let inside =
            world.browser("priya").await.get(&format!("/issues/{}", issue["key"].as_str().unwrap())).await.text();
        assert!(inside.contains("Nell Ackroyd") && inside.contains("&lt;nell@northstar.example&gt;"), "{inside}");
        assert!(inside.contains("was not verified"), "{inside}");
        let first = nell.get(&receipt).await.text();
        assert!(first.contains("Thank you.") && first.contains("Received"), "{first}");
        for (name, says) in
            [("In progress", "In progress"), ("Done", "Done"), ("Cancelled", "Declined"), ("Triage", "Received")]
        {
            with_state(&world, &issue, name).await;
            let page = world.client().get(&receipt).await.text();
            assert!(page.contains(&format!("<h1>{says}</h1>")), "{name}: {page}");
            for inside in [issue["key"].as_str().unwrap(), "payout", "Nell", "Report", "Payments"] {
                assert!(!page.contains(inside), "the receipt tells {inside}: {page}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_said_in_a_sentence_and_what_was_typed_stays() {
    for world in worlds().await {
        let field = json!({ "team": world.team("payments"), "name": "How many", "kind": "number" });
        let field = asked(&world, "tomasz", "custom_field.add", field).await;
        let form = form(&world, json!({ "fields": [{ "field": field["id"], "required": true }] })).await;
        let link = link(&world, &form).await;
        let before = newest(&world).await;
        let number = format!("fields.{}", field["id"].as_str().unwrap());
        let long = "x".repeat(10_001);
        let with = |changed: &[(&'static str, &str)], number_of: &str| {
            let kept = FILLED.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
            let all = kept.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            let changed = changed.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            all.chain(changed).chain([(number.clone(), number_of.to_owned())]).collect::<Vec<_>>()
        };
        let cases = [
            (with(&[("title", "")], "3"), "Write something here."),
            (with(&[("description", " ")], "3"), "Describe it."),
            (with(&[("description", &long)], "3"), "at most 10,000 characters"),
            (with(&[("mail", "")], "3"), "Write your mail address."),
            (with(&[("mail", "nell")], "3"), "This is not a mail address"),
            (with(&[], ""), "Fill this in."),
            (with(&[], "three"), "Write a number"),
            (with(&[("homepage", "https://cheap.example")], "3"), "there for programs"),
        ];
        for (fields, sentence) in cases {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let answer = world.client().post(&link, &fields).await;
            assert_eq!(answer.status, 422, "{sentence}: {}", answer.text());
            let text = answer.text();
            assert!(text.contains(sentence) && text.contains("Nell Ackroyd"), "{sentence}: {text}");
        }
        assert_eq!(newest(&world).await["key"], before["key"], "something refused was filed");
        let good = with(&[], "3");
        let good: Vec<(&str, &str)> = good.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        sent(&mut world.client(), &link, &good).await;
        assert_eq!(newest(&world).await["fields"][0]["value"], "3");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_over_answers_as_if_it_never_was() {
    for world in worlds().await {
        let never = over(&world.client().get(NEVER).await);
        for how in ["closed", "replaced", "restored", "ended", "archived"] {
            let last = if how == "ended" { json!("2026-03-20") } else { Json::Null };
            let input = json!({ "team": world.team("payments"), "name": how, "ends_on": last });
            let form = asked(&world, "tomasz", "intake_form.add", input).await;
            let link = link(&world, &form).await;
            let receipt = sent(&mut world.client(), &link, &FILLED[..1]).await;
            let id = json!({ "form": form["id"] });
            match how {
                "closed" => drop(asked(&world, "mara", "intake_form.close", id.clone()).await),
                "replaced" => drop(asked(&world, "mara", "intake_form.replace_link", id.clone()).await),
                "restored" => world.call(&Actor::system(Id::from_u128(0)), CloseAllForms {}).await.unwrap(),
                "ended" => world.clock.set(world.clock.now() + Duration::from_secs(4 * 24 * 3600)),
                _ => {
                    let archive = json!({ "team": world.team("payments") });
                    asked(&world, "hanneke", "team.archive", archive).await;
                }
            }
            assert_eq!(over(&world.client().get(&link).await), never, "{how}");
            assert_eq!(over(&world.client().post(&link, &FILLED[..1]).await), never, "{how}");
            assert_eq!(world.client().get(&receipt).await.status, 200, "{how}: the sender still learns of it");
            if how == "closed" {
                asked(&world, "mara", "intake_form.reopen", id).await;
                assert_eq!(world.client().get(&link).await.status, 200);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_stays_text_and_reaches_nobody() {
    for world in worlds().await {
        let link = link(&world, &form(&world, json!({})).await).await;
        let (mara, team) = (world.person("mara"), world.team("payments"));
        let body = format!(
            "<script>alert(1)</script> [@Mara](/people/{mara}) [@Payments](/teams/{team}) PAY-1 <img src=x onerror=alert(1)>"
        );
        let inbox = asked(&world, "mara", "ask.list", json!({})).await;
        let hostile =
            [("title", "<b>PAY-1</b>"), ("description", body.as_str()), ("name", "<i>Mara Lindqvist</i>"), FILLED[3]];
        sent(&mut world.client(), &link, &hostile).await;
        world.drain().await;
        let issue = newest(&world).await;
        let page = world.browser("mara").await.get(&format!("/issues/{}", issue["key"].as_str().unwrap())).await.text();
        for live in ["<script>alert", "<img src=x", "<b>PAY-1", "<i>Mara"] {
            assert!(!page.contains(live), "{live} is live: {page}");
        }
        assert_eq!(asked(&world, "mara", "ask.list", json!({})).await["asks"], inbox["asks"], "somebody was asked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_much_comes_in_an_hour_as_a_team_can_read() {
    for world in worlds().await {
        let link = link(&world, &form(&world, json!({})).await).await;
        let mut nell = world.client();
        for _ in 0..10 {
            sent(&mut nell, &link, &FILLED).await;
        }
        let refused = nell.post(&link, &FILLED).await;
        assert_eq!(refused.status, 422);
        let text = refused.text();
        assert!(text.contains("Ten were sent from your network") && text.contains("Since Friday."), "{text}");
        assert_eq!(counted(&world).await, 10);
        world.pass_to_time(world.clock.now() + Duration::from_secs(3 * 3600)).await;
        assert_eq!(counted(&world).await, 0, "networks are kept longer than an hour");
        sent(&mut nell, &link, &FILLED).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sent_an_issue_is_forgotten_with_it() {
    for world in worlds().await {
        let link = link(&world, &form(&world, json!({})).await).await;
        let receipt = sent(&mut world.client(), &link, &FILLED).await;
        let issue = newest(&world).await;
        let input = json!({ "issue": issue["key"] });
        asked(&world, "tomasz", "issue.delete", input.clone()).await;
        assert_eq!(world.client().get(&receipt).await.status, 404);
        asked(&world, "tomasz", "issue.restore", input).await;
        let back = shown(&world, &issue["key"]).await;
        assert_eq!((&back["sent"]["sender_name"], &back["sent"]["sender_mail"]), (&json!(""), &json!("")));
        assert_eq!(back["sent"]["form_name"], "Report a problem");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_takes_what_the_team_wants_of_it() {
    for world in worlds().await {
        let team = world.team("payments");
        let label = asked(&world, "tomasz", "label.add", json!({ "team": team, "name": "From outside" })).await;
        let content = json!({ "title": "Unused", "priority": "high", "pieces": ["Answer the sender"] });
        let template = json!({ "team": team, "name": "Outside", "content": content });
        let template = asked(&world, "tomasz", "issue_template.add", template).await;
        let ready = state(&world, "Ready").await;
        let more = json!({ "template": template["id"], "labels": [label["id"]], "state": ready, "sender_mail": "no" });
        let link = link(&world, &form(&world, more).await).await;
        // What is not asked for is not taken.
        let fields = [FILLED[0], FILLED[1], FILLED[3], ("priority", "urgent")];
        sent(&mut world.client(), &link, &fields).await;
        let issue = newest(&world).await;
        assert_eq!((&issue["priority"], &issue["state_id"]), (&json!("high"), &ready));
        assert_eq!((&issue["labels"][0]["name"], &issue["sent"]["sender_mail"]), (&json!("From outside"), &json!("")));
        assert_eq!(issue["below"][0]["title"], "Answer the sender");
        asked(&world, "tomasz", "issue_template.delete", json!({ "template": template["id"] })).await;
        asked(&world, "tomasz", "label.archive", json!({ "label": label["id"] })).await;
        sent(&mut world.client(), &link, &fields).await;
        assert_eq!(newest(&world).await["labels"], json!([]), "the form goes on without what is gone");
        let person = json!({ "team": team, "name": "Whom", "kind": "person" });
        let person = asked(&world, "tomasz", "custom_field.add", person).await;
        let asks = json!({ "team": team, "name": "Of people", "content": { "fields": [{ "field": person["id"] }] } });
        let refused = world.ask(&world.actor("tomasz").await, "intake_form.add", asks).await;
        assert!(
            matches!(refused, Err(Error::Invalid(_))),
            "an outsider would be asked to choose a person: {refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_shown_to_those_who_may_change_the_form_and_to_nobody_else() {
    for world in worlds().await {
        let form = form(&world, json!({})).await;
        let (link, id) = (link(&world, &form).await, json!({ "form": form["id"] }));
        let secret = link.trim_start_matches("/forms/");
        for (who, found) in [("camila", "Forbidden"), ("grace", "NotFound")] {
            for operation in ["intake_form.show", "intake_form.close", "intake_form.replace_link", "intake_form.edit"] {
                let answer = world.ask(&world.actor(who).await, operation, id.clone()).await;
                let named = match answer {
                    Err(Error::Forbidden) => "Forbidden",
                    Err(Error::NotFound) => "NotFound",
                    _ => "another",
                };
                assert_eq!(named, found, "{operation} by {who}");
            }
        }
        let place = format!("/teams/{}/intake-forms", world.team("payments"));
        let list = world.browser("camila").await.get(&place).await;
        assert!(list.status == 200 && !list.text().contains(secret), "{}", list.text());
        let reader = with_token(&world.actor("camila").await, &["*:read"]);
        assert!(matches!(world.ask(&reader, "intake_form.show", id).await, Err(Error::Forbidden)));
        assert_eq!(world.browser("grace").await.get(&place).await.status, 404);
        assert!(!String::from_utf8_lossy(&world.bytes().await).contains(secret), "the database holds the secret");
        let mut guest = world.browser("grace").await;
        assert_eq!(guest.get(&link).await.status, 200, "whoever has the link fills it in");
        let foreign = [("origin", "http://evil.test"), ("content-type", "application/x-www-form-urlencoded")];
        let sent = world.client().send("POST", &link, &foreign, axum::body::Body::from("title=x")).await;
        assert_eq!(sent.status, 403, "another site sent it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_makes_a_form_on_its_pages() {
    let world = worlds().await.remove(0);
    let place = format!("/teams/{}/intake-forms", world.team("payments"));
    let mut tomasz = world.browser("tomasz").await;
    assert!(tomasz.get(&format!("/teams/{}/issues/settings", world.team("payments"))).await.text().contains(&place));
    let new = format!("{place}/new");
    let fields = [
        ("name", "Ask us"),
        ("about", "Hello"),
        ("description", "no"),
        ("sender_name", "required"),
        ("priority", "yes"),
    ];
    let made = tomasz.post_from(&new, &place, &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let there = made.header("location").unwrap().to_owned();
    let page = tomasz.get(&there).await.text();
    let start = page.find("/forms/").expect("the page shows the link");
    let link: String = page[start..].chars().take(50).collect();
    let form = world.client().get(&link).await.text();
    assert!(form.contains("Your name") && form.contains("Urgent") && !form.contains("Description"), "{form}");
    let refused = tomasz.post_from(&new, &place, &fields).await;
    assert!(refused.status == 422 && refused.text().contains("with this name already"), "{}", refused.text());
    let ask = tomasz.post_from(&there, &format!("{there}/link"), &[]).await;
    assert!(ask.status == 200 && ask.text().contains("Replace the link?"), "{}", ask.text());
    let replaced = tomasz.post_from(&there, &format!("{there}/link"), &[("confirmed", "yes")]).await;
    assert_eq!(replaced.status, 303);
    assert_eq!(world.client().get(&link).await.status, 404);
    assert_eq!(tomasz.post_from(&there, &format!("{there}/closing"), &[]).await.status, 303);
    assert!(tomasz.get(&place).await.text().contains("Closed"));
    assert_eq!(world.browser("camila").await.get(&new).await.status, 403);
}
