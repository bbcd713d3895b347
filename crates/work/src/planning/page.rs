//! The page of a round: where it is, what is wanted of the reader and until when, and the draft.
use super::{
    AnswerDraft, CallOffPlanning, DecideAgainst, Planning, PlanningPhase, PlanningView, Propose, SayOffer,
    ShowPlanning, TakeBackProposal, WriteDraft, cards, forms,
};
use crate::round::{self, Round};
use kernel::{Id, Operation, Result};
use ui::{Answer, Cx, Form, Markup, Submitted, chip, day_and_time, html, prose};

/// `GET /plannings/{planning}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowPlanning>().await?;
    let form = Form::of([("goal", view.planning.goal.clone()), ("risks", view.planning.risks.clone())]);
    let body = whole(&cx, &view, &form).await?;
    Ok(cx.live_page(&view.planning.title(), &[view.planning.id.as_str()], body))
}

/// `GET /plannings/{planning}/record.md`
pub async fn save_as(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowPlanning>().await?;
    round::saved(&view.planning, &view.planning.summary)
}

/// `POST /plannings/{planning}/proposals`
pub async fn propose(form: Submitted) -> Answer {
    done::<Propose>(form, "Proposed.").await
}

/// `POST /planning-proposals/{proposal}/withdrawal`
pub async fn take_back(form: Submitted) -> Answer {
    done::<TakeBackProposal>(form, "Taken back.").await
}

/// `POST /plannings/{planning}/draft`
pub async fn write(form: Submitted) -> Answer {
    done::<WriteDraft>(form, "The draft is saved.").await
}

/// `POST /plannings/{planning}/offers`
pub async fn offer(form: Submitted) -> Answer {
    done::<SayOffer>(form, "Kept. Until everyone has said it, you can still propose and change it.").await
}

/// `POST /plannings/{planning}/answers`
pub async fn answer(form: Submitted) -> Answer {
    done::<AnswerDraft>(form, "Your answer is kept.").await
}

/// `POST /planning-objections/{objection}/decision`
pub async fn decide(form: Submitted) -> Answer {
    done::<DecideAgainst>(form, "Decided. Your reason stays in the record.").await
}

/// `POST /plannings/{planning}/end`
pub async fn call_off(form: Submitted) -> Answer {
    done::<CallOffPlanning>(form, "The planning is called off. Its record stays here.").await
}

async fn done<O: Operation>(form: Submitted, says: &str) -> Answer {
    let again = async |form: &Submitted, round: Id<Planning>, state: &Form| {
        let view = form.cx.read(ShowPlanning { planning: round }).await?;
        let body = whole(&form.cx, &view, state).await?;
        Ok(form.again(&view.planning.title(), body))
    };
    round::done::<Planning, O>(form, "/plannings/", says, again).await
}

async fn whole(cx: &Cx, view: &PlanningView, form: &Form) -> Result<Markup> {
    let round = &view.planning;
    let conversation = cx.conversation(Planning::KIND, round.id).await?;
    let team = (round.team_id.as_str(), round.team_name.as_str());
    let sprint = (round.sprint_id.as_str(), round.sprint_name.as_str());
    let proposing = forms::proposing(cx, view, form).await?;
    Ok(html! {
        (round::head(round, team, sprint, &lead(cx, round)))
        (form.summary())
        div.cols {
            div.stack {
                @if round.ended_at.is_none() { (wanted(cx, view, form)) }
                @if !round.summary.is_empty() { section.card #summary {
                    header { h2 { "What came of it" } (chip(round.phase.look(), round.phase.title())) }
                    div.body.prose { (prose(&round.summary)) }
                } }
                @if round.ended_at.is_none() {
                    (cards::objections(cx, view, form))
                    (cards::issues(cx, view, "To take in", &view.taken, "Nothing is proposed yet."))
                    (cards::issues(cx, view, "What we leave out", &view.left_out, "Nothing is left out by name yet."))
                    (proposing)
                    (cards::texts(cx, view, form))
                }
                (conversation)
            }
            div.stack { (cards::people(cx, view)) (cards::history(cx, view)) (forms::calling_off(cx, view)) }
        }
    })
}

fn lead(cx: &Cx, round: &Planning) -> String {
    let when = |at| day_and_time(at, &cx.viewer.zone);
    match (round.phase, round.ended_at) {
        (_, Some(at)) => format!("{} on {}. Begun by {}.", round.phase.title(), when(at), round.started_by_name),
        (PlanningPhase::Proposals, _) => {
            format!(
                "Proposals until {} where you are, or until everyone has said what they can take on.",
                when(round.ends_at)
            )
        }
        (PlanningPhase::Settling, _) => format!(
            "The time for objections is over. What is open is answered by {} or whoever leads the team.",
            round.started_by_name
        ),
        _ => format!("Objections until {} where you are, or until everyone has answered.", when(round.ends_at)),
    }
}

/// What the reader is to do now.
fn wanted(cx: &Cx, view: &PlanningView, form: &Form) -> Markup {
    let round = &view.planning;
    let me = view.participants.iter().find(|one| one.person_id == cx.actor().person);
    html! {
        section.card #wanted {
            header { h2 { "What is wanted of you" } (chip(round.phase.look(), round.phase.title())) }
            div.body.stack.tight {
                @match (round.phase, me.filter(|_| view.takes_part)) {
                    (_, None) => p.muted { "Nothing. You read along; the team plans." },
                    (PlanningPhase::Proposals, Some(me)) => (forms::offering(cx, view, me, form)),
                    (_, Some(me)) => (forms::answering(cx, view, me, form)),
                }
                @if view.leads && round.open_objections > 0 {
                    p { strong { (count(round.open_objections)) } " for you to answer: change the draft so that its author can withdraw it, or decide against it with a reason." }
                }
            }
        }
    }
}

fn count(objections: i64) -> String {
    if objections == 1 { "1 open objection".to_owned() } else { format!("{objections} open objections") }
}
