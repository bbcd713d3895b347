//! Files that never came to stand anywhere are forgotten.
use super::File;
use kernel::{Blob, Id, Job, Later, Tx, args, columns, sql};
use std::time::Duration;

const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);
/// So many at a time, so that the transaction stays short; the rest comes with the next run.
const AT_ONCE: i64 = 500;

struct Forgotten {
    id: Id<File>,
    blob_id: Id<Blob>,
}
columns!(Forgotten { id, blob_id });

/// Forgets files that stand nowhere a week after they were brought: in no comment, no record and no draft of their owner.
pub fn forget<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select f.id, f.blob_id from files f
              where f.workspace_id = $1 and f.comment_id is null and f.created_at < $2
                and not exists (select 1 from drafts d where d.workspace_id = f.workspace_id
                    and d.person_id = f.owner_id and d.body like '%' || f.id || '%')
                and not exists (select 1 from standing_files s
                                 where s.workspace_id = f.workspace_id and s.file_id = f.id)
              order by f.id limit $3"
        );
        let before = tx.now() - KEPT;
        let forgotten: Vec<Forgotten> = tx.all(select, args![job.workspace, before, AT_ONCE]).await?;
        let delete = sql!("delete from files where workspace_id = $1 and id = $2");
        for Forgotten { id, blob_id } in forgotten {
            tx.run(delete, args![job.workspace, id]).await?;
            tx.drop_blob(blob_id).await?;
        }
        Ok(())
    })
}
