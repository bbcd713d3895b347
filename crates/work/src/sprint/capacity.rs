//! How much time a team has in a sprint: everyone's calendar, with leave, holidays, part-time and on-call.
use super::Sprint;
use crate::import::Outsider;
use jiff::{Span, ToSpan, civil::Date};
use kernel::{Id, Person, Result, Time, Tx, args, calendar::Calendar, columns, list, sql};
use people::hours::{Clock, calendars};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The working time of a team from the first to the last day of a sprint, each day where the person is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Capacity {
    pub people: Vec<Share>,
    pub away: Vec<Absence>,
    /// Days on which somebody works.
    pub working_days: Vec<Date>,
}

/// What one person has of it, in minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// Nothing for somebody who is not here, in a sprint that was brought over.
    pub person_id: Option<Id<Person>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outsider_id: Option<Id<Outsider>>,
    pub name: String,
    /// Less leave and holidays, and half of what falls into time on call.
    pub minutes: i64,
    /// Without leave.
    pub usual_minutes: i64,
    /// Working time while on call.
    pub on_call_minutes: i64,
}

/// Whole days on which somebody is away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Absence {
    /// As of a share.
    pub person_id: Option<Id<Person>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outsider_id: Option<Id<Outsider>>,
    pub name: String,
    pub first_on: Date,
    pub last_on: Date,
}

impl Capacity {
    pub fn minutes(&self) -> i64 {
        self.people.iter().map(|share| share.minutes).sum()
    }

    pub fn usual_minutes(&self) -> i64 {
        self.people.iter().map(|share| share.usual_minutes).sum()
    }
}

struct Member {
    id: Id<Person>,
    name: String,
}
columns!(Member { id, name });

struct Shift {
    person_id: Id<Person>,
    from_at: Time,
    until_at: Time,
}
columns!(Shift { person_id, from_at, until_at });

pub(super) async fn of(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<Capacity> {
    let (first, last) = (sprint.first_on, sprint.last_on);
    let members = sql!(
        "select distinct p.id, p.name, p.sort_name from memberships m
           join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
          where m.workspace_id = $1 and m.team_id = $2 and m.from_on <= $4 and (m.until_on is null or m.until_on > $3)
            and p.deactivated_at is null
          order by p.sort_name, p.id"
    );
    let members: Vec<Member> = tx.all(members, args![tx.workspace(), sprint.team_id, first, last]).await?;
    if members.is_empty() {
        return Ok(Capacity { working_days: weekdays(first, last), ..Capacity::default() });
    }
    let ids: Vec<Id<Person>> = members.iter().map(|member| member.id).collect();
    let zone = sprint.zone();
    let start = |date: Date| date.to_zoned(zone.clone()).map_or(Time(0), |start| start.timestamp().into());
    let (from, to) = (start(first), start(last.tomorrow().unwrap_or(last)));
    let shifts = sql!(
        "select person_id, from_at, until_at from asks_public_on_call
          where workspace_id = $1 and person_id in (select value from json_each(cast($2 as text)))
            and until_at > $3 and from_at < $4 order by from_at"
    );
    let shifts: Vec<Shift> = tx.all(shifts, args![tx.workspace(), list(&ids), from, to]).await?;
    let clocks = calendars(tx, &ids, from, to).await?;
    Ok(computed(&members, &clocks, &shifts, first, last))
}

fn computed(members: &[Member], clocks: &[Clock], shifts: &[Shift], first: Date, last: Date) -> Capacity {
    let mut capacity = Capacity::default();
    for member in members {
        let Some(clock) = clocks.iter().find(|clock| clock.id == member.id) else { continue };
        let own = shifts.iter().filter(|shift| shift.person_id == member.id);
        let on_call: i64 = own.map(|shift| on_call(&clock.calendar, shift, first, last)).sum();
        capacity.people.push(Share {
            person_id: Some(member.id),
            outsider_id: None,
            name: member.name.clone(),
            minutes: minutes(&clock.calendar, first, last) - on_call / 2,
            usual_minutes: minutes(&clock.calendar.without_leave(), first, last),
            on_call_minutes: on_call,
        });
        let leaves = clock.away.iter().map(|away| away.time.as_leave()).filter(|leave| leave.hours.is_none());
        let inside = leaves.filter(|leave| leave.first <= last && leave.last >= first);
        capacity.away.extend(inside.map(|leave| Absence {
            person_id: Some(member.id),
            outsider_id: None,
            name: member.name.clone(),
            first_on: leave.first.max(first),
            last_on: leave.last.min(last),
        }));
    }
    let works = |date: &Date| clocks.iter().any(|clock| clock.calendar.minutes(*date) > 0);
    capacity.working_days = days(first, last).filter(works).collect();
    capacity
}

fn minutes(calendar: &Calendar, first: Date, last: Date) -> i64 {
    days(first, last).map(|date| i64::from(calendar.minutes(date))).sum()
}

/// The working minutes of a shift within the days.
fn on_call(calendar: &Calendar, shift: &Shift, first: Date, last: Date) -> i64 {
    let midnight = |date: Date| date.to_zoned(calendar.zone().clone()).map_or(Time(0), |at| at.timestamp().into());
    let (from, to) = (midnight(first), midnight(last.saturating_add(Span::new().days(1))));
    let (from, to) = (shift.from_at.max(from), shift.until_at.min(to));
    if from < to { calendar.between(from, to).as_mins() } else { 0 }
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |date| *date <= last)
}

pub(super) fn weekdays(first: Date, last: Date) -> Vec<Date> {
    days(first, last).filter(|date| date.weekday().to_monday_one_offset() <= 5).collect()
}
