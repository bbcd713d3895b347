//! Asks about a record that is taken back, and that comes back.
use super::{Ask, SELECT, State, end, tell};
use kernel::{Error, Job, JobKind, Later, Reference, Result, Run, Time, Tx, args, sql};

pub const WITHDRAW: JobKind = JobKind { name: "ask.withdraw", run: Run::Inside(withdraw) };
pub const RESTORE: JobKind = JobKind { name: "ask.restore", run: Run::Inside(restore) };

/// What stands in place of a subject that repeated words which are gone.
const GONE: &str = "Something that was taken back";

/// Open asks end, and none repeats what the record said; nobody is told, as nobody has to do anything.
fn withdraw<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let about = about(job)?;
        let asks = of_record(tx, &about).await?;
        end(tx, asks.clone(), State::Withdrawn, "").await?;
        let update = sql!(
            "update asks set subject = $4, note = '', told_at = coalesce(told_at, ended_at)
              where workspace_id = $1 and about_kind = $2 and about_id = $3"
        );
        tx.run(update, args![tx.workspace(), about.kind, about.id, GONE]).await?;
        asks.iter().for_each(|ask| tell(tx, "ask.emptied", ask));
        Ok(())
    })
}

/// Those that ended only because the record was gone are open again.
fn restore<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let about = about(job)?;
        let since: Time = serde_json::from_value(job.args["since"].clone()).map_err(Error::internal)?;
        let subject = job.args["subject"].as_str().unwrap_or(GONE);
        let name = sql!(
            "update asks set subject = $4 where workspace_id = $1 and about_kind = $2 and about_id = $3 and subject = $5"
        );
        tx.run(name, args![tx.workspace(), about.kind, about.id, subject, GONE]).await?;
        let open = sql!(
            "update asks set state = 'open', ended_at = null, ended_by = null, worked_minutes = null, told_at = null
              where workspace_id = $1 and about_kind = $2 and about_id = $3 and state = 'withdrawn' and ended_at >= $4"
        );
        tx.run(open, args![tx.workspace(), about.kind, about.id, since]).await?;
        let asks = of_record(tx, &about).await?;
        asks.iter().for_each(|ask| tell(tx, if ask.is_open() { "ask.reopened" } else { "ask.reworded" }, ask));
        Ok(())
    })
}

fn about(job: &Job) -> Result<Reference> {
    serde_json::from_value(job.args["about"].clone()).map_err(Error::internal)
}

async fn of_record(tx: &mut Tx<'_>, about: &Reference) -> Result<Vec<Ask>> {
    let select =
        sql!(SELECT, "where a.workspace_id = $1 and a.about_kind = $2 and a.about_id = $3 order by a.raised_at, a.id");
    tx.all(select, args![tx.workspace(), about.kind, about.id]).await
}
