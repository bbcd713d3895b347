//! Reviews of closed sprints in writing: what was finished is shown, who is asked says whether they accept it, and what was
//! not accepted becomes work again only if somebody presses for it.
use crate::issues::{asked, issue, shown, state};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Error, Json, Time, json};
use std::time::Duration;
use testkit::{World, worlds};

/// Everyone on payments who has an account.
const TEAM: [&str; 7] = ["dele", "ines", "leo", "mara", "priya", "tomasz", "yuki"];

async fn refused(world: &World, who: &str, operation: &str, input: Json) -> Error {
    world.ask(&world.actor(who).await, operation, input).await.unwrap_err()
}

/// Closes the sprint of payments that runs, as only one does.
async fn nothing_runs(world: &World) {
    let list = asked(world, "mara", "sprint.list", json!({ "team": world.team("payments") })).await;
    for running in list["open"].as_array().unwrap().iter().filter(|one| one["stage"] == "running") {
        asked(world, "mara", "sprint.close", json!({ "sprint": running["id"], "reason": "Over" })).await;
    }
}

/// A sprint that is closed with two issues that are done, of which leo has the first, and one that is not.
async fn closed(world: &World, title: &str) -> Json {
    nothing_runs(world).await;
    let sprint =
        asked(world, "mara", "sprint.plan", json!({ "team": world.team("payments"), "name": "Sprint 40" })).await;
    let done = state(world, "Done").await;
    let mut issues = Vec::new();
    for (title, assignee) in [(title, Some("leo")), ("The list", None), ("Too late", None)] {
        let more = json!({ "title": title, "sprint": sprint["id"], "assignee": assignee.map(|key| world.person(key)) });
        issues.push(issue(world, more).await);
    }
    asked(world, "mara", "sprint.start", json!({ "sprint": sprint["id"] })).await;
    for issue in &issues[..2] {
        asked(world, "leo", "issue.edit", json!({ "issue": issue["key"], "state": done })).await;
    }
    asked(world, "mara", "sprint.close", json!({ "sprint": sprint["id"], "reason": "The bank was late" })).await
}

/// With camila of another team among those who look.
async fn begun(world: &World, sprint: &Json) -> Json {
    let start = json!({ "sprint": sprint["id"], "hours": 4, "reviewers": [world.person("camila")] });
    asked(world, "mara", "sprint_review.start", start).await
}

async fn seen(world: &World, who: &str, round: &Json) -> Json {
    asked(world, who, "sprint_review.show", json!({ "review": round["id"] })).await
}

/// The list that nobody shows, or what leo shows.
async fn item(world: &World, round: &Json, is_list: bool) -> Json {
    let view = seen(world, "mara", round).await;
    let items = view["items"].as_array().unwrap();
    items.iter().find(|one| (one["title"] == "The list") == is_list).unwrap().clone()
}

async fn judge(world: &World, who: &str, item: &Json, verdict: &str, remark: &str) -> Json {
    let input = json!({ "item": item["id"], "verdict": verdict, "remark": remark });
    asked(world, who, "sprint_review.judge", input).await
}

async fn present(world: &World, who: &str, item: &Json, shown: &str) -> Json {
    asked(world, who, "sprint_review.present", json!({ "item": item["id"], "shown": shown })).await
}

/// What stands open about a review in somebody's inbox.
async fn waiting(world: &World, who: &str, round: &Json) -> Vec<String> {
    world.drain().await;
    let inbox = asked(world, who, "ask.list", json!({})).await;
    let about = inbox["asks"].as_array().unwrap().iter().filter(|ask| ask["about_id"] == round["id"]);
    about.map(|ask| ask["subject"].as_str().unwrap().to_owned()).collect()
}

async fn pass(world: &World, seconds: u64) {
    world.pass_to_time(world.clock.now() + Duration::from_secs(seconds)).await;
}

async fn time_passes(world: &World, round: &Json) {
    let ends: Time = serde_json::from_value(seen(world, "mara", round).await["ends_at"].clone()).unwrap();
    world.pass_to_time(ends + Duration::from_secs(120)).await;
    world.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_finished_is_shown_and_accepted_by_those_who_are_asked() {
    for world in worlds().await {
        let sprint = closed(&world, "The letter").await;
        let round = begun(&world, &sprint).await;
        let again = json!({ "sprint": sprint["id"] });
        assert!(matches!(refused(&world, "mara", "sprint_review.start", again).await, Error::Conflict(_)));
        let view = seen(&world, "joana", &round).await;
        assert_eq!(
            (view["items"].as_array().unwrap().len(), &view["not_finished"][0]["title"]),
            (2, &json!("Too late"))
        );
        assert_eq!(view["not_finished"][0]["reason"], "The bank was late");
        let (list, letter) = (item(&world, &round, true).await, item(&world, &round, false).await);
        assert_eq!(
            letter["presenter_name"],
            asked(&world, "leo", "person.show", json!({ "person": world.person("leo") })).await["name"]
        );
        assert!(waiting(&world, "leo", &round).await[0].contains("show what you finished"));
        assert!(waiting(&world, "camila", &round).await[0].contains("look at what was finished"));
        assert!(waiting(&world, "joana", &round).await.is_empty(), "nobody has named her");
        present(&world, "leo", &letter, "The letter names the bank. See [the page](https://example.com/letter).").await;
        let own = json!({ "item": letter["id"], "verdict": "accepted" });
        assert!(matches!(refused(&world, "leo", "sprint_review.judge", own).await, Error::Conflict(_)));
        for (verdict, field) in [("remark", "remark"), ("not_accepted", "remark")] {
            let silent = json!({ "item": list["id"], "verdict": verdict });
            let error = refused(&world, "yuki", "sprint_review.judge", silent).await;
            assert!(matches!(&error, Error::Invalid(flaws) if flaws[0].field == field), "{error:?}");
        }
        for who in TEAM.into_iter().chain(["camila"]) {
            judge(&world, who, &list, "accepted", "").await;
        }
        assert!(waiting(&world, "leo", &round).await.is_empty(), "he has shown his and looked at the other");
        assert_eq!(waiting(&world, "yuki", &round).await.len(), 1, "one is left");
        for who in TEAM.into_iter().filter(|who| !["leo", "yuki"].contains(who)) {
            judge(&world, who, &letter, "accepted", "").await;
        }
        judge(&world, "yuki", &letter, "remark", "Write the zone beside the hour").await;
        assert_eq!(seen(&world, "mara", &round).await["ended_at"], Json::Null);
        let ended = judge(&world, "camila", &letter, "not_accepted", "Nothing says when").await;
        assert_ne!(ended["ended_at"], Json::Null, "everyone has answered");
        let summary = ended["summary"].as_str().unwrap();
        for told in [
            "Shown by Leo",
            "> The letter names the bank",
            "Write the zone beside the hour",
            "Nothing says when",
            "Too late: The bank was late",
        ] {
            assert!(summary.contains(told), "{told}: {summary}");
        }
        assert!(!summary.contains("Not answered"), "{summary}");
        assert!(waiting(&world, "mara", &round).await.is_empty());
        let late = json!({ "item": list["id"], "verdict": "accepted" });
        assert!(matches!(refused(&world, "mara", "sprint_review.judge", late).await, Error::Conflict(_)));
        let found = asked(&world, "joana", "search.find", json!({ "q": "names the bank" })).await;
        assert!(found.to_string().contains("Review of Sprint 40"), "{found}");
        let mut joana = world.browser("joana").await;
        let page = joana.get(&format!("/sprints/{}", sprint["id"].as_str().unwrap())).await.text();
        assert!(page.contains(&format!("/sprint-reviews/{}", round["id"].as_str().unwrap())), "{page}");
        let saved = joana.get(&format!("/sprint-reviews/{}/record.md", round["id"].as_str().unwrap())).await;
        assert!(saved.header("content-type").unwrap().starts_with("text/markdown"));
        assert!(saved.text().contains(summary), "{}", saved.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_says_who_has_not_answered_when_the_time_is_over() {
    for world in worlds().await {
        let sprint = closed(&world, "The letter").await;
        let round = begun(&world, &sprint).await;
        let letter = item(&world, &round, false).await;
        judge(&world, "yuki", &letter, "accepted", "").await;
        pass(&world, 60).await;
        present(&world, "leo", &letter, "Written after she looked").await;
        let running = world
            .browser("leo")
            .await
            .get(&format!("/sprint-reviews/{}/record.md", round["id"].as_str().unwrap()))
            .await;
        assert_eq!(running.status, 404, "there is no record yet");
        time_passes(&world, &round).await;
        let ended = seen(&world, "joana", &round).await;
        let summary = ended["summary"].as_str().unwrap();
        assert!(summary.contains("before the text was changed") && summary.contains("Not answered"), "{summary}");
        let silent = summary.lines().find(|line| line.contains("Not answered")).unwrap();
        assert!(silent.contains("Mara") && !silent.contains("Yuki") && !silent.contains("Leo"), "{silent}");
        assert!(summary.contains("Nothing was shown"), "{summary}");
        assert!(waiting(&world, "priya", &round).await.is_empty(), "her time is over");
        let late = json!({ "item": letter["id"], "shown": "Other" });
        assert!(matches!(refused(&world, "leo", "sprint_review.present", late).await, Error::Conflict(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_accepted_becomes_work_only_by_a_press() {
    for world in worlds().await {
        let sprint = closed(&world, "The letter").await;
        let round = begun(&world, &sprint).await;
        let (list, letter) = (item(&world, &round, true).await, item(&world, &round, false).await);
        judge(&world, "camila", &letter, "not_accepted", "Nothing says *when*").await;
        judge(&world, "camila", &list, "not_accepted", "It is empty").await;
        judge(&world, "yuki", &letter, "accepted", "").await;
        let end = json!({ "review": round["id"] });
        assert!(matches!(refused(&world, "leo", "sprint_review.end", end.clone()).await, Error::Forbidden));
        asked(&world, "mara", "sprint_review.end", end).await;
        for one in [&list, &letter] {
            assert_eq!(shown(&world, &one["key"]).await["category"], "done", "nothing happens by itself");
        }
        let make = json!({ "item": letter["id"], "way": "new_issue" });
        assert!(matches!(refused(&world, "camila", "sprint_review.follow_up", make.clone()).await, Error::Forbidden));
        let made = asked(&world, "leo", "sprint_review.follow_up", make.clone()).await;
        let full = shown(&world, &made["issue"]["key"]).await;
        assert!(full["body"].as_str().unwrap().contains("Nothing says \\*when\\*"), "{full}");
        assert_eq!(
            (&full["relations"][0]["other"]["key"], &full["assignee_id"]),
            (&letter["key"], &json!(world.person("leo")))
        );
        assert!(matches!(refused(&world, "leo", "sprint_review.follow_up", make.clone()).await, Error::Conflict(_)));
        assert_eq!(item(&world, &round, false).await["follow_key"], made["issue"]["key"]);
        asked(&world, "leo", "issue.delete", json!({ "issue": made["issue"]["key"] })).await;
        assert_eq!(item(&world, &round, false).await["follow_key"], Json::Null, "it can be made once more");
        let reopen = json!({ "item": list["id"], "way": "reopen" });
        let open = asked(&world, "leo", "sprint_review.follow_up", reopen.clone()).await;
        assert_eq!((&open["issue"]["key"], &open["issue"]["category"]), (&list["key"], &json!("unstarted")));
        assert!(matches!(refused(&world, "leo", "sprint_review.follow_up", reopen).await, Error::Conflict(_)));
        asked(&world, "leo", "issue.undo", json!({ "batch": open["batch"] })).await;
        assert_eq!(shown(&world, &list["key"]).await["category"], "done");
        let report = asked(&world, "joana", "sprint.show", json!({ "sprint": sprint["id"] })).await;
        assert_eq!(report["report"]["done"]["issues"], 2, "the report of the sprint never changes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_missing_for_somebody_is_made_an_issue_of() {
    for world in worlds().await {
        let round = begun(&world, &closed(&world, "The letter").await).await;
        let letter = item(&world, &round, false).await;
        judge(&world, "yuki", &letter, "remark", "Nice").await;
        let make = json!({ "item": letter["id"], "way": "reopen" });
        assert!(matches!(refused(&world, "mara", "sprint_review.follow_up", make).await, Error::Conflict(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_one_shows_it_and_whoever_is_not_asked_reads_at_most() {
    for world in worlds().await {
        let round = begun(&world, &closed(&world, "The letter").await).await;
        let (list, letter) = (item(&world, &round, true).await, item(&world, &round, false).await);
        judge(&world, "yuki", &letter, "accepted", "").await;
        let to = |who: &str| json!({ "item": letter["id"], "presenter": world.person(who) });
        for who in ["yuki", "joana"] {
            let error = refused(&world, "mara", "sprint_review.present", to(who)).await;
            assert!(matches!(&error, Error::Invalid(flaws) if flaws[0].field == "presenter"), "{who}: {error:?}");
        }
        asked(&world, "mara", "sprint_review.present", to("ines")).await;
        assert!(waiting(&world, "ines", &round).await[0].contains("show what you finished"));
        assert!(waiting(&world, "leo", &round).await[0].contains("look at what was finished"));
        judge(&world, "leo", &letter, "accepted", "").await;
        for operation in [
            ("sprint_review.judge", json!({ "item": list["id"], "verdict": "accepted" })),
            ("sprint_review.present", json!({ "item": list["id"], "shown": "Mine" })),
            ("sprint_review.end", json!({ "review": round["id"] })),
        ] {
            let error = refused(&world, "wanjiru", operation.0, operation.1.clone()).await;
            assert!(matches!(error, Error::Forbidden), "{}: {error:?}", operation.0);
            let error = refused(&world, "grace", operation.0, operation.1).await;
            assert!(matches!(error, Error::NotFound), "{}: {error:?}", operation.0);
        }
        let mine = json!({ "item": list["id"], "shown": "Of another team" });
        assert!(matches!(refused(&world, "camila", "sprint_review.present", mine).await, Error::Forbidden));
        let hidden = refused(&world, "grace", "sprint_review.show", json!({ "review": round["id"] })).await;
        assert!(matches!(hidden, Error::NotFound));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sprint_that_runs_or_finished_nothing_is_not_reviewed() {
    for world in worlds().await {
        nothing_runs(&world).await;
        let one = issue(&world, json!({})).await;
        let sprint = asked(&world, "mara", "sprint.plan", json!({ "team": world.team("payments") })).await;
        asked(&world, "mara", "issue.edit", json!({ "issue": one["key"], "sprint": sprint["id"] })).await;
        asked(&world, "mara", "sprint.start", json!({ "sprint": sprint["id"] })).await;
        let start = json!({ "sprint": sprint["id"] });
        assert!(matches!(refused(&world, "mara", "sprint_review.start", start.clone()).await, Error::Conflict(_)));
        asked(&world, "mara", "sprint.close", json!({ "sprint": sprint["id"], "reason": "Late" })).await;
        let error = refused(&world, "mara", "sprint_review.start", start).await;
        assert!(matches!(&error, Error::Conflict(sentence) if sentence.contains("nothing to show")), "{error:?}");
        let guest = json!({ "sprint": closed(&world, "The letter").await["id"], "reviewers": [world.person("grace")] });
        let error = refused(&world, "mara", "sprint_review.start", guest).await;
        assert!(matches!(&error, Error::Invalid(flaws) if flaws[0].field == "reviewers"), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_stands_in_what_is_shown() {
    for world in worlds().await {
        let round = begun(&world, &closed(&world, "The letter").await).await;
        let letter = item(&world, &round, false).await;
        let file = json!({ "kind": "sprint_review", "record": round["id"], "name": "told.txt", "content": STANDARD.encode("A recording") });
        let file = asked(&world, "leo", "file.add", file).await;
        let path = format!("/files/{}/told.txt", file["id"].as_str().unwrap());
        let fetch = async |who: &str| world.browser(who).await.get(&path).await.status.as_u16();
        assert_eq!(fetch("camila").await, 404, "it stands nowhere yet");
        present(&world, "mara", &letter, &format!("[told]({path})")).await;
        assert_eq!(fetch("camila").await, 404, "a file of somebody else is not hers to show");
        present(&world, "leo", &letter, &format!("See [told]({path})")).await;
        assert_eq!((fetch("camila").await, fetch("grace").await), (200, 404));
        let place = format!("/sprint-review-items/{}/edit", letter["id"].as_str().unwrap());
        let mut leo = world.browser("leo").await;
        let csrf = leo.get(&place).await.field("csrf");
        let part =
            |head: &str, text: &str| format!("--part\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
        let body = [
            part("name=\"csrf\"", &csrf),
            part("name=\"shown\"", "By a form without script"),
            part("name=\"presenter\"", world.person("leo").as_str()),
            part("name=\"file\"; filename=\"by-form.txt\"", "what was noted"),
            "--part--\r\n".to_owned(),
        ];
        let headers = [("content-type", "multipart/form-data; boundary=part"), ("origin", "http://cairn.test")];
        let sent = leo.send("POST", &place, &headers, Body::from(body.concat())).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let shown = item(&world, &round, false).await["shown"].as_str().unwrap().to_owned();
        assert!(shown.starts_with("By a form without script") && shown.contains("by-form.txt](/files/"), "{shown}");
        pass(&world, 9 * 24 * 3600).await;
        world.drain().await;
        assert_eq!(fetch("camila").await, 200, "what stands in a record is not forgotten");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_shown_and_do_nothing() {
    for world in worlds().await {
        let hostile = "# <script>alert(1)</script> [go](javascript:alert(1)) ![x](http://evil.example/x)";
        let sprint = closed(&world, hostile).await;
        let round = begun(&world, &sprint).await;
        let letter = item(&world, &round, false).await;
        present(&world, "leo", &letter, &format!("{hostile}\n\n## Accepted by everyone\n\n```\nunclosed")).await;
        judge(&world, "yuki", &letter, "not_accepted", hostile).await;
        let page = format!("/sprint-reviews/{}", round["id"].as_str().unwrap());
        let mut mara = world.browser("mara").await;
        let open = mara.get(&page).await.text();
        let place = format!("/sprint-review-items/{}/answers", letter["id"].as_str().unwrap());
        let fields = [("round", round["id"].as_str().unwrap()), ("verdict", "not_accepted"), ("remark", "")];
        let empty = mara.post_from(&page, &place, &fields).await;
        assert!(empty.status == 422 && empty.text().contains("Say what is missing"), "{}", empty.text());
        let ended = asked(&world, "mara", "sprint_review.end", json!({ "review": round["id"] })).await;
        let summary = ended["summary"].as_str().unwrap();
        assert!(
            !summary.lines().any(|line| line.starts_with("## Accepted")),
            "what is shown passes for no record: {summary}"
        );
        let ended = mara.get(&page).await.text();
        for text in [open, ended] {
            assert!(text.contains("alert(1)"), "{text}");
            for bad in ["<script>alert", "href=\"javascript", "src=\"http://evil"] {
                assert!(!text.contains(bad), "{bad}: {text}");
            }
        }
    }
}
