//! Issues that recur: made of a template on days of the week or of the month, once for each day, in the zone of the team.
mod add;
mod make;
mod page;
mod rhythm;

pub use add::{AddRecurrence, EditRecurrence, ListRecurrences, RecurrenceList, SkipOccurrence};
pub use make::{JOB, SCHEDULE};
pub(super) use page::card;
pub use rhythm::{DayOfWeek, Rhythm};

use super::Template;
use crate::{issue::Issue, team::Kept};
use jiff::{
    civil::{Date, Time as TimeOfDay},
    tz::TimeZone,
};
use kernel::{Error, FromRow, Id, Result, Row, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

/// What recurs, and when it is made next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Recurrence {
    pub id: Id<Recurrence>,
    pub template_id: Id<Template>,
    pub template_name: String,
    pub team_id: Id<Team>,
    pub rhythm: Rhythm,
    /// The time of day, such as `09:00`.
    pub at: String,
    /// The IANA zone in which its days begin.
    pub zone: String,
    pub first_on: Date,
    /// The day for which it is made next, before it is moved to a working one.
    pub next_on: Date,
    /// When that happens.
    pub next_at: Time,
    /// Since when it rests.
    pub paused_at: Option<Time>,
}

impl FromRow for Recurrence {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let rhythm: String = row.get("rhythm")?;
        Ok(Recurrence {
            id: row.get("id")?,
            template_id: row.get("template_id")?,
            template_name: row.get("template_name")?,
            team_id: row.get("team_id")?,
            rhythm: serde_json::from_str(&rhythm).map_err(Error::internal)?,
            at: row.get("time_of_day")?,
            zone: row.get("zone")?,
            first_on: row.get("first_on")?,
            next_on: row.get("next_on")?,
            next_at: row.get("next_at")?,
            paused_at: row.get("paused_at")?,
        })
    }
}

/// A day for which it was made, or was not.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RecurrenceOccurrence")]
pub struct Occurrence {
    pub recurrence_id: Id<Recurrence>,
    pub on_date: Date,
    pub issue_id: Option<Id<Issue>>,
    pub key: Option<String>,
    /// Why it was not made.
    pub skipped: String,
}
columns!(Occurrence { recurrence_id, on_date, issue_id, key, skipped });

/// Every query that shows what recurs, as `c`, begins with this.
const SELECT: &str = "
    select c.id, c.template_id, x.name as template_name, x.team_id, c.rhythm, c.time_of_day, c.zone, c.first_on, c.next_on,
           c.next_at, c.paused_at
      from recurrences c join issue_templates x on x.workspace_id = c.workspace_id and x.id = c.template_id ";

/// The reach of every query that shows what recurs, as `c`: colleagues see it, as they see the templates.
const VISIBLE: &str = " c.workspace_id = $1 and $2 ";

impl Recurrence {
    async fn kept(tx: &mut Tx<'_>, id: Id<Recurrence>) -> Result<(Recurrence, Kept)> {
        let select = sql!(SELECT, "where", VISIBLE, "and c.id = $3");
        let found: Recurrence = tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await?;
        let kept = Kept::visible(tx, found.team_id).await?;
        Ok((found, kept))
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }
}

/// The first day from `from` on for which something is to be made, when that is, and on which day. A local time that the
/// clocks skip comes after the gap, one that they show twice the first time.
fn next(
    rhythm: &Rhythm,
    anchor: Date,
    from: Date,
    at: TimeOfDay,
    zone: &TimeZone,
    works: impl Fn(Date) -> bool,
) -> Option<(Date, Time)> {
    let mut before = from.yesterday().ok()?;
    loop {
        let day = rhythm.next(anchor, before)?;
        if let Some(moved) = rhythm.moved(anchor, day, &works) {
            let instant = moved.to_datetime(at).to_zoned(zone.clone()).ok()?;
            return Some((day, instant.timestamp().into()));
        }
        before = day;
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/recurrences", page::list)
        .post("/teams/{team}/recurrences", page::save)
        .post("/recurrences/{recurrence}/pause", page::pause)
        .post("/recurrences/{recurrence}/skips", page::skip)
}
