//! What somebody types on the page of a round.
use super::{Participant, PlanningPhase, PlanningView, Stance};
use crate::{
    issue::ListIssues,
    round::{Round, hidden},
};
use kernel::Result;
use ui::{Cx, Form, Markup, html};

/// Issues that are proposed to whoever types a key, in the order of the team.
const OFFERED: i64 = 50;

pub(super) async fn proposing(cx: &Cx, view: &PlanningView, form: &Form) -> Result<Markup> {
    let round = &view.planning;
    if !view.may_write || round.ended_at.is_some() {
        return Ok(html! {});
    }
    let q = "state:triage,backlog,unstarted,started sort:rank".to_owned();
    let open = ListIssues { q, team: Some(round.team_id), after: None, limit: Some(OFFERED) };
    let issues = cx.read(open).await?.issues;
    let named = |id| view.taken.iter().chain(&view.left_out).any(|one| one.issue.id == id);
    let choices: Vec<(String, String)> =
        issues.into_iter().filter(|one| !named(one.issue.id)).map(|one| (one.issue.key, one.issue.title)).collect();
    Ok(html! {
        section.card #propose {
            header { h2 { @if round.phase == PlanningPhase::Proposals { "Propose an issue" } @else { "Change the draft" } } }
            div.body.stack.tight {
                @if round.phase != PlanningPhase::Proposals { p.hint { "Whoever has answered is asked once more, as it is another draft then." } }
                form.form.wide method="post" action={ (round.href()) "/proposals" } {
                    (hidden(cx, &view.planning))
                    div.field-row {
                        (form.proposed("issue", "Issue", "By its key.", false, &choices))
                        (form.optional("reason", "Reason", ""))
                    }
                    div.buttons {
                        button.button.primary name="leave_out" value="false" { "Take it in" }
                        button.button name="leave_out" value="true" { "Leave it out" }
                    }
                }
            }
        }
    })
}

pub(super) fn offering(cx: &Cx, view: &PlanningView, me: &Participant, form: &Form) -> Markup {
    let own = view.capacity.people.iter().find(|share| share.person_id == Some(me.person_id));
    let said = if form.has("offer") { form.value("offer") } else { &me.offer };
    html! {
        p { "Propose what the sprint is to take in and what it leaves out; then say what you can take on. Once everyone has, the draft is read." }
        @if let Some(share) = own { p.small.muted { "Your calendar has " (super::cards::hours(share.minutes)) " in these days." } }
        form.row.wrap.bottom method="post" action={ (view.planning.href()) "/offers" } {
            (hidden(cx, &view.planning))
            div.field.grow { label for="offer" { "What you can take on" }
                input id="offer" name="offer" required maxlength="300" value=(said) placeholder="Such as: six days, one of them for support"; }
            button.button.primary { @if me.offer.is_empty() { "Say it" } @else { "Change it" } }
        }
    }
}

pub(super) fn answering(cx: &Cx, view: &PlanningView, me: &Participant, form: &Form) -> Markup {
    let round = &view.planning;
    let before = me.stance.filter(|_| !form.has("stance"));
    let chosen = |stance: Stance| before == Some(stance) || form.holds("stance", stance.word());
    let own = view.objections.iter().find(|one| one.person_id == me.person_id && one.outcome.is_none());
    let typed = |name: &str, stored: &str| if form.has(name) { form.value(name).to_owned() } else { stored.to_owned() };
    let (reason, wants) = (typed("reason", &me.reason), typed("wants", own.map_or("", |one| &one.wants)));
    html! {
        @if me.current { p { "You have answered: " (me.stance.map_or("", Stance::title)) ". You may answer otherwise until the end." } }
        @else if me.stance.is_some() { p { strong { "The draft was changed since you answered." } " Read it once more." } }
        @else { p { "Read the draft, then consent or object. Silence is no consent: the record says how many have not answered." } }
        form.form.wide method="post" action={ (round.href()) "/answers" } {
            (hidden(cx, &view.planning)) input type="hidden" name="draft" value=(round.draft);
            fieldset.choices { legend { "Your answer" }
                @for (stance, label) in STANCES {
                    label.choice { input type="radio" name="stance" value=(stance.word()) required checked[chosen(stance)]; span { (label) } }
                }
            }
            div.field { label for="answer-reason" { "What speaks against it" } input id="answer-reason" name="reason" maxlength="1000" value=(reason) aria-describedby="answer-reason-hint";
                p.hint #answer-reason-hint { "For a concern or an objection." }
                @if let Some(sentence) = form.flaw("reason") { p.error { (sentence) } } }
            div.field { label for="answer-wants" { "What would make it good enough" } input id="answer-wants" name="wants" maxlength="1000" value=(wants) aria-describedby="answer-wants-hint";
                p.hint #answer-wants-hint { "For an objection." }
                @if let Some(sentence) = form.flaw("wants") { p.error { (sentence) } } }
            div.buttons { button.button.primary data-key="mod+enter" { "Answer" } }
        }
    }
}

const STANCES: [(Stance, &str); 3] = [
    (Stance::Consent, "I consent: it is good enough to be tried"),
    (Stance::Concern, "I consent, with a concern that stays in the record"),
    (Stance::Objection, "I object: it would do harm as it is"),
];

pub(super) fn calling_off(cx: &Cx, view: &PlanningView) -> Markup {
    html! { @if view.may_call_off && view.planning.ended_at.is_none() {
        details.fold { summary { "Call the planning off" } div.body {
            form.form method="post" action={ (view.planning.href()) "/end" } {
                (hidden(cx, &view.planning))
                div.field { label for="end-reason" { "Why" } input id="end-reason" name="reason" maxlength="300" required; }
                div.buttons { button.button.small { "Call it off" } }
            }
        } }
    } }
}
