//! The rules of a team, and the log of what they did.
use super::{
    Automation, AutomationList, DeleteAutomation, EditAutomation, ListAutomations, RestoreAutomation, RunLine, UndoRun,
    topic,
};
use kernel::{Id, Team};
use ui::{Answer, Cx, Flash, Head, Markup, Submitted, ago, chip, empty, html, icon, team_tabs, token};

/// `GET /teams/{team}/automations`
pub async fn list(cx: Cx) -> Answer {
    let list = cx.read_here::<ListAutomations>().await?;
    let body = body(&cx, &list);
    Ok(cx.live_page(&format!("Automations of {}", list.team_name), &[&topic(list.team_id)], body))
}

/// `POST /automations/{automation}/pause`: the other way too.
pub async fn pause(form: Submitted) -> Answer {
    let rule = form.submit::<EditAutomation>().await?;
    let says = if rule.paused_at.is_some() { "rests" } else { "is at work" };
    Ok(form.go(&place(rule.team_id), Flash::says(format!("“{}” {says}.", rule.name))))
}

/// `POST /automations/{automation}/deletion`
pub async fn delete(form: Submitted) -> Answer {
    let rule = form.submit::<DeleteAutomation>().await?;
    let undo = format!("{}/restoration", rule.href());
    Ok(form.go(&place(rule.team_id), Flash::says(format!("“{}” is deleted.", rule.name)).undo(undo)))
}

/// `POST /automations/{automation}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let rule = form.submit::<RestoreAutomation>().await?;
    Ok(form.go(&place(rule.team_id), Flash::says(format!("“{}” is back.", rule.name))))
}

/// `POST /automation-runs/{run}/undo`
pub async fn undo(form: Submitted) -> Answer {
    let rule = form.submit::<UndoRun>().await?;
    Ok(form.go(&place(rule.team_id), Flash::says("What the rule changed is undone.")))
}

pub(super) fn place(team: Id<Team>) -> String {
    format!("/teams/{team}/automations")
}

fn body(cx: &Cx, list: &AutomationList) -> Markup {
    let (home, here) = (format!("/teams/{}", list.team_id), place(list.team_id));
    let (settings, new) = (format!("{home}/issues/settings"), format!("{here}/new"));
    let actions = html! { @if list.may_change {
        a.button.primary href=(new) data-key="n" data-key-label="New automation" { "New automation" kbd { "N" } }
    } };
    let head = Head {
        crumbs: vec![("/teams", "Teams"), (&home, &list.team_name), (&settings, "How we keep issues")],
        title: "Automations",
        lead: "When something happens to an issue of this team, something is done about it. Everything they do is here and can be undone.",
        actions: Some(actions),
        ..Head::default()
    };
    html! {
        (head.show())
        (team_tabs(cx, list.team_id))
        div.stack {
            @if list.automations.is_empty() {
                (empty("This team has no automations. One says what is to be done when something happens, such as asking for a look when a label is added.",
                    list.may_change.then_some((new.as_str(), "New automation"))))
            } @else {
                section.card { ul.list.plain { @for rule in &list.automations { (line(cx, rule, list.may_change)) } } }
            }
            @if !list.runs.is_empty() {
                section.card #runs {
                    header { h2 { "What they did" } }
                    ul.list.plain { @for run in &list.runs { (run_line(cx, run, list.may_change)) } }
                }
            }
        }
    }
}

fn line(cx: &Cx, rule: &Automation, may_change: bool) -> Markup {
    html! {
        li id={ "automation-" (rule.id) } {
            div.what.wrap {
                p { @if may_change { a href=(rule.href()) { (rule.name) } } @else { strong { (rule.name) } } }
                p.small.muted {
                    "When " (rule.when.says())
                    @if let Some(hours) = rule.hours { " (" (hours) " working hours)" }
                    @if !rule.q.is_empty() { ", of those that fit " code { (rule.q) } }
                    ". "
                    @if let Some(at) = rule.last_run_at { "Ran " (rule.runs) @if rule.runs == 1 { " time, " } @else { " times, last " } (ago(at, cx.now(), &cx.viewer.zone)) "." }
                    @else { "Has not run yet." }
                }
                @if let Some(flaw) = &rule.flaw { p.small.error { "It does nothing until its condition is changed: " (flaw) } }
            }
            span.row {
                @if rule.paused_at.is_some() { (chip("line", "Rests")) }
                @if may_change { form method="post" action={ (rule.href()) "/pause" } {
                    (token(cx))
                    @let rests = rule.paused_at.is_some();
                    button.button.small name="paused" value=(if rests { "false" } else { "true" }) { @if rests { "Let it work" } @else { "Let it rest" } }
                } }
            }
        }
    }
}

fn run_line(cx: &Cx, run: &RunLine, may_change: bool) -> Markup {
    html! {
        li id={ "run-" (run.id) } {
            div.what.wrap {
                p { a href={ "/issues/" (run.key) } { span.muted { (run.key) } " " (run.title) } }
                p.small.muted { (run.automation_name) ", " (ago(run.at, cx.now(), &cx.viewer.zone)) ". " (run.did) }
            }
            @if may_change && run.can_undo {
                form method="post" action={ "/automation-runs/" (run.id) "/undo" } {
                    (token(cx)) button.button.small aria-label={ "Undo what was changed about " (run.key) } { (icon("undo")) "Undo" }
                }
            } @else { span {} }
        }
    }
}
