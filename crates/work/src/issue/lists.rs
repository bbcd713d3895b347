//! The pages that list issues: those of a team, and all of them, by a query.
use super::{CompleteQuery, IssuePage, ListIssues, Listed, bulk, page, topic};
use crate::team::Category;
use axum::{http::header::CONTENT_TYPE, response::IntoResponse};
use kernel::{Error, Id, Team};
use people::team;
use ui::{Answer, Cx, Form, Head, Markup, avatar, chip, empty, html, icon, team_tabs};

/// `GET /teams/{team}/issues`
pub async fn of_team(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    let view = cx.read(team::ShowTeam { team }).await?;
    let (form, list) = found(&cx, Some(team)).await?;
    let home = format!("/teams/{team}");
    let new = format!("/issues/new?team={team}");
    let actions = html! {
        a.button href={ (home) "/issues/settings" } { "States and keys" }
        a.button.primary href=(new) data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let crumbs = vec![("/teams", "Teams"), (home.as_str(), view.team.name.as_str())];
    let lead = "What this team is to do, in its order.";
    let body = html! {
        (Head { crumbs, title: "Issues", lead, actions: Some(actions), ..Head::default() }.show())
        (team_tabs(&cx, team))
        (shown(&cx, &form, list.as_ref(), Some(team), &new))
    };
    Ok(cx.live_page(&format!("Issues of {}", view.team.name), &[&topic(team)], body))
}

/// `GET /issues`
pub async fn everywhere(cx: Cx) -> Answer {
    let (form, list) = found(&cx, None).await?;
    let actions = html! {
        a.button href="/labels" { "Labels" }
        a.button.primary href="/issues/new" data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let body = html! {
        (Head { title: "Issues", lead: "What all teams are to do.", actions: Some(actions), ..Head::default() }.show())
        (shown(&cx, &form, list.as_ref(), None, "/issues/new"))
    };
    Ok(cx.live_page("Issues", &["issue"], body))
}

/// What a list shows as long as nothing else is asked for.
const AT_FIRST: &str = "is:open";

/// The filter, and what it finds if it can be understood.
async fn found(cx: &Cx, team: Option<Id<Team>>) -> kernel::Result<(Form, Option<IssuePage>)> {
    let asked = cx.texts.iter().find(|(name, _)| name == "q").map_or(AT_FIRST, |(_, q)| q.as_str());
    let q = match team {
        Some(team) => format!("{asked} team:{team}"),
        None => asked.to_owned(),
    };
    let after = Some(cx.text("after").to_owned()).filter(|after| !after.is_empty());
    let texts = vec![("q".to_owned(), asked.to_owned())];
    match cx.read(ListIssues { q, after, limit: None }).await {
        Ok(list) => Ok((Form::refused(texts, Vec::new()), Some(list))),
        Err(Error::Invalid(flaws)) => Ok((Form::refused(texts, flaws), None)),
        Err(error) => Err(error),
    }
}

fn shown(cx: &Cx, form: &Form, list: Option<&IssuePage>, team: Option<Id<Team>>, new: &str) -> Markup {
    html! {
        div.stack {
            (filter(cx, form, &USUAL))
            @if let Some(list) = list {
                @if list.issues.is_empty() { (empty("Nothing here fits.", Some((new, "New issue")))) }
                @else { (bulk::around(team, &href_of(cx, &[("q", form.value("q"))]), section_of(cx, &list.issues))) }
                @if let Some(next) = &list.next { (ui::load_more(Some(&href_of(cx, &[("q", form.value("q")), ("after", next)])))) }
            }
        }
    }
}

/// This page with other parameters.
pub(super) fn href_of(cx: &Cx, pairs: &[(&str, &str)]) -> String {
    format!("{}?{}", cx.path, form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// Queries that are asked again and again.
const USUAL: [(&str, &str); 5] = [
    ("Open", "is:open"),
    ("Sprint", "sprint:current"),
    ("Mine", "assignee:me is:open"),
    ("Blocked", "blocked:yes"),
    ("By priority", "is:open sort:priority"),
];

/// The line in which a query is written, what is wrong about it, and queries to begin with.
pub(super) fn filter(cx: &Cx, form: &Form, usual: &[(&str, &str)]) -> Markup {
    let group = form.value("group");
    html! {
        div.stack.tight {
            form.toolbar method="get" action=(cx.path) role="search" {
                label.vh for="q" { "Which issues" }
                query-box.grow data-src="/issue-query/completion.json" { div.search { (icon("search")) input #q type="search" name="q" value=(form.value("q")) autocomplete="off" spellcheck="false"
                    data-key="f" data-key-label="Filter" aria-describedby=(if form.flaw("q").is_some() { "q-error" } else { "q-hint" })
                    aria-invalid=[form.flaw("q").map(|_| "true")]; } }
                @if !group.is_empty() { input type="hidden" name="group" value=(group); }
                button.button { "Show" }
            }
            @if let Some(sentence) = form.flaw("q") { p.error #q-error role="alert" { (sentence) } }
            @else { p.small.muted #q-hint { "Words and fields, such as " code { "assignee:me sprint:current -label:later updated:<5d time-in(review):>3d sort:rank" } } }
            nav.segments aria-label="Which issues" { @for (words, q) in usual {
                a href=(href_of(cx, &[("q", q)])) aria-current=[(form.value("q") == *q).then_some("true")] { (words) }
            } }
        }
    }
}

/// `GET /issue-query/completion.json`
pub async fn completion(cx: Cx) -> Answer {
    let found = cx.read_here::<CompleteQuery>().await?;
    let text = serde_json::to_string(&found).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}

fn section_of(cx: &Cx, issues: &[Listed]) -> Markup {
    html! { section.card { (table(cx, issues)) } }
}

/// The rows of a list.
fn table(cx: &Cx, issues: &[Listed]) -> Markup {
    html! {
        table.data.listed {
            caption.vh { "Issues" }
            thead { tr {
                th scope="col" { span.vh { "Choose" } } th scope="col" { "Key" } th.w-full scope="col" { "Title" } th scope="col" { "State" } th.n scope="col" { "Estimate" }
                th.nowrap scope="col" { "In state" } th scope="col" { "Assignee" }
            } }
            tbody { @for Listed { issue, labels } in issues { tr id={ "issue-" (issue.id) } {
                td { input type="checkbox" name="issues" value=(issue.id) aria-label={ "Choose " (issue.key) }; }
                td.muted.nowrap { (issue.key) }
                td data-label="Title" {
                    a href=(issue.href()) { (issue.title) }
                    @for label in labels { " " (chip("line", &label.name)) }
                    @if issue.blocked_since.is_some() { " " (chip("bad", "Blocked")) }
                }
                td data-label="State" { (chip(issue.category.look(), &issue.state_name)) }
                td.n data-label="Estimate" { (issue.size().unwrap_or_default()) }
                td.muted.nowrap data-label="In state" { @if issue.category == Category::Started { (page::days(cx.now(), issue.state_since)) } }
                td data-label="Assignee" { @if let (Some(id), Some(name)) = (&issue.assignee_id, &issue.assignee_name) {
                    span title=(name) { (avatar(id, name)) span.vh { (name) } }
                } }
            } } }
        }
    }
}
