//! What a calendar program reads: without a session, with the secret of an address.
use super::entry;
use holidays::ics::{self, Draft};
use kernel::{
    Actor, Error, Id,
    Method::{Get, Post},
    Operation, Person, Result, Route, Time, Tx, args, columns, sql,
};
use people::{access::actor_of, account::secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Reads the dates of whoever made the address with this secret.
#[derive(Deserialize, JsonSchema)]
pub struct ReadCalendar {
    pub secret: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Feed {
    pub person: Id<Person>,
    /// As RFC 5545 has it.
    pub text: String,
    /// It is an hour since somebody was seen to read it.
    pub is_stale: bool,
}

/// Whose address it is.
pub struct Owner {
    person_id: Id<Person>,
    auth_epoch: i64,
    workspace_name: String,
    read_at: Option<Time>,
}
columns!(Owner { person_id, auth_epoch, workspace_name, read_at });

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);
/// So many days back and ahead dates are given.
const BACK: u32 = 90;
const AHEAD: u32 = 400;

impl Operation for ReadCalendar {
    const NAME: &str = "calendar.read";
    const ROUTE: Route = Route(Get, "/calendar");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    /// With them as they would act now.
    type Target = (Owner, Actor);
    type Output = Feed;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let select = sql!(
            "select c.person_id, c.auth_epoch, w.name as workspace_name, c.read_at from calendars c
               join workspaces w on w.id = c.workspace_id
              where c.workspace_id = $1 and c.secret_hash = $2"
        );
        let owner: Owner = tx.one(select, args![tx.workspace(), secret::hash(&self.secret)]).await?;
        let reader = actor_of(tx, owner.person_id).await?.ok_or(Error::NotFound)?;
        if reader.epoch == owner.auth_epoch { Ok((owner, reader)) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (owner, reader): Self::Target) -> Result<Feed> {
        let now = tx.now();
        let mut occasions =
            tx.gather_in_for(&reader, now - DAY * BACK..now + DAY * AHEAD, |part| part.occasions).await?;
        occasions.sort_by(|one, other| (one.from, &one.key).cmp(&(other.from, &other.key)));
        let entries = occasions.iter().map(|occasion| entry(occasion, tx.base_url())).collect();
        let text = ics::write(&Draft { name: owner.workspace_name, method: None, entries });
        let is_stale = owner.read_at.is_none_or(|at| at + HOUR < now);
        Ok(Feed { person: owner.person_id, text, is_stale })
    }
}

/// Notes that a program has read somebody's dates.
#[derive(Deserialize, JsonSchema)]
pub struct TouchCalendar {
    pub person: Id<Person>,
}

impl Operation for TouchCalendar {
    const NAME: &str = "calendar.touch";
    const ROUTE: Route = Route(Post, "/calendar");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update = sql!("update calendars set read_at = $3 where workspace_id = $1 and person_id = $2");
        let now = tx.now();
        tx.run(update, args![tx.workspace(), self.person, now]).await?;
        Ok(())
    }
}
