//! What recurs, beside the templates of a team.
use super::{
    super::{
        Template,
        page::{overview, place},
    },
    AddRecurrence, DayOfWeek, EditRecurrence, Occurrence, Recurrence, RecurrenceList, SkipOccurrence,
};
use axum::response::{IntoResponse, Redirect};
use kernel::{Error, Id, Team, json, parse};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, chip, date_long, day_and_time, html, token};

const TITLE: &str = "Templates";

/// `GET /teams/{team}/recurrences`: they stand beside the templates.
pub async fn list(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    Ok(Redirect::to(&place(team)).into_response())
}

/// `POST /teams/{team}/recurrences`
pub async fn save(form: Submitted) -> Answer {
    let added = async {
        let number = |name: &str| match form.text(name).trim() {
            "" => Ok(None),
            text => text.parse::<i64>().map(Some).map_err(|_| Error::invalid(name, "Write a number, such as 1.")),
        };
        let days: Vec<&str> =
            form.texts.iter().filter(|(name, _)| name == "days").map(|(_, text)| text.as_str()).collect();
        let rhythm = json!({
            "days": days, "every_weeks": number("every_weeks")?.unwrap_or(1), "day_of_month": number("day_of_month")?,
            "working_days": !form.text("working_days").is_empty(),
        });
        let input = json!({ "template": form.text("template"), "rhythm": rhythm, "at": form.text("at") });
        form.change(parse::<AddRecurrence>(input)?).await
    };
    match added.await {
        Ok(one) => {
            let zone = &form.cx.viewer.zone;
            let says =
                format!("“{}” is made next on {}, your time.", one.template_name, day_and_time(one.next_at, zone));
            Ok(form.go(&place(one.team_id), Flash::says(says)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let body = overview(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

/// `POST /recurrences/{recurrence}/pause`: the other way too.
pub async fn pause(form: Submitted) -> Answer {
    let one = form.submit::<EditRecurrence>().await?;
    let says = if one.paused_at.is_some() { "It rests." } else { "It goes on." };
    Ok(form.go(&place(one.team_id), Flash::says(says)))
}

/// `POST /recurrences/{recurrence}/skips`
pub async fn skip(form: Submitted) -> Answer {
    match form.submit::<SkipOccurrence>().await {
        Ok(one) => {
            let says = format!("Skipped. It is made next for {}.", date_long(one.next_on));
            Ok(form.go(&place(one.team_id), Flash::says(says)))
        }
        Err(Error::Invalid(_)) => Err(Error::conflict("Say why it is skipped. Go back and write a reason.").into()),
        Err(error) => Err(error.into()),
    }
}

/// What recurs, what became of it, and the form for more.
pub fn card(cx: &Cx, list: &RecurrenceList, templates: &[Template], form: &Form) -> Markup {
    html! {
        section.card #recurring {
            header { h2 { "Made again and again" } }
            @if list.recurrences.is_empty() {
                div.body { p.muted { "Nothing recurs. An issue can be made of a template on days of the week or of the month." } }
            } @else {
                ul.list.plain { @for one in &list.recurrences { (line(cx, one, list.may_change)) } }
            }
            @if list.may_change && !templates.is_empty() { footer { (more(cx, list, templates, form)) } }
        }
        @if !list.occurrences.is_empty() {
            section.card #occurrences {
                header { h2 { "What was made" } }
                ul.list.plain { @for one in &list.occurrences { (past(one)) } }
            }
        }
    }
}

fn line(cx: &Cx, one: &Recurrence, may_change: bool) -> Markup {
    let rests = one.paused_at.is_some();
    let to = format!("/recurrences/{}", one.id);
    html! {
        li id={ "recurrence-" (one.id) } {
            div.what.wrap {
                p { strong { (one.template_name) } @if rests { " " (chip("line", "Rests")) } }
                p.small.muted {
                    (one.rhythm.in_words()) " at " (one.at) ", " (one.zone)
                    @if !rests { ". Next: " (day_and_time(one.next_at, &cx.viewer.zone)) ", your time" }
                }
                @if may_change { details { summary { "Skip or rest" }
                    form.form method="post" action={ (to) "/skips" } {
                        (token(cx))
                        div.field {
                            label for={ "reason-" (one.id) } { "Why the next time is skipped" }
                            input id={ "reason-" (one.id) } name="reason" required maxlength="200";
                        }
                        div.buttons { button.button.small { "Skip it" } }
                    }
                    form method="post" action={ (to) "/pause" } {
                        (token(cx))
                        button.button.small name="paused" value=(if rests { "false" } else { "true" }) { @if rests { "Let it go on" } @else { "Let it rest" } }
                    }
                } }
            }
        }
    }
}

fn past(one: &Occurrence) -> Markup {
    html! {
        li { div.what.wrap {
            p { @match &one.key { Some(key) => { a href={ "/issues/" (key) } { (key) } }, None => { "Skipped" } } }
            p.small.muted { (date_long(one.on_date)) @if !one.skipped.is_empty() { ": " (one.skipped) } }
        } }
    }
}

fn more(cx: &Cx, list: &RecurrenceList, templates: &[Template], form: &Form) -> Markup {
    let choices: Vec<(String, String)> =
        templates.iter().map(|template| (template.id.to_string(), template.name.clone())).collect();
    let wrong = ["template", "days", "every_weeks", "day_of_month", "at", "rhythm"];
    let fresh = !form.has("template");
    html! {
        details open[wrong.iter().any(|name| form.flaw(name).is_some())] { summary { "Let a template recur" }
            form.form method="post" action={ "/teams/" (list.team_id) "/recurrences" } {
                (token(cx)) (form.summary())
                (form.select("template", "Template", "", None, &choices))
                fieldset.choices #days { legend { "Days of the week" }
                    @if let Some(sentence) = form.flaw("days") { p.error { (sentence) } }
                    @for day in DayOfWeek::ALL { label.choice {
                        input type="checkbox" name="days" value=(day.word()) checked[form.holds("days", day.word())];
                        span { (day.title()) }
                    } }
                }
                (form.input("number", "every_weeks", "Every so many weeks", "Each week if it is empty.", true))
                (form.input("number", "day_of_month", "Or on this day of each month", "31 is the last day where a month is shorter.", true))
                (form.input("time", "at", "At", "9 o’clock if it is empty, where the team is.", true))
                label.choice { input type="checkbox" name="working_days" value="yes" checked[fresh || form.holds("working_days", "yes")];
                    span { "On the next working day if nobody works then" } }
                div.buttons { button.button.small { "Let it recur" } }
            }
        }
    }
}
