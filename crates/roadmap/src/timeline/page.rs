//! The page of the timeline.
use super::{Dependency, Planned, Roadmap, ShowRoadmap, picture};
use crate::{
    health,
    initiative::ListInitiatives,
    project::{bar, names},
};
use kernel::{Person, Result};
use people::person::{Named, choices::teams};
use ui::{Answer, Cx, Form, Head, Markup, chip, empty, html};

/// `GET /roadmap`
pub async fn show(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowRoadmap>().await?;
    let actions = html! {
        a.button.primary href="/projects/new" data-key="c" data-key-label="New project" { "New project" kbd { "C" } }
    };
    let body = html! {
        (Head { title: "Roadmap", lead: &lead(&found), actions: Some(actions), ..Head::default() }.show())
        (crate::tabs(&cx))
        div.stack {
            (filter(&cx, &found.owners).await?)
            @if found.projects.is_empty() { (nothing(&cx)) } @else {
                (timeline(&found))
                (dependencies(&found))
                (table(&cx, &found.projects))
            }
        }
    };
    Ok(cx.live_page("Roadmap", &["project", "issue"], body))
}

fn timeline(found: &Roadmap) -> Markup {
    let undated = found.projects.iter().filter(|one| one.span().is_none()).count();
    html! { section.card #timeline {
        @if undated < found.projects.len() {
            div.roadmap-view tabindex="0" role="region" aria-label="Timeline" { (picture::show(found)) }
        }
        footer {
            @if undated < found.projects.len() { p.legend {
                span { i.s1 {} "Done so far" } span { i.started {} "Started" } span { i.planned {} "Planned" } span { i.paused {} "Paused" }
                span { i.diamond {} "Milestone" } span { i.now {} "Today" }
            } }
            @match undated {
                0 => {},
                1 => p.small.muted { "One project has no dates. It is in the table only." },
                n => p.small.muted { (n) " projects have no dates. They are in the table only." },
            }
            @if found.more { p.small.muted { "More projects go on than can be shown here. These are the 500 that begin first." } }
        }
    } }
}

fn lead(found: &Roadmap) -> String {
    let broken = found.dependencies.iter().filter(|one| is_broken(one)).count();
    match (found.projects.is_empty(), broken) {
        (true, _) => "What teams bring about, by quarters.".to_owned(),
        (_, 0) => "Nothing that waits for something else is known to be late.".to_owned(),
        (_, 1) => "One project waits for something that ends too late.".to_owned(),
        (_, n) => format!("{n} times something ends too late for what waits for it."),
    }
}

fn is_broken(one: &Dependency) -> bool {
    one.slack.is_some_and(|slack| slack < 0)
}

async fn filter(cx: &Cx, owners: &[Named<Person>]) -> Result<Markup> {
    let form = Form::refused(cx.texts.clone(), Vec::new());
    let owners: Vec<(String, String)> = owners.iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
    let teams = teams(cx).await?;
    let initiatives: Vec<(String, String)> = cx
        .read(ListInitiatives::default())
        .await?
        .into_iter()
        .map(|one| (one.initiative.id.to_string(), one.initiative.name))
        .collect();
    Ok(html! {
        auto-submit { form.roadmap-filter method="get" action="/roadmap" {
            (form.combo("team", "Team", "", Some("All teams"), &teams))
            (form.combo("owner", "Owner", "", Some("Anybody"), &owners))
            @if !initiatives.is_empty() { (form.combo("initiative", "Initiative", "", Some("All"), &initiatives)) }
            button.button.no-script { "Filter" }
        } }
    })
}

fn nothing(cx: &Cx) -> Markup {
    let filtered = ["team", "owner", "initiative"].iter().any(|name| !cx.text(name).is_empty());
    match filtered {
        true => empty("No project that goes on fits.", Some(("/roadmap", "Show all"))),
        false => empty(
            "There is no project. Begin one for work that takes more than a sprint, or more than one team.",
            Some(("/projects/new", "New project")),
        ),
    }
}

fn dependencies(found: &Roadmap) -> Markup {
    let all = &found.dependencies;
    html! { @if !all.is_empty() { section.card #dependencies {
        header { h2 { "What waits for what" } span.right.small.muted { "Between projects and teams, from the issues that block each other" } }
        ul.list.plain.wrapped { @for one in all { li {
            div.what { p { (one.says) } p.small.muted {
                @for (place, pair) in one.issues.iter().enumerate() {
                    @if place > 0 { ", " }
                    a.link href={ "/issues/" (pair.waits) } { (pair.waits) } " needs " a.link href={ "/issues/" (pair.first) } { (pair.first) }
                }
            } }
            (slack(one))
        } } }
        @if found.more_waits {
            footer { p.small.muted { "More issues wait for each other than can be looked at here. These follow from the 1,000 that were filed first." } }
        }
    } } }
}

fn slack(one: &Dependency) -> Markup {
    match one.slack {
        None => chip("line", "No date"),
        Some(days) if days < 0 => chip("bad", "Broken"),
        Some(0) => chip("warn", "No slack"),
        Some(1) => chip("warn", "1 day of slack"),
        Some(days) => chip("good", &format!("{days} days of slack")),
    }
}

fn table(cx: &Cx, all: &[Planned]) -> Markup {
    html! { section.card #table {
        header { h2 { "The same as a table" } }
        table.data.listed {
            caption.vh { "Projects by time" }
            thead { tr {
                th scope="col" { "Project" } th scope="col" { "From and to" } th scope="col" { "Milestones" }
                th scope="col" { "How it stands" } th scope="col" { "Progress" }
            } }
            tbody { @for one in all { @let project = &one.listed.project; tr id={ "row-" (project.id) } {
                td data-label="Project" {
                    a href=(project.href()) { (project.name) }
                    p.small.muted { (project.state.title()) @if !one.listed.teams.is_empty() { ", " (names(&one.listed.teams)) } }
                }
                td data-label="From and to" { @match picture::dates(project) { None => span.muted { "No dates" }, Some(words) => (words) } }
                td data-label="Milestones" {
                    @if one.milestones.is_empty() { span.muted { "None" } }
                    @for milestone in &one.milestones { p.small { a href=(milestone.href()) { (milestone.name) } @if let Some(target) = milestone.target { ", " (target.in_words()) } } }
                }
                td data-label="How it stands" { (health::brief(cx, one.listed.health.as_ref())) }
                td.nowrap data-label="Progress" { (bar(&format!("Progress of {}", project.name), one.listed.progress)) }
            } } }
        }
    } }
}
