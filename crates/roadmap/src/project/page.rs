//! The page of a project: what it is for, its milestones with their issues, and what stands in the way.
use super::{MilestoneView, ProjectView, ShowProject, show::Contents};
use crate::{
    health,
    held::{Blocked, Item, Progress},
};
use kernel::{Id, Milestone};
use people::person::Named;
use ui::{Answer, Cx, Head, Markup, chip, empty, facts, html, icon, person_link, prose};

/// `GET /projects/{project}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowProject>().await?;
    let body = body(&cx, &view).await?;
    let id = view.project.id.to_string();
    Ok(cx.live_page(&view.project.name, &[&id, "issue"], body))
}

async fn body(cx: &Cx, view: &ProjectView) -> kernel::Result<Markup> {
    let project = &view.project;
    let edit = format!("{}/edit", project.href());
    let actions = html! {
        a.button href={ "/issues/new?project=" (project.id) } { "New issue" }
        @if view.may_change {
            a.button href={ "/project-health/" (project.id) } { "Say how it stands" }
            a.button href={ (project.href()) "/milestones/new" } { "Add a milestone" }
            a.button.primary href=(edit) data-key="e" data-key-label="Edit the project" { "Edit" kbd { "E" } }
        }
    };
    let head = Head {
        crumbs: vec![("/projects", "Projects")],
        title: &project.name,
        actions: Some(actions),
        ..Head::default()
    };
    let conversation = cx.conversation("project", project.id).await?;
    Ok(html! {
        (head.show())
        div.cols {
            div.stack {
                (about(view))
                (health::card(cx, view))
                (blocked(&view.blocked))
                @for milestone in &view.milestones { (milestone_card(view, milestone)) }
                (others(view))
                (code(cx, view))
                (conversation)
            }
            div.stack { (state(view)) (ui::asides(&view.asides)) (people(&view.people)) }
        }
    })
}

/// How far something is, as a bar with the number beside it.
pub(crate) fn bar(label: &str, progress: Progress) -> Markup {
    html! {
        @if progress.all == 0 { span.muted { (progress.in_words()) } }
        @else { span.row.gap-2 {
            progress.w-xs aria-label=(label) max=(progress.all) value=(progress.done) { (progress.in_words()) }
            span.num.small { (progress.done) " of " (progress.all) }
        } }
    }
}

fn about(view: &ProjectView) -> Markup {
    html! {
        section.card #about { div.body {
            @if view.about.is_empty() {
                p.muted { "Nobody has written yet what this is for."
                    @if view.may_change { " " a.link href={ (view.project.href()) "/edit" } { "Write it down" } } }
            } @else { div.prose.compact { (prose(&view.about)) } }
        } }
    }
}

fn state(view: &ProjectView) -> Markup {
    let project = &view.project;
    let none = || html! { span.muted { "None" } };
    let owner = match (&project.owner_id, &project.owner_name) {
        (Some(id), Some(name)) => person_link(id, name),
        _ => html! { span.muted { "Nobody" } },
    };
    let initiative = match (&project.initiative_id, &project.initiative_name) {
        (Some(id), Some(name)) => html! { a.link href={ "/initiatives/" (id) } { (name) } },
        _ => none(),
    };
    let teams = html! {
        @if view.teams.is_empty() { (none()) }
        @for (place, team) in view.teams.iter().enumerate() {
            @if place > 0 { ", " } a.link href={ "/teams/" (team.id) } { (team.name) }
        }
    };
    let pairs = [
        ("State", chip(project.state.look(), project.state.title())),
        ("Owner", owner),
        ("Teams", teams),
        ("Initiative", initiative),
        ("Start", project.start.map_or_else(none, |start| html! { (start.in_words()) })),
        ("Target", project.target.map_or_else(none, |target| html! { (target.in_words()) })),
        ("Progress", bar("Progress of the project", view.progress)),
        ("Priority", html! { a.link href={ (project.href()) "/judgements" } { "What goes into it" } }),
    ];
    let all = issues_of(&format!("project:{}", project.id));
    html! { section.card #state {
        header { h2 { "Where it stands" } a.link.right.small href=(all) { "All its issues" } }
        div.body { (facts(&pairs)) }
    } }
}

fn milestone_card(view: &ProjectView, one: &MilestoneView) -> Markup {
    let milestone = &one.milestone;
    html! {
        section.card id={ "milestone-" (milestone.id) } {
            header {
                h2 { a href=(milestone.href()) { (milestone.name) } }
                span.right.row.gap-2.wrap {
                    @if let Some(target) = milestone.target { span.small.muted { (target.in_words()) } }
                    @if one.contents.progress.all > 0 { (bar(&format!("Progress of {}", milestone.name), one.contents.progress)) }
                    @if view.may_change {
                        a.button.quiet.icon-only.small href={ "/milestones/" (milestone.id) "/edit" } aria-label={ "Edit " (milestone.name) } title="Edit" { (icon("pencil")) }
                    }
                }
            }
            @if one.contents.issues.is_empty() { div.body { p.muted { "No issue is in it yet. Set it on an issue with the key O, or on its page." } } }
            (contents(&one.contents, &query(view, Some(milestone.id))))
        }
    }
}

fn others(view: &ProjectView) -> Markup {
    let none_yet = view.others.issues.is_empty() && view.milestones.is_empty();
    html! {
        @if none_yet { (empty("No issue is in this project yet. Set it on an issue with the key O, or create one here.", Some((&format!("/issues/new?project={}", view.project.id), "New issue")))) }
        @if !view.others.issues.is_empty() { section.card #others {
            header { h2 { @if view.milestones.is_empty() { "Issues" } @else { "In no milestone" } }
                @if view.others.progress.all > 0 { span.right { (bar("Progress of what is in no milestone", view.others.progress)) } } }
            (contents(&view.others, &query(view, None)))
        } }
    }
}

/// Where all issues of a milestone are listed, or those in none.
fn query(view: &ProjectView, milestone: Option<Id<Milestone>>) -> String {
    let milestone = milestone.map_or("none".to_owned(), |id| id.to_string());
    issues_of(&format!("project:{} milestone:{milestone}", view.project.id))
}

/// Where issues are listed by a query.
pub(crate) fn issues_of(q: &str) -> String {
    format!("/issues?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish())
}

fn contents(contents: &Contents, all: &str) -> Markup {
    lines(&contents.issues, contents.count, all)
}

/// Issues, and where all of them are listed if these are only the first.
pub(crate) fn lines(issues: &[Item], count: i64, all: &str) -> Markup {
    html! {
        @if !issues.is_empty() { ul.list.plain { @for item in issues { (line(item)) } } }
        @if count > issues.len() as i64 { footer { a.link href=(all) { "All " (count) " issues" } } }
    }
}

fn line(item: &Item) -> Markup {
    html! {
        li id={ "issue-" (item.key) } {
            div.what {
                p { a href={ "/issues/" (item.key) } { span.muted { (item.key) } " " (item.title) } }
                @if let Some(name) = &item.assignee_name { p.small.muted { (name) } }
            }
            span.row.gap-1 { @if item.blocked { (chip("bad", "Blocked")) } (chip(look(&item.category), &item.state_name)) }
        }
    }
}

/// How a chip of a state looks, by what it means.
fn look(category: &str) -> &'static str {
    match category {
        "triage" => "warn",
        "started" => "info",
        "done" => "good",
        "unstarted" => "",
        _ => "line",
    }
}

fn blocked(all: &[Blocked]) -> Markup {
    html! { @if !all.is_empty() { section.card #blocked {
        header { h2 { "What is blocked" } span.right.small.muted { (all.len()) } }
        ul.list.plain { @for one in all { li { div.what {
            p { a href={ "/issues/" (one.key) } { span.muted { (one.key) } " " (one.title) } }
            p.small { "Waits for " a.link href={ "/issues/" (one.by_key) } { (one.by_key) " " (one.by_title) } " of " (one.by_team)
                @if let Some(project) = &one.by_project { ", in " (project) } }
        } } } }
    } } }
}

/// The newest pull requests, and that they stopped.
fn code(cx: &Cx, view: &ProjectView) -> Markup {
    html! { @if !view.code.is_empty() { section.card #code {
        header { h2 { "Pull requests" } @if let Some(quiet) = &view.quiet { span.right { (chip("warn", &format!("None for {} weeks", quiet.weeks))) } } }
        @if let Some(quiet) = &view.quiet { div.body { p { (quiet.basis()) ". Of twenty projects that go on as before, one at most would say so by chance." } } }
        (ui::code_changes(cx, &view.code))
        footer.small.muted { "The newest ones that are the work on its issues, by the keys in their titles, branches and texts." }
    } } }
}

fn people(people: &[Named<kernel::Person>]) -> Markup {
    html! { section.card #people {
        header { h2 { "Who takes part" } }
        @if people.is_empty() { div.body { p.muted { "Nobody has an issue of it yet." } } }
        @else { ul.list.plain { @for person in people { li { (person_link(&person.id, &person.name)) } } } }
    } }
}
