//! Calendars of public holidays: those of countries, which are in the program, and those of the workspace's own.
mod import;
mod page;

pub use import::ImportHolidayCalendar;

use super::calendars::holidays_of;
use crate::access::{cares_for_people, today};
use jiff::{ToSpan, civil::Date};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Get},
    Operation, Result, Route, Tx, args, columns, json, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/admin/holidays", page::list)
        .post("/admin/holidays", page::upload)
        .get("/admin/holidays/{calendar}", page::show)
        .post("/admin/holidays/{calendar}/delete", page::delete)
}

/// A holiday calendar of the workspace's own.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolidayCalendar {
    #[schemars(with = "String")]
    pub id: Id<HolidayCalendar>,
    pub name: String,
    pub days: i64,
    /// The last day that it holds.
    pub last_on: Option<Date>,
    /// How many people have it, those who left included.
    pub people: i64,
}
columns!(HolidayCalendar { id, name, days, last_on, people });

/// The holiday calendars of the workspace's own, by name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListHolidayCalendars {}

impl Operation for ListHolidayCalendars {
    const NAME: &str = "holiday_calendar.list";
    const ROUTE: Route = Route(Get, "/holiday-calendars");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<HolidayCalendar>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<HolidayCalendar>> {
        const MOST: i64 = 500;
        let select = sql!(
            "select c.id, c.name,
                    (select count(*) from holiday_days d where d.workspace_id = $1 and d.calendar_id = c.id) as days,
                    (select max(d.on_date) from holiday_days d
                      where d.workspace_id = $1 and d.calendar_id = c.id) as last_on,
                    (select count(*) from people p where p.workspace_id = $1 and p.holidays = c.id) as people
               from holiday_calendars c
              where c.workspace_id = $1 order by lower(c.name), c.id limit $2"
        );
        tx.all(select, args![tx.workspace(), MOST]).await
    }
}

/// The days of one calendar in this year and the next.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHolidayCalendar {
    /// The id of a calendar of the workspace's own, or the code of a country or its region, such as `DE-BE`.
    pub calendar: Name<60>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolidayDays {
    pub name: String,
    /// Nothing for a calendar that is in the program.
    #[schemars(with = "Option<String>")]
    pub own: Option<Id<HolidayCalendar>>,
    pub days: Vec<(Date, String)>,
}

impl Operation for ShowHolidayCalendar {
    const NAME: &str = "holiday_calendar.show";
    const ROUTE: Route = Route(Get, "/holiday-calendars/{calendar}");
    const READS: bool = true;
    /// Its name, and its id if it is the workspace's own.
    type Target = (String, Option<Id<HolidayCalendar>>);
    type Output = HolidayDays;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Ok(place) = holidays::find(&self.calendar) {
            return Ok((place.to_string(), None));
        }
        let id = self.calendar.parse().map_err(|_| Error::NotFound)?;
        Ok((visible(tx, id).await?, Some(id)))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (name, own): Self::Target) -> Result<HolidayDays> {
        let first = today(tx).first_of_year();
        let last = first.saturating_add(1.year()).last_of_year();
        Ok(HolidayDays { name, own, days: holidays_of(tx, &self.calendar, first, last).await?.to_vec() })
    }
}

/// The name of a calendar of the workspace's own.
async fn visible(tx: &mut Tx<'_>, id: Id<HolidayCalendar>) -> Result<String> {
    let select = sql!("select name from holiday_calendars where workspace_id = $1 and id = $2");
    tx.one(select, args![tx.workspace(), id]).await
}

/// Delete a calendar that nobody has.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteHolidayCalendar {
    #[schemars(with = "String")]
    pub calendar: Id<HolidayCalendar>,
}

impl Operation for DeleteHolidayCalendar {
    const NAME: &str = "holiday_calendar.delete";
    const ROUTE: Route = Route(Delete, "/holiday-calendars/{calendar}");
    type Target = String;
    /// The name it had.
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<String> {
        visible(tx, self.calendar).await
    }

    fn allows(actor: &Actor, _: &String) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, name: String) -> Result<String> {
        let used = sql!("select count(*) from people where workspace_id = $1 and holidays = $2");
        match tx.one::<i64>(used, args![tx.workspace(), self.calendar]).await? {
            0 => {}
            1 => return Err(Error::conflict("One person has this calendar. Give them another one first.")),
            n => return Err(Error::conflict(format!("{n} people have this calendar. Give them another one first."))),
        }
        clear(tx, self.calendar).await?;
        let delete = sql!("delete from holiday_calendars where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), self.calendar]).await?;
        tx.record("holiday_calendar.deleted", self.calendar, json!({ "name": name }));
        Ok(name)
    }
}

async fn clear(tx: &mut Tx<'_>, calendar: Id<HolidayCalendar>) -> Result<()> {
    let days = sql!("delete from holiday_days where workspace_id = $1 and calendar_id = $2");
    tx.run(days, args![tx.workspace(), calendar]).await?;
    Ok(())
}
