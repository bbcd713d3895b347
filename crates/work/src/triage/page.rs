//! The page of a team's triage, gone through with the keyboard.
use super::{
    AcceptIssues, Acted, DeclineIssues, GiveTurn, MergeIssues, PutOffIssues, ShowTriage, TriageView, Turn, UndoTriage,
    Waiting, topic,
};
use crate::issue::{Priority, topic as issues_topic};
use axum::response::{IntoResponse, Redirect};
use jiff::tz::TimeZone;
use kernel::{Error, Id, Result, Team, Time};
use people::person::choices::{Picker, with_ids};
use ui::{
    Answer, Cx, Flash, Form, Head, Markup, Submitted, avatar_small, chip, date, date_range, day_and_time, empty, html,
    minutes, team_tabs, token,
};

/// `GET /triage/{team}`: where an ask about it leads.
pub async fn there(cx: Cx) -> Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    Ok(Redirect::to(&place(team)).into_response())
}

/// `GET /teams/{team}/triage`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTriage>().await?;
    let body = body(&cx, &view, &Form::default()).await?;
    let topics = [issues_topic(view.team_id), topic(view.team_id)];
    Ok(cx.live_page(&title(&view), &[&topics[0], &topics[1]], body))
}

/// `POST /teams/{team}/triage/accepted`
pub async fn accept(form: Submitted) -> Answer {
    done(&form, form.submit::<AcceptIssues>().await, "accepted").await
}

/// `POST /teams/{team}/triage/merged`
pub async fn merge(form: Submitted) -> Answer {
    let merged = match form.submit::<MergeIssues>().await {
        Err(Error::NotFound) => Err(Error::invalid("into", "There is no issue with this key.")),
        merged => merged,
    };
    done(&form, merged, "marked as a duplicate").await
}

/// `POST /teams/{team}/triage/declined`
pub async fn decline(form: Submitted) -> Answer {
    done(&form, form.submit::<DeclineIssues>().await, "declined").await
}

/// `POST /teams/{team}/triage/put-off`
pub async fn put_off(form: Submitted) -> Answer {
    done(&form, form.submit::<PutOffIssues>().await, "put off").await
}

async fn done(form: &Submitted, acted: Result<Acted>, what: &str) -> Answer {
    match acted {
        Ok(acted) => {
            let which = match acted.keys.as_slice() {
                [one] => format!("{one} is {what}."),
                many => format!("{} issues are {what}.", many.len()),
            };
            let undo = format!("/triage-acts/{}/undo", acted.batch);
            Ok(form.go(&place(form.text("team").parse()?), Flash::says(which).undo(undo)))
        }
        Err(error) => again(form, error).await,
    }
}

async fn again(form: &Submitted, error: Error) -> Answer {
    let refused = form.refused(error)?;
    let view = form.cx.read_here::<ShowTriage>().await?;
    let body = body(&form.cx, &view, &refused).await?;
    Ok(form.again(&title(&view), body))
}

/// `POST /triage-acts/{batch}/undo`
pub async fn undo(form: Submitted) -> Answer {
    let teams = form.submit::<UndoTriage>().await?;
    let to = teams.first().map_or_else(|| "/issues".to_owned(), |team| place(*team));
    Ok(form.go(&to, Flash::says("It is in triage as before.")))
}

/// `POST /teams/{team}/triage/turns`
pub async fn give(form: Submitted) -> Answer {
    let given = async { with_ids(&form, &["person"]).await?.submit::<GiveTurn>().await }.await;
    match given {
        Ok(_) => Ok(form.go(&place(form.text("team").parse()?), Flash::says("The turn is given."))),
        Err(error) => again(&form, error).await,
    }
}

fn place(team: Id<Team>) -> String {
    format!("/teams/{team}/triage")
}

fn title(view: &TriageView) -> String {
    format!("Triage of {}", view.team_name)
}

async fn body(cx: &Cx, view: &TriageView, form: &Form) -> Result<Markup> {
    let (home, here) = (format!("/teams/{}", view.team_id), place(view.team_id));
    let actions = html! { @if view.may_change { a.button href={ (here) "/settings" } { "Turns and times" } } };
    let lead = match view.turns.first() {
        Some(turn) => format!("What is new, before the team takes it on. {} looks at it this week.", turn.person_name),
        None => "What is new, before the team takes it on.".to_owned(),
    };
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, &view.team_name)],
        title: "Triage",
        lead: &lead,
        actions: Some(actions),
        ..Head::default()
    };
    let picker = if view.may_change && !view.turns.is_empty() { Some(Picker::load(cx, "").await?) } else { None };
    Ok(html! {
        (head.show())
        (team_tabs(cx, view.team_id))
        div.cols {
            div.stack { (waiting(cx, view, form)) (later(cx, view)) (promised(cx, view)) }
            div.stack { (turns(cx, view, picker.as_ref(), form)) (promises(view)) }
        }
    })
}

fn waiting(cx: &Cx, view: &TriageView, form: &Form) -> Markup {
    let here = place(view.team_id);
    let new = format!("/issues/new?team={}", view.team_id);
    if view.waiting.is_empty() {
        let sentence = "Nothing waits. What is filed in a state of triage appears here until somebody takes it on.";
        return empty(sentence, Some((&new, "New issue")));
    }
    html! {
        triage-list { form.stack method="post" action={ (here) "/accepted" } {
            // Enter in one of the fields below presses the first button of the form: this one, which does nothing.
            button disabled hidden {}
            (token(cx)) (form.summary())
            section.card {
                header { h2 { "Waiting" } span.right.small.muted { (view.waiting.len()) } }
                ul.list.triage { @for one in &view.waiting { (line(cx, view, one)) } }
            }
            (tools(view, form))
        } }
    }
}

fn line(cx: &Cx, view: &TriageView, one: &Waiting) -> Markup {
    let issue = &one.issue;
    html! {
        li id={ "issue-" (issue.id) } {
            span.row { input type="checkbox" name="issues" value=(issue.id) aria-label={ "Choose " (issue.key) }; }
            div.what {
                p { a href=(issue.href()) { span.muted { (issue.key) } " " (issue.title) } }
                p.small.muted {
                    @if let Some(name) = &one.creator_name { "By " (name) ", " }
                    "waits for " (minutes(one.waited_minutes)) " of working time"
                    @if let Some(day) = one.put_off_until { ", put off until " (date(day, cx.today())) }
                    @if let Some(due) = one.due_at { ", " (due_words(cx, due, &zone(view))) }
                }
            }
            span.row {
                @if issue.priority != Priority::None { (chip(if issue.priority == Priority::Urgent { "bad" } else { "" }, issue.priority.title())) }
                @if one.due_at.is_some_and(|due| due < cx.now()) { (chip("bad", "Overdue")) }
            }
        }
    }
}

fn zone(view: &TriageView) -> TimeZone {
    TimeZone::get(&view.zone).unwrap_or(TimeZone::UTC)
}

/// In the reader's own time, and in its title where the team is.
fn due_words(cx: &Cx, due: Time, team: &TimeZone) -> Markup {
    let there = format!("{} where the team is", day_and_time(due, team));
    html! { span title=(there) {
        @if due < cx.now() { "was due " } @else { "due " }
        (day_and_time(due, &cx.viewer.zone))
    } }
}

fn tools(view: &TriageView, form: &Form) -> Markup {
    let here = place(view.team_id);
    let field = |name: &str| html! { @if let Some(sentence) = form.flaw(name) { p.error { (sentence) } } };
    html! {
        div.triage-tools role="group" aria-label="With the chosen issues" {
            span.row {
                label.vh for="state" { "Accept into" }
                span.control { select #state name="state" { @for state in &view.states {
                    option value=(state.id) selected[form.value("state") == state.id.as_str()] { (state.name) }
                } } }
                button.button.small.primary data-key="1" data-key-label="Accept" formaction={ (here) "/accepted" } { "Accept" kbd { "1" } }
            }
            span.row {
                label.vh for="into" { "The issue of which it is a duplicate" }
                span.control { input #into name="into" value=(form.value("into")) placeholder="Key" data-key="2" data-key-label="Duplicate of" autocomplete="off"; }
                button.button.small formaction={ (here) "/merged" } { "Duplicate" kbd { "2" } }
            }
            span.row {
                label.vh for="reason" { "Why you decline" }
                span.control { input #reason name="reason" value=(form.value("reason")) placeholder="Why" data-key="3" data-key-label="Decline" autocomplete="off"; }
                button.button.small formaction={ (here) "/declined" } { "Decline" kbd { "3" } }
            }
            span.row {
                label.vh for="until" { "Put off until" }
                span.control { input #until type="date" name="until" value=(form.value("until")) data-key="h" data-key-label="Put off until a day"; }
                button.button.small formaction={ (here) "/put-off" } { "Put off" kbd { "H" } }
            }
            (field("into")) (field("reason")) (field("until"))
            p.small.muted.script-only { kbd { "J" } " " kbd { "K" } " move " kbd { "X" } " choose " kbd { "Enter" } " open " kbd { "Z" } " undo" }
        }
    }
}

fn later(cx: &Cx, view: &TriageView) -> Markup {
    html! { @if !view.put_off.is_empty() {
        section.card #put-off {
            header { h2 { "Put off" } }
            ul.list.plain { @for one in &view.put_off { li id={ "put-off-" (one.issue.id) } {
                div.what { p { a href=(one.issue.href()) { span.muted { (one.issue.key) } " " (one.issue.title) } } }
                @if let Some(day) = one.put_off_until { (chip("line", &format!("until {}", date(day, cx.today())))) }
            } } }
        }
    } }
}

fn promised(cx: &Cx, view: &TriageView) -> Markup {
    html! { @if !view.promised.is_empty() {
        section.card #promised {
            header { h2 { "To be done by a promised time" } }
            ul.list.plain { @for one in &view.promised { li id={ "promised-" (one.issue.id) } {
                div.what {
                    p { a href=(one.issue.href()) { span.muted { (one.issue.key) } " " (one.issue.title) } }
                    p.small.muted { (one.issue.state_name) ", " (one.issue.assignee_name.as_deref().unwrap_or("nobody’s yet")) ", " (due_words(cx, one.done_due, &zone(view))) }
                }
                @if one.done_due < cx.now() { (chip("bad", "Overdue")) }
            } } }
        }
    } }
}

fn turns(cx: &Cx, view: &TriageView, picker: Option<&Picker>, form: &Form) -> Markup {
    html! {
        section.card #turns {
            header { h2 { "Whose turn it is" } }
            @if view.turns.is_empty() {
                div.body { p.muted { "Nobody takes turns yet, so nobody is asked to look. Until then waiting is counted from Monday to Friday, 9 to 17, in " (view.zone) "." } }
            } @else {
                ul.list { @for turn in &view.turns { (turn_line(cx, turn)) } }
            }
            @if let Some(picker) = picker { footer { details open[form.flaw("person").is_some() || form.flaw("week_on").is_some()] {
                summary { "Give a turn to somebody" }
                form.form method="post" action={ (place(view.team_id)) "/turns" } {
                    (token(cx))
                    (form.select("week_on", "Week", "", None, &weeks(cx, view)))
                    (picker.field(form, "person", "To", "", Some("Whoever is next"), None))
                    div.buttons { button.button.small { "Give" } }
                }
            } } }
        }
    }
}

fn weeks(cx: &Cx, view: &TriageView) -> Vec<(String, String)> {
    let option = |turn: &Turn| (turn.week_on.to_string(), format!("{}, {}", days(cx, turn), turn.person_name));
    view.turns.iter().map(option).collect()
}

fn days(cx: &Cx, turn: &Turn) -> String {
    date_range(turn.week_on, turn.week_on.saturating_add(jiff::Span::new().days(6)), cx.today())
}

fn turn_line(cx: &Cx, turn: &Turn) -> Markup {
    let why = match &turn.instead_of {
        Some(name) if turn.given => format!(", instead of {name}"),
        Some(name) => format!(", as {name} is away"),
        None => String::new(),
    };
    html! {
        li id={ "turn-" (turn.week_on) } {
            (avatar_small(&turn.person_id, &turn.person_name))
            div.what.wrap {
                p { a href={ "/people/" (turn.person_id) } { (turn.person_name) } }
                p.small.muted { (days(cx, turn)) (why) }
            }
            span {}
        }
    }
}

fn promises(view: &TriageView) -> Markup {
    let hours = |count: i64| if count == 1 { "1 working hour".to_owned() } else { format!("{count} working hours") };
    html! {
        section.card #promises {
            header { h2 { "Promised times" } }
            @if view.promises.is_empty() {
                div.body { p.muted { "No times are promised." } }
            } @else {
                ul.list.plain { @for one in &view.promises { li {
                    div.what.wrap {
                        p { (one.priority.title()) }
                        p.small.muted { "Looked at within " (hours(one.look_hours))
                            @if let Some(done) = one.done_hours { ", done within " (hours(done)) } }
                    }
                } } }
            }
            footer.small.muted { "Counted in the working hours of whoever has the turn." }
        }
    }
}
