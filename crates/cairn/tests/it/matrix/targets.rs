//! For each operation, what is asked of it. A new operation gets a line here.
mod conversation;
mod delivery;
mod forecasting;
mod rituals;
mod roadmap;
mod work;

use super::ground::{Ground, ONESELF, Record};
use kernel::{Json, json};

/// A question: what it is about, in words, and the input.
pub type Target = (String, Json);

/// By the name of the operation. A name that stands here twice asks both.
pub fn targets(ground: &Ground) -> Vec<(&'static str, Vec<Target>)> {
    [
        people(ground),
        searches(),
        teams(ground),
        hours(ground),
        leaves(ground),
        accounts(ground),
        templates(ground),
        plans(ground),
        asks(ground),
        around_asks(ground),
        conversation::conversations(ground),
        delivery::histories(ground),
        work::issues(ground),
        work::views(ground),
        work::sprints(ground),
        work::around_issues(ground),
        work::refinements(ground),
        work::plannings(ground),
        work::sprint_reviews(ground),
        work::triage(ground),
        work::automations(ground),
        work::intake_forms(ground),
        work::custom_fields(ground),
        work::issue_imports(ground),
        roadmap::projects(ground),
        rituals::one_on_ones(ground),
        rituals::checkins(ground),
        rituals::retrospectives(ground),
        rituals::hand_overs(ground),
        rituals::calendars(),
        forecasting::forecasts(ground),
        forecasting::commitments(ground),
    ]
    .concat()
}

type Declared = Vec<(&'static str, Vec<Target>)>;

/// One question for each record, whose id stands in the field.
fn of(records: &[Record], field: &str, rest: Json) -> Vec<Target> {
    records.iter().map(|(label, id)| ((*label).to_owned(), with(&rest, field, id))).collect()
}

/// The same for records that are named by two fields.
fn of_two(records: &[Record], first: &str, second: &str, rest: Json) -> Vec<Target> {
    let one = |(label, ids): &Record| {
        let (one, two) = ids.split_once(',').expect("two ids");
        ((*label).to_owned(), with(&with(&rest, first, one), second, two))
    };
    records.iter().map(one).collect()
}

/// Like [`of`], where the field comes besides the record that the operation is about.
fn also(records: &[Record], field: &str, rest: Json) -> Vec<Target> {
    of(records, field, rest).into_iter().map(|(label, input)| (format!("with {field} {label}"), input)).collect()
}

fn alone(input: Json) -> Vec<Target> {
    vec![(String::new(), input)]
}

fn with(rest: &Json, field: &str, text: &str) -> Json {
    let mut input = rest.clone();
    input[field] = json!(text);
    input
}

/// One question for each ask, in a list of one.
fn of_asks(g: &Ground, rest: Json) -> Vec<Target> {
    g.asks.iter().map(|(label, id)| ((*label).to_owned(), with_list(&rest, "asks", id))).collect()
}

fn with_list(rest: &Json, field: &str, text: &str) -> Json {
    let mut input = rest.clone();
    input[field] = json!([text]);
    input
}

/// The first record of each kind is the one that the others of an input stand beside.
fn id(records: &[Record]) -> &str {
    records.iter().find(|(_, id)| id != ONESELF).map_or("", |(_, id)| id)
}

fn people(g: &Ground) -> Declared {
    let new = json!({ "name": "Nell New", "zone": "Europe/Lisbon" });
    let dele = json!({ "person": id(&g.people) });
    vec![
        ("person.add", alone(new.clone())),
        ("person.add", also(&g.people, "manager", new.clone())),
        ("person.add", also(&g.teams, "team", new)),
        ("person.import", alone(json!({ "csv": "Name,Email\nNell New,nell@northwind.example\n", "dry_run": true }))),
        ("person.list", alone(json!({}))),
        ("person.list", also(&g.teams, "team", json!({}))),
        ("person.find", alone(json!({ "q": "a" }))),
        ("person.show", of(&g.people, "person", json!({}))),
        ("person.edit_profile", of(&g.people, "person", json!({ "about": "New." }))),
        ("person.edit_employment", of(&g.people, "person", json!({ "title": "New" }))),
        ("person.deactivate", of(&g.people, "person", json!({}))),
        ("person.reactivate", of(&g.people, "person", json!({}))),
        ("person.set_photo", of(&g.people, "person", json!({ "picture": PIXEL }))),
        ("person.remove_photo", of(&g.people, "person", json!({}))),
        ("person.activity", of(&g.people, "person", json!({}))),
        ("person.set_manager", of(&g.people, "person", json!({}))),
        ("person.set_manager", also(&g.people, "manager", dele)),
        ("person.org", alone(json!({}))),
        ("person.org", also(&g.people, "top", json!({}))),
        ("person.org", also(&g.teams, "team", json!({}))),
    ]
}

fn searches() -> Declared {
    vec![
        ("search.find", alone(json!({ "q": "payments by:me team:payments" }))),
        ("search.complete", alone(json!({ "q": "team:pay" }))),
        ("search.rebuild", alone(json!({}))),
        ("search.state", alone(json!({}))),
    ]
}

/// The smallest picture.
const PIXEL: &str = "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";

fn teams(g: &Ground) -> Declared {
    let (team, person) = (json!({ "team": id(&g.teams) }), json!({ "person": id(&g.people) }));
    let new = json!({ "name": "New team" });
    vec![
        ("team.add", alone(new.clone())),
        ("team.add", also(&g.teams, "parent", new.clone())),
        ("team.add", also(&g.people, "lead", new)),
        ("team.list", alone(json!({}))),
        ("team.show", of(&g.teams, "team", json!({}))),
        ("team.edit", of(&g.teams, "team", json!({ "mission": "New." }))),
        ("team.edit", also(&g.teams, "parent", team.clone())),
        ("team.edit", also(&g.people, "lead", team.clone())),
        ("team.archive", of(&g.teams, "team", json!({}))),
        ("team.restore", of(&g.teams, "team", json!({}))),
        ("team.join", of(&g.teams, "team", person.clone())),
        ("team.join", also(&g.people, "person", team.clone())),
        ("team.leave", of(&g.teams, "team", person)),
        ("team.leave", also(&g.people, "person", team)),
    ]
}

fn hours(g: &Ground) -> Declared {
    let day = json!({ "date": "2026-05-04" });
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260501\r\nSUMMARY:May\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    vec![
        ("hours.show", of(&g.people, "person", json!({}))),
        ("hours.set_exception", of(&g.people, "person", day.clone())),
        ("hours.clear_exception", of(&g.people, "person", day)),
        ("holiday_calendar.import", alone(json!({ "name": "May", "file": file }))),
        ("holiday_calendar.list", alone(json!({}))),
        ("holiday_calendar.show", of(&g.calendars, "calendar", json!({}))),
        ("holiday_calendar.delete", of(&g.calendars, "calendar", json!({}))),
    ]
}

fn leaves(g: &Ground) -> Declared {
    let days = json!({ "first_on": "2026-06-01", "last_on": "2026-06-02" });
    let new = json!({ "first_on": "2026-06-01", "kind": "holiday" });
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260601\r\nSUMMARY:Off\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    vec![
        ("leave.enter", of(&g.people, "person", new.clone())),
        ("leave.enter", also(&g.people, "handover_to", with(&new, "person", id(&g.people)))),
        ("leave.preview", of(&g.people, "person", days.clone())),
        ("leave.preview", also(&g.leaves, "leave", with(&days, "person", id(&g.people)))),
        ("leave.list", of(&g.people, "person", json!({}))),
        ("leave.calendar", alone(json!({ "from": "2026-06-01", "to": "2026-06-30" }))),
        ("leave.calendar", also(&g.teams, "team", json!({ "from": "2026-06-01", "to": "2026-06-30" }))),
        ("leave.show", of(&g.leaves, "leave", json!({}))),
        ("leave.change", of(&g.leaves, "leave", json!({ "note": "New." }))),
        ("leave.change", also(&g.people, "handover_to", json!({ "leave": id(&g.leaves) }))),
        ("leave.withdraw", of(&g.leaves, "leave", json!({}))),
        ("leave.restore", of(&g.leaves, "leave", json!({}))),
        ("leave.accept_handover", of(&g.leaves, "leave", json!({}))),
        ("leave.decline_handover", of(&g.leaves, "leave", json!({ "reason": "Away myself." }))),
        ("leave.import", of(&g.people, "person", json!({ "kind": "holiday", "file": file }))),
    ]
}

fn accounts(g: &Ground) -> Declared {
    vec![
        ("workspace.rename", alone(json!({ "name": "Southwind" }))),
        ("account.set_roles", of(&g.people, "person", json!({ "roles": ["member"] }))),
        (
            "account.set_roles",
            of(&g.people, "person", json!({ "roles": ["member", "admin"] })).into_iter().map(to_admin).collect(),
        ),
        ("account.show", of(&g.people, "person", json!({}))),
        ("account.disable", of(&g.people, "person", json!({}))),
        ("account.enable", of(&g.people, "person", json!({}))),
        ("account.set_theme", alone(json!({ "theme": "dark" }))),
        ("invitation.send", of(&g.people, "person", json!({ "roles": ["member"] }))),
        ("invitation.list", alone(json!({}))),
        ("invitation.revoke", of(&g.invitations, "invitation", json!({}))),
        ("account.send_reset", of(&g.people, "person", json!({}))),
        ("factor.show", alone(json!({}))),
        ("factor.begin", alone(json!({}))),
        ("factor.renew_recovery_codes", alone(json!({}))),
        ("factor.remove", alone(json!({}))),
        ("account.remove_second_factor", of(&g.people, "person", json!({}))),
        ("session.list", alone(json!({}))),
        ("session.end", of(&g.sessions, "session", json!({}))),
        ("session.end_others", alone(json!({}))),
        ("session.sign_out", alone(json!({}))),
        ("token.create", alone(json!({ "name": "Report", "scopes": ["*:read"], "days": 3 }))),
        ("token.list", alone(json!({}))),
        ("token.revoke", of(&g.tokens, "token", json!({}))),
        ("today.show", alone(json!({}))),
        ("job.list", alone(json!({}))),
        ("job.retry", of(&g.jobs, "job", json!({}))),
        ("mail.list", alone(json!({}))),
        ("workspace.show_factor_policy", alone(json!({}))),
        ("workspace.require_factor", alone(json!({ "roles": [] }))),
        ("mail.show_hold", alone(json!({}))),
        ("mail.release", alone(json!({ "send": false }))),
        ("mail.receive", alone(json!({ "raw": "From: nell@northwind.example\r\n\r\n1 done" }))),
    ]
}

fn to_admin((label, input): Target) -> Target {
    (format!("{label}, to become an admin"), input)
}

fn as_expected((label, input): Target) -> Target {
    (format!("what is expected {label}"), input)
}

fn templates(g: &Ground) -> Declared {
    let step = json!({ "phase": 5, "title": "New" });
    let of_step = |rest: Json| of_two(&g.template_steps, "template", "step", rest);
    vec![
        ("onboarding_template.list", alone(json!({}))),
        ("onboarding_template.show", of(&g.templates, "template", json!({}))),
        ("onboarding_template.add", alone(json!({ "name": "New" }))),
        ("onboarding_template.duplicate", of(&g.templates, "template", json!({}))),
        ("onboarding_template.edit", of(&g.templates, "template", json!({ "name": "New" }))),
        ("onboarding_template.archive", of(&g.templates, "template", json!({}))),
        ("onboarding_template.restore", of(&g.templates, "template", json!({}))),
        ("onboarding_template.add_phase", of(&g.templates, "template", json!({ "name": "New", "day": 17 }))),
        ("onboarding_template.edit_phase", of(&g.templates, "template", json!({ "name": "New", "day": g.phase_day }))),
        ("onboarding_template.remove_phase", of(&g.templates, "template", json!({ "day": g.phase_day }))),
        ("onboarding_template.add_step", of(&g.templates, "template", step)),
        ("onboarding_template.edit_step", of_step(json!({ "title": "New" }))),
        ("onboarding_template.move_step", of_step(json!({ "direction": "up" }))),
        ("onboarding_template.remove_step", of_step(json!({}))),
        ("onboarding_template.restore_step", of_step(json!({}))),
    ]
}

fn plans(g: &Ground) -> Declared {
    let template = json!({ "template": id(&g.templates) });
    let start = json!({ "person": id(&g.people), "template": id(&g.templates) });
    let of_step = |rest: Json| of_two(&g.steps, "plan", "step", rest);
    vec![
        ("onboarding.list", alone(json!({}))),
        ("onboarding.list", also(&g.people, "person", json!({}))),
        ("onboarding.show", of(&g.plans, "plan", json!({}))),
        ("onboarding.start", of(&g.people, "person", template)),
        ("onboarding.start", also(&g.people, "buddy", start.clone())),
        ("onboarding.start", also(&g.templates, "template", start)),
        ("onboarding.change", of(&g.plans, "plan", json!({ "starts_on": "2026-06-01" }))),
        ("onboarding.change", also(&g.people, "buddy", json!({ "plan": id(&g.plans) }))),
        ("onboarding.end", of(&g.plans, "plan", json!({ "reason": "Done." }))),
        ("onboarding.resume", of(&g.plans, "plan", json!({}))),
        ("onboarding.complete_step", of_step(json!({}))),
        ("onboarding.reopen_step", of_step(json!({}))),
        ("onboarding.assess", of_step(json!({ "verdict": "met" }))),
        (
            "onboarding.assess",
            of_two(&g.expectations, "plan", "step", json!({ "verdict": "met" })).into_iter().map(as_expected).collect(),
        ),
        ("onboarding.add_step", of(&g.plans, "plan", json!({ "phase": 5, "title": "New" }))),
        ("onboarding.edit_step", of_step(json!({ "title": "New" }))),
        ("onboarding.move_step", of_step(json!({ "direction": "up" }))),
        ("onboarding.remove_step", of_step(json!({}))),
        ("onboarding.restore_step", of_step(json!({}))),
    ]
}

fn asks(g: &Ground) -> Declared {
    let to = |rest: Json| -> Vec<Target> {
        let one = |(label, id): &Record| (format!("to {label}"), with_list(&rest, "to", id));
        g.askable.iter().map(one).collect()
    };
    let about = |(label, team): &Record| {
        let reference = json!({ "kind": "team", "id": team });
        let input = json!({ "to": [id(&g.people)], "verb": "answer", "subject": "New", "about": reference });
        (format!("about the team {label}"), input)
    };
    let next = |(label, to): &Record| (format!("with to {label}"), json!({ "asks": [id(&g.asks)], "to": to }));
    vec![
        ("ask.raise", to(json!({ "verb": "answer", "subject": "New" }))),
        ("ask.raise", g.teams.iter().map(about).collect()),
        ("ask.preview", to(json!({ "verb": "answer" }))),
        ("ask.list", alone(json!({}))),
        ("ask.count", alone(json!({}))),
        ("ask.show", of(&g.asks, "ask", json!({}))),
        ("ask.finish", of_asks(g, json!({}))),
        ("ask.decline", of_asks(g, json!({ "reason": "No time." }))),
        ("ask.hand_on", of_asks(g, json!({ "to": id(&g.people) }))),
        ("ask.hand_on", g.askable.iter().map(next).collect()),
        ("ask.snooze", of_asks(g, json!({}))),
        ("ask.withdraw", of_asks(g, json!({}))),
        ("ask.reopen", of_asks(g, json!({}))),
    ]
}

fn around_asks(g: &Ground) -> Declared {
    let hours = json!({ "from": "2026-03-21T09:00:00Z", "until": "2026-03-21T17:00:00Z" });
    let offer = json!({ "asks": [id(&g.asks)], "to": id(&g.people) });
    vec![
        ("norms.show", of(&g.teams, "team", json!({}))),
        ("norms.set", of(&g.teams, "team", json!({ "answer": "2 working days" }))),
        ("delivery.show", alone(json!({}))),
        ("delivery.set", alone(json!({ "rhythm": "weekly" }))),
        ("handover.show", of(&g.leaves, "leave", json!({}))),
        ("handover.offer", of(&g.leaves, "leave", offer)),
        ("handover.accept", of(&g.leaves, "leave", json!({}))),
        ("handover.decline", of(&g.leaves, "leave", json!({ "reason": "Away myself." }))),
        ("team.async_health", of(&g.teams, "team", json!({}))),
        ("catch_up.show", alone(json!({}))),
        ("on_call.list", of(&g.teams, "team", json!({}))),
        ("on_call.enter", of(&g.people, "person", hours)),
        ("on_call.remove", of(&g.shifts, "shift", json!({}))),
    ]
}
