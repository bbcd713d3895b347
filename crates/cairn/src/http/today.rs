//! The start: the day of the reader and their team.
use axum::response::{IntoResponse, Redirect};
use kernel::Error;
use people::account::first_run::IsNew;
use ui::{Answer, Cx, Head, html};

/// `GET /`
pub async fn home(cx: Cx) -> Answer {
    if !cx.actor().is_stranger() {
        return Ok(Redirect::to("/today").into_response());
    }
    let is_new = cx.read(IsNew {}).await?;
    Ok(Redirect::to(if is_new { "/first-run" } else { "/sign-in" }).into_response())
}

/// `GET /today`
pub async fn today(cx: Cx) -> Answer {
    if cx.actor().is_stranger() {
        return Err(Error::SignedOut.into());
    }
    let viewer = &cx.viewer;
    let name = viewer.name.split(' ').next().unwrap_or_default();
    let hour = cx.now().in_zone(&viewer.zone).hour();
    let greeting = match hour {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    let date = cx.now().in_zone(&viewer.zone).strftime("%A %-d %B, %H:%M").to_string();
    let (count, waiting) = asks::inbox::waiting(&cx).await?;
    let title = match count {
        0 => format!("{greeting}, {name}."),
        1 => format!("{greeting}, {name}. One ask waits on you."),
        n => format!("{greeting}, {name}. {n} asks wait on you."),
    };
    let team = match &viewer.team {
        Some((id, _)) => Some(people::team::day(&cx, *id).await?),
        None => None,
    };
    let (day, away) = team.unzip();
    let answers = asks::inbox::answers(&cx).await?;
    let body = html! {
        (Head { title: &title, actions: Some(actions()), lead: &format!("{date}, {}", viewer.zone_name), ..Head::default() }.show())
        div.cols {
            div.stack { (waiting) @if let Some(day) = day { (day) } }
            div.stack { (answers) @if let Some(away) = away { (away) } }
        }
    };
    let inbox = asks::inbox::topic(&cx);
    Ok(cx.live_page("Today", &["leave", "person", &inbox], body))
}

fn actions() -> ui::Markup {
    html! {
        a.button href="/catch-up" { "Catch me up" }
        a.button.primary href="/asks/new" data-key="c" data-key-label="Ask somebody" { "Ask" kbd { "C" } }
    }
}
