//! Files that wait between the page that shows what they would do and the consent to do it.
use super::report::Report;
use crate::access::cares_for_people;
use kernel::{
    Actor, Id, Job, JobKind, Later,
    Method::{Get, Post},
    Operation, Result, Route, Run, Schedule, Tx, args, columns, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A file of people that its owner has not imported yet, or has just imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Upload {}

const KEPT: Duration = Duration::from_secs(24 * 3600);

pub const JOB: JobKind = JobKind { name: "people.forget_imports", run: Run::Inside(forget) };
pub const SCHEDULE: Schedule = Schedule { kind: "people.forget_imports", every: Duration::from_secs(3600) };

/// Called from the page only. Whoever uploads another file has done with the one before.
#[derive(Deserialize, JsonSchema)]
pub struct KeepUpload {
    pub file_name: String,
    pub bytes: Vec<u8>,
}

impl Operation for KeepUpload {
    const NAME: &str = "person.keep_import";
    const ROUTE: Route = Route(Post, "/people/import/preview");
    type Target = ();
    type Output = Id<Upload>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Id<Upload>> {
        let delete = sql!("delete from people_imports where workspace_id = $1 and person_id = $2");
        tx.run(delete, args![tx.workspace(), tx.me()]).await?;
        let id: Id<Upload> = tx.id();
        let insert = sql!(
            "insert into people_imports (workspace_id, id, person_id, file_name, bytes, created_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, tx.me(), self.file_name, self.bytes, tx.now()]).await?;
        Ok(id)
    }
}

/// Called from the page only.
#[derive(Deserialize, JsonSchema)]
pub struct ReadUpload {
    pub import: Id<Upload>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Kept {
    pub id: Id<Upload>,
    pub file_name: String,
    /// Empty once the file was imported.
    pub bytes: Vec<u8>,
    /// What came of it, once it was imported.
    pub report: Option<Report>,
}

struct Stored {
    file_name: String,
    bytes: Vec<u8>,
    report: Option<String>,
}
columns!(Stored { file_name, bytes, report });

impl Operation for ReadUpload {
    const NAME: &str = "person.read_import";
    const ROUTE: Route = Route(Get, "/people/import/{import}");
    const READS: bool = true;
    type Target = ();
    type Output = Kept;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        visible(tx, self.import).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Kept> {
        let select = sql!("select file_name, bytes, report from people_imports where workspace_id = $1 and id = $2");
        let stored: Stored = tx.one(select, args![tx.workspace(), self.import]).await?;
        let report = stored.report.map(|text| serde_json::from_str(&text)).transpose();
        let report = report.map_err(kernel::Error::internal)?;
        Ok(Kept { id: self.import, file_name: stored.file_name, bytes: stored.bytes, report })
    }
}

/// A file is seen by its owner alone.
pub async fn visible(tx: &mut Tx<'_>, upload: Id<Upload>) -> Result<()> {
    let select = sql!("select id from people_imports where workspace_id = $1 and id = $2 and person_id = $3");
    tx.one::<Id<Upload>>(select, args![tx.workspace(), upload, tx.me()]).await.map(|_| ())
}

/// Drops the file, and keeps what came of it for the page that says so.
pub async fn finish(tx: &mut Tx<'_>, upload: Id<Upload>, report: &Report) -> Result<()> {
    let text = serde_json::to_string(report).map_err(kernel::Error::internal)?;
    let update = sql!(
        "update people_imports set bytes = $3, report = $4 where workspace_id = $1 and id = $2 and report is null"
    );
    match tx.run(update, args![tx.workspace(), upload, Vec::new(), text]).await? {
        1 => Ok(()),
        _ => Err(kernel::Error::conflict("This file was imported already.")),
    }
}

fn forget<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let delete = sql!("delete from people_imports where workspace_id = $1 and created_at < $2");
        let before = tx.now() - KEPT;
        tx.run(delete, args![job.workspace, before]).await?;
        Ok(())
    })
}
