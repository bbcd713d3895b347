//! How far a file is that is being brought over, on the page of its import.
use super::{Stage, Upload};
use crate::import::Import;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Called from the page only. Nothing of the file itself is told, so all who see the import read it.
#[derive(Deserialize, JsonSchema)]
pub struct ReadProgress {
    pub import: Id<Import>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Progress {
    pub stage: Stage,
    /// Why it failed.
    pub failure: Option<String>,
}
columns!(Progress { stage, failure });

impl Operation for ReadProgress {
    const NAME: &str = "issue_upload.progress";
    const ROUTE: Route = Route(Get, "/issue-imports/{import}/progress");
    const READS: bool = true;
    type Target = Import;
    type Output = Option<Progress>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Import> {
        Import::visible(tx, self.import).await
    }

    fn allows(_: &Actor, _: &Import) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, import: Import) -> Result<Option<Progress>> {
        let select = sql!("select stage, failure from issue_uploads where workspace_id = $1 and import_id = $2");
        tx.find(select, args![tx.workspace(), import.id]).await
    }
}

/// The import has failed; what is left of the file goes.
pub(super) async fn fail(tx: &mut Tx<'_>, upload: Id<Upload>, sentence: &str) -> Result<()> {
    let pieces = sql!("delete from issue_upload_pieces where workspace_id = $1 and upload_id = $2");
    tx.run(pieces, args![tx.workspace(), upload]).await?;
    let update =
        sql!("update issue_uploads set stage = $3, failure = $4, bytes = $5 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), upload, Stage::Failed, sentence, Vec::<u8>::new()]).await?;
    tell(tx, upload).await
}

/// Lets the page of the import show itself again.
pub(super) async fn tell(tx: &mut Tx<'_>, upload: Id<Upload>) -> Result<()> {
    let select = sql!("select import_id from issue_uploads where workspace_id = $1 and id = $2");
    let import: Option<Option<Id<Import>>> = tx.find(select, args![tx.workspace(), upload]).await?;
    if let Some(import) = import.flatten() {
        tx.touch(import.to_string());
    }
    Ok(())
}
