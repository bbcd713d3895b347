//! How a review moves on by itself: when all have answered, or when the time is over.
use super::{Item, Review, end::end};
use crate::round::{Round, ask};
use kernel::{Due, Id, Person, Result, Tx, Verb, args, sql};

/// What is still wanted of people `p` about items `i` of the same review: of whoever shows an item its text, of all others
/// an answer.
const MISSING: &str = "
      from sprint_review_people p
      join sprint_review_items i on i.workspace_id = p.workspace_id and i.review_id = p.review_id
     where p.workspace_id = $1 and p.review_id = $2
       and case when i.presenter_id = p.person_id then i.shown_at is null
                else not exists (select 1 from sprint_review_answers a
                                  where a.workspace_id = i.workspace_id and a.item_id = i.id
                                    and a.person_id = p.person_id) end ";

/// Who owes something to a review, and about how many of its items.
pub(super) async fn missing(tx: &mut Tx<'_>, round: Id<Review>) -> Result<Vec<(Id<Person>, i64)>> {
    let select = sql!("select p.person_id, count(*)", MISSING, "group by p.person_id order by p.person_id");
    tx.all(select, args![tx.workspace(), round]).await
}

/// Brings a review as far as it is.
pub(super) async fn advance(tx: &mut Tx<'_>, id: Id<Review>) -> Result<Review> {
    let round = Review::visible(tx, id).await?;
    tx.touch(id.to_string());
    if round.ended_at.is_some() || (round.ends_at > tx.now() && !missing(tx, id).await?.is_empty()) {
        return Ok(round);
    }
    end(tx, &round).await?;
    Review::visible(tx, id).await
}

/// What somebody was asked is settled once nothing more is wanted of them.
pub(super) async fn settle(tx: &mut Tx<'_>, round: &Review) -> Result<()> {
    let me = tx.me();
    if missing(tx, round.id).await?.iter().all(|(person, _)| *person != me) {
        tx.settle_asks(&round.about(), Some(me));
    }
    Ok(())
}

/// Somebody else shows an item: what was asked of both is another thing now.
pub(super) async fn handed_on(tx: &mut Tx<'_>, round: &Review, people: &[Id<Person>]) -> Result<()> {
    let missing = missing(tx, round.id).await?;
    for person in people {
        tx.settle_asks(&round.about(), Some(*person));
    }
    let again = people.iter().copied().filter(|person| missing.iter().any(|(one, _)| one == person));
    let again: Vec<Id<Person>> = again.collect();
    if again.is_empty() { Ok(()) } else { invite(tx, round, again).await }
}

/// Asks people for what the review wants of them.
pub(super) async fn invite(tx: &mut Tx<'_>, round: &Review, to: Vec<Id<Person>>) -> Result<()> {
    let items = Item::of(tx, round.id).await?;
    let shows = |person: &Id<Person>| items.iter().any(|item| item.presenter_id == Some(*person));
    let (show, look): (Vec<_>, Vec<_>) = to.into_iter().partition(shows);
    let wanted = [
        (show, "show what you finished, and say what you accept of the rest"),
        (look, "look at what was finished, and say what you accept"),
    ];
    for (people, wanted) in wanted.into_iter().filter(|(people, _)| !people.is_empty()) {
        ask(tx, round, people, Verb::Review, wanted, Due::Moment(round.ends_at))?;
    }
    Ok(())
}
