//! Issues that are open: how old they are beside those that were done, and when one of them is done, or all below it.
mod ageing;
pub mod aside;
mod ask;
pub(crate) mod below;
pub(crate) mod page;

pub use ageing::{AgeingItem, AgeingView, ShowAgeing};
pub use ask::{Aged, AskIssue, IssueForecast, Since};
pub use below::{Below, TeamLeft};

use forecast::Survival;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Error, Id, Reference, Result, Team, Time, Tx, args, columns, sql};
use ui::Pages;

/// What is read of an issue.
pub struct Item {
    pub issue_id: String,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub team_key: String,
    pub number: i64,
    pub title: String,
    pub category: String,
    pub leaf: bool,
    pub due_on: Option<Date>,
    pub created_at: Time,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
}
columns!(Item {
    issue_id,
    team_id,
    team_name,
    team_key,
    number,
    title,
    category,
    leaf,
    due_on,
    created_at,
    started_at,
    finished_at,
});

/// Colleagues see the issues of all teams.
const SELECT: &str = "
    select i.issue_id, i.team_id, t.name as team_name, i.team_key, i.number, i.title, i.category, i.leaf, i.due_on,
           i.created_at, i.started_at, i.finished_at
      from work_public_items i join teams t on t.workspace_id = i.workspace_id and t.id = i.team_id
     where i.workspace_id = $1 and $2 ";

impl Item {
    pub async fn visible(tx: &mut Tx<'_>, id: &str) -> Result<Item> {
        let select = sql!(SELECT, "and i.issue_id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// By an id or a key, of today or of the past, as the part that keeps issues finds it.
    pub async fn named(tx: &mut Tx<'_>, name: &str) -> Result<Item> {
        let card = tx.card(&Reference::to("issue", name)).await?;
        let key = card.href.rsplit('/').next().and_then(|key| key.rsplit_once('-')).ok_or(Error::NotFound)?;
        let number: i64 = key.1.parse().map_err(|_| Error::NotFound)?;
        let select = sql!(SELECT, "and i.team_key = $3 and i.number = $4");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), key.0, number]).await
    }

    pub fn key(&self) -> String {
        format!("{}-{}", self.team_key, self.number)
    }
}

/// How long the issues of a team took that ended in the past year, and how long the open ones have taken so far.
pub(crate) struct Ages {
    /// Whole days of those that were done, ascending.
    pub finished: Vec<u32>,
    survival: Option<Survival>,
}

struct Alike {
    days: i64,
    done: bool,
    issues: i64,
}
columns!(Alike { days, done, issues });

/// From how many finished issues something is said, and from how many that took as long as the one that is asked about.
pub(crate) const FEWEST_FINISHED: usize = 10;
const FEWEST_ALIKE: usize = 5;
const PAST: i64 = 365;
pub(crate) const DAY: f64 = 24.0 * 3600.0 * 1e6;

impl Ages {
    /// Since they were begun, or else since they came. What was never in progress took no time in it.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, since_begun: bool) -> Result<Ages> {
        let select = sql!(
            "select a.days, a.done, count(*) as issues from (
               select (coalesce(i.finished_at, $4) - case when $5 then i.started_at else i.created_at end) / 86400000000 as days,
                      i.category = 'done' as done
                 from work_public_items i
                where i.workspace_id = $1 and i.team_id = $2 and $3 and i.leaf
                  and (i.finished_at is null or i.finished_at >= $6)
                  and (not $5 or (i.started_at is not null and (i.finished_at is null or i.finished_at > i.started_at)))
             ) a group by a.days, a.done order by a.days"
        );
        let (belongs, now) = (tx.actor().belongs(), tx.now());
        let since = Time(now.0 - PAST * DAY as i64);
        let rows: Vec<Alike> = tx.all(select, args![tx.workspace(), team, belongs, now, since_begun, since]).await?;
        let days = |done: bool| -> Vec<u32> {
            let of = rows.iter().filter(|row| row.done == done);
            of.flat_map(|row| std::iter::repeat_n(u32::try_from(row.days).unwrap_or(0), row.issues as usize)).collect()
        };
        // Those that are open or were dropped took at least so long.
        let (finished, open) = (days(true), days(false));
        let is_enough = finished.len() >= FEWEST_FINISHED;
        Ok(Ages { survival: is_enough.then(|| Survival::new(&finished, &open)).flatten(), finished })
    }

    /// The chance that one of this age is done by another age, in days; nothing where too few took as long.
    pub fn chance(&self, age: f64, end: f64) -> Option<f64> {
        let survival = self.survival.as_ref().filter(|_| self.longer(age) >= FEWEST_ALIKE)?;
        survival.chance_between(age, end)
    }

    /// How many of the finished ones took longer than this, in days.
    pub fn longer(&self, age: f64) -> usize {
        self.finished.iter().filter(|days| f64::from(**days) + 1.0 > age).count()
    }

    /// The whole days within which 50, 70, 85 and 95 % of the finished ones were done; nothing where they are too few.
    pub fn percentiles(&self) -> Option<[u32; 4]> {
        let place = |percent: usize| (self.finished.len() * percent).div_ceil(100) - 1;
        (self.finished.len() >= FEWEST_FINISHED).then(|| [50, 70, 85, 95].map(|percent| self.finished[place(percent)]))
    }
}

/// The age of something at an instant, in days.
pub(crate) fn age(since: Time, at: Time) -> f64 {
    ((at.0 - since.0) as f64 / DAY).max(0.0)
}

/// The instant at which a date ends in UTC.
pub(crate) fn end_of(date: Date) -> Time {
    let next = date.saturating_add(1.day());
    next.to_zoned(TimeZone::UTC).map_or(Time(i64::MAX), |zoned| zoned.timestamp().into())
}

pub fn pages() -> Pages {
    Pages::new().get("/teams/{team}/forecast/ageing", page::ageing).get("/issues/{issue}/forecast", page::of_issue)
}
