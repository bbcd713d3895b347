//! Planning in writing: phases pass by themselves, an objection holds everything up until it is answered, and what stands is
//! put into the sprint.
use crate::issues::{asked, issue, shown};
use kernel::{Error, Json, Time, json};
use std::time::Duration;
use testkit::{World, worlds};

/// Everyone on payments who has an account.
const TEAM: [&str; 7] = ["dele", "ines", "leo", "mara", "priya", "tomasz", "yuki"];

async fn sprint(world: &World) -> Json {
    let plan = json!({ "team": world.team("payments"), "name": "Sprint 40", "goal": "Refunds" });
    asked(world, "mara", "sprint.plan", plan).await
}

async fn begun(world: &World, sprint: &Json) -> Json {
    asked(world, "mara", "planning.start", json!({ "sprint": sprint["id"], "hours": 4 })).await
}

async fn seen(world: &World, who: &str, round: &Json) -> Json {
    asked(world, who, "planning.show", json!({ "planning": round["id"] })).await
}

async fn propose(world: &World, who: &str, round: &Json, issue: &Json, leave_out: bool) -> Json {
    let input =
        json!({ "planning": round["id"], "issue": issue["key"], "leave_out": leave_out, "reason": "As it matters" });
    asked(world, who, "planning.propose", input).await
}

async fn offer(world: &World, who: &str, round: &Json) -> Json {
    asked(world, who, "planning.offer", json!({ "planning": round["id"], "offer": "Four days" })).await
}

async fn consent(world: &World, who: &str, round: &Json) -> Json {
    asked(world, who, "planning.answer", json!({ "planning": round["id"], "stance": "consent" })).await
}

fn objection(round: &Json) -> Json {
    json!({ "planning": round["id"], "stance": "objection", "reason": "Too much for us", "wants": "One issue less" })
}

async fn refused(world: &World, who: &str, operation: &str, input: Json) -> Error {
    world.ask(&world.actor(who).await, operation, input).await.unwrap_err()
}

async fn held(world: &World, sprint: &Json) -> Vec<String> {
    let view = asked(world, "joana", "sprint.show", json!({ "sprint": sprint["id"] })).await;
    view["issues"].as_array().unwrap().iter().map(|issue| issue["title"].as_str().unwrap().to_owned()).collect()
}

/// What stands open about a round in somebody's inbox.
async fn waiting(world: &World, who: &str, round: &Json) -> Vec<String> {
    world.drain().await;
    let inbox = asked(world, who, "ask.list", json!({})).await;
    let about = inbox["asks"].as_array().unwrap().iter().filter(|ask| ask["about_id"] == round["id"]);
    about.map(|ask| ask["subject"].as_str().unwrap().to_owned()).collect()
}

/// Until the present phase of a round is over.
async fn time_passes(world: &World, round: &Json) {
    let ends: Time = serde_json::from_value(seen(world, "mara", round).await["ends_at"].clone()).unwrap();
    world.pass_to_time(ends + Duration::from_secs(120)).await;
    world.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_everyone_consents_to_is_put_into_the_sprint() {
    for world in worlds().await {
        let titles = ["In before", "Proposed", "Overruled", "Taken back", "Left out"];
        let mut issues = Vec::new();
        for title in titles {
            issues.push(issue(&world, json!({ "title": title })).await);
        }
        let sprint = sprint(&world).await;
        for at in [0, 3] {
            let into = json!({ "issue": issues[at]["key"], "sprint": sprint["id"] });
            asked(&world, "mara", "issue.edit", into).await;
        }
        let round = begun(&world, &sprint).await;
        let again = json!({ "sprint": sprint["id"] });
        assert!(matches!(refused(&world, "mara", "planning.start", again.clone()).await, Error::Conflict(_)));
        assert!(matches!(refused(&world, "mara", "sprint.start", again).await, Error::Conflict(_)));
        assert_eq!(waiting(&world, "yuki", &round).await.len(), 1);
        propose(&world, "yuki", &round, &issues[1], false).await;
        propose(&world, "leo", &round, &issues[2], false).await;
        propose(&world, "priya", &round, &issues[2], true).await;
        propose(&world, "priya", &round, &issues[4], true).await;
        let view = seen(&world, "mara", &round).await;
        let back = view["taken"].as_array().unwrap().iter().find(|one| one["issue"]["title"] == "Taken back").unwrap();
        let back = json!({ "proposal": back["proposal"]["id"] });
        assert!(matches!(refused(&world, "leo", "planning.take_back", back.clone()).await, Error::Forbidden));
        asked(&world, "mara", "planning.take_back", back).await;
        let words = json!({ "planning": round["id"], "goal": "Refunds twice", "risks": "The bank" });
        asked(&world, "ines", "planning.write", words).await;
        let early = json!({ "planning": round["id"], "stance": "consent" });
        assert!(matches!(refused(&world, "leo", "planning.answer", early).await, Error::Conflict(_)));
        for who in TEAM {
            offer(&world, who, &round).await;
        }
        assert_eq!(seen(&world, "leo", &round).await["phase"], "objections");
        assert!(waiting(&world, "yuki", &round).await[0].contains("consent or object"));
        assert_eq!(held(&world, &sprint).await, ["In before", "Taken back"], "nothing moves before it stands");
        for who in TEAM.iter().skip(1) {
            consent(&world, who, &round).await;
        }
        assert_eq!(waiting(&world, "yuki", &round).await.len(), 0);
        assert_eq!(consent(&world, "dele", &round).await["phase"], "committed");
        assert_eq!(held(&world, &sprint).await, ["In before", "Proposed"]);
        let view = asked(&world, "joana", "sprint.show", json!({ "sprint": sprint["id"] })).await;
        assert_eq!((&view["goal"], &view["plan"]["risks"]), (&json!("Refunds twice"), &json!("The bank")));
        let left_out = view["plan"]["left_out"].as_str().unwrap();
        assert!(left_out.contains("Left out: As it matters") && left_out.contains("Overruled"), "{left_out}");
        assert!(view["plannings"][0]["summary"].as_str().unwrap().contains("Everyone has answered"));
        let late = json!({ "planning": round["id"], "goal": "Other" });
        assert!(matches!(refused(&world, "mara", "planning.write", late).await, Error::Conflict(_)));
        asked(&world, "mara", "issue.delete", json!({ "issue": issues[1]["key"] })).await;
        world.drain().await;
        let found = asked(&world, "joana", "search.find", json!({ "q": "Four days" })).await;
        assert!(found.to_string().contains("Planning of Sprint 40"), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_holds_everything_up_until_it_is_answered() {
    for world in worlds().await {
        let (one, sprint) = (issue(&world, json!({})).await, sprint(&world).await);
        let round = begun(&world, &sprint).await;
        propose(&world, "leo", &round, &one, false).await;
        time_passes(&world, &round).await;
        assert_eq!(seen(&world, "leo", &round).await["phase"], "objections", "the proposals end by themselves");
        let vague = json!({ "planning": round["id"], "stance": "objection", "reason": "No" });
        let vague = refused(&world, "yuki", "planning.answer", vague).await;
        assert!(matches!(&vague, Error::Invalid(flaws) if flaws[0].field == "wants"), "{vague:?}");
        asked(&world, "yuki", "planning.answer", objection(&round)).await;
        consent(&world, "leo", &round).await;
        assert!(waiting(&world, "mara", &round).await.iter().any(|subject| subject.contains("decide about it")));
        time_passes(&world, &round).await;
        assert_eq!(seen(&world, "leo", &round).await["phase"], "settling");
        assert!(waiting(&world, "priya", &round).await.is_empty(), "her time is over");
        assert!(held(&world, &sprint).await.is_empty());
        let objection = seen(&world, "mara", &round).await["objections"][0].clone();
        let decide = json!({ "objection": objection["id"], "answer": "We try it for one sprint" });
        assert!(matches!(refused(&world, "leo", "planning.decide", decide.clone()).await, Error::Forbidden));
        let ended = asked(&world, "mara", "planning.decide", decide).await;
        assert_eq!(ended["phase"], "committed");
        assert_eq!(held(&world, &sprint).await, ["Refund twice"]);
        assert!(waiting(&world, "mara", &round).await.is_empty());
        let summary = ended["summary"].as_str().unwrap();
        for told in ["5 of 7 have not answered", "Too much for us", "One issue less", "We try it for one sprint"] {
            assert!(summary.contains(told), "{told}: {summary}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_changed_is_read_anew_and_its_objection_withdrawn_by_its_author() {
    for world in worlds().await {
        let (one, two) = (issue(&world, json!({})).await, issue(&world, json!({ "title": "Too large" })).await);
        let sprint = sprint(&world).await;
        let round = begun(&world, &sprint).await;
        propose(&world, "leo", &round, &one, false).await;
        propose(&world, "leo", &round, &two, false).await;
        for who in TEAM {
            offer(&world, who, &round).await;
        }
        for who in TEAM.iter().filter(|who| **who != "yuki") {
            consent(&world, who, &round).await;
        }
        asked(&world, "yuki", "planning.answer", objection(&round)).await;
        assert_eq!(seen(&world, "leo", &round).await["phase"], "objections");
        let other = json!({ "planning": round["id"], "issue": two["key"], "leave_out": true });
        assert!(matches!(refused(&world, "leo", "planning.propose", other).await, Error::Forbidden));
        propose(&world, "mara", &round, &two, true).await;
        let view = seen(&world, "leo", &round).await;
        assert_eq!((&view["draft"], &view["answered"], &view["open_objections"]), (&json!(2), &json!(0), &json!(1)));
        assert_eq!(waiting(&world, "leo", &round).await.len(), 1, "he consented to another draft");
        let stale = json!({ "planning": round["id"], "stance": "consent", "draft": 1 });
        assert!(matches!(refused(&world, "leo", "planning.answer", stale).await, Error::Conflict(_)));
        for who in TEAM {
            consent(&world, who, &round).await;
        }
        let ended = seen(&world, "leo", &round).await;
        assert_eq!((&ended["phase"], &ended["objections"][0]["outcome"]), (&json!("committed"), &json!("withdrawn")));
        assert_eq!(held(&world, &sprint).await, ["Refund twice"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_on_the_team_reads_at_most() {
    for world in worlds().await {
        let (one, sprint) = (issue(&world, json!({})).await, sprint(&world).await);
        let round = begun(&world, &sprint).await;
        for operation in [
            ("planning.propose", json!({ "planning": round["id"], "issue": one["key"] })),
            ("planning.write", json!({ "planning": round["id"], "goal": "Mine" })),
            ("planning.offer", json!({ "planning": round["id"], "offer": "All" })),
            ("planning.answer", objection(&round)),
            ("planning.call_off", json!({ "planning": round["id"], "reason": "No" })),
        ] {
            let error = refused(&world, "camila", operation.0, operation.1.clone()).await;
            assert!(matches!(error, Error::Forbidden), "{}: {error:?}", operation.0);
            let error = refused(&world, "grace", operation.0, operation.1).await;
            assert!(matches!(error, Error::NotFound), "{}: {error:?}", operation.0);
        }
        let hidden = refused(&world, "grace", "planning.show", json!({ "planning": round["id"] })).await;
        assert!(matches!(hidden, Error::NotFound));
        let ended =
            asked(&world, "mara", "planning.call_off", json!({ "planning": round["id"], "reason": "Too early" })).await;
        assert!(ended["summary"].as_str().unwrap().contains("Called off: Too early"));
        assert!(held(&world, &sprint).await.is_empty());
        begun(&world, &sprint).await;
        asked(&world, "mara", "sprint.drop", json!({ "sprint": sprint["id"] })).await;
        assert!(matches!(
            refused(&world, "mara", "planning.show", json!({ "planning": round["id"] })).await,
            Error::NotFound
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_shown_and_do_nothing() {
    for world in worlds().await {
        let hostile = "# <script>alert(1)</script> [go](javascript:alert(1)) ![x](http://evil.example/x)";
        let (one, sprint) = (issue(&world, json!({ "title": hostile })).await, sprint(&world).await);
        let round = begun(&world, &sprint).await;
        let out = json!({ "planning": round["id"], "issue": one["key"], "leave_out": true, "reason": hostile });
        asked(&world, "leo", "planning.propose", out).await;
        for who in TEAM {
            asked(&world, who, "planning.offer", json!({ "planning": round["id"], "offer": hostile })).await;
        }
        let object = json!({ "planning": round["id"], "stance": "objection", "reason": hostile, "wants": hostile });
        asked(&world, "leo", "planning.answer", object).await;
        let page = format!("/plannings/{}", round["id"].as_str().unwrap());
        let mut mara = world.browser("mara").await;
        let open = mara.get(&page).await.text();
        let objection = seen(&world, "mara", &round).await["objections"][0]["id"].clone();
        let place = format!("/planning-objections/{}/decision", objection.as_str().unwrap());
        let fields = [("round", round["id"].as_str().unwrap()), ("answer", "")];
        let empty = mara.post_from(&page, &place, &fields).await;
        assert!(empty.status == 422 && empty.text().contains("Write something here"), "{}", empty.text());
        asked(&world, "mara", "planning.decide", json!({ "objection": objection, "answer": hostile })).await;
        time_passes(&world, &round).await;
        // Days have passed, and with them the session.
        let mut mara = world.browser("mara").await;
        let ended = mara.get(&page).await.text();
        let sprint = mara.get(&format!("/sprints/{}", sprint["id"].as_str().unwrap())).await.text();
        for text in [open, ended, sprint] {
            assert!(text.contains("&lt;script&gt;alert(1)"), "{text}");
            for bad in ["<script>alert", "href=\"javascript", "src=\"http://evil"] {
                assert!(!text.contains(bad), "{bad}: {text}");
            }
        }
        assert_eq!(shown(&world, &one["key"]).await["sprint_id"], Json::Null);
    }
}
