//! One-on-ones: what carries over, what comes back, and that it is between two people and nobody else.
mod preparation;
mod privacy;
mod promises;
mod rhythm;

use kernel::{Error, Json, Result, json};
use testkit::{World, worlds};

pub async fn ask(world: &World, who: &str, operation: &str, input: Json) -> Result<Json> {
    world.ask(&world.actor(who).await, operation, input).await
}

pub async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    ask(world, who, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

/// A new page of tomasz and mara, his manager.
pub async fn started(world: &World) -> Json {
    let input = json!({ "person": world.person("tomasz"), "kind": "report", "cadence": "weekly" });
    done(world, "mara", "one_on_one.start", input).await["id"].clone()
}

pub async fn shown(world: &World, who: &str, pair: &Json) -> Json {
    done(world, who, "one_on_one.show", json!({ "one_on_one": pair })).await
}

pub async fn point(world: &World, who: &str, pair: &Json, body: &str) -> Json {
    done(world, who, "talking_point.add", json!({ "one_on_one": pair, "body": body })).await["id"].clone()
}

fn field(error: Error) -> String {
    match error {
        Error::Invalid(flaws) => flaws[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_point_waits_until_it_is_closed_whatever_becomes_of_the_date() {
    for world in worlds().await {
        let pair = started(&world).await;
        let [one, two] =
            [point(&world, "tomasz", &pair, "The pager").await, point(&world, "mara", &pair, "Praise").await];
        for (who, at, reason) in
            [("mara", "2026-03-19T10:00:00Z", ""), ("tomasz", "2026-03-20T10:00:00Z", "The release is on Thursday")]
        {
            let date = json!({ "one_on_one": pair, "starts_at": at, "reason": reason });
            done(&world, who, "one_on_one.move", date).await;
            world.clock.set(world.clock.now() + std::time::Duration::from_secs(1));
        }
        let before = json!({ "one_on_one": pair, "starts_at": "2026-03-16T10:00:00Z" });
        assert_eq!(field(ask(&world, "mara", "one_on_one.move", before).await.unwrap_err()), "starts_at");
        world.pass_to("2026-03-20T11:00:00Z").await;
        done(&world, "mara", "talking_point.close", json!({ "point": two })).await;
        done(&world, "mara", "one_on_one.hold", json!({ "one_on_one": pair, "how": "called" })).await;
        let view = shown(&world, "tomasz", &pair).await;
        assert_eq!((&view["points"][0]["id"], &view["points"][0]["state"]), (&one, &json!("open")));
        assert_eq!(view["points"][1]["meeting_id"], view["meetings"][1]["id"], "what ended stays with its meeting");
        assert_eq!(view["moves"][0]["moved_by"], json!(world.person("tomasz")), "who moved it is kept");
        assert_eq!(view["moves"][0]["reason"], "The release is on Thursday");
        let dropped = json!({ "point": one, "reason": "" });
        assert_eq!(field(ask(&world, "mara", "talking_point.drop", dropped).await.unwrap_err()), "reason");
        done(&world, "mara", "talking_point.drop", json!({ "point": one, "reason": "Solved by the rota" })).await;
        assert!(matches!(
            ask(&world, "mara", "talking_point.close", json!({ "point": one })).await,
            Err(Error::Conflict(_))
        ));
        done(&world, "tomasz", "talking_point.reopen", json!({ "point": one })).await;
        let edit = json!({ "point": one, "body": "Mine" });
        assert!(matches!(ask(&world, "mara", "talking_point.edit", edit.clone()).await, Err(Error::Forbidden)));
        done(&world, "tomasz", "talking_point.edit", edit).await;
    }
}

/// The clocks change in Europe on 29 March 2026: the hour stays, the instant does not.
#[tokio::test]
async fn the_next_date_keeps_the_hour_of_the_lead_and_avoids_who_is_away() {
    for world in worlds().await {
        let pair = started(&world).await;
        let date = json!({ "one_on_one": pair, "starts_at": "2026-03-24T10:00:00Z" });
        done(&world, "mara", "one_on_one.move", date).await;
        world.pass_to("2026-03-24T11:00:00Z").await;
        let hold = json!({ "one_on_one": pair, "how": "called" });
        let next = done(&world, "mara", "one_on_one.hold", hold.clone()).await;
        assert_eq!(next["starts_at"], "2026-03-31T09:00:00Z", "ten in Lisbon is nine in UTC from the end of March");
        world.pass_to("2026-03-31T11:00:00Z").await;
        let next = done(&world, "tomasz", "one_on_one.hold", hold).await;
        assert_eq!(next["starts_at"], "2026-04-13T09:00:00Z", "she is away for the week from 6 April");
        let clear = json!({ "one_on_one": pair, "starts_at": null });
        assert_eq!(done(&world, "mara", "one_on_one.move", clear).await["starts_at"], Json::Null);
    }
}

#[tokio::test]
async fn a_written_one_on_one_over_three_days_leaves_all_of_it_to_read() {
    for world in worlds().await {
        let pair = started(&world).await;
        let first = point(&world, "tomasz", &pair, "Is the date real?").await;
        let say = async |who: &str, body: &str| {
            done(&world, who, "talking_point.reply", json!({ "point": first, "body": body })).await
        };
        say("mara", "It is, if the scope is.").await;
        world.pass_to("2026-03-18T09:00:00Z").await;
        say("tomasz", "Then the scope is not.").await;
        world.pass_to("2026-03-19T09:00:00Z").await;
        let write = |body: &str, version: i64| json!({ "one_on_one": pair, "body": body, "version": version });
        done(&world, "mara", "one_on_one.write_notes", write("We cut the second report.", 0)).await;
        let late = ask(&world, "tomasz", "one_on_one.write_notes", write("We cut nothing.", 0)).await;
        assert_eq!(field(late.unwrap_err()), "body", "nobody overwrites what they have not read");
        done(&world, "tomasz", "one_on_one.write_notes", write("We cut the second report. Ana knows.", 1)).await;
        done(&world, "mara", "talking_point.close", json!({ "point": first })).await;
        done(&world, "mara", "one_on_one.hold", json!({ "one_on_one": pair, "how": "written" })).await;
        let view = shown(&world, "tomasz", &pair).await;
        let bodies: Vec<_> = view["replies"].as_array().unwrap().iter().map(|reply| reply["body"].clone()).collect();
        assert_eq!(bodies, ["It is, if the scope is.", "Then the scope is not."]);
        assert_eq!(view["notes"][0]["body"], "We cut the second report. Ana knows.");
        assert_eq!(view["notes"][0]["meeting_id"], view["meetings"][1]["id"]);
        let page =
            world.browser("mara").await.get(&format!("/one-on-ones/{}/past", pair.as_str().unwrap())).await.text();
        assert!(page.contains("Ana knows") && page.contains("In writing"), "{page}");
    }
}

#[tokio::test]
async fn templates_and_questions_become_points_and_the_bank_says_what_was_asked() {
    for world in worlds().await {
        let pair = started(&world).await;
        let used = json!({ "one_on_one": pair, "template": "hard_conversation" });
        assert_eq!(done(&world, "mara", "one_on_one.use_template", used).await.as_array().unwrap().len(), 5);
        let bank = done(&world, "mara", "one_on_one.questions", json!({ "one_on_one": pair })).await;
        let question = bank[2]["questions"][0].clone();
        assert_eq!(question["asked_at"], Json::Null);
        let add = json!({ "one_on_one": pair, "body": question["text"], "question": question["key"] });
        done(&world, "mara", "talking_point.add", add).await;
        let bank = done(&world, "tomasz", "one_on_one.questions", json!({ "one_on_one": pair })).await;
        assert_eq!(bank[2]["questions"][0]["asked_at"], json!(world.clock.now()));
        let unknown = json!({ "one_on_one": pair, "body": "Why?", "question": "nothing-1" });
        assert_eq!(field(ask(&world, "mara", "talking_point.add", unknown).await.unwrap_err()), "question");
    }
}

#[tokio::test]
async fn there_is_one_of_each_kind_and_the_reporting_line_says_who_leads() {
    for world in worlds().await {
        let with = |key: &str, kind: &str| json!({ "person": world.person(key), "kind": kind });
        let pair = done(&world, "tomasz", "one_on_one.start", with("mara", "report")).await;
        assert_eq!(pair["lead_id"], json!(world.person("mara")), "whoever starts it, the manager leads");
        assert_eq!(
            field(ask(&world, "mara", "one_on_one.start", with("tomasz", "report")).await.unwrap_err()),
            "person"
        );
        assert_eq!(
            field(ask(&world, "mara", "one_on_one.start", with("leo", "skip_level")).await.unwrap_err()),
            "kind"
        );
        assert_eq!(field(ask(&world, "dele", "one_on_one.start", with("priya", "report")).await.unwrap_err()), "kind");
        let skip = done(&world, "tomasz", "one_on_one.start", with("ngozi", "skip_level")).await;
        assert_eq!(skip["lead_id"], json!(world.person("ngozi")));
        let id = json!({ "one_on_one": pair["id"] });
        done(&world, "tomasz", "one_on_one.end", id.clone()).await;
        let add = json!({ "one_on_one": pair["id"], "body": "One more thing" });
        assert!(matches!(ask(&world, "mara", "talking_point.add", add.clone()).await, Err(Error::Conflict(_))));
        done(&world, "mara", "one_on_one.resume", id).await;
        done(&world, "mara", "talking_point.add", add).await;
    }
}

#[tokio::test]
async fn today_names_the_one_on_ones_of_the_week_to_the_two_alone() {
    for world in worlds().await {
        let pair = started(&world).await;
        point(&world, "tomasz", &pair, "The pager").await;
        let date = json!({ "one_on_one": pair, "starts_at": "2026-03-19T23:30:00Z" });
        done(&world, "mara", "one_on_one.move", date).await;
        let page = format!("/one-on-ones/{}", pair.as_str().unwrap());
        for (who, day) in [("mara", "2026-03-19"), ("tomasz", "2026-03-20")] {
            let today = done(&world, who, "today.show", json!({})).await;
            let one = today["one_on_ones"].as_array().unwrap().iter().find(|one| one["href"] == page.as_str()).cloned();
            let one = one.unwrap_or_else(|| panic!("{who} is not told: {today}"));
            assert_eq!((&one["on"], &one["note"]), (&json!(day), &json!("1 point to talk about")), "on their own date");
        }
        for who in ["priya", "ngozi", "joana", "hanneke"] {
            assert!(!done(&world, who, "today.show", json!({})).await.to_string().contains(&page), "{who} is told");
        }
    }
}
