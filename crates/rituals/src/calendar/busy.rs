//! When somebody is busy elsewhere, read from the address of their own calendar: times alone. Titles, places and guests are
//! neither stored nor logged, and nobody is shown the times: dates are not proposed at them.
use holidays::ics::{self, Limits};
use jiff::{Timestamp, tz::TimeZone};
use kernel::{
    Actor, Error, Fetch, Id, Job, JobKind, Json, Later,
    Method::{Delete, Get, Put},
    Operation, Outside, Person, Result, Route, Run, Schedule, Time, Tx, args,
    calendar::Span,
    columns, json, sql,
    text::Line,
};
use people::account::session::require_proof;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{ops::Range, time::Duration};

pub const SWEEP: JobKind = JobKind { name: "calendar.busy", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "calendar.busy", every: Duration::from_secs(300) };
pub const JOB: JobKind = JobKind { name: "calendar.read_busy", run: Run::Outside { prepare, act, record } };

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// So far ahead times are kept.
const AHEAD: u32 = 35;
const LIMITS: Limits = Limits { bytes: 3_000_000, events: 10_000, line_bytes: 64 * 1024 };
/// How many are read in one run of the sweep.
const MOST: i64 = 50;

/// How it stands with my own calendar. Its address is not shown again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowBusy {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "BusyCalendar")]
pub struct Busy {
    pub subscribed_at: Time,
    /// When it was last read.
    pub read_at: Option<Time>,
    /// Why it could not be read the last time.
    pub trouble: String,
}
columns!(Busy { subscribed_at, read_at, trouble });

impl Operation for ShowBusy {
    const NAME: &str = "calendar.show_busy";
    const ROUTE: Route = Route(Get, "/me/calendar/busy");
    const READS: bool = true;
    type Target = ();
    type Output = Option<Busy>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Option<Busy>> {
        let select = sql!(
            "select subscribed_at, read_at, trouble from busy_calendars where workspace_id = $1 and person_id = $2"
        );
        let me = tx.me();
        tx.find(select, args![tx.workspace(), me]).await
    }
}

/// Give the address of my own calendar, so that nobody proposes a date while I am busy. It is read every hour; only the times
/// are kept. It needs a session in which the password was just entered, as the address is a secret.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscribeBusy {
    /// Of an iCalendar file, such as the secret address that calendar programs give.
    pub address: Line<2000>,
}

impl Operation for SubscribeBusy {
    const NAME: &str = "calendar.subscribe_busy";
    const ROUTE: Route = Route(Put, "/me/calendar/busy");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let address = match self.address.split_once("://") {
            Some(("webcal" | "https", rest)) => format!("https://{rest}"),
            Some(("http", rest)) => format!("http://{rest}"),
            _ => return Err(Error::invalid("address", "Give an address that begins with https:// or webcal://.")),
        };
        require_proof(tx).await?;
        let (me, now) = (tx.me(), tx.now());
        forget(tx, me).await?;
        let sealed = tx.vault().seal(CLASS, &about(tx, me), &address)?;
        let insert = sql!(
            "insert into busy_calendars (workspace_id, person_id, address, subscribed_at, asked_at, trouble)
             values ($1, $2, $3, $4, $4, '')"
        );
        tx.run(insert, args![tx.workspace(), me, sealed, now]).await?;
        tx.record("calendar.busy_subscribed", me, json!({}));
        tx.want(JOB.name, me.to_string(), json!({}), now);
        Ok(())
    }
}

/// Forget the address of my own calendar, and the times that were read there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndBusy {}

impl Operation for EndBusy {
    const NAME: &str = "calendar.end_busy";
    const ROUTE: Route = Route(Delete, "/me/calendar/busy");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let me = tx.me();
        forget(tx, me).await?;
        tx.record("calendar.busy_ended", me, json!({}));
        Ok(())
    }
}

const CLASS: &str = "calendar";

fn about(tx: &Tx<'_>, person: Id<Person>) -> String {
    format!("the calendar of {} {person}", tx.workspace())
}

async fn forget(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    forget_times(tx, person).await?;
    let delete = sql!("delete from busy_calendars where workspace_id = $1 and person_id = $2");
    tx.run(delete, args![tx.workspace(), person]).await?;
    Ok(())
}

async fn forget_times(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let delete = sql!("delete from busy_times where workspace_id = $1 and person_id = $2");
    tx.run(delete, args![tx.workspace(), person]).await?;
    Ok(())
}

struct Stretch {
    from_at: Time,
    to_at: Time,
}
columns!(Stretch { from_at, to_at });

/// When somebody is busy within this time.
pub(crate) async fn of(tx: &mut Tx<'_>, person: Id<Person>, time: &Range<Time>) -> Result<Vec<Span>> {
    let select = sql!(
        "select from_at, to_at from busy_times
          where workspace_id = $1 and person_id = $2 and to_at > $3 and from_at < $4 order by from_at"
    );
    let found: Vec<Stretch> = tx.all(select, args![tx.workspace(), person, time.start, time.end]).await?;
    Ok(found.into_iter().map(|one| Span { start: one.from_at, end: one.to_at }).collect())
}

/// Asks for those that were not read for an hour, of accounts that are in use.
fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let (now, stale) = (tx.now(), tx.now() - HOUR);
        let due = sql!(
            "select c.person_id from busy_calendars c
               join accounts a on a.workspace_id = c.workspace_id and a.person_id = c.person_id
                    and a.disabled_at is null
              where c.workspace_id = $1 and c.asked_at <= $2 order by c.asked_at, c.person_id limit $3"
        );
        let due: Vec<Id<Person>> = tx.all(due, args![tx.workspace(), stale, MOST]).await?;
        for person in due {
            let update = sql!("update busy_calendars set asked_at = $3 where workspace_id = $1 and person_id = $2");
            tx.run(update, args![tx.workspace(), person, now]).await?;
            tx.want(JOB.name, person.to_string(), json!({}), now);
        }
        Ok(())
    })
}

/// What is asked, and how the answer is read.
#[derive(Serialize, Deserialize)]
struct Asked {
    address: String,
    zone: String,
    from: Timestamp,
    to: Timestamp,
}

/// The times at which somebody is busy, or why they are not known.
#[derive(Serialize, Deserialize)]
enum Heard {
    Busy(Vec<(Timestamp, Timestamp)>),
    Trouble(String),
}

struct Stored {
    address: String,
    zone: String,
}
columns!(Stored { address, zone });

fn prepare<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let person: Id<Person> = job.subject.parse()?;
        let select = sql!(
            "select c.address, p.zone from busy_calendars c
               join people p on p.workspace_id = c.workspace_id and p.id = c.person_id
              where c.workspace_id = $1 and c.person_id = $2"
        );
        let Some(Stored { address, zone }) = tx.find(select, args![tx.workspace(), person]).await? else {
            return Ok(None);
        };
        // A key that is another one than when the address was sealed opens nothing; the owner gives the address again.
        let address = tx.vault().open(CLASS, &about(tx, person), &address).unwrap_or_default();
        let (from, to) = (tx.now().timestamp(), (tx.now() + DAY * AHEAD).timestamp());
        serde_json::to_value(Asked { address, zone, from, to }).map(Some).map_err(Error::internal)
    })
}

fn act<'a>(outside: &'a dyn Outside, asked: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let asked: Asked = serde_json::from_value(asked).map_err(Error::internal)?;
        let headers = vec![("user-agent", "cairn".to_owned()), ("accept", "text/calendar".to_owned())];
        let fetch = Fetch { url: asked.address.clone(), headers, body: None, most: LIMITS.bytes };
        let heard = match outside.fetch(fetch).await {
            Ok(fetched) if fetched.status == 200 => asked.read(&fetched.body),
            Ok(fetched) => Heard::Trouble(format!("The server answered with status {}.", fetched.status)),
            Err(Error::Busy(sentence)) => Heard::Trouble(sentence),
            Err(Error::TooLarge) => Heard::Trouble("The calendar has more than 3 megabytes.".into()),
            Err(Error::Invalid(_)) if asked.address.starts_with("http://") => {
                Heard::Trouble("Only addresses that begin with https:// are read.".into())
            }
            Err(Error::Invalid(flaws)) => {
                Heard::Trouble(flaws.first().map_or_else(String::new, |flaw| flaw.sentence.clone()))
            }
            Err(error) => return Err(error),
        };
        serde_json::to_value(heard).map_err(Error::internal)
    })
}

impl Asked {
    /// The titles end here: what goes on are times.
    fn read(&self, body: &[u8]) -> Heard {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        match ics::busy(&String::from_utf8_lossy(body), &LIMITS, self.from..self.to, &zone) {
            Ok(times) => Heard::Busy(times.into_iter().map(|time| (time.start, time.end)).collect()),
            Err(error) => Heard::Trouble(error.sentence),
        }
    }
}

fn record<'a>(tx: &'a mut Tx<'_>, job: &'a Job, heard: Json) -> Later<'a, ()> {
    Box::pin(async move {
        let person: Id<Person> = job.subject.parse()?;
        let now = tx.now();
        let (read_at, trouble, times) = match serde_json::from_value(heard).map_err(Error::internal)? {
            Heard::Busy(times) => (Some(now), String::new(), Some(times)),
            Heard::Trouble(sentence) => (None, sentence, None),
        };
        let update = sql!(
            "update busy_calendars set read_at = coalesce($3, read_at), trouble = $4
              where workspace_id = $1 and person_id = $2"
        );
        if tx.run(update, args![tx.workspace(), person, read_at, trouble]).await? == 0 {
            return Ok(());
        }
        if let Some(times) = times {
            forget_times(tx, person).await?;
            for (from, to) in times {
                let insert =
                    sql!("insert into busy_times (workspace_id, person_id, from_at, to_at) values ($1, $2, $3, $4)");
                tx.run(insert, args![tx.workspace(), person, Time::from(from), Time::from(to)]).await?;
            }
        }
        Ok(())
    })
}
