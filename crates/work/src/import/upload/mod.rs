//! Files of other trackers that somebody brings on a page: kept for them alone, looked at as often as they like, and then
//! brought over by jobs.
mod file;
mod form;
mod page;
mod progress;
mod proposal;
mod read;
mod start;
mod store;
mod view;

pub use page::pages;
pub use progress::{Progress, ReadProgress};
pub use read::READ;
pub use store::STORE;

use super::{Import, Told, Tracker, reading::Mapping};
use file::Summary;
use intake::Report;
use kernel::{
    Actor, Error, Id, Job, JobKind, Later,
    Method::{Get, Post},
    Operation, Result, Route, Run, Schedule, Team, Tx, args, columns, sql, words,
};
use people::access::cares_for_people;
use proposal::{Choices, Proposal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, time::Duration};

/// A file that its owner has not brought over yet, or is bringing over.
pub enum Upload {}

words! {
    /// How far it is.
    pub enum Stage {
        Waiting = "waiting",
        Reading = "reading",
        Storing = "storing",
        Failed = "failed",
    }
}

const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

pub const FORGET: JobKind = JobKind { name: "issue_upload.forget", run: Run::Inside(forget) };
pub const SCHEDULE: Schedule = Schedule { kind: "issue_upload.forget", every: Duration::from_secs(3600) };

/// What was settled when an import began, and what became of it since.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Plan {
    mapping: Mapping,
    /// By the key of the project.
    teams: BTreeMap<String, Id<Team>>,
    told: Told,
    report: Report,
}

/// Called from the page only. Whoever brings another file has done with the one before, unless that is on its way.
#[derive(Deserialize, JsonSchema)]
struct KeepUpload {
    source: Tracker,
    file_name: String,
    bytes: Vec<u8>,
    summary: Summary,
    choices: Choices,
}

impl Operation for KeepUpload {
    const NAME: &str = "issue_upload.keep";
    const ROUTE: Route = Route(Post, "/issue-imports/files");
    type Target = ();
    type Output = Id<Upload>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Id<Upload>> {
        let former = sql!(
            "select id from issue_uploads where workspace_id = $1 and person_id = $2 and stage in ('waiting', 'failed')"
        );
        let former: Vec<Id<Upload>> = tx.all(former, args![tx.workspace(), tx.me()]).await?;
        for upload in former {
            remove(tx, upload).await?;
        }
        let (id, me, now) = (tx.id(), tx.me(), tx.now());
        let (summary, choices) = (json_text(&self.summary)?, json_text(&self.choices)?);
        let insert = sql!(
            "insert into issue_uploads (workspace_id, id, person_id, source, file_name, bytes, summary, choices, stage,
               created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let stage = Stage::Waiting;
        let (workspace, Self { source, file_name, bytes, .. }) = (tx.workspace(), self);
        tx.run(insert, args![workspace, id, me, source, file_name, bytes, summary, choices, stage, now]).await?;
        Ok(id)
    }
}

/// What a file would become. Called from the page only.
#[derive(Deserialize, JsonSchema)]
struct LookAtUpload {
    upload: Id<Upload>,
}

/// A file with what is proposed for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Looked {
    #[schemars(with = "String")]
    id: Id<Upload>,
    source: Tracker,
    file_name: String,
    /// Once it is on its way.
    import: Option<Id<Import>>,
    summary: Summary,
    proposal: Proposal,
}

impl Operation for LookAtUpload {
    const NAME: &str = "issue_upload.look";
    const ROUTE: Route = Route(Get, "/issue-imports/files/{upload}");
    const READS: bool = true;
    type Target = Kept;
    type Output = Looked;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.upload).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Looked> {
        let (summary, choices): (Summary, Choices) = (from_text(&kept.summary)?, from_text(&kept.choices)?);
        let proposal = Proposal::of(tx, kept.source, &summary, &choices).await?;
        let Kept { id, source, file_name, import_id, .. } = kept;
        Ok(Looked { id, source, file_name, import: import_id, summary, proposal })
    }
}

/// Keeps what was chosen until now. Called from the page only.
#[derive(Deserialize, JsonSchema)]
struct ChooseForUpload {
    upload: Id<Upload>,
    choices: Choices,
}

impl Operation for ChooseForUpload {
    const NAME: &str = "issue_upload.choose";
    const ROUTE: Route = Route(Post, "/issue-imports/files/{upload}");
    type Target = Kept;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.upload).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<()> {
        let update = sql!("update issue_uploads set choices = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), kept.id, json_text(&self.choices)?]).await.map(drop)
    }
}

/// A row without its bytes.
struct Kept {
    id: Id<Upload>,
    source: Tracker,
    file_name: String,
    summary: String,
    choices: String,
    stage: Stage,
    import_id: Option<Id<Import>>,
}
columns!(Kept { id, source, file_name, summary, choices, stage, import_id });

impl Kept {
    /// A file is seen by its owner alone.
    async fn visible(tx: &mut Tx<'_>, upload: Id<Upload>) -> Result<Kept> {
        let select = sql!(
            "select id, source, file_name, summary, choices, stage, import_id from issue_uploads
              where workspace_id = $1 and id = $2 and person_id = $3"
        );
        tx.one(select, args![tx.workspace(), upload, tx.me()]).await
    }
}

async fn remove(tx: &mut Tx<'_>, upload: Id<Upload>) -> Result<()> {
    for delete in [
        sql!("delete from issue_upload_pieces where workspace_id = $1 and upload_id = $2"),
        sql!("delete from issue_uploads where workspace_id = $1 and id = $2"),
    ] {
        tx.run(delete, args![tx.workspace(), upload]).await?;
    }
    Ok(())
}

fn forget<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let old = sql!("select id from issue_uploads where workspace_id = $1 and created_at < $2");
        let before = tx.now() - KEPT;
        let old: Vec<Id<Upload>> = tx.all(old, args![tx.workspace(), before]).await?;
        for upload in old {
            remove(tx, upload).await?;
        }
        Ok(())
    })
}

fn json_text(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}
