//! The page of a team's shares: planned beside actual as a picture and a table, and what no rule matches.
use super::{Actual, Shares, ShowShares, actual::Unit, place};
use crate::{period::Period, priority::number};
use jiff::ToSpan;
use ui::{Answer, Cx, Head, Markup, ago, chart::Figure, empty, html, person_link};

/// `GET /teams/{team}/shares`
pub async fn show(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowShares>().await?;
    let home = format!("/teams/{}", found.team_id);
    let edit = format!("{home}/shares/edit?quarter={}", found.quarter);
    let actions = html! { @if found.may_set { a.button.primary href=(edit) data-key="e" data-key-label="Plan the shares" { "Plan" kbd { "E" } } } };
    let crumbs = vec![("/teams", "Teams"), (home.as_str(), found.team_name.as_str())];
    let lead = "What the team wants to spend its capacity on, beside what it finished.";
    let body = html! {
        (Head { crumbs, title: &format!("Shares of {} in {}", found.team_name, found.quarter.in_words()), lead, actions: Some(actions), ..Head::default() }.show())
        (ui::team_tabs(&cx, found.team_id))
        div.stack {
            (quarters(&found))
            @if found.plan.is_none() && found.finished == 0 {
                (empty("Nothing is planned, and nothing was finished in this quarter.", found.may_set.then_some((edit.as_str(), "Plan the shares"))))
            } @else {
                (figure(&found))
                (rules(&cx, &found))
                (unmatched(&found))
            }
        }
    };
    Ok(cx.live_page("Shares", &["shares", "issue"], body))
}

fn quarters(found: &Shares) -> Markup {
    let before = Period::quarter_of(found.from.saturating_sub(1.day()));
    let after = Period::quarter_of(found.to.saturating_add(1.day()));
    html! {
        nav.segments aria-label="Quarter" {
            a href=(place(found.team_id, before)) { (before.in_words()) }
            a href=(place(found.team_id, found.quarter)) aria-current="true" { (found.quarter.in_words()) }
            a href=(place(found.team_id, after)) { (after.in_words()) }
        }
    }
}

fn figure(found: &Shares) -> Markup {
    let sample = match found.unit {
        Unit::Issues => format!("{} finished issues", found.finished),
        unit => format!("{} finished issues, {} with an estimate in {}", found.finished, found.estimated, unit.word()),
    };
    let row = |one: &Actual| {
        let percent = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.0} %"));
        vec![
            one.name.clone(),
            percent(one.planned.map(|planned| planned as f64)),
            percent(one.percent),
            one.issues.to_string(),
            number(one.estimate),
        ]
    };
    let estimate = if found.unit == Unit::Hours { "Hours" } else { "Points" };
    Figure {
        id: "shares",
        title: if found.so_far { "Planned and so far" } else { "Planned and actual" },
        sample: &sample,
        sentence: &sentence(found),
        definition: "Issues of the team that have no others below them and were done between the first and the last day of the quarter, in UTC. An issue counts where one of its labels says, else where its project says, else where the project of an issue above it says. Shares are of issues; where the team estimates in points or hours and four of five finished issues have an estimate, they are of the estimates, and what has none does not count. It says nothing about how long anybody worked.",
        picture: picture(found),
        heads: &["Share", "Planned", "Actual", "Issues", estimate],
        rows: found.shares.iter().map(row).collect(),
    }
    .show()
}

/// Where plan and actual are furthest apart.
fn sentence(found: &Shares) -> String {
    let gap = |one: &Actual| Some((one.percent? - one.planned? as f64).abs());
    let widest = found.shares.iter().filter(|one| gap(one).is_some());
    let widest = widest.max_by(|one, other| gap(one).unwrap_or(0.0).total_cmp(&gap(other).unwrap_or(0.0)));
    let so_far = if found.so_far { " so far" } else { "" };
    match widest.and_then(|one| Some((one, one.planned?, one.percent?))) {
        None if found.finished == 0 => format!("Nothing was finished{so_far}."),
        None => format!("Nothing is planned for this quarter. {} issues were finished{so_far}.", found.finished),
        Some((one, planned, actual)) if (planned as f64 - actual).abs() < 5.0 => {
            format!(
                "All shares are near what is planned{so_far}; {} is furthest from it, with {actual:.0} % for {planned} %.",
                one.name
            )
        }
        Some((one, planned, actual)) => {
            format!("{} has {actual:.0} % of what was finished{so_far}; {planned} % are planned.", one.name)
        }
    }
}

const WIDTH: f64 = 440.0;
const NAMES: f64 = 120.0;
const ROW: f64 = 44.0;

/// Two bars for each share: above what is planned, below what was finished.
fn picture(found: &Shares) -> Markup {
    let height = ROW * found.shares.len() as f64 + 22.0;
    let x = |percent: f64| NAMES + (WIDTH - NAMES - 36.0) * percent / 100.0;
    html! {
        svg.chart.shares viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label={ "Planned and actual shares of " (found.quarter.in_words()) } {
            @for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
                line.axis x1=(x(percent)) x2=(x(percent)) y1="0" y2=(height - 18.0) {}
                text x=(x(percent)) y=(height - 4.0) text-anchor="middle" { (percent) " %" }
            }
            @for (place, one) in found.shares.iter().enumerate() {
                @let top = ROW * place as f64 + 6.0;
                svg x="0" y=(top) width=(NAMES - 8.0) height=(ROW) { text.label x="0" y="20" { (one.name) } }
                @if let Some(planned) = one.planned { (bar("planned", x(planned as f64), top, &format!("{}: {planned} % planned", one.name), &format!("{planned} %"))) }
                @if let Some(percent) = one.percent {
                    (bar(if one.share.is_some() { "s1" } else { "s6" }, x(percent), top + 16.0, &format!("{}: {percent:.0} % of what was finished", one.name), &format!("{percent:.0} %")))
                }
            }
        }
        p.legend { span { i.planned {} "Planned" } span { i.s1 {} "Finished" } span { i.s6 {} "Finished, matched by no rule" } }
    }
}

fn bar(look: &str, end: f64, top: f64, words: &str, number: &str) -> Markup {
    html! {
        rect class=(look) x=(NAMES) y=(top) width=((end - NAMES).max(1.0)) height="14" rx="3" { title { (words) } }
        text x=(end + 5.0) y=(top + 11.0) { (number) }
    }
}

fn rules(cx: &Cx, found: &Shares) -> Markup {
    let Some(plan) = &found.plan else { return html! {} };
    html! { section.card #rules {
        header { h2 { "What counts where" } @if plan.quarter != found.quarter { span.right.small.muted { "As in " (plan.quarter.in_words()) } } }
        table.data.listed {
            caption.vh { "Labels and projects of each share" }
            thead { tr { th scope="col" { "Share" } th scope="col" { "Labels" } th.w-full scope="col" { "Projects" } } }
            tbody { @for share in &plan.shares { tr {
                td data-label="Share" { (share.name) }
                td data-label="Labels" { @if share.labels.is_empty() { span.muted { "None" } } (share.labels.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")) }
                td data-label="Projects" {
                    @if share.projects.is_empty() { span.muted { "None" } }
                    @for (place, one) in share.projects.iter().enumerate() { @if place > 0 { ", " } a.link href={ "/projects/" (one.id) } { (one.name) } }
                }
            } } }
        }
        footer { p.small.muted {
            "Planned by " (person_link(&plan.by_id, &plan.by_name)) " " (ago(plan.at, cx.now(), &cx.viewer.zone)) @if !plan.why.is_empty() { ": " (plan.why) }
            @match found.several { 0 => {}, 1 => { " One issue has labels of several shares and counts to the first." }, n => { " " (n) " issues have labels of several shares and count to the first." } }
        } }
    } }
}

fn unmatched(found: &Shares) -> Markup {
    let count = found.shares.last().map_or(0, |one| one.issues);
    html! { @if count > 0 { section.card #unmatched {
        header { h2 { "Matched by no rule" } span.right.small.muted { (count) " issues" } }
        ul.list.plain { @for one in &found.unmatched { li { div.what { p { a href={ "/issues/" (one.key) } { span.muted { (one.key) } " " (one.title) } } } } } }
        @if count > found.unmatched.len() { footer { p.small.muted { "These are the " (found.unmatched.len()) " that were finished last." } } }
    } } }
}
