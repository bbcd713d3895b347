use super::{Five, Lens, Number, Row, ShowKeys, ShowLens, TeamKeys, Weekly};
use crate::{
    code::{FEWEST, Span},
    signal::{self, ShowSignals},
};
use measures::keys::presets;
use people::team::ShowTeam;
use ui::{Answer, Cx, Head, Markup, Pages, html};

pub fn pages() -> Pages {
    Pages::new().get("/teams/{team}/delivery", overview).get("/teams/{team}/delivery/definitions", definitions)
}

/// `GET /teams/{team}/delivery`
async fn overview(cx: Cx) -> Answer {
    let keys = cx.read_here::<ShowKeys>().await?;
    let signals = cx.read(ShowSignals { team: keys.team }).await?;
    let view = cx.read(ShowTeam { team: keys.team }).await?;
    let page = format!("/teams/{}", view.team.id);
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name)];
    let title = headline(&keys, &view.team.name);
    let lead = format!(
        "The last {} against the time before, by {}. Teams are measured here, never people.",
        keys.span.title(),
        keys.title
    );
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, keys.team))
        div.stack {
            (views(&keys.team.to_string(), "overview"))
            (chooser(&cx, &keys))
            @match &keys.keys {
                Some(five) => {
                    (cards(five, keys.before.as_ref(), &keys))
                    (signal::list(&cx, keys.team, &signals))
                    (trust(&keys))
                    (Weekly::of(&keys, &cx.viewer.zone).figure())
                    (rows(&cx, &keys.deployments))
                }
                None => { (nothing(&keys)) (signal::list(&cx, keys.team, &signals)) }
            }
        }
    };
    Ok(cx.live_page(&title, &["repository", "deployment", "incident", "team"], body))
}

pub(crate) fn views(team: &str, current: &str) -> Markup {
    let all = [
        ("overview", "Five keys", ""),
        ("definitions", "Definitions", "/definitions"),
        ("investment", "Investment", "/investment"),
        ("notes", "What happened", "/notes"),
    ];
    html! { nav.segments aria-label="Views of delivery" { @for (name, label, path) in all {
        a href={ "/teams/" (team) "/delivery" (path) } aria-current=[(name == current).then_some("true")] { (label) }
    } } }
}

/// What moved most, in a sentence.
fn headline(keys: &TeamKeys, team: &str) -> String {
    let Some(now) = &keys.keys else { return format!("How {team} delivers") };
    let deployments = now.frequency.value.unwrap_or_default();
    if keys.trust.deployments == 0 {
        return format!("No deployment of {team} is known yet");
    }
    let moved = keys.before.as_ref().and_then(|before| {
        let each = [
            ("Changes reach users", &now.lead_time, &before.lead_time, ["faster", "more slowly"]),
            ("Deployments fail", &now.fail_rate, &before.fail_rate, ["less often", "more often"]),
            ("Deployments happen", &now.frequency, &before.frequency, ["less often", "more often"]),
        ];
        let clear = each.into_iter().filter(|(_, now, before, _)| now.differs(before));
        clear.map(|(what, now, before, words)| (what, words[usize::from(now.value > before.value)])).next()
    });
    match moved {
        Some((what, word)) => format!("{what} {word} than in the time before"),
        None if keys.before.is_some() => format!("{team} deploys {} times a week, much as before", number(deployments)),
        None => format!("{team} deploys {} times a week", number(deployments)),
    }
}

fn chooser(cx: &Cx, keys: &TeamKeys) -> Markup {
    html! {
        div.row.wrap {
            nav.segments aria-label="How far back" { @for (span, label) in [(Span::Month, "4 weeks"), (Span::Quarter, "13 weeks"), (Span::Year, "A year")] {
                a href={ (cx.path) "?span=" (span.word()) "&definition=" (keys.definition) } aria-current=[(span == keys.span).then_some("true")] { (label) }
            } }
            nav.segments aria-label="Definition" { @for one in presets() {
                a href={ (cx.path) "?span=" (keys.span.word()) "&definition=" (one.name) } aria-current=[(one.name == keys.definition).then_some("true")] { (one.title) }
            } }
        }
    }
}

fn cards(now: &Five, before: Option<&Five>, keys: &TeamKeys) -> Markup {
    let old = |of: fn(&Five) -> &Number| before.map(of);
    html! {
        div.grid.g3 {
            (card("Change lead time", &now.lead_time, old(|five| &five.lead_time), &|value| span(value), "changes", true))
            (card("Deployment frequency", &now.frequency, old(|five| &five.frequency), &|value| format!("{} a week", number(value)), "deployments", false))
            (card("Failed deployment recovery time", &now.recovery, old(|five| &five.recovery), &|value| span(value), "recoveries", true))
            (card("Change fail rate", &now.fail_rate, old(|five| &five.fail_rate), &|value| percent(value), "deployments", true))
            @if now.rework_rate.sample > 0 {
                (card("Deployment rework rate", &now.rework_rate, old(|five| &five.rework_rate), &|value| percent(value), "deployments", true))
            } @else {
                div.card.stat { p.label { "Deployment rework rate" } p.value { small { "Not defined by " (keys.title) } } }
            }
        }
    }
}

fn card(
    label: &str,
    now: &Number,
    before: Option<&Number>,
    show: &dyn Fn(f64) -> String,
    of: &str,
    less_is_better: bool,
) -> Markup {
    let change = before.and_then(|before| Some((before.value?, now.value?, now.differs(before))));
    html! {
        div.card.stat {
            p.label { (label) }
            @match now.value {
                Some(value) => p.value { (show(value)) },
                None => p.value { small { "Not enough data" } },
            }
            p.foot {
                @if let Some((old, value, differs)) = change {
                    @if !differs { (ui::chip("", "Steady")) }
                    @else if value > old { (ui::chip(if less_is_better { "bad" } else { "good" }, &format!("Up from {}", show(old)))) }
                    @else { (ui::chip(if less_is_better { "good" } else { "bad" }, &format!("Down from {}", show(old)))) }
                }
                span {
                    (now.sample) " " (of)
                    @if let Some((low, high)) = now.interval { ", between " (show(low)) " and " (show(high)) " nine times in ten" }
                }
            }
        }
    }
}

fn trust(keys: &TeamKeys) -> Markup {
    let trust = &keys.trust;
    html! {
        section.card id="trust" {
            header { h2 { "What this rests on" } }
            div.body { (ui::facts(&[
                ("Deployments", html! { (trust.deployments) }),
                ("With a commit that is known", html! { (trust.matched) " of " (trust.deployments) }),
                ("First of a repository", html! { (trust.first) }),
                ("Commits dated after their deployment", html! { (trust.skewed) }),
                ("Incidents before any deployment", html! { (trust.loose_incidents) }),
                ("Incidents still open", html! { (trust.open_incidents) }),
                ("People behind the changes", html! { (keys.contributors) }),
            ])) }
            footer.small.muted { (keys.title) ", version " (keys.version) ": " (keys.source) }
        }
    }
}

fn rows(cx: &Cx, all: &[Row]) -> Markup {
    const SHOWN: usize = 100;
    html! {
        section.card id="rows" {
            header { h2 { "Deployments" } span.right.small.muted { (all.len()) " in the period" } }
            table.data.listed {
                caption.vh { "Deployments of the period, the last first" }
                thead { tr { th scope="col" { "Ended" } th scope="col" { "Repository" } th scope="col" { "Commit" } th.n scope="col" { "Commits" } th.n scope="col" { "Lead time" } th scope="col" { "Failed by" } th scope="col" { "Unplanned because of" } } }
                tbody { @for row in all.iter().rev().take(SHOWN) { tr {
                    td { (ui::ago(row.finished_at, cx.now(), &cx.viewer.zone)) @if row.failed { " " (ui::chip("bad", "Failed on its way")) } }
                    td data-label="Repository" { (row.project) }
                    td data-label="Commit" { code { (row.commit.as_deref().map_or("", |hash| hash.get(..10).unwrap_or(hash))) } }
                    td.n data-label="Commits" { (row.commits) }
                    td.n data-label="Lead time" { (row.lead_time.map_or_else(String::new, span)) }
                    td data-label="Failed by" { (row.failed_by.join(", ")) }
                    td data-label="Unplanned because of" { (row.rework.join(", ")) }
                } } }
            }
            @if all.len() > SHOWN { footer.small.muted { "The last " (SHOWN) " are shown; all of them are in the API." } }
        }
    }
}

fn nothing(keys: &TeamKeys) -> Markup {
    let why = match keys.contributors {
        0 => "Nobody committed to a repository of this team in this time.".to_owned(),
        n => format!(
            "Not enough data: numbers are shown where at least {FEWEST} people committed, and in this time it was {n}."
        ),
    };
    ui::empty(&why, Some(("/repositories", "Repositories")))
}

/// `GET /teams/{team}/delivery/definitions`
async fn definitions(cx: Cx) -> Answer {
    let lens = cx.read_here::<ShowLens>().await?;
    let view = cx.read(ShowTeam { team: lens.team }).await?;
    let (page, delivery) = (format!("/teams/{}", view.team.id), format!("/teams/{}/delivery", view.team.id));
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name), (&*delivery, "Delivery")];
    let title = "The same team, by five definitions";
    let lead = format!("The last {}. A number says little without what was chosen to make it.", lens.span.title());
    let body = html! {
        (Head { crumbs, title, lead: &lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, lens.team))
        (views(&lens.team.to_string(), "definitions"))
        @if lens.readings.is_empty() {
            (ui::empty(&format!("Not enough data: numbers are shown where at least {FEWEST} people committed, and in this time it was {}.", lens.contributors), None))
        } @else { div.stack { (numbers(&lens)) (choices(&lens)) (differing(&cx, &lens)) } }
    };
    Ok(cx.live_page(title, &["repository", "deployment", "incident"], body))
}

fn heads(lens: &Lens, first: &str) -> Markup {
    html! { thead { tr { th scope="col" { (first) } @for one in &lens.readings { th scope="col" { (one.title) } } } } }
}

/// A key: its name, where it stands among the five, and its value in words.
type Line = (&'static str, fn(&Five) -> &Number, fn(f64) -> String);

fn numbers(lens: &Lens) -> Markup {
    let shown = |number: &Number, show: fn(f64) -> String| number.value.map_or_else(|| "–".to_owned(), show);
    let week = |value: f64| format!("{} a week", number(value));
    let lines: [Line; 5] = [
        ("Change lead time", |five| &five.lead_time, span),
        ("Deployment frequency", |five| &five.frequency, week),
        ("Failed deployment recovery time", |five| &five.recovery, span),
        ("Change fail rate", |five| &five.fail_rate, percent),
        ("Deployment rework rate", |five| &five.rework_rate, percent),
    ];
    html! {
        section.card id="numbers" {
            header { h2 { "The numbers" } span.right.small.muted { "A dash is not enough data, or not defined" } }
            table.data.listed {
                caption.vh { "The five keys by each definition" }
                (heads(lens, "Key"))
                tbody { @for (label, of, show) in lines { tr {
                    td { (label) }
                    @for one in &lens.readings { td data-label=(one.title) { (shown(of(&one.keys), show)) " " span.small.muted { "of " (of(&one.keys).sample) } } }
                } } }
            }
        }
    }
}

fn choices(lens: &Lens) -> Markup {
    let about = lens.readings.first().map(|one| one.choices.as_slice()).unwrap_or_default();
    let differ = |at: usize| lens.readings.iter().any(|one| one.choices[at].1 != about[at].1);
    html! {
        section.card id="choices" {
            header { h2 { "Why they differ" } }
            table.data.listed {
                caption.vh { "What each definition chooses" }
                (heads(lens, "Choice"))
                tbody { @for (at, (label, _)) in about.iter().enumerate().filter(|(at, _)| differ(*at)) { tr {
                    td { (label) }
                    @for one in &lens.readings { td data-label=(one.title) { (one.choices[at].1) } }
                } } }
            }
            footer.small.muted { ul { @for one in &lens.readings { li { (one.title) ", version " (one.version) ": " (one.source) } } } }
        }
    }
}

fn differing(cx: &Cx, lens: &Lens) -> Markup {
    html! {
        section.card id="differing" {
            header { h2 { "Deployments that they see differently" } span.right.small.muted { (lens.differing.len()) } }
            @if lens.differing.is_empty() { div.body { p { "All of them see the same deployments in the same way." } } }
            @else {
                table.data.listed {
                    caption.vh { "Deployments that the definitions see differently" }
                    (heads(lens, "Deployment"))
                    tbody { @for row in &lens.differing { tr {
                        td { (ui::ago(row.finished_at, cx.now(), &cx.viewer.zone)) " " span.small.muted { (row.id) } }
                        @for (told, one) in row.told.iter().zip(&lens.readings) { td data-label=(one.title) {
                            (told.lead_times) " changes" @if !told.failed_by.is_empty() { "; failed: " (told.failed_by.join(", ")) }
                        } }
                    } } }
                }
            }
        }
    }
}

fn number(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// A share in percent.
pub fn percent(share: f64) -> String {
    format!("{} %", number(share * 100.0))
}

/// Seconds in the unit that fits.
pub fn span(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.0} seconds"),
        s if s < 5_400.0 => format!("{:.0} minutes", s / 60.0),
        s if s < 172_800.0 => format!("{} hours", number(s / 3_600.0)),
        s => format!("{} days", number(s / 86_400.0)),
    }
}
