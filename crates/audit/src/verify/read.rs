//! The pages that a verification reads. They are operations because a transaction belongs to one, and are in no list of
//! operations: only Cairn itself may call them.
use kernel::{Actor, Method, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rows of one page.
pub const PAGE: usize = 5_000;

#[derive(Serialize, JsonSchema)]
pub struct SealsPage {
    pub seals: Vec<Seal>,
    /// The stored checkpoints of the page's positions, and on the last page those beyond it.
    pub checkpoints: Vec<Stored>,
}

/// A seal and, as far as there is one, its event.
#[derive(Serialize, JsonSchema)]
pub struct Seal {
    pub position: i64,
    pub event_id: String,
    pub commitment: String,
    pub hash: String,
    pub at: Option<Time>,
    pub actor: Option<String>,
    pub door: Option<String>,
    pub verb: Option<String>,
    pub subject: Option<String>,
    pub data: Option<String>,
    pub salt: Option<String>,
    /// The content is gone, and an event says that it was erased.
    pub erased: bool,
}
columns!(Seal { position, event_id, commitment, hash, at, actor, door, verb, subject, data, salt, erased });

#[derive(Serialize, JsonSchema)]
pub struct Stored {
    pub size: i64,
    pub note: String,
}
columns!(Stored { size, note });

/// The state of an event, sealed or not.
#[derive(Serialize, JsonSchema)]
pub struct Found {
    pub id: String,
    pub at: Time,
    pub sealed: bool,
    pub waits: bool,
    /// Both its data and its salt are there.
    pub whole: bool,
}
columns!(Found { id, at, sealed, waits, whole });

/// The chain from a position on, one page, and its checkpoints, as of one moment.
#[derive(Deserialize, JsonSchema)]
pub struct ReadSeals {
    pub from: i64,
}

/// All events behind an id, one page.
#[derive(Deserialize, JsonSchema)]
pub struct ReadEvents {
    pub after: String,
}

/// An event that waits to be sealed and does not exist.
#[derive(Deserialize, JsonSchema)]
pub struct ReadLost {}

impl Operation for ReadSeals {
    const NAME: &'static str = "audit.read_seals";
    const ROUTE: Route = Route(Method::Get, "/audit/seals");
    const READS: bool = true;
    type Target = ();
    type Output = SealsPage;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, (): &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<SealsPage> {
        let seals = sql!(
            "select s.position, s.event_id, s.commitment, s.hash,
                    e.at, e.actor, e.door, e.verb, e.subject, e.data, e.salt,
                    (e.data is null and e.salt is null and exists (
                       select 1 from events x
                        where x.workspace_id = $1 and x.subject = s.event_id and x.verb = 'event.erased')) as erased
               from event_seals s left join events e on e.workspace_id = s.workspace_id and e.id = s.event_id
              where s.workspace_id = $1 and s.position >= $2 order by s.position limit $3"
        );
        let seals: Vec<Seal> = tx.all(seals, args![tx.workspace(), self.from, PAGE as i64]).await?;
        let to = seals.get(PAGE - 1).map_or(i64::MAX, |last| last.position);
        let stored = sql!(
            "select size, note from checkpoints where workspace_id = $1 and size >= $2 and size <= $3 order by size"
        );
        let checkpoints = tx.all(stored, args![tx.workspace(), self.from, to]).await?;
        Ok(SealsPage { seals, checkpoints })
    }
}

impl Operation for ReadEvents {
    const NAME: &'static str = "audit.read_events";
    const ROUTE: Route = Route(Method::Get, "/audit/events");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Found>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, (): &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<Found>> {
        let events = sql!(
            "select e.id, e.at, s.event_id is not null as sealed, u.event_id is not null as waits,
                    (e.data is not null and e.salt is not null) as whole
               from events e
               left join event_seals s on s.workspace_id = e.workspace_id and s.event_id = e.id
               left join unsealed_events u on u.workspace_id = e.workspace_id and u.event_id = e.id
              where e.workspace_id = $1 and e.id > $2 order by e.id limit $3"
        );
        tx.all(events, args![tx.workspace(), self.after, PAGE as i64]).await
    }
}

impl Operation for ReadLost {
    const NAME: &'static str = "audit.read_lost";
    const ROUTE: Route = Route(Method::Get, "/audit/lost");
    const READS: bool = true;
    type Target = ();
    type Output = Option<String>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, (): &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Option<String>> {
        let lost = sql!(
            "select u.event_id from unsealed_events u
              where u.workspace_id = $1
                and not exists (select 1 from events e where e.workspace_id = $1 and e.id = u.event_id)
              order by u.event_id limit 1"
        );
        tx.find(lost, args![tx.workspace()]).await
    }
}
