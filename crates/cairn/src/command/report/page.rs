//! The report as a page of its own, which needs no server, no script and no other file: to print, to mail, to keep.
use crate::world::World;
use delivery::{
    agreement::{Agreements, ShowAgreements},
    keys::{Number, TeamKeys, Weekly, percent, span},
    review::{Reviews, ShowReviews},
    signal::{ShowSignals, TeamSignal},
};
use jiff::tz::TimeZone;
use kernel::{Id, Result, Team};
use people::team::ShowTeam;
use ui::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("report.css");

/// Everything that is known of how a team delivers, in one document.
pub async fn page(world: &World, team: Id<Team>, keys: &TeamKeys) -> Result<String> {
    let (app, system) = (&world.app, world.system());
    let name = app.call(&system, ShowTeam { team }).await?.team.name;
    let reviews = ShowReviews { team, span: Some(keys.span), definition: None };
    let reviews = app.call(&system, reviews).await?;
    let agreements = app.call(&system, ShowAgreements { team, kind: None, most: None }).await?;
    let signals = app.call(&system, ShowSignals { team }).await?;
    let title = format!("How {name} delivers");
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main {
                h1 { (title) }
                p { "From " (day(keys.from)) " to " (day(keys.to)) ". Of the team, never of a person." }
                (changes(&signals))
                (five(keys))
                @if keys.keys.is_some() { (Weekly::of(keys, &TimeZone::UTC).figure()) }
                (stages(&reviews))
                (kept(&agreements))
            } }
        }
    };
    Ok(document.into_string())
}

/// The chart of deployments as a file of its own.
pub fn picture(keys: &TeamKeys) -> String {
    let drawn = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" {
            style { (PreEscaped(STYLE)) }
            (Weekly::of(keys, &TimeZone::UTC).picture())
        }
    };
    drawn.into_string()
}

fn day(at: kernel::Time) -> String {
    at.in_zone(&TimeZone::UTC).strftime("%-d %B %Y").to_string()
}

fn changes(all: &[TeamSignal]) -> Markup {
    html! { @if !all.is_empty() {
        section { h2 { "What changed" } ul { @for one in all { li { (one.sentence) ". " span.muted { (one.basis) "." } } } } }
    } }
}

/// A key: its name, its number, and how that is written.
type Line<'n> = (&'static str, &'n Number, fn(f64) -> String);

fn five(keys: &TeamKeys) -> Markup {
    let Some(five) = &keys.keys else {
        return html! { section { h2 { "Five keys" } p { "Not enough data: fewer than three people are behind it." } } };
    };
    let all: [Line<'_>; 5] = [
        ("Change lead time", &five.lead_time, span),
        ("Deployment frequency", &five.frequency, |value| format!("{value:.1} a week")),
        ("Failed deployment recovery time", &five.recovery, span),
        ("Change fail rate", &five.fail_rate, percent),
        ("Deployment rework rate", &five.rework_rate, percent),
    ];
    html! {
        section {
            h2 { "Five keys by " (keys.title) }
            table {
                thead { tr { th scope="col" { "Key" } th scope="col" { "Value" } th.n scope="col" { "Of" } th scope="col" { "Nine times in ten between" } } }
                tbody { @for (name, number, show) in all { tr {
                    th scope="row" { (name) }
                    td { @match number.value { Some(value) => (show(value)), None => "Not enough data" } }
                    td.n { (number.sample) }
                    td { @if let Some((low, high)) = number.interval { (show(low)) " and " (show(high)) } }
                } } }
            }
            p.muted { (keys.title) ", version " (keys.version) ": " (keys.source) }
        }
    }
}

fn stages(reviews: &Reviews) -> Markup {
    let Some(numbers) = &reviews.numbers else { return html! {} };
    let all = [
        ("Coding", &numbers.coding),
        ("Pickup", &numbers.pickup),
        ("Review", &numbers.review),
        ("Merge wait", &numbers.merge),
        ("Whole", &numbers.cycle),
    ];
    html! {
        section {
            h2 { "Stages of " (numbers.merged) " merged pull requests" }
            table {
                thead { tr { th scope="col" { "Stage" } th scope="col" { "Median" } th.n scope="col" { "Of" } } }
                tbody { @for (name, figure) in all { tr {
                    th scope="row" { (name) }
                    td { @match figure.value { Some(value) => (span(value as f64 / 1e6)), None => "Not known" } }
                    td.n { (figure.of) }
                } } }
            }
            p.muted { (reviews.title) ", version " (reviews.version) ": " (reviews.source) }
        }
    }
}

fn kept(all: &Agreements) -> Markup {
    let made: Vec<_> = all.agreements.iter().filter(|one| one.agreed_on.is_some()).collect();
    html! { @if !made.is_empty() {
        section {
            h2 { "Working agreements in the last thirteen weeks" }
            table {
                thead { tr { th scope="col" { "Agreement" } th.n scope="col" { "Kept" } th.n scope="col" { "Of" } } }
                tbody { @for one in made { tr {
                    th scope="row" { (one.sentence) }
                    @match &one.replay {
                        Some(replay) => { td.n { (replay.kept) } td.n { (replay.of) } },
                        None => td colspan="2" { "Not enough data" },
                    }
                } } }
            }
        }
    } }
}
