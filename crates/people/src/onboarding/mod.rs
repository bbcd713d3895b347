//! Onboarding: templates of what a newcomer does and is expected to know, and the plans that are made from them.
mod begin;
mod card;
mod due;
mod order;
pub mod plan;
pub mod template;

pub use begin::{JOB, SCHEDULE};
pub use card::card;
pub use order::Direction;

use crate::{
    access::{cares_for_people, today},
    hours::{Clock, calendars},
};
use due::Days;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Actor, Error, Id, Person, Result, Time, Tx, args, sql, words};
use ui::{Markup, Pages, html};

words! {
    /// What stands in a plan.
    pub enum Kind {
        /// Something to do.
        Step = "step",
        /// What the newcomer is expected to know or to be able to do; the manager says whether they do.
        Expectation = "expectation",
    }
}

words! {
    /// Who does a step.
    pub enum Owner {
        Newcomer = "newcomer",
        Buddy = "buddy",
        Manager = "manager",
    }
}

impl Owner {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Owner::Newcomer => "Newcomer",
            Owner::Buddy => "Buddy",
            Owner::Manager => "Manager",
        }
    }
}

/// The working days from the first one to the end of a phase, at most.
const LONGEST: i64 = 260;
/// The working days before the first one, at most.
const EARLIEST: i64 = -60;

pub fn pages() -> Pages {
    plan::pages().merge(template::pages())
}

/// Owner, admin and people partner, and everyone who manages someone.
fn prepares(actor: &Actor, manages: bool) -> bool {
    cares_for_people(actor) || (manages && actor.belongs())
}

/// Whether someone reports to the actor, or will.
async fn manages(tx: &mut Tx<'_>) -> Result<bool> {
    let reports = sql!(
        "select 1 from manager_lines l join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
          where l.workspace_id = $1 and l.manager_id = $2 and p.deactivated_at is null
            and (l.until_on is null or l.until_on > $3) limit 1"
    );
    tx.exists(reports, args![tx.workspace(), tx.me(), today(tx)]).await
}

/// A day counted in working days, within the limits of a plan.
fn check_day(field: &str, day: i64, first: i64) -> Result<()> {
    match (first..=LONGEST).contains(&day) {
        true => Ok(()),
        false => Err(Error::invalid(field, format!("Write a number of working days from {first} to {LONGEST}."))),
    }
}

/// The calendars of those who take part in a plan, around its time.
struct Calendars {
    newcomer: Clock,
    manager: Option<Clock>,
    buddy: Option<Clock>,
}

/// The longest plan of somebody who works on one day a week ends after five years.
const YEARS_AHEAD: i64 = 6;
const MONTHS_BEFORE: i64 = 15;

impl Calendars {
    async fn read(
        tx: &mut Tx<'_>,
        newcomer: Id<Person>,
        manager: Option<Id<Person>>,
        buddy: Option<Id<Person>>,
        starts_on: Date,
    ) -> Result<Calendars> {
        let mut ids = vec![newcomer];
        ids.extend([manager, buddy].into_iter().flatten().filter(|id| *id != newcomer));
        ids.dedup();
        let from = instant(starts_on.saturating_sub(MONTHS_BEFORE.months()));
        let to = instant(starts_on.saturating_add(YEARS_AHEAD.years()));
        let clocks = calendars(tx, &ids, from, to).await?;
        let of = |id: Option<Id<Person>>| clocks.iter().find(|clock| Some(clock.id) == id).cloned();
        let newcomer = of(Some(newcomer)).ok_or(Error::NotFound)?;
        Ok(Calendars { newcomer, manager: of(manager), buddy: of(buddy) })
    }

    fn days(&self) -> Days<'_> {
        Days {
            newcomer: &self.newcomer.calendar,
            manager: self.manager.as_ref().map(|clock| &clock.calendar),
            buddy: self.buddy.as_ref().map(|clock| &clock.calendar),
        }
    }

    fn due(&self, starts_on: Date, day: i64, owner: Owner) -> Result<Date> {
        let none =
            "There are not enough working days after this start. Look at the hours and the leave of the newcomer.";
        self.days().due(starts_on, day, owner).ok_or_else(|| Error::conflict(none))
    }
}

fn instant(date: Date) -> Time {
    date.to_zoned(TimeZone::UTC).map_or(Time(0), |zoned| zoned.timestamp().into())
}

/// The ways between the running plans and the templates.
fn tabs(here: &str) -> Markup {
    let tab =
        |href: &str, label: &str| html! { a href=(href) aria-current=[(href == here).then_some("page")] { (label) } };
    html! { nav.tabs aria-label="Onboarding" { (tab("/onboarding", "Plans")) (tab("/onboarding/templates", "Templates")) } }
}
