use super::{HolidayCalendar, clear};
use crate::access::cares_for_people;
use holidays::ics::{self, Event, Limits};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Make a holiday calendar from an iCalendar file (RFC 5545). Under the name of one that exists, its days are replaced.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportHolidayCalendar {
    pub name: Name<80>,
    /// The text of the file, of at most 1 MB and 2,000 events.
    pub file: HolidayFile,
}

/// A file that was read within limits, which happens before the transaction.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct HolidayFile {
    days: BTreeSet<(Date, String)>,
    left_out: Vec<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolidayImport {
    #[schemars(with = "String")]
    pub id: Id<HolidayCalendar>,
    pub name: String,
    pub days: i64,
    /// Sentences about the events that were left out, with their lines.
    pub left_out: Vec<String>,
}

const LIMITS: Limits = Limits { bytes: 1024 * 1024, events: 2_000, line_bytes: 16 * 1024 };
const LONGEST_DAYS: i32 = 31;
const LONGEST_NAME: usize = 120;

impl TryFrom<String> for HolidayFile {
    type Error = String;

    fn try_from(text: String) -> Result<HolidayFile, String> {
        let file = ics::read(&text, &LIMITS).map_err(|error| error.to_string())?;
        let mut left_out: Vec<String> =
            file.skipped.iter().map(|event| format!("Line {}: {}", event.line, event.sentence)).collect();
        let mut days = BTreeSet::new();
        for event in file.events.iter().filter(|event| !event.cancelled) {
            match (event.last - event.first).get_days() < LONGEST_DAYS {
                true => days.extend(days_of(event)),
                false => left_out.push(format!("Line {}: It is longer than a month.", event.line)),
            }
        }
        match (days.is_empty(), left_out.first()) {
            (false, _) => Ok(HolidayFile { days, left_out }),
            (true, Some(sentence)) => Err(format!("No event of the file can be read. {sentence}")),
            (true, None) => Err("The file holds no event.".into()),
        }
    }
}

fn days_of(event: &Event) -> impl Iterator<Item = (Date, String)> {
    let name: String = event.summary.chars().take(LONGEST_NAME).collect();
    let name = if name.is_empty() { "Holiday".to_owned() } else { name };
    let all = std::iter::successors(Some(event.first), |day| day.tomorrow().ok());
    all.take_while(|day| *day <= event.last).map(move |day| (day, name.clone()))
}

impl Operation for ImportHolidayCalendar {
    const NAME: &str = "holiday_calendar.import";
    const ROUTE: Route = Route(Post, "/holiday-calendars");
    type Target = ();
    type Output = HolidayImport;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<HolidayImport> {
        if holidays::find(&self.name).is_ok() {
            return Err(Error::invalid("name", "This is the code of a country. Choose another name."));
        }
        let same = sql!("select id from holiday_calendars where workspace_id = $1 and lower(name) = lower($2)");
        let id = match tx.find(same, args![tx.workspace(), self.name]).await? {
            Some(id) => {
                clear(tx, id).await?;
                id
            }
            None => self.insert(tx).await?,
        };
        let day = sql!("insert into holiday_days (workspace_id, calendar_id, on_date, name) values ($1, $2, $3, $4)");
        for (date, name) in &self.file.days {
            tx.run(day, args![tx.workspace(), id, date, name]).await?;
        }
        let days = self.file.days.len() as i64;
        tx.record("holiday_calendar.imported", id, json!({ "name": self.name, "days": days }));
        Ok(HolidayImport { id, name: self.name.to_string(), days, left_out: self.file.left_out.clone() })
    }
}

impl ImportHolidayCalendar {
    async fn insert(&self, tx: &mut Tx<'_>) -> Result<Id<HolidayCalendar>> {
        let id: Id<HolidayCalendar> = tx.id();
        let insert = sql!("insert into holiday_calendars (workspace_id, id, name, created_at) values ($1, $2, $3, $4)");
        tx.run(insert, args![tx.workspace(), id, self.name, tx.now()]).await?;
        Ok(id)
    }
}
