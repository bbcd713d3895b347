//! One's dates in one's own calendar program: an address with a secret, and invitations by mail.
pub(crate) mod busy;
mod page;
mod read;

pub use busy::{Busy, EndBusy, ShowBusy, SubscribeBusy};
pub use read::{Feed, ReadCalendar, TouchCalendar};

use holidays::ics;
use kernel::{
    Actor, Id,
    Method::{Delete, Get, Post, Put},
    Occasion, Operation, Person, Result, Route, Time, Tx, args, columns, json, sql,
};
use people::account::{secret, session::require_proof};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// How I have my dates in my own calendar.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCalendar {}

/// How somebody has their dates in their own calendar.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Calendar {
    /// When the address was made that stands; nothing where none does. What it is was said once.
    pub made_at: Option<Time>,
    /// When a program last read it, to the hour.
    pub read_at: Option<Time>,
    /// Dates that are set, moved or called off come by mail, for the calendar to take over.
    pub invited: bool,
}
columns!(Calendar { made_at, read_at, invited });

impl Operation for ShowCalendar {
    const NAME: &str = "calendar.show";
    const ROUTE: Route = Route(Get, "/me/calendar");
    const READS: bool = true;
    type Target = ();
    type Output = Calendar;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Calendar> {
        mine(tx).await
    }
}

/// An address of an account whose access has ended since is none.
async fn mine(tx: &mut Tx<'_>) -> Result<Calendar> {
    let select = sql!(
        "select case when a.person_id is null then null else c.made_at end as made_at,
                case when a.person_id is null then null else c.read_at end as read_at, c.invited
           from calendars c
           left join accounts a on a.workspace_id = c.workspace_id and a.person_id = c.person_id
                and a.auth_epoch = c.auth_epoch and c.secret_hash is not null
          where c.workspace_id = $1 and c.person_id = $2"
    );
    let me = tx.me();
    let found = tx.find(select, args![tx.workspace(), me]).await?;
    Ok(found.unwrap_or(Calendar { made_at: None, read_at: None, invited: true }))
}

/// Make an address from which a calendar program reads my dates. One that was made before ends, and so do invitations by
/// mail, as nothing has to come twice. It needs a session in which the password was just entered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeAddress {}

/// An address that was just made.
#[derive(Serialize, JsonSchema)]
pub struct Made {
    /// It is not shown again, and not stored.
    pub address: String,
}

impl Operation for MakeAddress {
    const NAME: &str = "calendar.make_address";
    const ROUTE: Route = Route(Post, "/me/calendar/address");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Made;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Made> {
        let secret = secret::fresh()?;
        let save = sql!(
            "insert into calendars (workspace_id, person_id, secret_hash, auth_epoch, made_at, invited)
             select a.workspace_id, a.person_id, $3, a.auth_epoch, $4, $5
               from accounts a where a.workspace_id = $1 and a.person_id = $2
             on conflict (workspace_id, person_id) do update
                set secret_hash = excluded.secret_hash, auth_epoch = excluded.auth_epoch, made_at = excluded.made_at,
                    read_at = null, invited = excluded.invited"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(save, args![tx.workspace(), me, secret::hash(&secret), now, false]).await?;
        tx.record("calendar.address_made", me, json!({}));
        Ok(Made { address: format!("{}/calendar/{secret}.ics", tx.base_url()) })
    }
}

/// End the address of my dates. Whoever has it reads nothing any more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAddress {}

impl Operation for EndAddress {
    const NAME: &str = "calendar.end_address";
    const ROUTE: Route = Route(Delete, "/me/calendar/address");
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
        let end = sql!(
            "update calendars set secret_hash = null, made_at = null, read_at = null
              where workspace_id = $1 and person_id = $2 and secret_hash is not null"
        );
        let me = tx.me();
        if tx.run(end, args![tx.workspace(), me]).await? > 0 {
            tx.record("calendar.address_ended", me, json!({}));
        }
        Ok(())
    }
}

/// Choose whether my dates come by mail.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetCalendar {
    #[serde(default)]
    pub invited: bool,
}

impl Operation for SetCalendar {
    const NAME: &str = "calendar.set";
    const ROUTE: Route = Route(Put, "/me/calendar");
    type Target = ();
    type Output = Calendar;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Calendar> {
        let save = sql!(
            "insert into calendars (workspace_id, person_id, invited) values ($1, $2, $3)
             on conflict (workspace_id, person_id) do update set invited = excluded.invited"
        );
        let me: Id<Person> = tx.me();
        tx.run(save, args![tx.workspace(), me, self.invited]).await?;
        tx.record("calendar.changed", me, json!({}));
        mine(tx).await
    }
}

/// One occasion as a letter that a calendar program takes over.
pub(crate) fn invitation(
    occasion: &Occasion,
    base_url: &str,
    method: ics::Method,
    organizer: ics::Party,
    receiver: ics::Party,
) -> String {
    let invited = ics::Entry { organizer: Some(organizer), attendees: vec![receiver], ..entry(occasion, base_url) };
    ics::write(&ics::Draft { name: String::new(), method: Some(method), entries: vec![invited] })
}

/// By which calendar programs know an occasion.
pub(crate) fn uid(key: &str, base_url: &str) -> String {
    let host = base_url.split("//").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or("cairn");
    format!("{key}@{host}")
}

fn entry(occasion: &Occasion, base_url: &str) -> ics::Entry {
    let url = format!("{base_url}{}", occasion.href);
    ics::Entry {
        uid: uid(&occasion.key, base_url),
        sequence: occasion.revision,
        changed_at: occasion.changed_at.timestamp(),
        start: occasion.from.timestamp(),
        end: occasion.to.timestamp(),
        summary: occasion.title.clone(),
        description: url.clone(),
        url,
        cancelled: occasion.cancelled,
        busy: occasion.busy,
        organizer: None,
        attendees: Vec::new(),
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/me/calendar", page::show)
        .post("/me/calendar", page::save)
        .post("/me/calendar/busy", page::subscribe)
        .post("/me/calendar/busy/end", page::forget)
        .post("/me/calendar/address", page::make)
        .post("/me/calendar/address/end", page::end)
}
