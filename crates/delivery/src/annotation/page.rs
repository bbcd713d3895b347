//! `/teams/{team}/delivery/notes`
use super::{AddAnnotation, Annotation, Annotations, ListAnnotations, RemoveAnnotation};
use crate::keys::views;
use jiff::tz::TimeZone;
use kernel::{Result, Time};
use people::team::ShowTeam;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, chart::Mark, html};

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/delivery/notes", list)
        .post("/teams/{team}/delivery/notes", add)
        .post("/teams/{team}/delivery/notes/{annotation}/remove", remove)
}

/// Where on a chart of weeks each annotation stands, the first day first; `weeks` are the instants at which they begin.
pub(crate) fn marks(annotations: &[Annotation], weeks: &[Time], zone: &TimeZone) -> Vec<Mark> {
    let begins: Vec<_> = weeks.iter().map(|at| at.date(zone)).collect();
    let mark = |one: &Annotation| {
        let at = begins.iter().rposition(|begin| *begin <= one.date)?;
        let day = one.date.strftime("%-d %b").to_string();
        Some(Mark { at, day, text: one.text.clone(), url: one.url.clone() })
    };
    annotations.iter().rev().filter_map(mark).collect()
}

async fn list(cx: Cx) -> Answer {
    let today = Form::of([("date", cx.now().date(&TimeZone::UTC).to_string())]);
    let (title, body) = view(&cx, &today).await?;
    Ok(cx.live_page(&title, &["team"], body))
}

async fn add(form: Submitted) -> Answer {
    match form.submit::<AddAnnotation>().await {
        Ok(_) => Ok(form.go(&page(&form.cx), Flash::says("It stands on the charts."))),
        Err(error) => {
            let state = form.refused(error)?;
            let (title, body) = view(&form.cx, &state).await?;
            Ok(form.again(&title, body))
        }
    }
}

async fn remove(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Take this note back?", "Remove");
    }
    form.submit::<RemoveAnnotation>().await?;
    Ok(form.go(&page(&form.cx), Flash::says("It is off the charts.")))
}

fn page(cx: &Cx) -> String {
    format!("/teams/{}/delivery/notes", cx.text("team"))
}

async fn view(cx: &Cx, form: &Form) -> Result<(String, Markup)> {
    let all = cx.read_here::<ListAnnotations>().await?;
    let view = cx.read(ShowTeam { team: all.team }).await?;
    let (team, delivery) = (format!("/teams/{}", view.team.id), format!("/teams/{}/delivery", view.team.id));
    let crumbs = vec![("/teams", "Teams"), (&*team, &*view.team.name), (&*delivery, "Delivery")];
    let title = format!("What happened at {}", view.team.name);
    let lead = "A release freeze, new machines, a norm that was agreed on: what is noted here stands on the charts of the team.";
    let body = html! {
        (Head { crumbs, title: &title, lead, ..Head::default() }.show())
        (ui::team_tabs(cx, all.team))
        div.stack {
            (views(&all.team.to_string(), "notes"))
            @if all.may_note { (note(cx, form)) }
            @if all.annotations.is_empty() { (ui::empty("Nothing is noted of any day yet.", None)) } @else { (rows(cx, &all)) }
        }
    };
    Ok((title, body))
}

fn note(cx: &Cx, form: &Form) -> Markup {
    html! {
        section.card #new {
            header { h2 { "Note something of a day" } }
            div.body { form.form method="post" action=(page(cx)) {
                (form.summary()) (ui::token(cx))
                (form.input("date", "date", "Day", "", false))
                (form.text("text", "What happened", "In a few words, as in: release freeze."))
                (form.optional("url", "Link", "Where one reads more, such as the page of a deployment or an incident."))
                footer.form-foot { button.button.primary { "Note it" } }
            } }
        }
    }
}

fn rows(cx: &Cx, all: &Annotations) -> Markup {
    html! {
        section.card #notes {
            header { h2 { "Noted" } span.right.small.muted { (all.annotations.len()) } }
            table.data.listed {
                caption.vh { "What was noted of days, the last day first" }
                thead { tr {
                    th scope="col" { "Day" } th scope="col" { "What happened" }
                    @if all.may_note { th scope="col" { span.vh { "Remove" } } }
                } }
                tbody { @for one in &all.annotations { tr {
                    td { (ui::date_long(one.date)) }
                    td data-label="What happened" {
                        @if one.url.is_empty() { (one.text) } @else { a href=(one.url) rel="noreferrer" { (one.text) } }
                    }
                    @if all.may_note { td {
                        form method="post" action={ (page(cx)) "/" (one.id) "/remove" } data-confirm={ "Take “" (one.text) "” back?" } data-confirm-button="Remove" {
                            (ui::token(cx)) button.button.small.quiet { "Remove" }
                        }
                    } }
                } } }
            }
        }
    }
}
