//! Teams are forecast from what is known of them, what is issued stays as it is and is scored, and promises are followed.
use crate::command::config;
use cairn::command::cli;
use forecasting::{
    answer::{Answer, AskForecast},
    commitment::{CommitmentView, ListCommitments, ShowCommitment},
    history::ShowHistory,
    log::{IssueForecast, KeepPast, ShowRecord, TrackRecord},
};
use jiff::{ToSpan, civil::Date, civil::date};
use kernel::{Error, Id, Json, Team, json};
use std::fs;
use testkit::{REFERENCE, World, worlds};

/// Two items on every day of the weeks before a date.
fn steady(until: Date, weeks: i64) -> String {
    let days = (1..=weeks * 7).rev().map(|day| until.saturating_sub(day.days()));
    days.map(|day| format!("{day}\n{day}T10:00:00Z\n")).collect()
}

async fn bring(world: &World, who: &str, team: Id<Team>, file: &str) -> kernel::Result<Json> {
    let input = json!({ "team": team, "name": "Old tracker", "file": file });
    world.ask(&world.actor(who).await, "history.import", input).await
}

fn ask(team: Id<Team>) -> AskForecast {
    AskForecast::about(team)
}

async fn answer(world: &World, input: AskForecast) -> Answer {
    world.call(&world.actor("priya").await, input).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_steady_team_is_forecast_to_the_day_and_the_file_can_be_taken_back() {
    for world in worlds().await {
        let team = world.team("platform");
        let before = answer(&world, ask(team)).await;
        assert!(before.refused.unwrap().contains("nothing to forecast from"));
        let done = bring(&world, "wiktor", team, &steady(REFERENCE, 30)).await.unwrap();
        assert_eq!(done["items"], 420);

        let found = answer(&world, AskForecast { items: Some(40), by: Some(date(2026, 4, 30)), ..ask(team) }).await;
        let known = found.known.as_ref().unwrap();
        assert_eq!((known.as_of, known.finished, known.borrowed), (REFERENCE, 420, 0));
        let done = found.done.as_ref().unwrap();
        assert!(done.chance.unwrap() > 0.99 && done.by[0] == done.by[3], "{done:?}");
        assert!(found.says[0].starts_with("It is virtually certain"), "{:?}", found.says);
        let slower = answer(&world, AskForecast { items: Some(40), focus: Some(50), ..ask(team) }).await.done.unwrap();
        assert!(slower.by[0] > done.by[0], "half of the team takes longer");
        let grown = answer(&world, AskForecast { items: Some(40), growth: Some(7), ..ask(team) }).await.done.unwrap();
        assert!(grown.by[0] > done.by[0], "more to do takes longer");

        let mara = world.actor("mara").await;
        let history = world.call(&mara, ShowHistory { team }).await.unwrap();
        assert_eq!((history.imports.len(), history.may_keep), (1, false));
        let remove = json!({ "team": team, "import": history.imports[0].id });
        assert!(matches!(world.ask(&mara, "history.remove", remove.clone()).await, Err(Error::Forbidden)));
        world.ask(&world.actor("wiktor").await, "history.remove", remove.clone()).await.unwrap();
        assert!(answer(&world, ask(team)).await.refused.is_some());
        world.ask(&world.actor("wiktor").await, "history.restore", remove).await.unwrap();
        assert!(answer(&world, ask(team)).await.refused.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_or_forecast_is_refused_in_words() {
    for world in worlds().await {
        let team = world.team("platform");
        let wrong = bring(&world, "wiktor", team, "2026-03-01\nsoon\n").await.unwrap_err().to_string();
        assert!(wrong.contains("Line 2 says “soon”"), "{wrong}");
        let ahead = bring(&world, "wiktor", team, "2026-09-01\n").await.unwrap_err().to_string();
        assert!(ahead.contains("lies ahead"), "{ahead}");
        bring(&world, "wiktor", team, "2026-03-01\n2026-03-05\n").await.unwrap();
        let few = answer(&world, ask(team)).await.refused.unwrap();
        assert!(few.starts_with("2 items in 5 days are too few"), "{few}");
        bring(&world, "wiktor", team, &steady(REFERENCE, 6)).await.unwrap();
        assert!(answer(&world, ask(team)).await.refused.is_none(), "a file of the same name takes the place");

        let small = world.team("foundations");
        bring(&world, "kaethe", small, &steady(REFERENCE, 30)).await.unwrap();
        let refused = answer(&world, ask(small)).await.refused;
        assert!(refused.is_some_and(|sentence| sentence.contains("nobody is measured")), "of fewer than three people");
        let past =
            world.call(&world.actor("priya").await, AskForecast { by: Some(date(2025, 1, 1)), ..ask(team) }).await;
        assert!(matches!(past, Err(Error::Invalid(_))), "{past:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_lowers_what_is_forecast_and_its_kind_is_nowhere() {
    for world in worlds().await {
        let team = world.team("payments");
        let plain = answer(&world, AskForecast { by: Some(date(2026, 5, 10)), ..ask(team) }).await.by.unwrap();
        let members = world.ask(&world.system(), "team.show", json!({ "team": team })).await.unwrap();
        for member in members["members"].as_array().unwrap().iter().take(4) {
            let leave =
                json!({ "person": member["id"], "kind": "sick", "first_on": "2026-04-07", "last_on": "2026-05-08" });
            let _ = world.ask(&world.actor("joana").await, "leave.enter", leave).await;
        }
        let away = answer(&world, AskForecast { by: Some(date(2026, 5, 10)), ..ask(team) }).await;
        let count = away.by.as_ref().unwrap();
        assert!(count.quantiles[2] < plain.quantiles[2] * 0.95, "{} {}", count.quantiles[2], plain.quantiles[2]);
        assert!(!json!(away).to_string().contains("sick"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issued_forecast_is_scored_when_its_time_has_come() {
    for world in worlds().await {
        let (team, wiktor) = (world.team("platform"), world.actor("wiktor").await);
        bring(&world, "wiktor", team, &steady(REFERENCE, 20)).await.unwrap();
        let by = Some(date(2026, 3, 30));
        let issued = world.call(&wiktor, IssueForecast { team, items: None, by }).await.unwrap();
        assert!(issued.levels.len() == 19 && (20..36).contains(&issued.levels[16]), "{:?}", issued.levels);
        world.call(&wiktor, IssueForecast { team, items: Some(20), by: None }).await.unwrap();
        world.pass_to("2026-04-02T12:00:00Z").await;
        let record = async || -> TrackRecord { world.call(&wiktor, ShowRecord { team: Some(team) }).await.unwrap() };
        let open = record().await;
        let line = open.logged.iter().find(|one| one.id == issued.id.as_str()).unwrap();
        assert_eq!(
            (line.outcome, line.issued_by.as_deref()),
            (None, Some("Wiktor Zając")),
            "what came is not known yet"
        );
        assert!(
            open.backtested.forecasts > 20 && open.backtested.held[2] * 10 >= open.backtested.forecasts * 8,
            "{:?}",
            open.backtested
        );

        bring(&world, "wiktor", team, &steady(date(2026, 4, 2), 22)).await.unwrap();
        world.call(&world.system(), KeepPast {}).await.unwrap();
        let scored = record().await;
        let line = scored.logged.iter().find(|one| one.id == issued.id.as_str()).unwrap();
        let held = issued.levels.iter().filter(|count| **count <= 28).count() as i64;
        assert_eq!((line.outcome, line.held), (Some(28), Some(held)));
        assert!(scored.issued.forecasts >= 2, "{:?}", scored.issued);
        let says = answer(&world, ask(team)).await.record.says;
        assert!(says.contains("that were issued") && says.contains("along the past"), "{says}");
    }
}

#[test]
fn nothing_changes_what_is_in_the_log() {
    let log = ["issued_forecasts", "forecast_outcomes", "sprint_forecasts", "sprint_backtests"];
    for statement in kernel::Statement::all() {
        let text = statement.postgres.to_lowercase();
        for table in log {
            for change in [format!("update {table}"), format!("delete from {table}"), "do update".to_owned()] {
                let touches = text.contains(&format!("insert into {table}")) || change.contains(table);
                assert!(!(touches && text.contains(&change)), "{text}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_has_a_chance_and_what_moved_it_sums_to_the_change() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let all = world.call(&mara, ListCommitments::default()).await.unwrap();
        assert!(
            all.len() >= 3 && all.windows(2).all(|pair| pair[0].chance <= pair[1].chance),
            "the least likely first"
        );
        let moved: Vec<_> = all.iter().filter_map(|one| Some((one.chance?, one.moved.as_ref()?))).collect();
        assert!(!moved.is_empty(), "the sample company has a past");
        for (chance, moved) in moved {
            let sum: i32 = moved.moves.iter().map(|one| one.tenths).sum();
            let tenths = |chance: f64| (chance * 1000.0).round() as i32;
            assert_eq!(sum, tenths(chance) - tenths(moved.from), "{moved:?}");
        }
        let id = all[0].commitment.id;
        let show = async || -> CommitmentView { world.call(&mara, ShowCommitment { commitment: id }).await.unwrap() };
        let before = show().await;
        let owner = world.system();
        let all_of_it = json!({ "commitment": id, "promised_on": REFERENCE.saturating_add(500.days()) });
        world.ask(&owner, "commitment.edit", all_of_it).await.unwrap();
        assert!(show().await.chance.unwrap() > before.chance.unwrap(), "a later date is more likely");
        let late = json!({ "commitment": id, "ending": "kept", "on": "2027-01-01" });
        assert!(matches!(world.ask(&owner, "commitment.end", late).await, Err(Error::Invalid(_))));
        world.ask(&owner, "commitment.end", json!({ "commitment": id, "ending": "kept" })).await.unwrap();
        world.drain().await;
        let record = world.call(&mara, ShowRecord::default()).await.unwrap();
        assert!(record.promises > 0 && record.promises_brier.is_some(), "the logged chances are settled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_other_teams_wait_and_cannot_wait_in_a_circle() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let (payments, merchants) = (world.team("payments"), world.team("merchants"));
        let new = json!({ "name": "Both", "team": payments, "promised_on": "2026-06-01", "items": 20 });
        let id = world.ask(&mara, "commitment.add", new).await.unwrap()["id"].clone();
        let show = json!({ "commitment": id });
        let alone = world.ask(&mara, "commitment.show", show.clone()).await.unwrap()["chance"].as_f64().unwrap();
        let part = json!({ "commitment": id, "team": merchants, "items": 25, "waits_for": ["1"] });
        world.ask(&mara, "commitment.add_part", part).await.unwrap();
        let both = world.ask(&mara, "commitment.show", show.clone()).await.unwrap()["chance"].as_f64().unwrap();
        assert!(both < alone, "{both} is less likely than {alone}");
        let circle = json!({ "commitment": id, "team": merchants, "items": 2, "waits_for": ["9"] });
        assert!(matches!(world.ask(&mara, "commitment.add_part", circle).await, Err(Error::Invalid(_))));
        let needed = json!({ "commitment": id, "rank": 1 });
        assert!(matches!(world.ask(&mara, "commitment.remove_part", needed).await, Err(Error::Conflict(_))));
        let leo = world.actor("leo").await;
        let theirs = json!({ "commitment": id, "rank": 1, "items": 3 });
        assert!(matches!(world.ask(&leo, "commitment.recount", theirs).await, Err(Error::Forbidden)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_answer_in_words_and_pictures_and_guests_see_none() {
    let world = worlds().await.remove(0);
    world.drain().await;
    let team = format!("/teams/{}", world.team("payments"));
    let mut mara = world.browser("mara").await;
    let promise = world.call(&world.system(), ListCommitments::default()).await.unwrap().remove(0).commitment.id;
    let pages = [
        (
            format!("{team}/forecast?items=40&by=2026-05-29"),
            vec!["id=\"fan\"", "id=\"dates\"", "Issue this forecast", "along the past"],
        ),
        (format!("{team}/forecast/what-if?items=40&b_hires=2"), vec!["id=\"comparison\"", "85 % by"]),
        (
            format!("{team}/forecast/record"),
            vec!["id=\"reliability\"", "id=\"horizons\"", "id=\"log\"", "Issued by Cairn"],
        ),
        (format!("{team}/forecast/history"), vec!["id=\"sources\"", "id=\"imports\"", "Done in the old tracker"]),
        ("/forecasts/record".to_owned(), vec!["id=\"reliability\""]),
        ("/commitments".to_owned(), vec!["Payouts retry by themselves"]),
        (format!("/commitments/{promise}"), vec!["id=\"chance\"", "id=\"moved\"", "id=\"parts\""]),
        ("/commitments/new".to_owned(), vec!["promised_on"]),
    ];
    for (page, parts) in &pages {
        let answer = mara.get(page).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), 200, "{page}");
        for part in parts {
            assert!(text.contains(part), "{page} has no {part}");
        }
    }
    let wrong = mara.get(&format!("{team}/forecast?items=0")).await;
    assert_eq!(wrong.status.as_u16(), 422);
    let mut grace = world.browser("grace").await;
    for (page, _) in &pages {
        assert_eq!(grace.get(page).await.status.as_u16(), 404, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_import_and_forecast() {
    for world in worlds().await {
        let folder = std::env::temp_dir().join(format!("cairn-finishes-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("dates.csv");
        fs::write(&file, format!("finished\n{}", steady(REFERENCE, 20))).unwrap();
        let config = config(&world);
        let path = file.display().to_string();
        let matches = cli().try_get_matches_from(["cairn", "import", "finishes", "--team", "Platform", &path]).unwrap();
        cairn::command::import(&config, matches.subcommand().unwrap().1).await.unwrap();
        let found = answer(&world, AskForecast { items: Some(40), ..ask(world.team("platform")) }).await;
        assert_eq!(found.known.unwrap().finished, 280);
        fs::remove_dir_all(&folder).unwrap();
    }
}
