//! The way of bytes that people bring: committed with their row, moved into the store, deleted there when no row names them.
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{
    Actor, Blob, BlobName, Error, Id, Job, Json, Later, Method::Get, Operation, Outside, Result, Route, Tx, args,
    columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One blob on its way into the store.
#[derive(Serialize, Deserialize)]
struct Waiting {
    id: Id<Blob>,
    name: BlobName,
    base64: String,
}

struct Row {
    id: Id<Blob>,
    sha256: String,
    bytes: Vec<u8>,
}
columns!(Row { id, sha256, bytes });

/// Asks for the mover if anything waits: after a restore nobody else does.
pub fn look<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!("select id from blobs where workspace_id = $1 and bytes is not null limit 1");
        let waiting: Option<Id<Blob>> = tx.find(select, args![job.workspace]).await?;
        if waiting.is_some() {
            tx.move_blobs();
        }
        Ok(())
    })
}

/// The oldest blob that waits. One at a time, so that twenty large files do not fill the memory.
pub fn prepare_move<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let select = sql!(
            "select id, sha256, bytes from blobs where workspace_id = $1 and bytes is not null order by id limit 1"
        );
        let found: Option<Row> = tx.find(select, args![job.workspace]).await?;
        let waiting = found.map(|Row { id, sha256, bytes }| {
            let (name, base64) = (BlobName::of(&sha256, &id), STANDARD.encode(bytes));
            serde_json::to_value(Waiting { id, name, base64 }).map_err(Error::internal)
        });
        waiting.transpose()
    })
}

pub fn act_move<'a>(outside: &'a dyn Outside, waiting: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let Waiting { id, name, base64 } = serde_json::from_value(waiting).map_err(Error::internal)?;
        outside.blobs().put(&name, STANDARD.decode(base64).map_err(Error::internal)?).await?;
        Ok(json!(id))
    })
}

/// The store has it, so the row need not hold it any more. The next one that waits is another job.
pub fn record_move<'a>(tx: &'a mut Tx<'_>, job: &'a Job, moved: Json) -> Later<'a, ()> {
    Box::pin(async move {
        let id: Id<Blob> = serde_json::from_value(moved).map_err(Error::internal)?;
        let update = sql!("update blobs set bytes = null where workspace_id = $1 and id = $2");
        tx.run(update, args![job.workspace, id]).await?;
        look(tx, job).await
    })
}

pub fn prepare_drop<'a>(_: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move { Ok(Some(job.args.clone())) })
}

pub fn act_drop<'a>(outside: &'a dyn Outside, name: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let name: BlobName = serde_json::from_value(name).map_err(Error::internal)?;
        outside.blobs().delete(&name).await?;
        Ok(Json::Null)
    })
}

pub fn record_drop<'a>(_: &'a mut Tx<'_>, _: &'a Job, _: Json) -> Later<'a, ()> {
    Box::pin(async { Ok(()) })
}

/// How many blobs wait for the mover.
#[derive(Deserialize, JsonSchema)]
pub struct CountWaiting {}

impl Operation for CountWaiting {
    const NAME: &str = "blob.count_waiting";
    const ROUTE: Route = Route(Get, "/blobs/waiting");
    const READS: bool = true;
    type Target = ();
    type Output = i64;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<i64> {
        let select = sql!("select count(*) from blobs where workspace_id = $1 and bytes is not null");
        tx.one(select, args![tx.workspace()]).await
    }
}
