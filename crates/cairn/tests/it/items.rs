//! Issues in forecasts: how old they are, when one of them is done, when all below one are, and how scope grows.
use crate::command::config;
use cairn::command::cli;
use forecasting::{
    answer::AskForecast,
    history::{ChooseItems, ItemKind},
    item::{AgeingView, AskIssue, IssueForecast, ShowAgeing},
    sprint::{AskSprint, SprintForecast},
};
use jiff::{ToSpan, civil::date};
use kernel::{Error, json};
use testkit::{Client, REFERENCE, World, worlds};
use work::issue::{ListIssues, ShowIssue};

async fn key(world: &World, q: &str, title: &str) -> String {
    let input = ListIssues { q: q.to_owned(), team: None, after: None, limit: Some(200) };
    let page = world.call(&world.actor("priya").await, input).await.unwrap();
    page.issues.into_iter().map(|one| one.issue).find(|issue| issue.title.starts_with(title)).expect(title).key
}

async fn forecast(world: &World, issue: &str, input: kernel::Json) -> kernel::Result<IssueForecast> {
    let mut all = json!({ "issue": issue });
    all.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
    world.call(&world.actor("priya").await, kernel::parse::<AskIssue>(all)?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn open_issues_stand_beside_how_long_the_finished_ones_took() {
    for world in worlds().await {
        let team = world.team("merchants");
        let view: AgeingView = world.call(&world.actor("priya").await, ShowAgeing { team }).await.unwrap();
        let [half, _, usual, nearly] = view.percentiles.expect("enough are finished");
        assert!(view.finished > 20 && half <= usual && usual <= nearly, "{view:?}");
        assert!(view.items.len() >= 4 && view.items.windows(2).all(|pair| pair[0].days >= pair[1].days), "{view:?}");
        assert!(view.items.iter().all(|item| item.title != "One statement for all payouts"), "it is no leaf");
        let small = world.team("foundations");
        let refused = world.call(&world.actor("priya").await, ShowAgeing { team: small }).await.unwrap().refused;
        assert!(refused.is_some_and(|sentence| sentence.contains("nobody is measured")));
        let hidden = world.call(&world.actor("grace").await, ShowAgeing { team }).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_is_done_by_a_date_given_how_old_it_is() {
    for world in worlds().await {
        let young = key(&world, "team:\"Merchant experience\" is:open", "Payouts in the list").await;
        let soon = forecast(&world, &young, json!({})).await.unwrap();
        let late = forecast(&world, &young, json!({ "by": REFERENCE.saturating_add(40.days()) })).await.unwrap();
        let (first, later) = (soon.chance.unwrap(), late.chance.unwrap());
        assert!((0.0..1.0).contains(&first) && later > first, "{first} {later}");
        assert!(soon.says[0].contains("given that it has been in progress for"), "{:?}", soon.says);
        let aged = soon.aged.unwrap();
        assert!(aged.alike >= 5 && aged.alike < aged.finished, "{aged:?}");
        let old = key(&world, "team:\"Merchant experience\" is:open", "Every fee leads").await;
        let refused = forecast(&world, &old, json!({})).await.unwrap().refused;
        assert!(refused.is_some_and(|sentence| sentence.contains("too few")), "older than nearly all");
        let done = key(&world, "team:\"Merchant experience\" state:done", "Amounts line up").await;
        assert!(forecast(&world, &done, json!({})).await.unwrap().refused.is_some());
        assert!(matches!(forecast(&world, "MER-9999", json!({})).await, Err(Error::NotFound)));
        let past = forecast(&world, &young, json!({ "by": "2020-01-01" })).await;
        assert!(matches!(past, Err(Error::Invalid(_))), "{past:?}");

        let which = young.parse().unwrap();
        let full = world.call(&world.actor("priya").await, ShowIssue { issue: which }).await.unwrap();
        assert!(full.asides.iter().any(|aside| aside.says == soon.says), "{:?}", full.asides);
        let json = json!(full.asides).to_string();
        assert!(!json.contains("Camila"), "who works on it plays no part");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_below_an_issue_is_done_when_the_last_of_several_teams_ends() {
    for world in worlds().await {
        let whole = key(&world, "team:\"Merchant experience\" is:open", "One statement").await;
        let all = forecast(&world, &whole, json!({ "by": "2026-04-30" })).await.unwrap();
        assert_eq!(all.refused, None);
        let below = all.below.as_ref().unwrap();
        assert_eq!((below.open, below.waiting, below.teams.len()), (5, 3, 2), "{below:?}");
        let half = forecast(&world, &whole, json!({ "by": "2026-04-30", "focus": 30 })).await.unwrap();
        assert!(half.chance < all.chance && half.likely[2] > all.likely[2], "{:?} {:?}", half.likely, all.likely);
        let last = below.teams.iter().map(|team| team.likely_on.unwrap()).max();
        assert!(all.likely[2] >= last, "the whole ends no earlier than each part: {:?} {last:?}", all.likely);
        let tight = forecast(&world, &whole, json!({ "by": REFERENCE, "focus": 20 })).await.unwrap();
        assert!(tight.chance.unwrap() < 0.5, "{:?}", tight.says);
        let wrong = forecast(&world, &whole, json!({ "focus": 0 })).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))));
        let mut grace = world.browser("grace").await;
        assert_eq!(grace.get(&format!("/issues/{whole}/forecast")).await.status.as_u16(), 404);
        let mut mara = world.browser("mara").await;
        let page = mara.get(&format!("/issues/{whole}/forecast?focus=30")).await.text();
        assert!(["teams", "dates", "fan"].iter().all(|id| page.contains(&format!("id=\"{id}\""))), "{page}");
        assert_eq!(mara.get(&format!("/issues/{whole}/forecast?focus=900")).await.status.as_u16(), 422);
    }
}

async fn of_sprint(world: &World, input: kernel::Json) -> kernel::Result<SprintForecast> {
    world.call(&world.actor("priya").await, kernel::parse::<AskSprint>(input)?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sprint_holds_is_done_by_its_end_with_a_chance() {
    for world in worlds().await {
        let found = of_sprint(&world, json!({ "sprint": "sprint 31" })).await.unwrap();
        assert_eq!(found.refused, None);
        let (chance, at_least) = (found.chance.unwrap(), found.at_least.unwrap());
        assert!(found.open > 0 && found.focus_from == Some(3) && (1..=100).contains(&found.focus), "{found:?}");
        assert!((0.0..1.0).contains(&chance) && at_least.windows(2).all(|pair| pair[0] >= pair[1]), "{found:?}");
        assert!(at_least[0] <= found.open && found.says[0].contains("open issue"), "{found:?}");
        let all = of_sprint(&world, json!({ "sprint": found.id, "focus": 100 })).await.unwrap();
        let tenth = of_sprint(&world, json!({ "sprint": found.id, "focus": 10 })).await.unwrap();
        assert!(tenth.chance <= all.chance && tenth.to_go >= all.to_go && tenth.likely[0] > all.likely[0], "{tenth:?}");

        let more = crate::issues::issue(&world, json!({})).await;
        let into = json!({ "issue": more["id"], "sprint": found.id });
        crate::issues::asked(&world, "priya", "issue.edit", into).await;
        let wider = of_sprint(&world, json!({ "sprint": found.id, "focus": 100 })).await.unwrap();
        assert!(
            wider.open == found.open + 1 && wider.chance <= all.chance && wider.likely[0] > all.likely[0],
            "{wider:?} {all:?}"
        );

        let closed = of_sprint(&world, json!({ "sprint": "Sprint 28" })).await.unwrap();
        assert!(closed.refused.unwrap().contains("closed") && closed.chance.is_none());
        assert!(matches!(of_sprint(&world, json!({ "sprint": "Sprint 9000" })).await, Err(Error::NotFound)));
        let wrong = of_sprint(&world, json!({ "sprint": found.id, "focus": 0 })).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
        let grace = world.actor("grace").await;
        let hidden = world.ask(&grace, "forecast.of_sprint", json!({ "sprint": found.id })).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sprint_shows_its_forecast_and_a_name_of_two_teams_asks_for_the_team() {
    for world in worlds().await {
        let found = of_sprint(&world, json!({ "sprint": "Sprint 31" })).await.unwrap();
        let show = json!({ "sprint": found.id });
        let view = world.ask(&world.actor("priya").await, "sprint.show", show).await.unwrap();
        assert_eq!(view["asides"][0]["says"], json!(found.says));
        assert_eq!(view["asides"][0]["course"]["names"], json!(found.course.unwrap().names));
        let mut mara = world.browser("mara").await;
        let page = mara.get(&format!("/sprints/{}", found.id)).await.text();
        assert!(page.contains("What will be done") && page.contains(&found.says[0]), "{page}");
        let page = mara.get(&format!("/sprints/{}/forecast?focus=50", found.id)).await.text();
        assert!(page.contains("id=\"fan\"") && page.contains("50 % of what"), "{page}");
        assert_eq!(mara.get(&format!("/sprints/{}/forecast?focus=900", found.id)).await.status.as_u16(), 422);

        let other = json!({
            "team": world.team("merchants"), "name": "Sprint 31", "first_on": "2026-04-06", "last_on": "2026-04-17"
        });
        let planned = world.ask(&world.system(), "sprint.plan", other).await.unwrap();
        let unclear = of_sprint(&world, json!({ "sprint": "Sprint 31" })).await;
        assert!(matches!(unclear, Err(Error::Invalid(_))), "{unclear:?}");
        let named = of_sprint(&world, json!({ "sprint": "Sprint 31", "team": found.team })).await.unwrap();
        assert_eq!(named.id, found.id);
        let empty = of_sprint(&world, json!({ "sprint": planned["id"] })).await.unwrap();
        assert_eq!(empty.refused.as_deref(), Some("Nothing is in it yet."));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scope_grows_as_it_did_and_the_growth_can_be_left_out() {
    for world in worlds().await {
        let team = world.team("merchants");
        let ask = AskForecast { items: Some(12), by: Some(date(2026, 4, 24)), ..AskForecast::about(team) };
        let priya = world.actor("priya").await;
        let files = world.call(&priya, ask.clone()).await.unwrap().done.unwrap();
        assert!(files.grown.is_none(), "nothing is known of when the items of a file came");
        world.call(&world.actor("camila").await, ChooseItems { team, kind: ItemKind::Issues }).await.unwrap();
        let grows = world.call(&priya, ask.clone()).await.unwrap();
        let grown = grows.done.as_ref().unwrap().grown.expect("issues came before");
        assert!(grown.learned && grown.a_week > 0.0 && grown.a_week <= grown.team_a_week, "{grown:?}");
        assert!(grows.says.iter().any(|sentence| sentence.contains("scope grows as it did")), "{:?}", grows.says);
        let stays = world.call(&priya, AskForecast { growth: Some(0), ..ask.clone() }).await.unwrap().done.unwrap();
        let grows = grows.done.unwrap();
        assert!(
            stays.grown.is_none() && stays.chance > grows.chance && stays.fits >= grows.fits,
            "{stays:?} {grows:?}"
        );
        let mut mara = world.browser("mara").await;
        let page = mara.get(&format!("/teams/{team}/forecast?items=12")).await.text();
        assert!(page.contains("Leave growth out"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_on_call_lowers_what_is_forecast_by_its_share() {
    for world in worlds().await {
        let team = world.team("payments");
        let ask = AskForecast { by: Some(date(2026, 3, 29)), ..AskForecast::about(team) };
        let priya = world.actor("priya").await;
        let before = world.call(&priya, ask.clone()).await.unwrap().by.unwrap();
        let members = world.ask(&world.system(), "team.show", json!({ "team": team })).await.unwrap();
        for member in members["members"].as_array().unwrap().iter().take(4) {
            let shift =
                json!({ "person": member["id"], "from": "2026-03-17T00:00:00Z", "until": "2026-03-30T00:00:00Z" });
            world.ask(&world.system(), "on_call.enter", shift).await.unwrap();
        }
        let during = world.call(&priya, ask.clone()).await.unwrap().by.unwrap();
        assert!(during.quantiles[2] < before.quantiles[2] * 0.9, "{:?} {:?}", during, before);
        let none = world.call(&priya, AskForecast { on_call: Some(0), ..ask }).await.unwrap().by.unwrap();
        assert!((none.quantiles[2] - before.quantiles[2]).abs() < before.quantiles[2] * 0.05, "{none:?} {before:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_forecasts_take_few_statements() {
    let world = worlds().await.remove(0);
    world.drain().await;
    let young = key(&world, "team:\"Merchant experience\" is:open", "Payouts in the list").await;
    let team = format!("/teams/{}", world.team("merchants"));
    let mut mara = world.browser("mara").await;
    mara.get("/teams").await;
    let cost = async |mara: &mut Client, page: &str| {
        let before = world.opened.app.queries();
        assert_eq!(mara.get(page).await.status.as_u16(), 200, "{page}");
        world.opened.app.queries() - before
    };
    // What every page takes: who asks, and what stands in its frame.
    let frame = cost(&mut mara, "/commitments/new").await.saturating_sub(2);
    for page in ["/forecast?items=12", "/forecast/ageing", "/forecast/history", "/forecast/record"] {
        let statements = cost(&mut mara, &format!("{team}{page}")).await;
        assert!(statements <= frame + 8, "{page} takes {statements} statements, a page without any {frame}");
    }
    let statements = cost(&mut mara, &format!("/issues/{young}/forecast")).await;
    assert!(statements <= frame + 8, "an issue takes {statements} statements, a page without any {frame}");
    let sprint = of_sprint(&world, json!({ "sprint": "Sprint 31" })).await.unwrap().id;
    let statements = cost(&mut mara, &format!("/sprints/{sprint}/forecast")).await;
    assert!(statements <= frame + 10, "a sprint takes {statements} statements, a page without any {frame}");
    // Of two teams, three levels deep.
    let whole = key(&world, "team:\"Merchant experience\" is:open", "One statement").await;
    let statements = cost(&mut mara, &format!("/issues/{whole}/forecast")).await;
    assert!(statements <= frame + 13, "an initiative takes {statements} statements, a page without any {frame}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_answers_for_an_issue_and_a_sprint() {
    for world in worlds().await {
        let young = key(&world, "team:\"Merchant experience\" is:open", "Payouts in the list").await;
        let config = config(&world);
        let ask = async |words: &[&str]| {
            let matches = cli().try_get_matches_from([&["cairn", "forecast"], words].concat()).unwrap();
            cairn::command::forecast(&config, matches.subcommand().unwrap().1).await
        };
        // Commands go by the clock of the machine, for which the sample company lies in the past.
        let by = jiff::Zoned::now().date().saturating_add(40.days()).to_string();
        let answered = ask(&["--of", &young, "--by", &by]).await;
        assert!(matches!(&answered, Ok(_) | Err(Error::Conflict(_))), "{answered:?}");
        assert!(matches!(ask(&["--of", "MER-9999"]).await, Err(Error::NotFound)));
        let answered = ask(&["--sprint", "sprint 31", "--team", "Payments", "--json"]).await;
        assert!(matches!(&answered, Ok(_) | Err(Error::Conflict(_))), "{answered:?}");
        assert!(matches!(ask(&["--sprint", "Sprint 9000"]).await, Err(Error::NotFound)));
    }
}
