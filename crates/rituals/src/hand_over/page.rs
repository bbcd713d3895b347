//! The form at the end of the day, and what others left.
use super::{Draft, DraftHandOver, HandOver, ListHandOvers, Reader, TakeBack, WriteHandOver};
use axum::response::{IntoResponse, Redirect};
use jiff::tz::TimeZone;
use kernel::{Error, Id, Result, Team};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, empty, face, html, prose, token};

const LEAD: &str =
    "What you leave at the end of your day, for those of the team who work before you are back. Nobody has to.";

/// `GET /hand-over`
pub async fn all(cx: Cx) -> Answer {
    let all = cx.read(ListHandOvers::default()).await?;
    let body = html! {
        (Head { title: "Hand-over", lead: LEAD, ..Head::default() }.show())
        div.stack {
            @if all.teams.is_empty() {
                (empty("A hand-over goes to a team, and you are on none. Ask its lead to add you.", Some(("/teams", "Teams"))))
            } @else {
                div.row.wrap { @for team in &all.teams { a.button href={ "/teams/" (team.id) "/hand-over" } { "Hand over to " (team.name) } } }
                (left(&cx, &all.hand_overs, true))
            }
        }
    };
    Ok(cx.live_page("Hand-over", &["hand_over"], body))
}

/// `GET /hand-overs/{hand_over}`: where it stands.
pub async fn find(cx: Cx) -> Answer {
    let id: Id<HandOver> = cx.text("hand_over").parse().map_err(|_| Error::NotFound)?;
    let all = cx.read(super::list::ShowHandOver { hand_over: id }).await?;
    Ok(Redirect::to(&all.place()).into_response())
}

/// `GET /teams/{team}/hand-over`
pub async fn show(cx: Cx) -> Answer {
    let (title, body) = page(&cx, None).await?;
    Ok(cx.live_page(&title, &["hand_over"], body))
}

/// `POST /teams/{team}/hand-over`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<WriteHandOver>().await {
        Ok(written) => Ok(form.go(&written.place(), Flash::says("Handed over. Each finds it when they begin."))),
        Err(error) => {
            let state = form.refused(error)?;
            let (title, body) = page(&form.cx, Some(&state)).await?;
            Ok(form.again(&title, body))
        }
    }
}

/// `POST /hand-overs/{hand_over}/removal`
pub async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Take your hand-over back?", "Take it back");
    }
    let one = form.submit::<TakeBack>().await?;
    Ok(form.go(&format!("/teams/{}/hand-over", one.team_id), Flash::says("Taken back.")))
}

/// Those who lead a team from above read what is handed over, and hand over nothing to it.
async fn page(cx: &Cx, refused: Option<&Form>) -> Result<(String, Markup)> {
    let team: Id<Team> = cx.text("team").parse().map_err(|_| Error::NotFound)?;
    let all = cx.read(ListHandOvers { team: Some(team) }).await?;
    let draft = match cx.may(DraftHandOver { team }).await? {
        true => Some(cx.read(DraftHandOver { team }).await?),
        false => None,
    };
    let name = all.teams.first().map_or("The team", |team| &team.name);
    let title = format!("{name}: hand-over");
    let home = format!("/teams/{team}");
    let body = html! {
        (Head { crumbs: vec![("/hand-over", "Hand-over"), (&home, name)], title: "Hand over your day", lead: LEAD, ..Head::default() }.show())
        @if let Some(draft) = &draft {
            div.cols {
                div.stack { (writing(cx, draft, refused)) (left(cx, &all.hand_overs, false)) }
                div.stack { (readers(cx, draft)) (waiting(cx, draft)) }
            }
        } @else { (left(cx, &all.hand_overs, false)) }
    };
    Ok((title, body))
}

fn writing(cx: &Cx, draft: &Draft, refused: Option<&Form>) -> Markup {
    let begun = draft.written.as_ref().map_or(&draft.body, |written| &written.body);
    let form = refused.cloned().unwrap_or_else(|| Form::of([("body", begun.clone())]));
    let hint = "Markdown. It begins with what you finished and merged today and what you have under way; strike what nobody needs.";
    html! {
        section.card #write {
            header { h2 { @if draft.written.is_some() { "Handed over today" } @else { "What you leave" } } }
            div.body {
                form.form.wide method="post" action={ "/teams/" (draft.team_id) "/hand-over" } data-guard {
                    (token(cx)) (form.summary())
                    (form.area("body", "For the team", hint, 12))
                    div.buttons { button.button.primary data-key="mod+enter" { @if draft.written.is_some() { "Save" } @else { "Hand over" } } }
                }
            }
        }
    }
}

fn readers(cx: &Cx, draft: &Draft) -> Markup {
    html! {
        section.card #readers { header { h2 { "Who reads it" } }
            @if draft.readers.is_empty() {
                div.body { p.muted { "Nobody of the team works before you are back. You need not hand over." } }
            } @else {
                ul.list { @for reader in &draft.readers { li {
                    (face(&reader.id, &reader.name, reader.photo.as_deref(), ""))
                    div.what { p { (reader.name) } p.small.muted { (begins(cx, reader)) } }
                } } }
            }
            @if let Some(back) = draft.back_at { footer.small.muted { "You are back " (ui::day_and_time(back, &cx.viewer.zone)) ", your time." } }
        }
    }
}

fn begins(cx: &Cx, reader: &Reader) -> String {
    if reader.working {
        return "At work now".into();
    }
    let zone = TimeZone::get(&reader.zone).unwrap_or(TimeZone::UTC);
    let here = ui::day_and_time(reader.begins_at, &cx.viewer.zone);
    format!("Begins {here}, {} there", ui::time_of_day(reader.begins_at, &zone))
}

fn waiting(cx: &Cx, draft: &Draft) -> Markup {
    html! {
        @if !draft.waiting.is_empty() {
            section.card #waiting { header { h2 { "What you wait for" } }
                ul.list.plain { @for ask in &draft.waiting { li {
                    div.what.wrap { p { a href=(ask.href) { (ask.subject) } } p.small.muted { (ask.to_name) ", due " (ui::day_and_time(ask.due_at, &cx.viewer.zone)) } }
                } } }
                footer.small.muted { "Only you see this here: an ask is read by its two. Write into the text what the team should know." }
            }
        }
    }
}

fn left(cx: &Cx, all: &[HandOver], with_team: bool) -> Markup {
    if all.is_empty() {
        return empty("Nothing was handed over in the last two weeks.", None);
    }
    html! { @for one in all { (handed(cx, one, with_team)) } }
}

fn handed(cx: &Cx, one: &HandOver, with_team: bool) -> Markup {
    let own = one.person_id == cx.actor().person;
    html! {
        section.card id={ "hand-over-" (one.id) } {
            header { (face(&one.person_id, &one.person_name, one.person_photo.as_deref(), "")) h2 { (one.person_name) }
                span.right.small.muted { @if with_team { (one.team_name) ", " } (ui::date(one.on_date, cx.today())) } }
            div.body { div.prose.compact { (prose(&one.body)) } }
            footer.row.wrap.small.muted {
                @if let Some(back) = one.back_at { span { "Back " (ui::day_and_time(back, &cx.viewer.zone)) ", your time" } }
                @if own { form.right method="post" action={ "/hand-overs/" (one.id) "/removal" } data-confirm="Take your hand-over back?" data-confirm-button="Take it back" {
                    (token(cx)) button.button.small.quiet { "Take it back" } } }
            }
        }
    }
}
