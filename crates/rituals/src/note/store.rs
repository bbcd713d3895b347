//! The rows of sealed notes. Whoever reads the table learns how many there are, how long about, and when they were
//! written.
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Get, Post},
    Operation, Result, Route, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A note as it is stored.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Stored {
    pub id: Id<Stored>,
    /// Which writing of it this is; an earlier one does not open in its place.
    pub revision: i64,
    pub head: Vec<u8>,
    pub body: Vec<u8>,
    pub updated_at: Time,
    pub expires_at: Option<Time>,
}
columns!(Stored { id, revision, head, body, updated_at, expires_at });

/// So many notes one person has at the most; looking through them takes a tenth of a second.
pub(super) const MOST: i64 = 10_000;

/// The sealed notes of the actor.
#[derive(Deserialize, JsonSchema)]
pub struct LoadNotes {}

impl Operation for LoadNotes {
    const NAME: &str = "note.load";
    const ROUTE: Route = Route(Get, "/notes");
    const READS: bool = true;
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Vec<Stored>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Stored>> {
        let select = sql!(
            "select id, revision, head, body, updated_at, expires_at from sealed_notes
              where workspace_id = $1 and owner_id = $2 and (expires_at is null or expires_at > $3)
              order by updated_at desc, id desc limit $4"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.all(select, args![tx.workspace(), me, now, MOST]).await
    }
}

/// Stores a note that was sealed, as new or in place of the writing before.
#[derive(Deserialize, JsonSchema)]
pub struct StoreNote {
    pub note: Stored,
}

impl Operation for StoreNote {
    const NAME: &str = "note.store";
    const ROUTE: Route = Route(Post, "/notes");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let Stored { id, revision, .. } = self.note;
        if revision == 1 {
            return Ok(());
        }
        let before = sql!("select revision from sealed_notes where workspace_id = $1 and id = $2 and owner_id = $3");
        match tx.one::<i64>(before, args![tx.workspace(), id, tx.me()]).await? {
            before if before + 1 == revision => Ok(()),
            _ => Err(Error::conflict("You have changed this note elsewhere. Load it again, and save once more.")),
        }
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let Stored { id, revision, head, body, expires_at, .. } = &self.note;
        let save = sql!(
            "insert into sealed_notes (workspace_id, id, owner_id, revision, head, body, updated_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (workspace_id, id) do update set revision = excluded.revision, head = excluded.head,
                body = excluded.body, updated_at = excluded.updated_at, expires_at = excluded.expires_at
              where sealed_notes.owner_id = excluded.owner_id"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(save, args![tx.workspace(), id, me, *revision, head, body, now, expires_at]).await?;
        tx.record("note.kept", *id, json!({}));
        Ok(())
    }
}

/// Drops one's own note for good.
#[derive(Deserialize, JsonSchema)]
pub struct DropNote {
    pub note: Id<Stored>,
}

impl Operation for DropNote {
    const NAME: &str = "note.drop";
    const ROUTE: Route = Route(Delete, "/notes/{note}");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mine = sql!("select 1 from sealed_notes where workspace_id = $1 and id = $2 and owner_id = $3");
        let (me, workspace) = (tx.me(), tx.workspace());
        if tx.exists(mine, args![workspace, self.note, me]).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let delete = sql!("delete from sealed_notes where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), self.note]).await?;
        tx.record("note.dropped", self.note, json!({}));
        Ok(())
    }
}

/// Drops all notes of the actor and the key that opened them, for good.
#[derive(Deserialize, JsonSchema)]
pub struct DropAll {}

impl Operation for DropAll {
    const NAME: &str = "note.drop_all";
    const ROUTE: Route = Route(Delete, "/notes");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let me = tx.me();
        let delete = sql!("delete from sealed_notes where workspace_id = $1 and owner_id = $2");
        tx.run(delete, args![tx.workspace(), me]).await?;
        people::account::sealed::discard(tx).await
    }
}
