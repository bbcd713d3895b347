//! Stores the pieces of a file, one in each job, so that an import that was stopped goes on where it was.
use super::{
    Plan, Upload, from_text, json_text, progress,
    read::{self, Kind},
    remove,
};
use crate::import::{FinishImport, Import, ImportIssues, ImportSprints};
use kernel::{Id, Job, JobKind, Later, Operation, Result, Run, Team, Tx, args, columns, json, sql};

pub const STORE: JobKind = JobKind { name: "issue_upload.store", run: Run::Inside(store) };

/// After so many attempts at one piece an import has failed.
const PATIENCE: i64 = 3;

pub(super) fn want(tx: &mut Tx<'_>, upload: Id<Upload>) {
    let now = tx.now();
    tx.want(STORE.name, read::subject(upload), json!({ "upload": upload }), now);
}

struct Piece {
    place: i64,
    team_id: Id<Team>,
    kind: Kind,
    content: String,
}
columns!(Piece { place, team_id, kind, content });

fn store<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let upload = read::upload(job)?;
        let select =
            sql!("select import_id, plan from issue_uploads where workspace_id = $1 and id = $2 and stage = 'storing'");
        let Some((import, plan)) = tx.find::<(Id<Import>, String)>(select, args![tx.workspace(), upload]).await? else {
            return Ok(());
        };
        if Import::visible(tx, import).await?.open().is_err() {
            return remove(tx, upload).await;
        }
        if job.attempts > PATIENCE {
            let sentence = "Something of it could not be stored. What is here already stays until you take it back.";
            return progress::fail(tx, upload, sentence).await;
        }
        let mut plan: Plan = from_text(&plan)?;
        let next = sql!(
            "select place, team_id, kind, content from issue_upload_pieces
              where workspace_id = $1 and upload_id = $2 order by place limit 1"
        );
        match tx.find::<Piece>(next, args![tx.workspace(), upload]).await? {
            Some(piece) => {
                let place = piece.place;
                store_piece(tx, import, piece, &mut plan).await?;
                done(tx, upload, place, &plan).await
            }
            None => {
                let finish = FinishImport { import, report: plan.told.report(&plan.report)? };
                let target = finish.target(tx).await?;
                finish.run(tx, target).await?;
                tx.touch(import.to_string());
                remove(tx, upload).await
            }
        }
    })
}

async fn store_piece(tx: &mut Tx<'_>, import: Id<Import>, piece: Piece, plan: &mut Plan) -> Result<()> {
    let team = piece.team_id;
    match piece.kind {
        Kind::Issues => {
            let send = ImportIssues { import, team, issues: from_text(&piece.content)? };
            let target = send.target(tx).await?;
            plan.told.issues(send.run(tx, target).await?, &mut plan.report);
        }
        Kind::Sprints => {
            let send = ImportSprints { import, team, sprints: from_text(&piece.content)? };
            let target = send.target(tx).await?;
            plan.told.sprints(send.run(tx, target).await?);
        }
    }
    Ok(())
}

async fn done(tx: &mut Tx<'_>, upload: Id<Upload>, place: i64, plan: &Plan) -> Result<()> {
    let delete = sql!("delete from issue_upload_pieces where workspace_id = $1 and upload_id = $2 and place = $3");
    tx.run(delete, args![tx.workspace(), upload, place]).await?;
    let update = sql!("update issue_uploads set plan = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), upload, json_text(plan)?]).await?;
    want(tx, upload);
    Ok(())
}
