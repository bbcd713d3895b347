use super::{Absence, Leave, absence::entered};
use crate::access::{Nearness, today};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Person, Result, Route, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted, date_range};

/// Withdraw a leave. It can be restored.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawLeave {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
}

impl Operation for WithdrawLeave {
    const NAME: &str = "leave.withdraw";
    const ROUTE: Route = Route(Delete, "/leaves/{leave}");
    type Target = (Leave, Nearness);
    /// As it was.
    type Output = Absence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let leave = Leave::visible(tx, self.leave).await?;
        let near = Nearness::of(tx, leave.person_id).await?;
        Ok((leave, near))
    }

    fn allows(actor: &Actor, (_, near): &Self::Target) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (leave, near): Self::Target) -> Result<Absence> {
        withdraw(tx, leave.id, leave.person_id).await?;
        Ok(leave.seen_by(tx.actor(), near))
    }
}

pub(super) async fn withdraw(tx: &mut Tx<'_>, leave: Id<Leave>, person: Id<Person>) -> Result<()> {
    let update = sql!("update leaves set withdrawn_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), leave, tx.now()]).await?;
    tx.record("leave.withdrawn", leave, json!({ "person": person }));
    Ok(())
}

/// Enter a withdrawn leave again, as it was.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreLeave {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
}

impl Operation for RestoreLeave {
    const NAME: &str = "leave.restore";
    const ROUTE: Route = Route(Post, "/leaves/{leave}/restore");
    type Target = (Leave, Nearness);
    type Output = Absence;

    /// Only those who could withdraw it know that it was there.
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let leave = Leave::withdrawn_or_not(tx, self.leave).await?;
        let near = Nearness::of(tx, leave.person_id).await?;
        if leave.withdrawn_at.is_some() && !near.is_close(tx.actor()) {
            return Err(Error::NotFound);
        }
        Ok((leave, near))
    }

    fn allows(actor: &Actor, (_, near): &Self::Target) -> bool {
        near.is_close(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (leave, near): Self::Target) -> Result<Absence> {
        if leave.withdrawn_at.is_some() {
            let time = leave.stretch()?;
            let others = entered(tx, leave.person_id, &time, Some(leave.id)).await?;
            if let Some(other) = others.iter().find(|other| time.overlaps(other)) {
                return Err(Error::conflict(other.is_taken(today(tx))));
            }
            let update = sql!("update leaves set withdrawn_at = null where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), leave.id]).await?;
            tx.record("leave.restored", leave.id, json!({ "person": leave.person_id }));
        }
        Ok(leave.seen_by(tx.actor(), near))
    }
}

/// `POST /leaves/{leave}/withdraw`
pub async fn withdraw_page(form: Submitted) -> Answer {
    let leave = form.submit::<WithdrawLeave>().await?;
    let dates = date_range(leave.first_on, leave.last_on, form.cx.today());
    let flash = Flash::says(format!("Leave withdrawn: {dates}.")).undo(format!("/leaves/{}/restore", leave.id));
    Ok(form.go(&format!("/people/{}/leaves", leave.person.id), flash))
}

/// `POST /leaves/{leave}/restore`
pub async fn restore_page(form: Submitted) -> Answer {
    let leave = form.submit::<RestoreLeave>().await?;
    let dates = date_range(leave.first_on, leave.last_on, form.cx.today());
    let flash = Flash::says(format!("Leave restored: {dates}."));
    Ok(form.go(&format!("/people/{}/leaves", leave.person.id), flash))
}
