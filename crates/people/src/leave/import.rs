//! Leave from the calendar file that a personnel system or another calendar writes.
mod event;
mod page;
mod plan;

pub use page::{apply, preview, start};

use super::{Kind, Leave, Stretch, withdraw::withdraw};
use crate::{
    access::{Nearness, today},
    person::Record,
};
use event::Wanted;
use holidays::ics::{self, Limits};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Actor, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, columns, json, sql, words};
use plan::{Known, Step};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Enter a person's leave from an iCalendar file (RFC 5545). An event that was brought before changes the leave that it
/// made then, and a cancelled one withdraws it, so the same file can be brought again. Titles are not kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportLeaves {
    pub person: Id<Person>,
    /// The kind of all leave whose title does not say that it is another one.
    pub kind: Kind,
    /// The text of the file, of at most 512 KB and 1,000 events.
    pub file: LeaveFile,
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// A file that was read within limits, which happens before the transaction.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct LeaveFile(ics::Calendar);

const LIMITS: Limits = Limits { bytes: 512 * 1024, events: 1_000, line_bytes: 16 * 1024 };

impl TryFrom<String> for LeaveFile {
    type Error = String;

    fn try_from(text: String) -> Result<LeaveFile, String> {
        ics::read(&text, &LIMITS).map(LeaveFile).map_err(|error| error.to_string())
    }
}

/// What the import does with each event of the file, in the order of their lines.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Import {
    pub events: Vec<Imported>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Imported {
    /// Where the event begins in the file, from 1.
    pub line: i64,
    pub title: String,
    pub first_on: Option<Date>,
    pub last_on: Option<Date>,
    pub hours: Option<String>,
    pub outcome: Outcome,
    /// Why it is left out.
    pub sentence: String,
}

words! {
    pub enum Outcome {
        Entered = "entered",
        Changed = "changed",
        Restored = "restored",
        Withdrawn = "withdrawn",
        /// It is here already, at the same time.
        Kept = "kept",
        LeftOut = "left_out",
    }
}

impl Operation for ImportLeaves {
    const NAME: &str = "leave.import";
    const ROUTE: Route = Route(Post, "/people/{person}/leaves/import");
    type Target = (Record, Nearness);
    type Output = Import;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, Nearness::of(tx, self.person).await?))
    }

    fn allows(actor: &Actor, (_, near): &Self::Target) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, _): Self::Target) -> Result<Import> {
        let zone = TimeZone::get(&person.zone).unwrap_or(TimeZone::UTC);
        let LeaveFile(calendar) = &self.file;
        let wanted = event::wanted(&calendar.events, &zone, today(tx));
        let steps = plan::plan(&wanted, &known(tx, person.id).await?, today(tx));
        if !self.dry_run {
            for (wanted, step) in wanted.iter().zip(&steps) {
                self.take(tx, wanted, step).await?;
            }
        }
        let skipped = calendar.skipped.iter().map(Imported::skipped);
        let mut events: Vec<Imported> = wanted.iter().zip(steps).map(Imported::of).chain(skipped).collect();
        events.sort_by_key(|event| event.line);
        Ok(Import { events })
    }
}

struct Stored {
    id: Id<Leave>,
    source_uid: Option<String>,
    first_on: Date,
    last_on: Date,
    hours: Option<String>,
    withdrawn_at: Option<Time>,
}
columns!(Stored { id, source_uid, first_on, last_on, hours, withdrawn_at });

async fn known(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Known>> {
    let select = sql!(
        "select id, source_uid, first_on, last_on, hours, withdrawn_at from leaves
          where workspace_id = $1 and person_id = $2 and (withdrawn_at is null or source_uid is not null)
          order by first_on, id"
    );
    let found: Vec<Stored> = tx.all(select, args![tx.workspace(), person]).await?;
    let read = |one: Stored| {
        let time = Stretch::read(one.first_on, Some(one.last_on), one.hours.as_deref().unwrap_or_default())?;
        Ok(Known { id: one.id, key: one.source_uid, time, withdrawn: one.withdrawn_at.is_some() })
    };
    found.into_iter().map(read).collect()
}

impl ImportLeaves {
    async fn take(&self, tx: &mut Tx<'_>, wanted: &Wanted, step: &Step) -> Result<()> {
        match step {
            Step::Enter(time) => self.enter(tx, wanted, time).await,
            Step::Change(id, time) | Step::Restore(id, time) => self.place(tx, *id, time).await,
            Step::Withdraw(id) => withdraw(tx, *id, self.person).await,
            Step::Keep | Step::LeaveOut(_) => Ok(()),
        }
    }

    async fn enter(&self, tx: &mut Tx<'_>, wanted: &Wanted, time: &Stretch) -> Result<()> {
        let id: Id<Leave> = tx.id();
        let insert = sql!(
            "insert into leaves (workspace_id, id, person_id, kind, first_on, last_on, hours, source_uid, entered_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let (hours, kind) = (time.hours.as_ref().map(ToString::to_string), event::kind(&wanted.title, self.kind));
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                self.person,
                kind,
                time.first_on,
                time.last_on,
                hours,
                wanted.key,
                tx.me(),
                tx.now(),
            ],
        )
        .await?;
        tx.record("leave.entered", id, self.told(time));
        Ok(())
    }

    /// Puts a leave that the file has made before at another time.
    async fn place(&self, tx: &mut Tx<'_>, id: Id<Leave>, time: &Stretch) -> Result<()> {
        let update = sql!(
            "update leaves set first_on = $3, last_on = $4, hours = $5, withdrawn_at = null
              where workspace_id = $1 and id = $2"
        );
        let hours = time.hours.as_ref().map(ToString::to_string);
        tx.run(update, args![tx.workspace(), id, time.first_on, time.last_on, hours]).await?;
        super::change::ask_again(tx, id).await?;
        tx.record("leave.changed", id, self.told(time));
        Ok(())
    }

    fn told(&self, time: &Stretch) -> kernel::Json {
        json!({ "person": self.person, "first_on": time.first_on, "last_on": time.last_on })
    }
}

impl Imported {
    fn of((wanted, step): (&Wanted, Step)) -> Imported {
        let (outcome, sentence) = match step {
            Step::Enter(_) => (Outcome::Entered, String::new()),
            Step::Change(..) => (Outcome::Changed, String::new()),
            Step::Restore(..) => (Outcome::Restored, String::new()),
            Step::Withdraw(_) => (Outcome::Withdrawn, String::new()),
            Step::Keep => (Outcome::Kept, String::new()),
            Step::LeaveOut(sentence) => (Outcome::LeftOut, sentence),
        };
        Imported {
            line: wanted.line as i64,
            title: wanted.title.clone(),
            first_on: Some(wanted.first_on),
            last_on: Some(wanted.last_on),
            hours: wanted.time.as_ref().ok().and_then(|time| time.hours.as_ref()).map(ToString::to_string),
            outcome,
            sentence,
        }
    }

    fn skipped(skipped: &ics::Skipped) -> Imported {
        Imported {
            line: skipped.line as i64,
            title: skipped.summary.clone(),
            first_on: None,
            last_on: None,
            hours: None,
            outcome: Outcome::LeftOut,
            sentence: skipped.sentence.clone(),
        }
    }
}
