//! Pieces of the page of a one-on-one.
use super::{Meeting, MeetingState, OneOnOne, Point, PointState, Reply, View};
use jiff::tz::TimeZone;
use kernel::Time;
use ui::{Cx, Markup, ago, date, face, html, icon, prose, token};

/// A talking point as a line of a list, with what was said on it.
pub(super) fn point(cx: &Cx, view: &View, point: &Point) -> Markup {
    let author = view.one_on_one.party(point.author_id);
    let open = point.state == PointState::Open;
    html! {
        li id={ "point-" (point.id) } {
            (face(&author.id, author.name, author.photo, ""))
            div.what.wrap.stack.tight {
                div.prose.compact { @if open { (prose(&point.body)) } @else { s { (prose(&point.body)) } } }
                p.small.muted { (standing(cx, view, point)) }
                @for reply in view.replies.iter().filter(|reply| reply.point_id == point.id) { (said(cx, view, reply)) }
                @if open && view.one_on_one.ended_at.is_none() { (answer(cx, point)) }
            }
            @if view.one_on_one.ended_at.is_none() { (buttons(cx, point)) }
        }
    }
}

/// Who added it, since when it waits, and how it ended.
fn standing(cx: &Cx, view: &View, point: &Point) -> Markup {
    let author = view.one_on_one.party(point.author_id).first_name().to_owned();
    let zone = &cx.viewer.zone;
    html! {
        (author) ", " (ago(point.added_at, cx.now(), zone))
        @if point.state == PointState::Open {
            @if let Some(last) = view.last().filter(|last| point.added_at < last.ended_at.unwrap_or(last.opened_at)) {
                ". Carried over from " (date(last.at().date(zone), cx.today()))
            }
        }
        @if point.state == PointState::Dropped { ". Dropped: " (point.reason) }
    }
}

fn said(cx: &Cx, view: &View, reply: &Reply) -> Markup {
    let author = view.one_on_one.party(reply.author_id);
    html! {
        div id={ "reply-" (reply.id) } {
            p.row.small {
                (face(&author.id, author.name, author.photo, "s"))
                span.strong { (author.first_name()) } span.muted { (ago(reply.at, cx.now(), &cx.viewer.zone)) }
            }
            div.prose.compact { (prose(&reply.body)) }
        }
    }
}

fn answer(cx: &Cx, point: &Point) -> Markup {
    let field = format!("reply-to-{}", point.id);
    html! {
        details.fold id={ "answer-" (point.id) } {
            summary { "Answer in writing" }
            div.body {
                form.form.wide method="post" action={ "/talking-points/" (point.id) "/replies" } data-guard {
                    (token(cx))
                    div.field { label.vh for=(field) { "Your answer" } textarea id=(field) name="body" rows="3" {} }
                    div.buttons { button.button.primary data-key="mod+enter" { "Answer" } }
                }
            }
        }
    }
}

fn buttons(cx: &Cx, point: &Point) -> Markup {
    let here = format!("/talking-points/{}", point.id);
    html! {
        div.row {
            @if point.state == PointState::Open {
                form method="post" action={ (here) "/closed" } {
                    (token(cx))
                    button.button.quiet.icon-only aria-label="Talked about" title="Talked about" { (icon("check")) }
                }
                a.button.quiet.icon-only href=(here) aria-label="Edit or drop" title="Edit or drop" { (icon("pencil")) }
            } @else {
                form method="post" action={ (here) "/reopened" } {
                    (token(cx))
                    button.button.quiet.icon-only aria-label="Open again" title="Open again" { (icon("undo")) }
                }
            }
        }
    }
}

/// `Thu 14 Oct, 10:00 Lisbon · 05:00 Toronto`, the reader's own clock first.
pub(super) fn both_clocks(cx: &Cx, one_on_one: &OneOnOne, at: Time) -> String {
    let (me, them) = (one_on_one.party(cx.actor().person), one_on_one.facing(cx.actor().person));
    let here = ui::day_and_time(at, &cx.viewer.zone);
    let zone = TimeZone::get(them.zone).unwrap_or(TimeZone::UTC);
    let (mine, theirs) = (at.in_zone(&cx.viewer.zone), at.in_zone(&zone));
    match (mine.offset() == theirs.offset(), mine.date() == theirs.date()) {
        (true, _) => format!("{here} for you both"),
        (false, true) => format!("{here} {} · {} {}", me.place(), ui::time_of_day(at, &zone), them.place()),
        (false, false) => format!("{here} {} · {} {}", me.place(), theirs.strftime("%a %H:%M"), them.place()),
    }
}

pub(super) fn how(meeting: &Meeting) -> &'static str {
    match meeting.state {
        MeetingState::Open => "Next",
        MeetingState::Called => "You talked",
        MeetingState::Written => "In writing",
        MeetingState::Skipped => "Skipped",
    }
}
