//! How much comes through forms in an hour. Networks are kept as hashes, for that hour.
use super::IntakeForm;
use kernel::{Error, Id, Job, JobKind, Later, Result, Run, Schedule, Tx, args, sql};
use people::account::secret;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
/// So many from one network in an hour, through all forms.
const PER_NETWORK: i64 = 10;
/// So many through one form in an hour.
const PER_FORM: i64 = 100;

pub const JOB: JobKind = JobKind { name: "intake_form.forget", run: Run::Inside(forget) };
pub const SCHEDULE: Schedule = Schedule { kind: "intake_form.forget", every: Duration::from_secs(15 * 60) };

enum Counted {}

/// Counts what is sent through a form, unless that would be too much.
pub(super) async fn count(tx: &mut Tx<'_>, form: &IntakeForm, address: &str) -> Result<()> {
    let network = secret::hash(&format!("form filled in from {address}"));
    let since = tx.now() - HOUR;
    let here = sql!("select count(*) from intake_counts where workspace_id = $1 and network_hash = $2 and at > $3");
    if tx.one::<i64>(here, args![tx.workspace(), network, since]).await? >= PER_NETWORK {
        return Err(Error::conflict(
            "Ten were sent from your network in the last hour. Send this one again in an hour.",
        ));
    }
    let all = sql!("select count(*) from intake_counts where workspace_id = $1 and form_id = $2 and at > $3");
    if tx.one::<i64>(all, args![tx.workspace(), form.id, since]).await? >= PER_FORM {
        return Err(Error::conflict(
            "A hundred were sent with this form in the last hour. Send this one again in an hour.",
        ));
    }
    let id: Id<Counted> = tx.id();
    let insert =
        sql!("insert into intake_counts (workspace_id, id, form_id, network_hash, at) values ($1, $2, $3, $4, $5)");
    let (workspace, now) = (tx.workspace(), tx.now());
    tx.run(insert, args![workspace, id, form.id, network, now]).await.map(drop)
}

fn forget<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let (workspace, now) = (tx.workspace(), tx.now());
        let delete = sql!("delete from intake_counts where workspace_id = $1 and at <= $2");
        tx.run(delete, args![workspace, now - HOUR]).await?;
        Ok(())
    })
}
