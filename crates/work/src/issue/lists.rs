//! The pages that list issues: those of a team, and all of them, by a query or a saved view.
use super::{Board, CompleteQuery, Group, Grouping, IssuePage, ListIssues, ShowBoard, bulk, table, topic};
use crate::{
    custom::{FieldView, ListFields},
    view::{self, Asked, Column, Layout},
};
use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Redirect},
};
use kernel::{Error, Id, Team};
use people::{access::cares_for_people, team};
use ui::{Answer, Cx, Form, Head, Markup, empty, html, icon, team_tabs};

/// What a list shows as long as nothing else is asked for.
const AT_FIRST: &str = "is:open";

/// `GET /teams/{team}/issues`
pub async fn of_team(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    let view = cx.read(team::ShowTeam { team }).await?;
    let mut asked = Asked::read(&cx, Some(team), Layout::List).await?;
    if let Some(there) = asked.elsewhere(&cx) {
        return Ok(Redirect::to(&there).into_response());
    }
    let fields = offered(&cx, &asked).await?;
    asked.without_strangers(&fields);
    let found = found(&cx, &mut asked).await?;
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
        (shown(&cx, &asked, &found, &fields, &new))
    };
    Ok(cx.live_page(&format!("Issues of {}", view.team.name), &[&topic(team)], body))
}

/// `GET /issues`
pub async fn everywhere(cx: Cx) -> Answer {
    let mut asked = Asked::read(&cx, None, Layout::List).await?;
    if let Some(there) = asked.elsewhere(&cx) {
        return Ok(Redirect::to(&there).into_response());
    }
    let fields = offered(&cx, &asked).await?;
    asked.without_strangers(&fields);
    let found = found(&cx, &mut asked).await?;
    let actions = html! {
        a.button href="/labels" { "Labels" }
        a.button href="/custom-fields" { "Fields" }
        a.button.primary href="/issues/new" data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let body = html! {
        (Head { title: "Issues", lead: "What all teams are to do.", actions: Some(actions), ..Head::default() }.show())
        (shown(&cx, &asked, &found, &fields, "/issues/new"))
    };
    Ok(cx.live_page("Issues", &["issue"], body))
}

/// What a query finds, or what is wrong about it.
enum Found {
    Page(IssuePage),
    Groups(Board),
    Wrong(Form),
}

async fn found(cx: &Cx, asked: &mut Asked) -> kernel::Result<Found> {
    let q = asked.q.get_or_insert_with(|| AT_FIRST.to_owned()).clone();
    let found = match (asked.team, asked.group) {
        (Some(team), Some(group)) => {
            let (limit, subgroup) = (cx.input::<ShowBoard>()?.limit, asked.subgroup);
            let board = ShowBoard { team, q: Some(q.clone()), group: Some(group), subgroup, limit };
            cx.read(board).await.map(Found::Groups)
        }
        (team, _) => {
            let after = Some(cx.text("after").to_owned()).filter(|after| !after.is_empty());
            cx.read(ListIssues { q: q.clone(), team, after, limit: None }).await.map(Found::Page)
        }
    };
    match found {
        Err(Error::Invalid(flaws)) => Ok(Found::Wrong(Form::refused(vec![("q".to_owned(), q)], flaws))),
        found => found,
    }
}

/// For those who may, where a team has nothing to show as it begins.
fn bring_over(cx: &Cx, asked: &Asked) -> Markup {
    let Some(team) = asked.team.filter(|_| cx.text("q").is_empty() && cares_for_people(cx.actor())) else {
        return html! {};
    };
    html! { p.small { a.link href={ "/issue-imports/new?team=" (team) } { "Bring issues over from Jira, Linear or Shortcut" } } }
}

/// The fields that can be columns here, which are few.
async fn offered(cx: &Cx, asked: &Asked) -> kernel::Result<Vec<FieldView>> {
    cx.read(ListFields { team: asked.team, all: false }).await
}

fn shown(cx: &Cx, asked: &Asked, found: &Found, fields: &[FieldView], new: &str) -> Markup {
    let columns = table::Columns::of(asked, fields);
    let list = match found {
        Found::Page(page) if page.issues.is_empty() => {
            html! { (empty("Nothing here fits.", Some((new, "New issue")))) (bring_over(cx, asked)) }
        }
        Found::Page(page) => html! {
            (bulk::around(asked.team, &href_with(cx, &[]), table::table(cx, &columns, &page.issues)))
            @if let Some(next) = &page.next { (ui::load_more(Some(&href_with(cx, &[("after", next)])))) }
        },
        Found::Groups(board) if board.columns.iter().all(|group| group.count == 0) => {
            html! { (empty("Nothing here fits.", Some((new, "New issue")))) }
        }
        Found::Groups(board) => {
            let innermost = board.columns.iter().flat_map(|group| [group].into_iter().chain(&group.groups));
            let most = innermost.map(|group| group.issues.len()).max().unwrap_or_default();
            let more = href_with(cx, &[("limit", &(most + 50).min(200).to_string())]);
            bulk::around(asked.team, &href_with(cx, &[]), table::grouped(cx, &columns, board, &more))
        }
        Found::Wrong(_) => html! {},
    };
    let wrong = if let Found::Wrong(form) = found { Some(form) } else { None };
    html! {
        div.stack {
            div.stack.tight {
                (filter(cx, asked, wrong, &USUAL))
                (layout(cx, asked, fields))
            }
            (list)
        }
    }
}

/// By what a list is grouped, and its columns.
fn layout(cx: &Cx, asked: &Asked, fields: &[FieldView]) -> Markup {
    let groups = Group::ALL.iter().map(|one| (one.word(), one.says()));
    let groups = [("", "No groups")].into_iter().chain(groups);
    let group = asked.group.map(|one| one.to_string()).unwrap_or_default();
    html! {
        div.row.wrap.gap-2 {
            @if asked.team.is_some() {
                nav.segments aria-label="Groups" { @for (word, words) in groups {
                    a href=(href_with(cx, &[("q", asked.query()), ("group", word)])) aria-current=[(word == group).then_some("true")] { (words) }
                } }
                (more_groups(cx, asked, fields))
            }
            details.menu.left name="menu" {
                summary.button.quiet.small { "Columns" }
                div.panel { form.form method="get" action=(cx.path) {
                    @for (name, text) in kept(cx, &["columns", "fields", "after"]) { input type="hidden" name=(name) value=(text); }
                    fieldset.choices { legend.vh { "Columns" }
                        @for column in Column::ALL { label.choice {
                            input type="checkbox" name="columns" value=(column.word()) checked[asked.columns.contains(column)];
                            span { (column.title()) }
                        } }
                        @for FieldView { field, .. } in fields { label.choice {
                            input type="checkbox" name="fields" value=(field.id) checked[asked.fields.contains(&field.id)];
                            span { (field.name) }
                        } }
                    }
                    button.button.small { "Show these" }
                } }
            }
        }
    }
}

/// Groups by the fields of the team, and groups within groups.
fn more_groups(cx: &Cx, asked: &Asked, fields: &[FieldView]) -> Markup {
    let offered = || {
        let usual = Group::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned()));
        usual.chain(fields.iter().map(|one| (one.field.id.to_string(), one.field.name.clone())))
    };
    let select = |name: &str, label: &str, none: &str, chosen: Option<Grouping>| {
        let chosen = chosen.map(|one| one.to_string()).unwrap_or_default();
        html! { div.field { label for=(name) { (label) } select id=(name) name=(name) {
            option value="" { (none) }
            @for (word, title) in offered() { option value=(word) selected[word == chosen] { (title) } }
        } } }
    };
    html! {
        details.menu.left name="menu" {
            summary.button.quiet.small { "More groups" }
            div.panel { form.form method="get" action=(cx.path) {
                @for (name, text) in kept(cx, &["group", "subgroup", "after"]) { input type="hidden" name=(name) value=(text); }
                (select("group", "Group by", "No groups", asked.group))
                (select("subgroup", "And within each group", "Nothing", asked.subgroup))
                button.button.small { "Show these" }
            } }
        }
    }
}

/// What the address of this page says, but for some names.
fn kept<'c>(cx: &'c Cx, without: &[&str]) -> Vec<(&'c str, &'c str)> {
    let known = ["q", "view", "group", "subgroup", "columns", "fields", "limit", "after"];
    let all = cx.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    all.filter(|(name, _)| known.contains(name) && !without.contains(name)).collect()
}

/// This page with other parameters; the place in a list is given anew.
pub(super) fn href_with(cx: &Cx, pairs: &[(&str, &str)]) -> String {
    let mut named: Vec<&str> = pairs.iter().map(|(name, _)| *name).collect();
    named.push("after");
    href_of(cx, &[kept(cx, &named).as_slice(), pairs].concat())
}

/// This page with these parameters.
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

/// The line in which a query is written, what is wrong about it, and queries and views to begin with.
pub(super) fn filter(cx: &Cx, asked: &Asked, wrong: Option<&Form>, usual: &[(&str, &str)]) -> Markup {
    let flaw = wrong.and_then(|form| form.flaw("q"));
    html! {
        div.stack.tight {
            form.toolbar method="get" action=(cx.path) role="search" {
                label.vh for="q" { "Which issues" }
                query-box.grow data-src="/issue-query/completion.json" { div.search { (icon("search")) input #q type="search" name="q" value=(asked.query()) autocomplete="off" spellcheck="false"
                    data-key="f" data-key-label="Filter" aria-describedby=(if flaw.is_some() { "q-error" } else { "q-hint" })
                    aria-invalid=[flaw.map(|_| "true")]; } }
                @for (name, text) in kept(cx, &["q", "after", "limit"]) { input type="hidden" name=(name) value=(text); }
                button.button { "Show" }
            }
            @if let Some(sentence) = flaw { p.error #q-error role="alert" { (sentence) } }
            @else { p.small.muted #q-hint { "Words and fields, such as " code { "assignee:me (sprint:current or is:open) -label:later updated:<5d time-in(review):>3d sort:rank" } } }
            div.row.wrap.gap-2 {
                nav.segments aria-label="Which issues" { @for (words, q) in usual {
                    a href=(href_of(cx, &[("q", q)])) aria-current=[(asked.view.is_none() && asked.query() == *q).then_some("true")] { (words) }
                } }
                (view::bar(cx, asked))
            }
        }
    }
}

/// `GET /issue-query/completion.json`
pub async fn completion(cx: Cx) -> Answer {
    let found = cx.read_here::<CompleteQuery>().await?;
    let text = serde_json::to_string(&found).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}
