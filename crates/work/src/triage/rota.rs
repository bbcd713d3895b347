//! Whose turn it is, week by week, and time counted in the working hours of whoever has the turn.
use super::Triage;
use jiff::{SignedDuration, Span, civil::Date, tz::TimeZone};
use kernel::{
    Id, Person, Result, Team, Time, Tx, args,
    calendar::{Calendar, Week},
    columns, sql,
};
use people::{hours::calendars, person::Named};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Whose turn a week is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TriageTurn")]
pub struct Turn {
    /// The Monday with which the week begins.
    pub week_on: Date,
    pub person_id: Id<Person>,
    pub person_name: String,
    /// Whether it was given to them, whoever is next by the order.
    pub given: bool,
    /// Whose turn it would be, had they not been away or given it on.
    pub instead_of: Option<String>,
}

/// How many weeks before and after this one are known.
const BEFORE: i32 = 26;
const AFTER: i32 = 26;

/// When nobody takes turns, time is counted so.
const PLAIN: &str = "Mon-Fri 09:00-17:00";

pub(super) struct Rota {
    zone: TimeZone,
    this_week: Date,
    weeks: Vec<Stretch>,
    names: BTreeMap<Id<Person>, String>,
    /// Those who take turns, in their order, whoever has this week first.
    pub order: Vec<Named<Person>>,
}

/// A week, and how long is worked in it.
struct Stretch {
    week_on: Date,
    start: Time,
    end: Time,
    holder: Option<Holder>,
    calendar: Calendar,
    worked: SignedDuration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub person: Id<Person>,
    pub given: bool,
    /// Who is next by the order.
    next: Id<Person>,
}

struct Held {
    week_on: Date,
    person_id: Id<Person>,
    given: bool,
}
columns!(Held { week_on, person_id, given });

/// What decides whose turn a week is.
pub(super) struct Order<'a> {
    pub first_on: Date,
    pub people: &'a [Id<Person>],
    /// Turns of weeks that are over, and those that were given to somebody.
    pub held: &'a BTreeMap<Date, (Id<Person>, bool)>,
}

impl Order<'_> {
    /// The next one who is not away; the next one if all are. A turn that is held stays so.
    pub fn holder(&self, week_on: Date, is_away: impl Fn(Id<Person>) -> bool) -> Option<Holder> {
        let held = self.held.get(&week_on);
        let count = self.people.len();
        if count == 0 {
            return held.map(|(person, given)| Holder { person: *person, given: *given, next: *person });
        }
        let weeks = (week_on - self.first_on).get_days().div_euclid(7);
        let first = usize::try_from(weeks.rem_euclid(i32::try_from(count).unwrap_or(i32::MAX))).unwrap_or(0);
        let next = self.people[first];
        if let Some((person, given)) = held {
            return Some(Holder { person: *person, given: *given, next });
        }
        let by_order = (0..count).map(|step| self.people[(first + step) % count]);
        let person = by_order.into_iter().find(|person| !is_away(*person)).unwrap_or(next);
        Some(Holder { person, given: false, next })
    }
}

impl Rota {
    /// That of a team, good for half a year before and after now.
    pub async fn load(tx: &mut Tx<'_>, triage: &Triage) -> Result<Rota> {
        let zone = TimeZone::get(&triage.zone).unwrap_or(TimeZone::UTC);
        let this_week = monday(tx.now().date(&zone));
        let people = people_of(tx, triage.team_id).await?;
        let held = held(tx, triage.team_id, this_week).await?;
        let mut names: BTreeMap<Id<Person>, String> = people.iter().map(|one| (one.id, one.name.clone())).collect();
        names.extend(held.iter().map(|(_, person, _)| (person.id, person.name.clone())));
        let (first, last) = (later(this_week, -BEFORE), later(this_week, AFTER));
        let known: Vec<Id<Person>> = names.keys().copied().collect();
        let clocks = calendars(tx, &known, begin(first, &zone), begin(later(last, 1), &zone)).await?;
        let clocks: BTreeMap<Id<Person>, Calendar> =
            clocks.into_iter().map(|clock| (clock.id, clock.calendar)).collect();
        let ids: Vec<Id<Person>> = people.iter().map(|one| one.id).collect();
        let held = held.into_iter().map(|(week_on, person, given)| (week_on, (person.id, given))).collect();
        let order = Order { first_on: triage.first_on, people: &ids, held: &held };
        let weeks = stretches(&order, first, last, &zone, &clocks)?;
        let rota = Rota { zone, this_week, weeks, names, order: Vec::new() };
        Ok(Rota { order: rotated(people, order.holder(this_week, |_| false)), ..rota })
    }

    /// Whose turn a week is, from half a year ago to half a year ahead.
    pub fn holder(&self, week_on: Date) -> Option<Holder> {
        self.weeks.iter().find(|week| week.week_on == week_on)?.holder
    }

    /// The Monday of this week where the team is.
    pub fn this_week(&self) -> Date {
        self.this_week
    }

    /// The turns of this week and of those after it.
    pub fn turns(&self, count: i32) -> Vec<Turn> {
        let name = |id: Id<Person>| self.names.get(&id).cloned().unwrap_or_default();
        let turn = |week_on: Date| {
            let holder = self.holder(week_on)?;
            Some(Turn {
                week_on,
                person_id: holder.person,
                person_name: name(holder.person),
                given: holder.given,
                instead_of: (holder.person != holder.next).then(|| name(holder.next)),
            })
        };
        (0..count).filter_map(|ahead| turn(later(self.this_week, ahead))).collect()
    }

    /// When a day begins where the team is.
    pub fn morning(&self, date: Date) -> Time {
        begin(date, &self.zone)
    }

    /// The working time of whoever has the turn. What lies more than half a year back does not count.
    pub fn between(&self, from: Time, to: Time) -> SignedDuration {
        let whole = |week: &&Stretch| week.start < to && from < week.end;
        let part = |week: &Stretch| match from <= week.start && week.end <= to {
            true => week.worked,
            false => week.calendar.between(from.max(week.start), to.min(week.end)),
        };
        self.weeks.iter().filter(whole).map(part).sum()
    }

    /// When so much of that time has passed since an instant; nothing if half a year from now does not hold it.
    pub fn add(&self, from: Time, duration: SignedDuration) -> Option<Time> {
        let mut left = duration;
        for week in self.weeks.iter().filter(|week| from < week.end) {
            let start = from.max(week.start);
            let here = if start == week.start { week.worked } else { week.calendar.between(start, week.end) };
            if left <= here && !here.is_zero() {
                return week.calendar.add(start, left);
            }
            left -= here;
        }
        None
    }
}

fn stretches(
    order: &Order<'_>,
    first: Date,
    last: Date,
    zone: &TimeZone,
    clocks: &BTreeMap<Id<Person>, Calendar>,
) -> Result<Vec<Stretch>> {
    let plain = Calendar::new(zone.clone(), PLAIN.parse::<Week>()?);
    let weeks = std::iter::successors(Some(first), |week| Some(later(*week, 1))).take_while(|week| *week <= last);
    let stretch = |week_on: Date| {
        let (start, end) = (begin(week_on, zone), begin(later(week_on, 1), zone));
        let away = |person| clocks.get(&person).is_none_or(|calendar| is_away(calendar, start, end));
        let holder = order.holder(week_on, away);
        let calendar = holder.and_then(|holder| clocks.get(&holder.person)).unwrap_or(&plain).clone();
        Stretch { week_on, start, end, holder, worked: calendar.between(start, end), calendar }
    };
    Ok(weeks.map(stretch).collect())
}

/// Somebody who does not work half of their usual time in a week is away.
fn is_away(calendar: &Calendar, start: Time, end: Time) -> bool {
    let usual = calendar.without_leave().between(start, end);
    usual.is_zero() || calendar.between(start, end) * 2 < usual
}

/// The Monday of a date's week.
pub(super) fn monday(date: Date) -> Date {
    date.saturating_sub(Span::new().days(date.weekday().to_monday_zero_offset()))
}

/// So many weeks later.
pub(super) fn later(date: Date, weeks: i32) -> Date {
    date.saturating_add(Span::new().weeks(weeks))
}

fn begin(date: Date, zone: &TimeZone) -> Time {
    date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp().into()).unwrap_or(Time(i64::MAX))
}

/// Those who take turns, in their order.
pub(super) async fn people_of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Named<Person>>> {
    let select = sql!(
        "select p.id, p.name from triage_people m join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
          where m.workspace_id = $1 and m.team_id = $2 order by m.position"
    );
    let found: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), team]).await?;
    Ok(found.into_iter().map(|(id, name)| Named { id, name }).collect())
}

/// The turns of weeks that are over, and those that were given to somebody.
async fn held(tx: &mut Tx<'_>, team: Id<Team>, this_week: Date) -> Result<Vec<(Date, Named<Person>, bool)>> {
    let select = sql!(
        "select week_on, person_id, given_by is not null as given from triage_turns
          where workspace_id = $1 and team_id = $2 and week_on >= $3 and (given_by is not null or week_on < $4)"
    );
    let since = later(this_week, -BEFORE);
    let found: Vec<Held> = tx.all(select, args![tx.workspace(), team, since, this_week]).await?;
    let ids: Vec<Id<Person>> = found.iter().map(|one| one.person_id).collect();
    let names = sql!(
        "select id, name from people where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    let names: Vec<(Id<Person>, String)> = tx.all(names, args![tx.workspace(), kernel::list(&ids)]).await?;
    let name = |id: Id<Person>| names.iter().find(|(one, _)| *one == id).map(|(_, name)| name.clone());
    let named = |one: Held| {
        let name = name(one.person_id).unwrap_or_default();
        (one.week_on, Named { id: one.person_id, name }, one.given)
    };
    Ok(found.into_iter().map(named).collect())
}

/// The order as it goes on from whoever is next this week.
fn rotated(mut people: Vec<Named<Person>>, holder: Option<Holder>) -> Vec<Named<Person>> {
    let place = holder.and_then(|holder| people.iter().position(|one| one.id == holder.next));
    people.rotate_left(place.unwrap_or(0));
    people
}

#[cfg(test)]
mod tests;
