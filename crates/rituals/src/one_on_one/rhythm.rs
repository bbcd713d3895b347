//! How a one-on-one keeps to what the two agreed: gaps, moves, growth, and who sat outside their own hours. Both see the same
//! of each one, and nothing of it is added up over several.
use super::{MeetingState, OneOnOne, questions::GROWTH};
use jiff::SignedDuration;
use kernel::{
    Actor, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, args, calendar::Calendar, columns, list, sql,
};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};

/// How a one-on-one went in the last half year. Both of its people see the same.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRhythm {
    pub one_on_one: Id<OneOnOne>,
}

/// How a one-on-one went in the last half year.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rhythm {
    pub one_on_one_id: Id<OneOnOne>,
    /// Days between those in which the two talked or wrote, the latest gap first; four at the most.
    pub gaps: Vec<i64>,
    /// How often it was skipped.
    pub skipped: i64,
    /// Who moved a date that was set, and how often; only those who did.
    pub moves: Vec<Shared>,
    /// Calls with a date.
    pub calls: i64,
    /// For whom so many of these calls lay, in whole or in part, outside of the working hours that the person has now; only
    /// those for whom there were any.
    pub outside: Vec<Shared>,
    /// When a growth topic was last talked about, however long ago.
    pub growth_at: Option<Time>,
    /// A growth topic is open, to be talked about.
    pub growth_waits: bool,
}

/// One of the two, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Shared {
    pub person_id: Id<Person>,
    pub times: i64,
}

/// So far back it looks.
const HALF_A_YEAR: Duration = Duration::from_secs(26 * 7 * 24 * 3600);
const MOST_GAPS: usize = 4;

impl Operation for ShowRhythm {
    const NAME: &str = "one_on_one.rhythm";
    const ROUTE: Route = Route(Get, "/one-on-ones/{one_on_one}/rhythm");
    const READS: bool = true;
    type Target = OneOnOne;
    type Output = Rhythm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Rhythm> {
        let found = of(tx, &[&one_on_one]).await?.pop();
        Ok(found.unwrap_or_else(|| Rhythm::new(one_on_one.id)))
    }
}

struct Past {
    one_on_one_id: Id<OneOnOne>,
    starts_at: Option<Time>,
    ended_at: Time,
    state: MeetingState,
}
columns!(Past { one_on_one_id, starts_at, ended_at, state });

struct Grown {
    one_on_one_id: Id<OneOnOne>,
    talked_at: Option<Time>,
    waiting: i64,
}
columns!(Grown { one_on_one_id, talked_at, waiting });

/// The rhythms of these one-on-ones, which the actor sees: seven statements for any number.
pub(super) async fn of(tx: &mut Tx<'_>, these: &[&OneOnOne]) -> Result<Vec<Rhythm>> {
    let since = tx.now() - HALF_A_YEAR;
    let ids = list(these.iter().map(|one| one.id));
    let past = past(tx, &ids, since).await?;
    let moves = moves(tx, &ids, since).await?;
    let growth = growth(tx, &ids).await?;
    let people: Vec<Id<Person>> = these.iter().flat_map(|one| [one.lead_id, one.other_id]).collect();
    let calendars = calendars(tx, &people, since, tx.now()).await?;
    let calendars: BTreeMap<_, _> = calendars.iter().map(|one| (one.id, one.calendar.without_leave())).collect();
    let rhythm = |one: &&OneOnOne| {
        let mut rhythm = Rhythm::new(one.id);
        let past: Vec<&Past> = past.iter().filter(|past| past.one_on_one_id == one.id).collect();
        rhythm.add_past(one, &past, &calendars);
        rhythm.moves = moves.iter().filter(|(id, ..)| *id == one.id).map(|(_, shared)| shared.clone()).collect();
        if let Some(grown) = growth.iter().find(|grown| grown.one_on_one_id == one.id) {
            (rhythm.growth_at, rhythm.growth_waits) = (grown.talked_at, grown.waiting > 0);
        }
        rhythm
    };
    Ok(these.iter().map(rhythm).collect())
}

async fn past(tx: &mut Tx<'_>, ids: &str, since: Time) -> Result<Vec<Past>> {
    let select = sql!(
        "select one_on_one_id, starts_at, ended_at, state from one_on_one_meetings
          where workspace_id = $1 and one_on_one_id in (select value from json_each(cast($2 as text)))
            and state <> 'open' and ended_at >= $3
          order by ended_at desc, id desc"
    );
    tx.all(select, args![tx.workspace(), ids, since]).await
}

/// A first date that is set is no move.
async fn moves(tx: &mut Tx<'_>, ids: &str, since: Time) -> Result<Vec<(Id<OneOnOne>, Shared)>> {
    let select = sql!(
        "select m.one_on_one_id, v.moved_by, count(*) from one_on_one_moves v
           join one_on_one_meetings m on m.workspace_id = v.workspace_id and m.id = v.meeting_id
          where v.workspace_id = $1 and m.one_on_one_id in (select value from json_each(cast($2 as text)))
            and v.from_at is not null and v.moved_at >= $3
          group by m.one_on_one_id, v.moved_by order by count(*) desc, v.moved_by"
    );
    let found: Vec<(Id<OneOnOne>, Id<Person>, i64)> = tx.all(select, args![tx.workspace(), ids, since]).await?;
    Ok(found.into_iter().map(|(id, person_id, times)| (id, Shared { person_id, times })).collect())
}

async fn growth(tx: &mut Tx<'_>, ids: &str) -> Result<Vec<Grown>> {
    let select = sql!(
        "select one_on_one_id, max(case when state = 'closed' then ended_at end) as talked_at,
                cast(sum(case when state = 'open' then 1 else 0 end) as bigint) as waiting
           from talking_points
          where workspace_id = $1 and one_on_one_id in (select value from json_each(cast($2 as text)))
            and question like $3
          group by one_on_one_id"
    );
    tx.all(select, args![tx.workspace(), ids, format!("{GROWTH}-%")]).await
}

impl Rhythm {
    fn new(one_on_one_id: Id<OneOnOne>) -> Rhythm {
        Rhythm {
            one_on_one_id,
            gaps: Vec::new(),
            skipped: 0,
            moves: Vec::new(),
            calls: 0,
            outside: Vec::new(),
            growth_at: None,
            growth_waits: false,
        }
    }

    fn add_past(&mut self, one: &OneOnOne, past: &[&Past], calendars: &BTreeMap<Id<Person>, Calendar>) {
        let held: Vec<Time> =
            past.iter().filter(|past| past.state != MeetingState::Skipped).map(|past| past.at()).collect();
        self.gaps = held.windows(2).map(|pair| days(pair[1], pair[0])).take(MOST_GAPS).collect();
        self.skipped = past.iter().filter(|past| past.state == MeetingState::Skipped).count() as i64;
        let called = past.iter().filter(|past| past.state == MeetingState::Called);
        let calls: Vec<Time> = called.filter_map(|past| past.starts_at).collect();
        self.calls = calls.len() as i64;
        let length = SignedDuration::from_mins(one.minutes);
        let outside = |person_id: Id<Person>| {
            let calendar = calendars.get(&person_id)?;
            let times = calls.iter().filter(|start| is_outside(calendar, **start, length)).count() as i64;
            (times > 0).then_some(Shared { person_id, times })
        };
        self.outside = [one.lead_id, one.other_id].into_iter().filter_map(outside).collect();
    }
}

impl Past {
    /// When it took place; somebody may say so later.
    fn at(&self) -> Time {
        self.starts_at.map_or(self.ended_at, |start| start.min(self.ended_at))
    }
}

/// Whole days, to the nearest.
fn days(from: Time, to: Time) -> i64 {
    const DAY: i64 = 24 * 3600;
    (to.timestamp().as_second() - from.timestamp().as_second() + DAY / 2).div_euclid(DAY)
}

/// Whether some of a call is outside of the hours that a person works.
fn is_outside(calendar: &Calendar, start: Time, length: SignedDuration) -> bool {
    calendar.between(start, start + length.unsigned_abs()) < length
}
