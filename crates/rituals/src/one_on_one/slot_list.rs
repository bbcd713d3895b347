use super::{
    OneOnOne,
    slots::{Slot as Found, Two, outside},
};
use crate::calendar::busy;
use kernel::{
    Actor, Id,
    Method::Get,
    Operation, Person, Result, Route, Time, Tx, args,
    calendar::{Calendar, Span},
    columns, sql,
};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{ops::Range, time::Duration};

const HOUR: Duration = Duration::from_secs(3600);
/// So far ahead times are proposed.
const AHEAD: u32 = 14 * 24;
const HALF_A_YEAR: u32 = 26 * 7 * 24;
const SHOWN: usize = 6;

/// Times in the coming two weeks at which the two could talk: inside the hours of both, or else, by turns, outside of those of
/// the one who carried less of that in the last half year.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSlots {
    pub one_on_one: Id<OneOnOne>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OneOnOneSlots")]
pub struct Slots {
    /// The best first.
    pub slots: Vec<Slot>,
    /// How many minutes of the calls of the last half year were outside of the hours of each of the two.
    pub carried: Vec<Carried>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OneOnOneSlot")]
pub struct Slot {
    pub starts_at: Time,
    /// Who would be outside of their hours, and for how many minutes.
    pub outside: Vec<Carried>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OutsideOfHours")]
pub struct Carried {
    pub person_id: Id<Person>,
    pub minutes: i64,
}

impl Operation for ListSlots {
    const NAME: &str = "one_on_one.slots";
    const ROUTE: Route = Route(Get, "/one-on-ones/{one_on_one}/slots");
    const READS: bool = true;
    type Target = OneOnOne;
    type Output = Slots;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one: OneOnOne) -> Result<Slots> {
        let from = tx.now() + HOUR;
        let time = from..from + HOUR * AHEAD;
        let people = [one.lead_id, one.other_id];
        let (mine, none) = (own_dates(tx, &one, &time).await?, Vec::new());
        let busy = if tx.me() == one.lead_id { [&mine, &none] } else { [&none, &mine] };
        let (slots, carried) = find(tx, &one, time, busy.map(Vec::as_slice), SHOWN).await?;
        let minutes =
            |of: [i64; 2]| people.into_iter().zip(of).map(|(person_id, minutes)| Carried { person_id, minutes });
        let slots = slots.into_iter().map(|slot| Slot {
            starts_at: slot.start,
            outside: minutes(slot.outside).filter(|one| one.minutes > 0).collect(),
        });
        Ok(Slots { slots: slots.collect(), carried: minutes(carried).collect() })
    }
}

/// The best times in this stretch, beside when the two are known to be busy, and how many minutes each of the two carried.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    one: &OneOnOne,
    time: Range<Time>,
    busy: [&[Span]; 2],
    most: usize,
) -> Result<(Vec<Found>, [i64; 2])> {
    let people = [one.lead_id, one.other_id];
    let clocks = calendars(tx, &people, time.start - HOUR * HALF_A_YEAR, time.end).await?;
    let calendar = |id| clocks.iter().find(|clock| clock.id == id).map(|clock| &clock.calendar);
    let (Some(lead), Some(other)) = (calendar(people[0]), calendar(people[1])) else { return Ok((Vec::new(), [0; 2])) };
    let carried = carried(tx, one, [lead, other]).await?;
    let busy = [
        [busy[0], &busy::of(tx, people[0], &time).await?].concat(),
        [busy[1], &busy::of(tx, people[1], &time).await?].concat(),
    ];
    let two = Two { calendars: [lead, other], busy: [&busy[0], &busy[1]], minutes: one.minutes, carried };
    Ok((two.slots(time.start, time.end, most), carried))
}

/// By the hours that the two have now.
async fn carried(tx: &mut Tx<'_>, one: &OneOnOne, calendars: [&Calendar; 2]) -> Result<[i64; 2]> {
    let select = sql!(
        "select starts_at from one_on_one_meetings
          where workspace_id = $1 and one_on_one_id = $2 and state = 'called' and starts_at >= $3"
    );
    let since = tx.now() - HOUR * HALF_A_YEAR;
    let calls: Vec<Time> = tx.all(select, args![tx.workspace(), one.id, since]).await?;
    let carried = |calendar: &Calendar| calls.iter().map(|start| outside(calendar, *start, one.minutes)).sum();
    Ok(calendars.map(|calendar| carried(&calendar.without_leave())))
}

struct Dated {
    starts_at: Time,
    minutes: i64,
}
columns!(Dated { starts_at, minutes });

/// The dates that the actor has with others. Those of the other one are left out: a gap would tell that there are some.
async fn own_dates(tx: &mut Tx<'_>, one: &OneOnOne, time: &Range<Time>) -> Result<Vec<Span>> {
    let select = sql!(
        "select m.starts_at, o.minutes from one_on_ones o
           join one_on_one_meetings m on m.workspace_id = o.workspace_id and m.one_on_one_id = o.id
          where o.workspace_id = $1 and (o.lead_id = $2 or o.other_id = $2) and o.id <> $3 and o.ended_at is null
            and m.state = 'open' and m.starts_at >= $4 and m.starts_at < $5"
    );
    let (me, start) = (tx.me(), time.start - HOUR * 4);
    let dated: Vec<Dated> = tx.all(select, args![tx.workspace(), me, one.id, start, time.end]).await?;
    let span = |one: Dated| Span {
        start: one.starts_at,
        end: one.starts_at + Duration::from_secs(60 * one.minutes.unsigned_abs()),
    };
    Ok(dated.into_iter().map(span).collect())
}
