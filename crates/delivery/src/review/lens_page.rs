//! `/teams/{team}/reviews/definitions`
use super::{
    PullDiffering, PullReading, ReviewLens, ShowReviewLens,
    lens::{PullNumbers, PullTold},
    page::{length, views},
};
use crate::code::{FEWEST, Span};
use measures::{Figure, Stages, pull_presets};
use people::team::ShowTeam;
use ui::{Answer, Cx, Head, Markup, html};

pub async fn show(cx: Cx) -> Answer {
    let lens = cx.read_here::<ShowReviewLens>().await?;
    let view = cx.read(ShowTeam { team: cx.text("team").parse()? }).await?;
    let (page, reviews) = (format!("/teams/{}", view.team.id), format!("/teams/{}/reviews", view.team.id));
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name), (&*reviews, "Reviews")];
    let title = match lens.differ {
        0 => "The same pull requests, by several definitions".to_owned(),
        1 => "One pull request looks different by another definition".to_owned(),
        some => format!("{some} pull requests look different by another definition"),
    };
    let lead = format!(
        "Merged in {}. The others are compared with {}.",
        if lens.span == Span::All { "all time".to_owned() } else { format!("the last {}", lens.span.title()) },
        lens.readings.first().map_or("the first", |one| &one.title)
    );
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, view.team.id))
        div.stack {
            (views(&view.team.id.to_string(), "definitions"))
            (chooser(&cx, &lens))
            @if lens.contributors < FEWEST {
                (ui::empty(&format!("Not enough data: numbers are shown where at least {FEWEST} people merged pull requests, and in this span it was {}.", crate::code::people(lens.contributors)), None))
            } @else { (numbers(&lens.readings)) (differing(&cx, &lens)) }
            (choices(&lens.readings))
        }
    };
    Ok(cx.live_page(&title, &["repository", "identity"], body))
}

/// How far back, and which are compared: all, or Cairn's with one other.
fn chooser(cx: &Cx, lens: &ReviewLens) -> Markup {
    let named: Vec<&str> = lens.readings.iter().map(|one| one.definition.as_str()).collect();
    let named = named.join(",");
    let presets = pull_presets();
    let every: Vec<&str> = presets.iter().map(|one| one.name.as_str()).collect();
    let own = presets.first();
    let pair = |other: &str| format!("{},{other}", own.map_or("", |own| &own.name));
    let all = std::iter::once((every.join(","), "All five".to_owned()))
        .chain(presets.iter().skip(1).map(|other| (pair(&other.name), other.title.clone())));
    html! {
        div.row.wrap {
            nav.segments aria-label="How far back" { @for span in Span::ALL {
                a href={ (cx.path) "?span=" (span.word()) "&definitions=" (named) } aria-current=[(*span == lens.span).then_some("true")] { (span.label()) }
            } }
            nav.segments aria-label="Compared" { @for (names, label) in all {
                a href={ (cx.path) "?span=" (lens.span.word()) "&definitions=" (names) } aria-current=[(names == named).then_some("true")] { (label) }
            } }
        }
    }
}

fn heads(readings: &[PullReading], first: &str) -> Markup {
    html! { thead { tr { th scope="col" { (first) } @for one in readings { th scope="col" { (one.title) } } } } }
}

/// A stage: its name, and where it stands among the numbers and in one pull request.
type Line = (&'static str, fn(&PullNumbers) -> &Figure, fn(&Stages) -> Option<i64>);

const LINES: [Line; 6] = [
    ("Coding", |all| &all.coding, |one| one.coding),
    ("Pickup", |all| &all.pickup, |one| one.pickup),
    ("Review", |all| &all.review, |one| one.review),
    ("Merge wait", |all| &all.merge, |one| one.merge),
    ("Deploy", |all| &all.deploy, |one| one.deploy),
    ("Whole", |all| &all.cycle, |one| one.cycle),
];

fn numbers(readings: &[PullReading]) -> Markup {
    html! {
        section.card #numbers {
            header { h2 { "The numbers" } span.right.small.muted { "A dash is not known, or not defined" } }
            table.data.listed {
                caption.vh { "Stages by each definition" }
                (heads(readings, "Stage"))
                tbody { @for (label, of, _) in LINES { tr {
                    td { (label) }
                    @for one in readings { td data-label=(one.title) { @if let Some(numbers) = &one.numbers { (shown(of(numbers))) } } }
                } } }
            }
        }
    }
}

fn shown(figure: &Figure) -> Markup {
    html! {
        (figure.value.map_or_else(|| "–".to_owned(), length))
        @if figure.of > 0 { " " span.small.muted { "of " (figure.of) } }
    }
}

fn differing(cx: &Cx, lens: &ReviewLens) -> Markup {
    html! {
        section.card #differing {
            header { h2 { "Pull requests that they see differently" } span.right.small.muted {
                @if lens.differ > lens.differing.len() { "The " (lens.differing.len()) " that differ most, of " (lens.differ) } @else { (lens.differ) }
            } }
            @if lens.differing.is_empty() { div.body { p { "All of them see the same pull requests in the same way." } } }
            @else {
                table.data.listed {
                    caption.vh { "Pull requests that the definitions see differently, those that differ most first" }
                    (heads(&lens.readings, "Pull request"))
                    tbody { @for row in &lens.differing { (line(cx, &lens.readings, row)) } }
                }
            }
        }
    }
}

fn line(cx: &Cx, readings: &[PullReading], row: &PullDiffering) -> Markup {
    html! { tr {
        td {
            a href={ "/repositories/" (row.repository_id) } { (row.repository) " " (row.number) } " " (row.title)
            " " span.small.muted { (ui::ago(row.merged_at, cx.now(), &cx.viewer.zone)) }
        }
        @for (told, one) in row.told.iter().zip(readings) { td data-label=(one.title) { (told_of(told)) } }
    } }
}

/// The stages that are known, and why they are not those of the first definition.
fn told_of(told: &PullTold) -> Markup {
    let Some(stages) = &told.stages else {
        return html! { "Not counted" };
    };
    let known = LINES.iter().filter_map(|(label, _, of)| Some((label, of(stages)?)));
    html! {
        @for (place, (label, value)) in known.enumerate() { @if place > 0 { ", " } (label.to_lowercase()) " " (length(value)) }
        @if !told.because.is_empty() { p.small.muted { "Because " (told.because.join("; ")) } }
    }
}

fn choices(readings: &[PullReading]) -> Markup {
    let about = readings.first().map(|one| one.choices.as_slice()).unwrap_or_default();
    let differ = |at: usize| readings.iter().any(|one| one.choices[at].1 != about[at].1);
    html! {
        section.card #choices {
            header { h2 { "Why they differ" } }
            table.data.listed {
                caption.vh { "What each definition chooses" }
                (heads(readings, "Choice"))
                tbody { @for (at, (label, _)) in about.iter().enumerate().filter(|(at, _)| differ(*at)) { tr {
                    td { (label) }
                    @for one in readings { td data-label=(one.title) { (one.choices[at].1) } }
                } } }
            }
            footer.small.muted { ul { @for one in readings { li { (one.title) ", version " (one.version) ": " (one.source) } } } }
        }
    }
}
