//! The rows of a list of issues, in the columns that are asked for, in groups or not.
use super::{Board, Issue, Listed, board, page, picker, project};
use crate::{
    custom::{CustomField, FieldView, Held, Kind},
    team::Category,
    view::{Asked, Column},
};
use kernel::Id;
use ui::{Cx, Markup, ago, chip, date_long, html};

/// What stands beside the title: columns of every issue, and behind them fields that were added.
pub(super) struct Columns<'c> {
    own: &'c [Column],
    fields: Vec<&'c CustomField>,
}

impl<'c> Columns<'c> {
    pub fn of(asked: &'c Asked, offered: &'c [FieldView]) -> Columns<'c> {
        let named = |id: &Id<CustomField>| offered.iter().map(|view| &view.field).find(|field| field.id == *id);
        Columns { own: &asked.columns, fields: asked.fields.iter().filter_map(named).collect() }
    }

    fn contains(&self, column: Column) -> bool {
        self.own.contains(&column)
    }
}

pub(super) fn table(cx: &Cx, columns: &Columns<'_>, issues: &[Listed]) -> Markup {
    html! { section.card { table.data.listed {
        (head(columns))
        tbody { @for listed in issues { (row(cx, columns, listed, &format!("issue-{}", listed.issue.id))) } }
    } } }
}

/// A part of the table for each group that has issues, with how many there are; `more` leads to the next ones of all.
pub(super) fn grouped(cx: &Cx, columns: &Columns<'_>, board: &Board, more: &str) -> Markup {
    html! { section.card { table.data.listed {
        (head(columns))
        @for group in board.columns.iter().filter(|group| group.count > 0) {
            (part(cx, columns, group, &place(group), more, false))
            @for within in &group.groups {
                (part(cx, columns, within, &format!("{}-{}", place(group), place(within)), more, true))
            }
        }
    } } }
}

fn place(group: &board::Column) -> String {
    if group.value.is_empty() { "nobody".to_owned() } else { group.value.clone() }
}

fn part(cx: &Cx, columns: &Columns<'_>, group: &board::Column, place: &str, more: &str, within: bool) -> Markup {
    let width = columns.own.len() + columns.fields.len() + 2;
    let hidden = if group.groups.is_empty() { group.count - group.issues.len() as i64 } else { 0 };
    html! {
        tbody id={ "group-" (place) } {
            tr.group.within[within] { th colspan=(width) scope="rowgroup" {
                (group.name) " " span.muted.num { (group.count) }
                @if hidden > 0 && group.issues.len() < 200 { " " a.link.small href=(more) { "Show more of " (hidden) } }
                @if hidden > 0 && group.issues.len() >= 200 { " " span.muted.small { (hidden) " more. Narrow the filter to see them." } }
            } }
            // An issue with two labels stands in two groups.
            @for listed in &group.issues { (row(cx, columns, listed, &format!("issue-{}-{place}", listed.issue.id))) }
        }
    }
}

fn head(columns: &Columns<'_>) -> Markup {
    html! {
        caption.vh { "Issues" }
        thead { tr {
            th scope="col" { span.vh { "Choose" } }
            @if columns.contains(Column::Key) { th scope="col" { "Key" } }
            th.w-full scope="col" { "Title" }
            @for column in columns.own.iter().filter(|column| **column != Column::Key) {
                th.nowrap.n[*column == Column::Estimate] scope="col" { (column.title()) }
            }
            @for field in &columns.fields { th.n[field.kind == Kind::Number] scope="col" { (field.name) } }
        } }
    }
}

fn row(cx: &Cx, columns: &Columns<'_>, Listed { issue, labels, fields }: &Listed, id: &str) -> Markup {
    html! {
        tr id=(id) data-issue=(issue.id) data-title={ (issue.key) " " (issue.title) } tabindex="-1" {
            td { input type="checkbox" name="issues" value=(issue.id) aria-label={ "Choose " (issue.key) }; }
            @if columns.contains(Column::Key) { td.muted.nowrap { (issue.key) } }
            td data-label="Title" {
                a href=(issue.href()) { (issue.title) }
                @if !columns.contains(Column::Priority) { " " (picker::priority(issue)) }
                " " (picker::labels(labels))
                @if issue.blocked_since.is_some() { " " (chip("bad", "Blocked")) }
            }
            @for column in columns.own.iter().filter(|column| **column != Column::Key) {
                td.nowrap[!matches!(column, Column::Sprint | Column::Project)].n[*column == Column::Estimate] data-label=(column.title()) { (cell(cx, *column, issue)) }
            }
            @for field in &columns.fields {
                td.n[field.kind == Kind::Number] data-label=(field.name) { (held(fields, field)) }
            }
        }
    }
}

fn held(fields: &[Held], field: &CustomField) -> Markup {
    let held = fields.iter().find(|held| held.field_id == field.id);
    html! { @if let Some(held) = held {
        @if field.kind == Kind::Link { a.link href=(held.value) rel="noopener nofollow" { (held.words) } } @else { (held.words) }
    } }
}

fn cell(cx: &Cx, column: Column, issue: &Issue) -> Markup {
    let time = |at| ago(at, cx.now(), &cx.viewer.zone);
    match column {
        Column::Key => html! { (issue.key) },
        Column::State => picker::state(issue),
        Column::Priority => picker::priority(issue),
        Column::Estimate => html! { span data-shows="estimate" { (issue.size().unwrap_or_default()) } },
        Column::InState => {
            html! { span.muted { @if issue.category == Category::Started { (page::days(cx.now(), issue.state_since)) } } }
        }
        Column::Assignee => picker::assignee(issue, false),
        Column::Due => html! { @if let Some(day) = issue.due_on { (date_long(day)) } },
        Column::Sprint => html! { (issue.sprint_name.as_deref().unwrap_or_default()) },
        Column::Project => html! { span data-shows="project" { (project::words_of(issue).unwrap_or_default()) } },
        Column::Team => html! { (issue.team_name) },
        Column::Created => time(issue.created_at),
        Column::Updated => time(issue.updated_at),
    }
}
