//! `/teams/{team}/builds`
use super::{BuildNumbers, Covered, FlakyTest, FlakyThing, PipelineNumbers, ShowBuilds, TeamBuilds};
use crate::{
    annotation,
    code::Span,
    keys::{Number, percent, span},
};
use kernel::Time;
use people::team::ShowTeam;
use std::collections::BTreeMap;
use ui::{
    Answer, Cx, Head, Markup, Pages,
    chart::{Figure, Lines, annotated},
    html,
};

pub fn pages() -> Pages {
    Pages::new().get("/teams/{team}/builds", show)
}

async fn show(cx: Cx) -> Answer {
    let builds = cx.read_here::<ShowBuilds>().await?;
    let view = cx.read(ShowTeam { team: builds.team }).await?;
    let page = format!("/teams/{}", view.team.id);
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name)];
    let title = headline(&builds, &view.team.name);
    let lead = format!("The last {} against the time before. Of machines, not of people.", builds.span.title());
    let known = builds.builds.ended + builds.before.as_ref().map_or(0, |before| before.ended);
    let body = html! {
        (Head { crumbs, title: &title, lead: &lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, builds.team))
        div.stack {
            nav.segments aria-label="How far back" { @for span in Span::ALL {
                a href={ (cx.path) "?span=" (span.word()) } aria-current=[(*span == builds.span).then_some("true")] { (span.label()) }
            } }
            @if known == 0 && builds.flaky_tests.is_empty() && builds.coverage.is_empty() {
                (ui::empty("No build of this team's repositories is known in this time. Run cairn import with files of the build server, or give it the address of a webhook.", Some(("/repositories", "Repositories"))))
            } @else {
                (cards(&builds.builds, builds.before.as_ref()))
                @if !builds.weeks.is_empty() { (weekly(&cx, &builds)) (lengths(&cx, &builds)) }
                (flaky(&cx, &builds.flaky))
                (flaky_tests(&builds.flaky_tests))
                (coverage(&cx, &builds.coverage))
                (pipelines(&builds.pipelines))
                (trust(&builds))
            }
        }
    };
    Ok(cx.live_page(&title, &["repository", "deployment"], body))
}

/// What deserves a look first, in a sentence.
fn headline(builds: &TeamBuilds, team: &str) -> String {
    match (builds.flaky.len() + builds.flaky_tests.len(), builds.builds.duration.value) {
        (0, Some(seconds)) => format!("Half of the builds of {team} are done within {}", span(seconds)),
        (0, None) => format!("Builds and tests of {team}"),
        (1, _) => format!("One build or test of {team} fails without a reason"),
        (some, _) => format!("{some} builds and tests of {team} fail without a reason"),
    }
}

fn cards(now: &BuildNumbers, before: Option<&BuildNumbers>) -> Markup {
    let old = |of: fn(&BuildNumbers) -> &Number| before.map(of);
    html! {
        div.grid.g3 {
            (card("Length of a build", &now.duration, old(|one| &one.duration), span, "builds"))
            (card("Wait for a machine", &now.queue, old(|one| &one.queue), span, "jobs"))
            (card("Builds that fail", &now.fail_rate, old(|one| &one.fail_rate), percent, "builds"))
        }
    }
}

fn card(label: &str, now: &Number, before: Option<&Number>, show: fn(f64) -> String, of: &str) -> Markup {
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
                    @else if value > old { (ui::chip("bad", &format!("Up from {}", show(old)))) }
                    @else { (ui::chip("good", &format!("Down from {}", show(old)))) }
                }
                span {
                    (now.sample) " " (of)
                    @if let Some((low, high)) = now.interval { ", between " (show(low)) " and " (show(high)) " nine times in ten" }
                }
            }
        }
    }
}

fn day(cx: &Cx, at: Time) -> String {
    at.in_zone(&cx.viewer.zone).strftime("%-d %b").to_string()
}

fn weekly(cx: &Cx, builds: &TeamBuilds) -> Markup {
    let names: Vec<String> = builds.weeks.iter().map(|week| day(cx, week.from)).collect();
    let of = |count: fn(&super::BuildWeek) -> usize| builds.weeks.iter().map(|week| count(week) as f64).collect();
    let (succeeded, failed): (Vec<f64>, Vec<f64>) = (of(|week| week.succeeded), of(|week| week.failed));
    let rows = builds.weeks.iter().zip(&names);
    let begins: Vec<Time> = builds.weeks.iter().map(|week| week.from).collect();
    let marks = annotation::marks(&builds.annotations, &begins, &cx.viewer.zone);
    Figure {
        id: "builds-by-week",
        title: "Builds by week",
        sample: &format!("{} builds", builds.builds.ended),
        sentence: &format!("{} builds ended, and {} of them failed.", builds.builds.ended, builds.builds.failed),
        definition: "Builds that succeeded or failed, by the week in which they ended; weeks are counted back from now. Each attempt counts. Those that were cancelled or skipped are left out.",
        picture: annotated("Builds by week", &names, &[("succeeded", succeeded), ("failed", failed)], &marks),
        heads: &["Week from", "Succeeded", "Failed"],
        rows: rows.map(|(week, name)| vec![name.clone(), week.succeeded.to_string(), week.failed.to_string()]).collect(),
    }
    .show()
}

fn lengths(cx: &Cx, builds: &TeamBuilds) -> Markup {
    let weeks: Vec<_> =
        builds.weeks.iter().filter_map(|week| Some((day(cx, week.from), week.duration? / 60.0))).collect();
    let (names, minutes): (Vec<String>, Vec<f64>) = weeks.into_iter().unzip();
    let most = minutes.iter().copied().fold(1.0, f64::max);
    Figure {
        id: "length-by-week",
        title: "Length of a build by week",
        sample: &format!("{} builds", builds.builds.duration.sample),
        sentence: "Minutes from the start of a build to its end: the median of each week in which one ended.",
        definition: "The median of the builds that ended in a week, failed ones among them. A build of which the start is not known is left out.",
        picture: Lines { label: "Minutes of a build by week", names: &names, series: &[("minutes", minutes.clone())], most }.show(),
        heads: &["Week from", "Minutes"],
        rows: names.iter().zip(&minutes).map(|(name, minutes)| vec![name.clone(), format!("{minutes:.1}")]).collect(),
    }
    .show()
}

fn flaky(cx: &Cx, all: &[FlakyThing]) -> Markup {
    html! {
        section.card id="flaky" {
            header { h2 { "Builds that fail without a reason" } span.right.small.muted { (all.len()) } }
            @if all.is_empty() { div.body { p { "No build or job had two outcomes on one commit." } } }
            @else {
                table.data.listed {
                    caption.vh { "Builds and jobs that failed and succeeded on one commit" }
                    thead { tr { th scope="col" { "What" } th.n scope="col" { "Commits" } th.n scope="col" { "Failed" } th scope="col" { "Evidence" } } }
                    tbody { @for one in all { tr {
                        td { (one.name) }
                        td.n data-label="Commits" { (one.commits) }
                        td.n data-label="Failed" { (one.failed) " of " (one.runs) }
                        td data-label="Evidence" { @for (place, proof) in one.evidence.iter().enumerate() {
                            @if place > 0 { "; " }
                            code { (short(&proof.commit)) } " " (link(proof.failed_url.as_deref(), "failed")) " and "
                            (link(proof.succeeded_url.as_deref(), "succeeded")) ", " (ui::ago(proof.at, cx.now(), &cx.viewer.zone))
                        } }
                    } } }
                }
            }
        }
    }
}

fn link(url: Option<&str>, word: &str) -> Markup {
    match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => html! { a href=(url) rel="noreferrer" { (word) } },
        None => html! { (word) },
    }
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

fn flaky_tests(all: &[FlakyTest]) -> Markup {
    html! { @if !all.is_empty() {
        section.card id="flaky-tests" {
            header { h2 { "Tests that fail without a reason" } span.right.small.muted { (all.len()) } }
            table.data.listed {
                caption.vh { "Tests that failed and passed on one commit" }
                thead { tr { th scope="col" { "Test" } th.n scope="col" { "Commits" } th scope="col" { "Evidence" } th.n scope="col" { "Passed" } th.n scope="col" { "Failed" } } }
                tbody { @for one in all { tr {
                    td { (one.name) @if !one.suite.is_empty() { " " span.small.muted { (one.suite) } } }
                    td.n data-label="Commits" { (one.commits) }
                    td data-label="Evidence" { @for commit in &one.evidence { code { (short(commit)) } " " } }
                    td.n data-label="Passed" { (one.passed) }
                    td.n data-label="Failed" { (one.failed + one.failed_before) }
                } } }
            }
        }
    } }
}

fn coverage(cx: &Cx, all: &[Covered]) -> Markup {
    let mut repositories: BTreeMap<&str, Vec<&Covered>> = BTreeMap::new();
    all.iter().for_each(|one| repositories.entry(&one.repository).or_default().push(one));
    let share = |one: &Covered| one.lines_covered as f64 / one.lines_known as f64 * 100.0;
    let figure = |(place, (name, points)): (usize, (&str, Vec<&Covered>))| {
        let names: Vec<String> = points.iter().map(|one| day(cx, one.measured_at)).collect();
        let shares: Vec<f64> = points.iter().map(|one| share(one)).collect();
        let (first, last) = (points.first().map_or(0.0, |one| share(one)), points.last().map_or(0.0, |one| share(one)));
        let sentence =
            format!("{last:.1} % of the lines are run by tests, after {first:.1} % at the beginning of the time.");
        Figure {
            id: &format!("coverage-{place}"),
            title: &format!("What tests run of {name}"),
            sample: &format!("{} measurements", points.len()),
            sentence: &sentence,
            definition: "Lines that tests ran, of those that could be run, as the reports say. Several reports of one commit are parts of a whole.",
            picture: Lines { label: "Share of lines that tests run", names: &names, series: &[("% of lines", shares)], most: 100.0 }.show(),
            heads: &["Measured", "Commit", "Lines run", "Lines"],
            rows: points.iter().zip(&names).map(|(one, name)| vec![
                name.clone(), one.commit.as_deref().map(short).unwrap_or_default().to_owned(), one.lines_covered.to_string(), one.lines_known.to_string(),
            ]).collect(),
        }
        .show()
    };
    html! { @for one in repositories.into_iter().enumerate() { (figure(one)) } }
}

fn pipelines(all: &[PipelineNumbers]) -> Markup {
    let shown =
        |number: &Number, show: fn(f64) -> String| number.value.map_or_else(|| "Not enough data".to_owned(), show);
    html! { @if !all.is_empty() {
        section.card id="pipelines" {
            header { h2 { "By pipeline" } }
            table.data.listed {
                caption.vh { "Pipelines, those that ran most often first" }
                thead { tr { th scope="col" { "Pipeline" } th.n scope="col" { "Builds" } th.n scope="col" { "Length" } th.n scope="col" { "Wait" } th.n scope="col" { "Fail" } } }
                tbody { @for one in all { tr {
                    td { (one.name) " " span.small.muted { (one.project) } }
                    td.n data-label="Builds" { (one.numbers.ended) }
                    td.n data-label="Length" { (shown(&one.numbers.duration, span)) }
                    td.n data-label="Wait" { (shown(&one.numbers.queue, span)) }
                    td.n data-label="Fail" { (shown(&one.numbers.fail_rate, percent)) }
                } } }
            }
        }
    } }
}

fn trust(builds: &TeamBuilds) -> Markup {
    html! {
        section.card id="trust" {
            header { h2 { "What this rests on" } }
            div.body { (ui::facts(&[
                ("Repositories", html! { (builds.repositories) }),
                ("Builds that ended", html! { (builds.builds.ended) }),
                ("Of which the start is not known", html! { (builds.builds.untimed) }),
                ("Jobs of which the wait is known", html! { (builds.builds.queue.sample) }),
                ("Measurements of coverage", html! { (builds.coverage.len()) }),
            ])) }
            footer.small.muted { "A number of fewer than five is none. A build fails without a reason if it failed and succeeded on one commit, set off by the same kind of event." }
        }
    }
}
