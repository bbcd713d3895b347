//! The pages that a verification reads. They are operations because a transaction belongs to one, and are in no list of
//! operations: only Cairn itself may call them.
use kernel::{Actor, Method, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rows of one page.
pub const PAGE: i64 = 5_000;

#[derive(Serialize, JsonSchema)]
pub struct SealsPage {
    pub seals: Vec<Seal>,
    /// There are seals behind this page.
    pub more: bool,
    /// There are seals before the first position.
    pub before: bool,
    /// The stored checkpoints of the page's positions; the first page has those before it, the last those behind it.
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
    /// Both its data and its salt are there.
    pub whole: bool,
    pub sealed: bool,
    pub waits: bool,
}
columns!(Found { id, at, whole, sealed, waits });

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
        let (workspace, next) = (tx.workspace(), self.from + PAGE);
        // Between two positions, not up to a limit: so PostgreSQL reads one page even where its statistics are old.
        let seals = sql!(
            "select s.position, s.event_id, s.commitment, s.hash,
                    e.at, e.actor, e.door, e.verb, e.subject, e.data, e.salt,
                    (e.data is null and e.salt is null and exists (
                       select 1 from events x
                        where x.workspace_id = $1 and x.subject = s.event_id and x.verb = 'event.erased')) as erased
               from event_seals s left join events e on e.workspace_id = s.workspace_id and e.id = s.event_id
              where s.workspace_id = $1 and s.position >= $2 and s.position < $3 order by s.position"
        );
        let seals = tx.all(seals, args![workspace, self.from, next]).await?;
        let ends = sql!(
            "select (select min(position) from event_seals where workspace_id = $1),
                    (select max(position) from event_seals where workspace_id = $1)"
        );
        let (least, most): (Option<i64>, Option<i64>) = tx.one(ends, args![workspace]).await?;
        let (more, before) = (most >= Some(next), least.is_some_and(|least| least < 1));
        let (from, to) = (if self.from == 1 { i64::MIN } else { self.from }, if more { next - 1 } else { i64::MAX });
        let stored = sql!(
            "select size, note from checkpoints where workspace_id = $1 and size >= $2 and size <= $3 order by size"
        );
        let checkpoints = tx.all(stored, args![workspace, from, to]).await?;
        Ok(SealsPage { seals, more, before, checkpoints })
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
        // Subqueries and no joins, which PostgreSQL may turn into a sort of all seals for each page.
        let events = sql!(
            "select e.id, e.at, (e.data is not null and e.salt is not null) as whole,
                    (select s.event_id from event_seals s
                      where s.workspace_id = $1 and s.event_id = e.id) is not null as sealed,
                    (select u.event_id from unsealed_events u
                      where u.workspace_id = $1 and u.event_id = e.id) is not null as waits
               from events e where e.workspace_id = $1 and e.id > $2 order by e.id limit $3"
        );
        tx.all(events, args![tx.workspace(), self.after, PAGE]).await
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
