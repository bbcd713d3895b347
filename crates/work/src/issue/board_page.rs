//! The board of a team.
use super::{
    Board, Column, Group, Grouping, Listed, ShowBoard,
    board::{OPEN, RUNNING},
    bulk,
    lists::{filter, href_with},
    picker, topic,
};
use crate::{
    team::Category,
    view::{Asked, Layout},
};
use axum::response::{IntoResponse, Redirect};
use kernel::{Error, Id, Team};
use ui::{Answer, Cx, Form, Head, Markup, chip, html, icon, team_tabs};

/// `GET /teams/{team}/board`
pub async fn show(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    let mut asked = Asked::read(&cx, Some(team), Layout::Board).await?;
    if let Some(there) = asked.elsewhere(&cx) {
        return Ok(Redirect::to(&there).into_response());
    }
    let board = found(&cx, team, &mut asked).await?;
    let name = board.as_ref().map_or("The team", |board| board.team_name.as_str());
    let home = format!("/teams/{team}");
    let new = format!("/issues/new?team={team}");
    let actions = html! {
        a.button href={ (home) "/sprints" } { "Sprints" }
        a.button.primary href=(new) data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
    };
    let crumbs = vec![("/teams", "Teams"), (home.as_str(), name)];
    let wrong = board.as_ref().err();
    let body = html! {
        (Head { crumbs, title: "Board", lead: "Where everything is.", actions: Some(actions), ..Head::default() }.show())
        (team_tabs(&cx, team))
        div.stack {
            div.stack.tight {
                (filter(&cx, &asked, wrong, &USUAL))
                @if let Ok(board) = &board { (groups(&cx, &asked, board.group)) }
            }
            @if let Ok(board) = &board { (whole(&cx, team, board)) }
        }
    };
    Ok(cx.live_page(&format!("Board of {name}"), &[&topic(team), "sprint"], body))
}

/// Queries that are asked again and again.
const USUAL: [(&str, &str); 4] = [("Sprint", RUNNING), ("Open", OPEN), ("Mine", "assignee:me is:open"), ("All", "")];

/// What the query finds, or what is wrong about it.
async fn found(cx: &Cx, team: Id<Team>, asked: &mut Asked) -> kernel::Result<Result<Board, Form>> {
    let limit = cx.input::<ShowBoard>()?.limit;
    match cx.read(ShowBoard { team, q: asked.q.clone(), group: asked.group, subgroup: None, limit }).await {
        Ok(board) => {
            asked.q = Some(board.q.clone());
            Ok(Ok(board))
        }
        Err(Error::Invalid(flaws)) => Ok(Err(Form::refused(Vec::new(), flaws))),
        Err(error) => Err(error),
    }
}

fn groups(cx: &Cx, asked: &Asked, group: Grouping) -> Markup {
    html! {
        nav.segments aria-label="Columns" { @for one in Group::OF_BOARDS {
            a href=(href_with(cx, &[("q", asked.query()), ("group", one.word())])) aria-current=[(Grouping::By(one) == group).then_some("true")] { (one.says()) }
        } }
    }
}

fn whole(cx: &Cx, team: Id<Team>, board: &Board) -> Markup {
    html! {
        issue-board data-field=(board.group) {
            span hidden data-listed="arrowleft arrowright" data-key-label="Go to the column beside" {}
            div.board role="list" aria-label="Columns" {
                @for column in board.columns.iter().filter(|column| is_shown(column)) { (lane(cx, board.group, column)) }
            }
            form.desk-only #chosen method="get" action="/issue-edits/new" { (bulk::foot(Some(team), &href_with(cx, &[]))) }
            (moves(cx, team, board))
        }
    }
}

/// Where work waits before and after the board, a column is only there with cards in it.
fn is_shown(column: &Column) -> bool {
    let aside = matches!(column.category, Some(Category::Triage | Category::Backlog | Category::Cancelled));
    !aside || column.count > 0
}

fn lane(cx: &Cx, group: Grouping, column: &Column) -> Markup {
    let id = if column.value.is_empty() { "nobody" } else { &column.value };
    let more = column.count - column.issues.len() as i64;
    let limit = (column.issues.len() + 50).min(200).to_string();
    let href = href_with(cx, &[("limit", limit.as_str())]);
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

fn card(group: Grouping, Listed { issue, labels, .. }: &Listed) -> Markup {
    html! {
        li.ticket id={ "card-" (issue.id) } data-issue=(issue.id) data-title={ (issue.key) " " (issue.title) } tabindex="-1" {
            div.row {
                span.key.muted.small { (issue.key) }
                span.row.right {
                    input.desk-only type="checkbox" name="issues" value=(issue.id) form="chosen" aria-label={ "Choose " (issue.key) };
                    button.grip.button.quiet.icon-only.script-only type="button" aria-label={ "Move " (issue.key) } title="Drag, or move with the arrow keys" { (icon("grip")) }
                }
            }
            p { a href=(issue.href()) { (issue.title) } }
            footer {
                span data-shows="estimate" { @if let Some(size) = issue.size() { (chip("", &size)) } }
                @if group != Grouping::By(Group::State) { (picker::state(issue)) }
                (picker::priority(issue))
                @if issue.blocked_since.is_some() { (chip("bad", "Blocked")) }
                (picker::labels(labels))
                span.right { (picker::assignee(issue, true)) }
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
                select #column name=(board.group) required { option value="" { "Into which column" }
                    @for column in board.columns.iter().filter(|column| !column.value.is_empty()) { option value=(column.value) { (column.name) } } }
                button.button { "Move" }
            }
        } }
    }
}
