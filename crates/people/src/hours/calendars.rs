use jiff::{Span, civil::Date, tz::TimeZone};
use kernel::{
    Id, Result, Time, Tx, args,
    calendar::{Calendar, Hours, Leave, Week},
    columns, list, sql,
};
use std::collections::BTreeMap;

/// A person's own time: their calendar, and the leave that explains an absence.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Id<kernel::Person>,
    pub calendar: Calendar,
    /// First and last day of each leave around the dates that were asked for.
    pub away: Vec<(Date, Date)>,
}

struct Stored {
    id: Id<kernel::Person>,
    zone: String,
    hours: String,
    holidays: String,
}
columns!(Stored { id, zone, hours, holidays });

struct Away {
    person_id: Id<kernel::Person>,
    first_on: Date,
    last_on: Date,
    hours: Option<String>,
}
columns!(Away { person_id, first_on, last_on, hours });

struct Exception {
    person_id: Id<kernel::Person>,
    on_date: Date,
    hours: String,
}
columns!(Exception { person_id, on_date, hours });

/// The calendars of these people, good for the time from `from` to `to`: four statements for any number of people. Ask
/// only for people whom the actor can see.
pub async fn calendars(tx: &mut Tx<'_>, people: &[Id<kernel::Person>], from: Time, to: Time) -> Result<Vec<Person>> {
    let ids = list(people);
    // A day on each side, as somebody's date there differs from the one in UTC.
    let first = from.date(&TimeZone::UTC).saturating_sub(Span::new().days(2));
    let last = to.date(&TimeZone::UTC).saturating_add(Span::new().days(2));
    let stored = sql!(
        "select id, zone, hours, holidays from people
          where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    let stored: Vec<Stored> = tx.all(stored, args![tx.workspace(), ids]).await?;
    let mut aways = leaves(tx, &ids, first, last).await?;
    let mut exceptions = exceptions(tx, &ids, first, last).await?;
    let own = own_holidays(tx, first, last).await?;
    let mut found: BTreeMap<Id<kernel::Person>, Person> = BTreeMap::new();
    for one in stored {
        let zone = TimeZone::get(&one.zone).unwrap_or(TimeZone::UTC);
        let week: Week = one.hours.parse()?;
        let away = aways.remove(&one.id).unwrap_or_default();
        let days = match own.get(&one.holidays) {
            Some(days) => days.clone(),
            None => public_holidays(&one.holidays, first, last),
        };
        let calendar = Calendar::new(zone, week)
            .with_holidays(days)
            .with_exceptions(exceptions.remove(&one.id).unwrap_or_default())
            .with_leave(away.iter().map(Away::leave).collect::<Result<Vec<_>>>()?);
        let whole = away.iter().filter(|away| away.hours.is_none());
        let away = whole.map(|away| (away.first_on, away.last_on)).collect();
        found.insert(one.id, Person { id: one.id, calendar, away });
    }
    Ok(people.iter().filter_map(|id| found.remove(id)).collect())
}

impl Away {
    fn leave(&self) -> Result<Leave> {
        let hours = self.hours.as_deref().map(str::parse).transpose()?;
        Ok(Leave { first: self.first_on, last: self.last_on, hours })
    }
}

type ByPerson<T> = BTreeMap<Id<kernel::Person>, Vec<T>>;

async fn leaves(tx: &mut Tx<'_>, ids: &str, first: Date, last: Date) -> Result<ByPerson<Away>> {
    let select = sql!(
        "select person_id, first_on, last_on, hours from leaves
          where workspace_id = $1 and person_id in (select value from json_each(cast($2 as text)))
            and last_on >= $3 and first_on <= $4 and withdrawn_at is null
          order by first_on"
    );
    let found: Vec<Away> = tx.all(select, args![tx.workspace(), ids, first, last]).await?;
    let mut all = BTreeMap::new();
    for away in found {
        all.entry(away.person_id).or_insert_with(Vec::new).push(away);
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
async fn own_holidays(tx: &mut Tx<'_>, first: Date, last: Date) -> Result<BTreeMap<String, Vec<Date>>> {
    let select = sql!(
        "select c.id, d.on_date from holiday_calendars c
           left join holiday_days d on d.workspace_id = c.workspace_id and d.calendar_id = c.id
                and d.on_date >= $2 and d.on_date <= $3
          where c.workspace_id = $1"
    );
    let found: Vec<(String, Option<Date>)> = tx.all(select, args![tx.workspace(), first, last]).await?;
    let mut all: BTreeMap<String, Vec<Date>> = BTreeMap::new();
    for (calendar, date) in found {
        all.entry(calendar).or_default().extend(date);
    }
    Ok(all)
}

fn public_holidays(code: &str, first: Date, last: Date) -> Vec<Date> {
    let found = holidays::holidays(code, first.year()..=last.year()).unwrap_or_default();
    found.into_iter().map(|holiday| holiday.date).filter(|date| (first..=last).contains(date)).collect()
}
