//! What the page of a round shows.
use super::{Objection, ObjectionOutcome, Participant, PlanningPhase, PlanningView, Proposal, Proposed, Stance};
use crate::{
    estimate::Sum,
    round::{Round, hidden},
};
use ui::{Cx, Form, Markup, chip, day_and_time, face, html, prose};

pub(super) fn hours(minutes: i64) -> String {
    format!("{} h", (minutes + 30) / 60)
}

pub(super) fn issues(cx: &Cx, view: &PlanningView, title: &str, all: &[Proposed], none: &str) -> Markup {
    let sum: Sum = all.iter().filter_map(|one| one.issue.estimate).map(|one| Sum(one.0)).sum();
    let total = all.first().map(|one| one.issue.estimates.total(sum));
    html! {
        section.card {
            header { h2 { (title) } @if let Some(total) = total { span.right.small.muted { (crate::sprint::issues(all.len() as i64)) ", " (total) } } }
            @if all.is_empty() { div.body { p.muted { (none) } } }
            @else { ul.list.plain { @for one in all { (line(cx, view, one)) } } }
        }
    }
}

fn line(cx: &Cx, view: &PlanningView, one: &Proposed) -> Markup {
    let (issue, proposal) = (&one.issue, &one.proposal);
    let own = view.may_write && proposal.by_id == cx.actor().person;
    html! {
        li id={ "proposal-" (proposal.id) } {
            div.what {
                p { a href=(issue.href()) { span.muted { (issue.key) } " " (issue.title) } }
                p.small.muted { (proposal.by_name) @if !proposal.reason.is_empty() { ": " (proposal.reason) } }
            }
            span.row.wrap {
                (chip(issue.category.look(), &issue.state_name))
                @if let Some(size) = issue.size() { span.num { (size) } }
                @if own || view.leads { form method="post" action={ "/planning-proposals/" (proposal.id) "/withdrawal" } {
                    (hidden(cx, &view.planning)) button.button.small.quiet aria-label={ "Take back " (issue.key) } { "Take back" }
                } }
            }
        }
    }
}

pub(super) fn texts(cx: &Cx, view: &PlanningView, form: &Form) -> Markup {
    let round = &view.planning;
    let (goal, risks) = match form.has("goal") {
        true => (form.value("goal"), form.value("risks")),
        false => (round.goal.as_str(), round.risks.as_str()),
    };
    html! {
        section.card #texts {
            header { h2 { "Goal and risks" } }
            div.body.stack {
                @if round.goal.is_empty() && round.risks.trim().is_empty() { p.muted { "Nothing is written yet." } }
                @if !round.goal.is_empty() { div { h3 { "Goal" } p { (round.goal) } } }
                @if !round.risks.trim().is_empty() { div { h3 { "Risks" } div.prose.compact { (prose(&round.risks)) } } }
                @if view.may_write { details.fold open[form.flaw("goal").is_some() || form.flaw("risks").is_some()] { summary { "Write them" } div.body {
                    form.form.wide method="post" action={ (round.href()) "/draft" } data-guard {
                        (hidden(cx, &view.planning))
                        div.field { label for="goal" { "Goal" } input id="goal" name="goal" maxlength="300" value=(goal); }
                        div.field { label for="risks" { "Risks" } textarea.writing id="risks" name="risks" rows="5" { (risks) } }
                        div.buttons { button.button { "Save" } }
                    }
                } } }
            }
        }
    }
}

pub(super) fn objections(cx: &Cx, view: &PlanningView, form: &Form) -> Markup {
    html! { @if !view.objections.is_empty() {
        section.card #objections { header { h2 { "Objections" } }
            div.body.stack { @for one in &view.objections { (objection(cx, view, one, form)) } }
        }
    } }
}

fn objection(cx: &Cx, view: &PlanningView, one: &Objection, form: &Form) -> Markup {
    let field = format!("decide-{}", one.id);
    html! {
        div.stack.tight id={ "objection-" (one.id) } {
            p { strong { (one.person_name) } ": " (one.body) " " (mark(one)) }
            p { "Good enough would be: " (one.wants) }
            @if let (Some(ObjectionOutcome::DecidedAgainst), Some(name)) = (one.outcome, &one.settled_name) { p { strong { (name) } " decided against it: " (one.answer) } }
            @if one.outcome.is_none() && view.leads {
                form.row.wrap.bottom method="post" action={ "/planning-objections/" (one.id) "/decision" } {
                    (hidden(cx, &view.planning))
                    div.field.grow { label for=(field) { "Why it is decided against" } input id=(field) name="answer" maxlength="1000" required value=(form.value("answer")); }
                    button.button.small { "Decide against it" }
                }
            }
        }
    }
}

fn mark(one: &Objection) -> Markup {
    match one.outcome {
        None => chip("warn", "Open"),
        Some(ObjectionOutcome::Withdrawn) => chip("good", "Withdrawn"),
        Some(ObjectionOutcome::DecidedAgainst) => chip("line", "Decided against"),
    }
}

/// Everyone’s hours from their calendar beside what they say they can take on, and their answer.
pub(super) fn people(cx: &Cx, view: &PlanningView) -> Markup {
    let answered = view.participants.iter().filter(|one| one.current).count();
    let said = view.participants.iter().filter(|one| !one.offer.is_empty()).count();
    let count = if view.planning.phase == PlanningPhase::Proposals { said } else { answered };
    html! {
        section.card #people { header { h2 { "Everyone" } span.right.small.muted { (count) " of " (view.participants.len()) " have answered" } }
            ul.list.plain { @for one in &view.participants { (person(view, one)) } }
            @if !view.capacity.away.is_empty() { div.body { h3 { "Who is away" } @for away in &view.capacity.away {
                p.small { (away.name) ", " (ui::date_range(away.first_on, away.last_on, cx.today())) }
            } } }
            footer.small.muted { "Working hours of the days of the sprint from everyone’s calendar, without holidays and leave; time on call counts half." }
        }
    }
}

fn person(view: &PlanningView, one: &Participant) -> Markup {
    let share = view.capacity.people.iter().find(|share| share.person_id == Some(one.person_id));
    html! {
        li {
            div.what {
                div.row.wrap {
                    (face(&one.person_id, &one.person_name, one.photo.as_deref(), "small"))
                    a href={ "/people/" (one.person_id) } { (one.person_name) }
                    @if let Some(stance) = one.stance.filter(|_| one.current) { (chip(stance.look(), stance.title())) }
                    @else if one.stance.is_some() { (chip("line", "Before the last change")) }
                }
                @if let Some(share) = share { div.small.muted { (hours(share.minutes)) " in the calendar" } }
                @if !one.offer.is_empty() { div.small { "Can take on: " (one.offer) } }
                @if one.current && one.stance == Some(Stance::Concern) { div.small { "Concern: " (one.reason) } }
            }
        }
    }
}

/// What was overruled or taken back stays readable.
pub(super) fn history(cx: &Cx, view: &PlanningView) -> Markup {
    let stands = |one: &Proposal| view.taken.iter().chain(&view.left_out).any(|other| other.proposal.id == one.id);
    let gone: Vec<&Proposal> = view.proposals.iter().filter(|one| !stands(one)).collect();
    html! { @if !gone.is_empty() {
        section.card #gone { header { h2 { "Proposals that do not stand" } }
            ul.list.plain { @for one in gone { li { div.what {
                p { a href={ "/issues/" (one.issue_id) } { @if one.takes_in { "To take in" } @else { "To leave out" } }
                    ", by " (one.by_name) @if !one.reason.is_empty() { ": " (one.reason) } }
                p.small.muted {
                    @match (&one.taken_back_name, one.taken_back_at) {
                        (Some(name), Some(at)) => { "Taken back by " (name) ", " (day_and_time(at, &cx.viewer.zone)) },
                        _ => "A later proposal stands",
                    }
                }
            } } } }
        }
    } }
}
