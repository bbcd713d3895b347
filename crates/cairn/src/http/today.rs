//! The start: the day of the reader and their team.
use axum::response::{IntoResponse, Redirect};
use kernel::{Actor, Error, Method::Get, OneOnOne, Operation, Result, Route, Signal, Sure, Tx};
use people::account::first_run::IsNew;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, avatar, chip, day_and_time, html};

/// What the parts of Cairn have to tell me today: signals about my teams and their work, and my one-on-ones.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowToday {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Today {
    /// The most pressing first.
    pub signals: Vec<Signal>,
    /// Those of the coming seven days, the next one first; then those without a date.
    pub one_on_ones: Vec<OneOnOne>,
}

impl Operation for ShowToday {
    const NAME: &str = "today.show";
    const ROUTE: Route = Route(Get, "/today");
    const READS: bool = true;
    type Target = ();
    type Output = Today;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Today> {
        let mut signals = tx.gather(|part| part.signals).await?;
        signals.sort_by_key(|signal| signal.tone);
        let mut one_on_ones = tx.gather(|part| part.one_on_ones).await?;
        one_on_ones.sort_by_key(|one| (one.on.is_none(), one.on, one.at));
        Ok(Today { signals, one_on_ones })
    }
}

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
    let (count, waiting) = asks::inbox::waiting(&cx).await?;
    let team = match &cx.viewer.team {
        Some((id, _)) => Some(people::team::day(&cx, *id).await?),
        None => None,
    };
    let (day, away) = team.unzip();
    let told = cx.read(ShowToday {}).await?;
    let answers = asks::inbox::answers(&cx).await?;
    let date = cx.now().in_zone(&cx.viewer.zone).strftime("%A %-d %B, %H:%M").to_string();
    let lead = format!("{date}, {}", cx.viewer.zone_name);
    let body = html! {
        (Head { title: &greeting(&cx, count), actions: Some(actions()), lead: &lead, ..Head::default() }.show())
        div.cols {
            div.stack { (waiting) @if let Some(day) = day { (day) } }
            div.stack { (signals(&told.signals)) (one_on_ones(&cx, &told.one_on_ones)) (answers) @if let Some(away) = away { (away) } }
        }
    };
    let inbox = asks::inbox::topic(&cx);
    Ok(cx.live_page("Today", &["leave", "person", &inbox], body))
}

fn greeting(cx: &Cx, count: i64) -> String {
    let name = cx.viewer.name.split(' ').next().unwrap_or_default();
    let greeting = match cx.now().in_zone(&cx.viewer.zone).hour() {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    match count {
        0 => format!("{greeting}, {name}."),
        1 => format!("{greeting}, {name}. One ask waits on you."),
        n => format!("{greeting}, {name}. {n} asks wait on you."),
    }
}

fn actions() -> Markup {
    html! {
        a.button href="/catch-up" { "Catch me up" }
        a.button.primary href="/asks/new" data-key="c" data-key-label="Ask somebody" { "Ask" kbd { "C" } }
    }
}

fn signals(signals: &[Signal]) -> Markup {
    html! { @if !signals.is_empty() {
        section.card #signals { header { h2 { "Signals" } span.right.small.muted { "Each leads to what it rests on" } }
            ul.list { @for signal in signals { li {
                (chip(signal.tone.word(), signal.mark))
                div.what.wrap {
                    p { a href=(signal.evidence) { (signal.sentence) } }
                    p.small.muted { (signal.basis) @if signal.sure != Sure::Counted { ". " (signal.sure.title()) } }
                }
            } } }
        }
    } }
}

fn one_on_ones(cx: &Cx, all: &[OneOnOne]) -> Markup {
    html! { @if !all.is_empty() {
        section.card #one-on-ones { header { h2 { "Your one-on-ones this week" } }
            ul.list { @for one in all { li {
                (avatar(&one.person, &one.name))
                div.what.wrap { p { a href=(one.href) { (one.name) } } p.small.muted { (one.note) } }
                @match (one.at, one.on) {
                    (Some(at), _) => span.small.muted { (day_and_time(at, &cx.viewer.zone)) },
                    (None, Some(day)) => span.small.muted { (day.strftime("%A").to_string()) },
                    (None, None) => {},
                }
            } } }
        }
    } }
}
