//! The board of a team.
use super::{
    Board, Column, Group, Listed, ShowBoard,
    board::{OPEN, RUNNING},
    lists::{filter, href_of},
    topic,
};
use crate::team::Category;
use kernel::{Error, Id, Team};
use ui::{Answer, Cx, Form, Head, Markup, avatar_small, chip, html, icon, team_tabs};

/// `GET /teams/{team}/board`
pub async fn show(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    let (form, board) = found(&cx, team).await?;
    let name = board.as_ref().map_or("The team", |board| board.team_name.as_str());
    let home = format!("/teams/{team}");
    let new = format!("/issues/new?team={team}");
    let actions = html! {
        a.button href={ (home) "/sprints" } { "Sprints" }
        a.button.primary href=(new) data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let crumbs = vec![("/teams", "Teams"), (home.as_str(), name)];
    let body = html! {
        (Head { crumbs, title: "Board", lead: "Where everything is.", actions: Some(actions), ..Head::default() }.show())
        (team_tabs(&cx, team))
        div.stack {
            (filter(&cx, &form, &[("Sprint", RUNNING), ("Open", OPEN), ("Mine", "assignee:me is:open"), ("All", "")]))
            @if let Some(board) = &board { (groups(&cx, &form, board.group)) (whole(&cx, team, board)) }
        }
    };
    Ok(cx.live_page(&format!("Board of {name}"), &[&topic(team), "sprint"], body))
}

/// The filter, and what it finds if it can be understood.
async fn found(cx: &Cx, team: Id<Team>) -> kernel::Result<(Form, Option<Board>)> {
    let group = Some(cx.text("group")).filter(|group| !group.is_empty()).map(str::parse).transpose();
    let group: Option<Group> = group.map_err(|_| Error::NotFound)?;
    let limit = cx.text("limit").parse().ok();
    let asked = cx.texts.iter().find(|(name, _)| name == "q").map(|(_, q)| q.clone());
    let texts = |q: String| vec![("q".to_owned(), q), ("group".to_owned(), cx.text("group").to_owned())];
    match cx.read(ShowBoard { team, q: asked.clone(), group, limit }).await {
        Ok(board) => Ok((Form::refused(texts(board.q.clone()), Vec::new()), Some(board))),
        Err(Error::Invalid(flaws)) => Ok((Form::refused(texts(asked.unwrap_or_default()), flaws), None)),
        Err(error) => Err(error),
    }
}

fn groups(cx: &Cx, form: &Form, group: Group) -> Markup {
    let words = ["By state", "By person", "By priority"];
    html! {
        nav.segments aria-label="Columns" { @for (one, words) in Group::ALL.iter().zip(words) {
            a href=(href_of(cx, &[("q", form.value("q")), ("group", one.word())])) aria-current=[(*one == group).then_some("true")] { (words) }
        } }
    }
}

fn whole(cx: &Cx, team: Id<Team>, board: &Board) -> Markup {
    html! {
        issue-board data-field=(board.group.word()) {
            div.board role="list" aria-label="Columns" {
                @for column in board.columns.iter().filter(|column| is_shown(column)) { (lane(cx, board.group, column)) }
            }
            (moves(cx, team, board))
        }
    }
}

/// Where work waits before and after the board, a column is only there with cards in it.
fn is_shown(column: &Column) -> bool {
    let aside = matches!(column.category, Some(Category::Triage | Category::Backlog | Category::Cancelled));
    !aside || column.count > 0
}

fn lane(cx: &Cx, group: Group, column: &Column) -> Markup {
    let id = if column.value.is_empty() { "nobody" } else { &column.value };
    let more = column.count - column.issues.len() as i64;
    let limit = (column.issues.len() + 50).min(200).to_string();
    let pairs: Vec<(&str, &str)> =
        ["q", "group"].iter().map(|name| (*name, cx.text(name))).filter(|(_, text)| !text.is_empty()).collect();
    let href = href_of(cx, &[pairs, vec![("limit", limit.as_str())]].concat());
    html! {
        section.lane id={ "lane-" (id) } role="listitem" data-value=(column.value) aria-label={ (column.name) ", " (column.count) } {
            header { h2 { (column.name) } span.muted.small.num { (column.count) } }
            ol.cards { @for listed in &column.issues { (card(group, listed)) } }
            @if more > 0 {
                @if column.issues.len() < 200 { a.link.small href=(href) { "Show more of " (more) } }
                @else { p.small.muted { (more) " more. Narrow the filter to see them." } }
            }
        }
    }
}

fn card(group: Group, Listed { issue, labels }: &Listed) -> Markup {
    html! {
        li.ticket id={ "card-" (issue.id) } data-issue=(issue.id) data-title={ (issue.key) " " (issue.title) } tabindex="-1" {
            div.row {
                span.key.muted.small { (issue.key) }
                button.grip.button.quiet.icon-only.script-only type="button" aria-label={ "Move " (issue.key) } title="Drag, or move with the arrow keys" { (icon("grip")) }
            }
            p { a href=(issue.href()) { (issue.title) } }
            footer {
                @if let Some(size) = issue.size() { (chip("", &size)) }
                @if group != Group::State { (chip(issue.category.look(), &issue.state_name)) }
                @if issue.priority == super::Priority::Urgent { (chip("bad", "Urgent")) }
                @if issue.blocked_since.is_some() { (chip("bad", "Blocked")) }
                @for label in labels { (chip("line", &label.name)) }
                @if let (Some(id), Some(name)) = (&issue.assignee_id, &issue.assignee_name) {
                    span.right title=(name) { (avatar_small(id, name)) span.vh { (name) } }
                }
            }
        }
    }
}

/// The form by which cards are moved without a pointer and without script; dragging sends it as well.
fn moves(cx: &Cx, team: Id<Team>, board: &Board) -> Markup {
    let cards = board.columns.iter().flat_map(|column| &column.issues);
    html! {
        details.fold { summary { "Move a card without dragging" } div.body {
            form.toolbar method="post" action={ "/teams/" (team) "/board/moves" } {
                (ui::token(cx))
                label.vh for="issue" { "Card" }
                select #issue name="issue" required { option value="" { "Which card" }
                    @for Listed { issue, .. } in cards { option value=(issue.id) { (issue.key) " " (issue.title) } } }
                label.vh for="column" { "Into" }
                select #column name=(board.group.word()) required { option value="" { "Into which column" }
                    @for column in board.columns.iter().filter(|column| !column.value.is_empty()) { option value=(column.value) { (column.name) } } }
                button.button { "Move" }
            }
        } }
    }
}
