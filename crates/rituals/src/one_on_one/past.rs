//! What was talked about before, meeting by meeting.
use super::{Meeting, MeetingState, PointState, ShowOneOnOne, ShowRhythm, View, parts, place, rhythm_page};
use ui::{Answer, Cx, Head, Markup, chip, day_and_time, empty, html, prose};

/// `GET /one-on-ones/{one_on_one}/past`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowOneOnOne>().await?;
    let rhythm = cx.read_here::<ShowRhythm>().await?;
    let (title, place) = (view.one_on_one.title(), place(view.one_on_one.id));
    let crumbs = vec![("/one-on-ones", "One-on-ones"), (place.as_str(), title.as_str())];
    let past: Vec<&Meeting> = view.meetings.iter().filter(|meeting| meeting.state != MeetingState::Open).collect();
    let body = html! {
        (Head { crumbs, title: "What you talked about", lead: "Your rhythm, and the last twelve with their notes.", ..Head::default() }.show())
        div.stack {
            (rhythm_page::card(&cx, &view.one_on_one, &rhythm))
            @if past.is_empty() { (empty("Nothing yet. When you have talked, say so on the page, and it is kept here.", None)) }
            @for meeting in past { (card(&cx, &view, meeting)) }
        }
    };
    Ok(cx.live_page("What you talked about", &[view.one_on_one.id.as_str()], body))
}

fn card(cx: &Cx, view: &View, meeting: &Meeting) -> Markup {
    let points: Vec<_> = view.points.iter().filter(|point| point.meeting_id == Some(meeting.id)).collect();
    let notes = view.notes.iter().find(|notes| notes.meeting_id == meeting.id);
    let moves = view.moves.iter().filter(|one| one.meeting_id == meeting.id && one.from_at.is_some());
    html! {
        section.card id={ "meeting-" (meeting.id) } {
            header { h2 { (ui::date(meeting.at().date(&cx.viewer.zone), cx.today())) } span.right { (chip("", parts::how(meeting))) } }
            div.body.stack.tight {
                @for one in moves {
                    p.small.muted {
                        (view.one_on_one.party(one.moved_by).first_name()) " moved it from "
                        @if let Some(from) = one.from_at { (day_and_time(from, &cx.viewer.zone)) }
                        @if !one.reason.is_empty() { ": " (one.reason) }
                    }
                }
                @if points.is_empty() && notes.is_none() { p.muted { "No points were closed, and no notes were written." } }
                @if let Some(notes) = notes { div.prose { (prose(&notes.body)) } }
            }
            @if !points.is_empty() { ul.list {
                @for point in points { (parts::point(cx, view, point)) }
            } }
            @if view.points.iter().any(|point| point.meeting_id == Some(meeting.id) && point.state == PointState::Dropped) {
                footer.small.muted { "What was dropped says why." }
            }
        }
    }
}
