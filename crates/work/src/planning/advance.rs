//! How a round moves on by itself: when all have answered, or when the time of a phase is over.
use super::{Planning, PlanningPhase, commit};
use crate::round::{Round, ask};
use kernel::{Due, Id, Person, Result, Tx, Verb, args, sql};
use people::hours::fair_end;

/// Brings a round as far as it is.
pub(super) async fn advance(tx: &mut Tx<'_>, id: Id<Planning>) -> Result<Planning> {
    let round = Planning::visible(tx, id).await?;
    let over = round.ends_at <= tx.now();
    let agreed = round.open_objections == 0 && (over || round.answered == round.people);
    match round.phase {
        PlanningPhase::Proposals if over || offers_missing(tx, id).await? == 0 => read(tx, &round).await?,
        PlanningPhase::Objections if agreed => commit::commit(tx, &round).await?,
        PlanningPhase::Objections if over => settle(tx, &round).await?,
        PlanningPhase::Settling if round.open_objections == 0 => commit::commit(tx, &round).await?,
        _ => return Ok(round),
    }
    tx.touch(id.to_string());
    tx.touch(round.sprint_id.to_string());
    Planning::visible(tx, id).await
}

async fn offers_missing(tx: &mut Tx<'_>, round: Id<Planning>) -> Result<i64> {
    let select = sql!(
        "select count(*) from planning_people where workspace_id = $1 and planning_id = $2 and offered_at is null"
    );
    tx.one(select, args![tx.workspace(), round]).await
}

/// The draft is read by everyone.
async fn read(tx: &mut Tx<'_>, round: &Planning) -> Result<()> {
    tx.settle_asks(&round.about(), None);
    let people = people(tx, round, false).await?;
    let round = reopened(tx, round, &people).await?;
    invite(tx, &round, people)
}

/// Gives everyone their hours to read the draft.
async fn reopened(tx: &mut Tx<'_>, round: &Planning, people: &[Id<Person>]) -> Result<Planning> {
    let ends_at = fair_end(tx, people, round.hours).await?;
    let ends_at = if round.phase == PlanningPhase::Objections { ends_at.max(round.ends_at) } else { ends_at };
    let update = sql!("update plannings set phase = $3, ends_at = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), round.id, PlanningPhase::Objections, ends_at]).await?;
    Planning::visible(tx, round.id).await
}

/// A draft that has changed is another one: answers to the former one do not count for it, and whoever gave one is asked again.
pub(super) async fn read_anew(tx: &mut Tx<'_>, round: &Planning) -> Result<()> {
    let all = people(tx, round, false).await?;
    let asked = match round.phase {
        PlanningPhase::Settling => all.clone(),
        _ => people(tx, round, true).await?,
    };
    let update = sql!("update plannings set draft = draft + 1 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), round.id]).await?;
    let round = reopened(tx, round, &all).await?;
    if asked.is_empty() { Ok(()) } else { invite(tx, &round, asked) }
}

/// The time is over, and somebody still objects: whoever began has to answer them.
async fn settle(tx: &mut Tx<'_>, round: &Planning) -> Result<()> {
    let update = sql!("update plannings set phase = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), round.id, PlanningPhase::Settling]).await?;
    tx.settle_asks(&round.about(), None);
    ask_to_decide(tx, round)
}

/// Who takes part; with `answered` those alone who have answered to the draft as it is.
pub(super) async fn people(tx: &mut Tx<'_>, round: &Planning, answered: bool) -> Result<Vec<Id<Person>>> {
    let select = sql!(
        "select person_id from planning_people
          where workspace_id = $1 and planning_id = $2 and (not $3 or draft = $4) order by person_id"
    );
    tx.all(select, args![tx.workspace(), round.id, answered, round.draft]).await
}

/// No objection is open any longer: whoever began has nothing to decide, but may still have to read the draft.
pub(super) async fn objections_settled(tx: &mut Tx<'_>, round: &Planning) -> Result<()> {
    let lead = round.started_by;
    tx.settle_asks(&round.about(), Some(lead));
    let takes_part = people(tx, round, false).await?.contains(&lead);
    let answered = people(tx, round, true).await?.contains(&lead);
    match takes_part && !answered && round.phase == PlanningPhase::Objections {
        true => invite(tx, round, vec![lead]),
        false => Ok(()),
    }
}

/// Asks people for what the phase wants of them.
pub(super) fn invite(tx: &mut Tx<'_>, round: &Planning, to: Vec<Id<Person>>) -> Result<()> {
    let (verb, wanted) = match round.phase {
        PlanningPhase::Proposals => (Verb::FillIn, "propose issues and say what you can take on"),
        _ => (Verb::Answer, "read the draft, and consent or object"),
    };
    ask(tx, round, to, verb, wanted, Due::Moment(round.ends_at))
}

/// Asks whoever began the round to answer what is objected.
pub(super) fn ask_to_decide(tx: &mut Tx<'_>, round: &Planning) -> Result<()> {
    let wanted = "change the draft for an objection, or decide about it";
    ask(tx, round, vec![round.started_by], Verb::Decide, wanted, Due::Days(2))
}
