use super::holiday_calendar::HolidayCalendar;
use crate::{
    leave::{self, Stretch},
    person::Named,
};
use jiff::{Span, civil::Date, tz::TimeZone};
use kernel::{
    Id, Result, Time, Tx, args,
    calendar::{Calendar, Hours, Leave, Week},
    columns, list, sql,
};
use std::{collections::BTreeMap, sync::Arc};

/// A person's own time: their calendar, and what explains an absence.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Id<kernel::Person>,
    pub calendar: Calendar,
    /// Leave around the dates that were asked for, by its first day.
    pub away: Vec<Away>,
    /// The public holidays of the person's place around those dates, in order.
    pub holidays: Arc<[(Date, String)]>,
    /// The first day of work; the calendar holds nothing before it.
    pub starts_on: Option<Date>,
    /// The first day on which the person does not work here any more, once it has come. A last day in the future is
    /// between the person and their line, so nothing that a colleague sees is computed from it.
    pub left_on: Option<Date>,
}

/// A leave as every colleague may see it.
#[derive(Clone, Debug)]
pub struct Away {
    pub leave: Id<leave::Leave>,
    pub time: Stretch,
    pub note: String,
    /// Who takes over, unless they declined.
    pub handed_to: Option<Named<kernel::Person>>,
}

struct Stored {
    id: Id<kernel::Person>,
    zone: String,
    hours: String,
    holidays: String,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
    deactivated_at: Option<Time>,
}
columns!(Stored { id, zone, hours, holidays, starts_on, ends_on, deactivated_at });

struct StoredAway {
    person_id: Id<kernel::Person>,
    id: Id<leave::Leave>,
    first_on: Date,
    last_on: Date,
    hours: Option<String>,
    note: String,
    receiver_id: Option<Id<kernel::Person>>,
    receiver_name: Option<String>,
}
columns!(StoredAway { person_id, id, first_on, last_on, hours, note, receiver_id, receiver_name });

struct Exception {
    person_id: Id<kernel::Person>,
    on_date: Date,
    hours: String,
}
columns!(Exception { person_id, on_date, hours });

/// The calendars of these people, good for the time from `from` to `to`: at most four statements for any number of people. Ask
/// only for people whom the actor can see.
pub async fn calendars(tx: &mut Tx<'_>, people: &[Id<kernel::Person>], from: Time, to: Time) -> Result<Vec<Person>> {
    let ids = list(people);
    // A day on each side, as somebody's date there differs from the one in UTC.
    let first = from.date(&TimeZone::UTC).saturating_sub(Span::new().days(2));
    let last = to.date(&TimeZone::UTC).saturating_add(Span::new().days(2));
    let stored = sql!(
        "select id, zone, hours, holidays, starts_on, ends_on, deactivated_at from people
          where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    let stored: Vec<Stored> = tx.all(stored, args![tx.workspace(), ids]).await?;
    let mut aways = leaves(tx, &ids, first, last).await?;
    let mut exceptions = exceptions(tx, &ids, first, last).await?;
    let own = stored.iter().any(|one| is_own(&one.holidays));
    let mut places = if own { own_holidays(tx, first, last).await? } else { BTreeMap::new() };
    let mut found: BTreeMap<Id<kernel::Person>, Person> = BTreeMap::new();
    for one in stored {
        let place = places.entry(one.holidays.clone());
        let holidays = place.or_insert_with_key(|code| public_holidays(code, first, last)).clone();
        let (away, exceptions) = (aways.remove(&one.id), exceptions.remove(&one.id));
        let person = one.person(tx.now(), away.unwrap_or_default(), exceptions.unwrap_or_default(), holidays)?;
        found.insert(person.id, person);
    }
    Ok(people.iter().filter_map(|id| found.remove(id)).collect())
}

/// The public holidays of a place from one date to another, both included: the code of a bundled place or the id of a
/// calendar of the workspace's own.
pub(super) async fn holidays_of(tx: &mut Tx<'_>, code: &str, first: Date, last: Date) -> Result<Arc<[(Date, String)]>> {
    let own = own_holidays(tx, first, last).await?.remove(code);
    Ok(own.unwrap_or_else(|| public_holidays(code, first, last)))
}

impl Stored {
    fn person(
        self,
        now: Time,
        away: Vec<Away>,
        exceptions: Vec<(Date, Hours)>,
        holidays: Arc<[(Date, String)]>,
    ) -> Result<Person> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let week: Week = self.hours.parse()?;
        let (starts_on, left_on) = (self.starts_on, self.left_on(now, &zone));
        let whole = |first, last| Leave { first, last, hours: None };
        let before = starts_on.and_then(|first| Some(whole(Date::MIN, first.yesterday().ok()?)));
        let after = left_on.map(|day| whole(day, Date::MAX));
        let calendar = Calendar::new(zone, week)
            .with_holidays(holidays.iter().map(|(date, _)| *date))
            .with_exceptions(exceptions)
            .with_leave(away.iter().map(|away| away.time.as_leave()).chain(before).chain(after));
        Ok(Person { id: self.id, calendar, away, holidays, starts_on, left_on })
    }

    fn left_on(&self, now: Time, zone: &TimeZone) -> Option<Date> {
        let after_last = self.ends_on.and_then(|last| last.tomorrow().ok()).filter(|day| *day <= now.date(zone));
        let deactivated = self.deactivated_at.map(|at| at.date(zone));
        after_last.into_iter().chain(deactivated).min()
    }
}

type ByPerson<T> = BTreeMap<Id<kernel::Person>, Vec<T>>;

async fn leaves(tx: &mut Tx<'_>, ids: &str, first: Date, last: Date) -> Result<ByPerson<Away>> {
    let select = sql!(
        "select l.person_id, l.id, l.first_on, l.last_on, l.hours, l.note, h.id as receiver_id, h.name as receiver_name
           from leaves l
           left join people h on h.workspace_id = l.workspace_id and h.id = l.handover_to
                and l.handover_declined_at is null
          where l.workspace_id = $1 and l.person_id in (select value from json_each(cast($2 as text)))
            and l.last_on >= $3 and l.first_on <= $4 and l.withdrawn_at is null
          order by l.first_on, l.id"
    );
    let found: Vec<StoredAway> = tx.all(select, args![tx.workspace(), ids, first, last]).await?;
    let mut all = BTreeMap::new();
    for one in found {
        let away = Away {
            leave: one.id,
            time: Stretch::read(one.first_on, Some(one.last_on), one.hours.as_deref().unwrap_or_default())?,
            note: one.note,
            handed_to: one.receiver_id.zip(one.receiver_name).map(|(id, name)| Named { id, name }),
        };
        all.entry(one.person_id).or_insert_with(Vec::new).push(away);
    }
    Ok(all)
}

async fn exceptions(tx: &mut Tx<'_>, ids: &str, first: Date, last: Date) -> Result<ByPerson<(Date, Hours)>> {
    let select = sql!(
        "select person_id, on_date, hours from hour_exceptions
          where workspace_id = $1 and person_id in (select value from json_each(cast($2 as text)))
            and on_date >= $3 and on_date <= $4"
    );
    let found: Vec<Exception> = tx.all(select, args![tx.workspace(), ids, first, last]).await?;
    let mut all = BTreeMap::new();
    for one in found {
        all.entry(one.person_id).or_insert_with(Vec::new).push((one.on_date, one.hours.parse()?));
    }
    Ok(all)
}

/// The days of the workspace's own calendars, by the id of the calendar.
async fn own_holidays(tx: &mut Tx<'_>, first: Date, last: Date) -> Result<BTreeMap<String, Arc<[(Date, String)]>>> {
    let select = sql!(
        "select c.id, d.on_date, d.name from holiday_calendars c
           left join holiday_days d on d.workspace_id = c.workspace_id and d.calendar_id = c.id
                and d.on_date >= $2 and d.on_date <= $3
          where c.workspace_id = $1
          order by c.id, d.on_date, d.name"
    );
    let found: Vec<(String, Option<Date>, Option<String>)> = tx.all(select, args![tx.workspace(), first, last]).await?;
    let mut all: BTreeMap<String, Vec<(Date, String)>> = BTreeMap::new();
    for (calendar, date, name) in found {
        all.entry(calendar).or_default().extend(date.zip(name));
    }
    Ok(all.into_iter().map(|(calendar, days)| (calendar, days.into())).collect())
}

/// Whether the code is the id of a calendar of the workspace's own.
fn is_own(code: &str) -> bool {
    code.parse::<Id<HolidayCalendar>>().is_ok()
}

fn public_holidays(code: &str, first: Date, last: Date) -> Arc<[(Date, String)]> {
    let found = holidays::holidays(code, first.year()..=last.year()).unwrap_or_default().into_iter();
    let near = found.filter(|holiday| (first..=last).contains(&holiday.date));
    near.map(|holiday| (holiday.date, holiday.name.to_owned())).collect()
}
