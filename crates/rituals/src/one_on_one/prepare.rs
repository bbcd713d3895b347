//! What the two have before them when they talk: what happened since, what waits, what is open. Both get the same, each from
//! their side; nothing is counted and nobody is compared.
use super::{OneOnOne, Point, PointState, meeting, notes, point};
use crate::{
    checkin::{self, Blocker},
    promise::{self, Promise, PromiseState},
};
use jiff::{Span, civil::Date};
use kernel::{Actor, Decided, Deed, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, args, columns, sql};
use people::access::today;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{ops::Range, time::Duration};

/// Prepare the next one: what happened since the two last talked, and what waits on whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareOneOnOne {
    pub one_on_one: Id<OneOnOne>,
}

/// What the two have before them. Each entry is something that the reader may see elsewhere, too.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Preparation {
    pub one_on_one: OneOnOne,
    /// When they last talked or wrote, if they have.
    pub last_at: Option<Time>,
    /// From here on things are told: since they last talked, or else since the page began; eight weeks at the longest.
    pub since: Time,
    /// The other one, then the reader.
    pub sides: Vec<Side>,
    /// Talking points that were carried over from the last time.
    pub carried_over: Vec<Point>,
    /// What the notes of the last time name as to be done, and not as done.
    pub to_do: Vec<String>,
    /// What was decided and promised where both take part, the newest first.
    pub agreed: Vec<Decided>,
}

/// What there is about one of the two.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Side {
    pub person_id: Id<Person>,
    /// What they finished and merged, the newest first; ten at the most. Of the other one only where one leads the
    /// other: anybody may begin a page of another kind with anybody.
    pub deeds: Vec<Deed>,
    /// What the other one asks of them, the next due first; promises stand by themselves.
    pub asks: Vec<Waiting>,
    pub promises: Vec<Promise>,
    /// What they named in check-ins of teams that the reader shares, and what is still in the way.
    pub blockers: Vec<Blocker>,
    /// In the coming eight weeks.
    pub away: Vec<Away>,
}

/// An open ask of one of the two to the other.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Waiting {
    pub id: String,
    pub receiver_id: Id<Person>,
    pub subject: String,
    pub due_at: Time,
}
columns!(Waiting { id, receiver_id, subject, due_at });

/// Leave of one of the two, without its reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Away {
    pub person_id: Id<Person>,
    pub first_on: Date,
    pub last_on: Date,
    /// The hours of the one day, in the person's wall time; nothing for whole days.
    pub hours: Option<String>,
}
columns!(Away { person_id, first_on, last_on, hours });

const EIGHT_WEEKS: Duration = Duration::from_secs(8 * 7 * 24 * 3600);
const MOST_DEEDS: usize = 10;
const MOST: i64 = 20;

impl Operation for PrepareOneOnOne {
    const NAME: &str = "one_on_one.prepare";
    const ROUTE: Route = Route(Get, "/one-on-ones/{one_on_one}/preparation");
    const READS: bool = true;
    type Target = OneOnOne;
    type Output = Preparation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Preparation> {
        let (me, now) = (tx.me(), tx.now());
        let them = one_on_one.facing(me).id;
        let meetings = meeting::of(tx, one_on_one.id).await?;
        let last = meetings.iter().find(|meeting| meeting.was_held());
        let last_at = last.map(|last| last.ended_at.map_or(last.at(), |ended| ended.min(last.at())));
        let since = last_at.unwrap_or(one_on_one.started_at).max(now - EIGHT_WEEKS);
        let notes = notes::of(tx, one_on_one.id).await?.into_iter();
        let mut notes = notes.filter(|notes| last.is_some_and(|last| last.id == notes.meeting_id));
        let to_do = notes.next().map_or(Vec::new(), |notes| to_do(&notes.body));
        let points = point::of(tx, one_on_one.id).await?.into_iter();
        let open = points.filter(|point| point.state == PointState::Open);
        let carried_over = open.filter(|point| last_at.is_some_and(|last| point.added_at < last)).collect();
        let sides = sides(tx, &one_on_one, [them, me], since..now).await?;
        let mut agreed = tx.gather_of(them, since..now, |part| part.agreed).await?;
        agreed.sort_by_key(|one| std::cmp::Reverse(one.at));
        Ok(Preparation { one_on_one, last_at, since, sides, carried_over, to_do, agreed })
    }
}

fn to_do(notes: &str) -> Vec<String> {
    markdown::tasks(notes).into_iter().filter(|task| !task.done).map(|task| task.text).collect()
}

async fn sides(
    tx: &mut Tx<'_>,
    one_on_one: &OneOnOne,
    people: [Id<Person>; 2],
    time: Range<Time>,
) -> Result<Vec<Side>> {
    let asks = asks(tx, people).await?;
    let promises = promise::of(tx, one_on_one.id).await?;
    let blockers = checkin::open_blockers(tx, people, time.end - EIGHT_WEEKS).await?;
    let away = away(tx, people).await?;
    let mut sides = Vec::new();
    for person_id in people {
        let told = person_id == tx.me() || one_on_one.follows_the_line();
        let mut deeds = match told {
            true => tx.gather_of(person_id, time.clone(), |part| part.deeds).await?,
            false => Vec::new(),
        };
        deeds.sort_by_key(|deed| std::cmp::Reverse(deed.at));
        deeds.truncate(MOST_DEEDS);
        let owed = |one: &&Promise| one.owner_id == person_id && one.state == PromiseState::Open;
        sides.push(Side {
            person_id,
            deeds,
            asks: asks.iter().filter(|ask| ask.receiver_id == person_id).cloned().collect(),
            promises: promises.iter().filter(owed).cloned().collect(),
            blockers: blockers.iter().filter(|blocker| blocker.person_id == person_id).cloned().collect(),
            away: away.iter().filter(|away| away.person_id == person_id).cloned().collect(),
        });
    }
    Ok(sides)
}

/// The open asks of one of the two to the other, which both of them read.
async fn asks(tx: &mut Tx<'_>, [one, other]: [Id<Person>; 2]) -> Result<Vec<Waiting>> {
    let select = sql!(
        "select id, receiver_id, subject, due_at from asks_public_asks
          where workspace_id = $1 and state = 'open' and receiver_id in ($2, $3) and asker_id in ($2, $3)
            and receiver_id <> asker_id and (about_kind is null or about_kind <> 'promise')
          order by due_at, id limit $4"
    );
    tx.all(select, args![tx.workspace(), one, other, MOST]).await
}

/// Leave of the two in the coming weeks, as colleagues see it; a guest learns of their own alone.
async fn away(tx: &mut Tx<'_>, [one, other]: [Id<Person>; 2]) -> Result<Vec<Away>> {
    let select = sql!(
        "select l.person_id, l.first_on, l.last_on, l.hours from leaves l
          where l.workspace_id = $1 and ($2 or l.person_id = $3) and l.person_id in ($4, $5)
            and l.withdrawn_at is null and l.last_on >= $6 and l.first_on <= $7
          order by l.first_on, l.id limit $8"
    );
    let (belongs, me, today) = (tx.actor().belongs(), tx.me(), today(tx));
    let until = today.saturating_add(Span::new().weeks(8));
    tx.all(select, args![tx.workspace(), belongs, me, one, other, today, until, MOST]).await
}
