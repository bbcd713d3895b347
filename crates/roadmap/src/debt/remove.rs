use super::{Debt, Kept};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Time, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Take a debt out of the register, if it was noted by mistake. One that is repaid stays there as repaid.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveDebt {
    pub debt: Id<Debt>,
}

/// Bring a debt back that was removed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreDebt {
    pub debt: Id<Debt>,
}

impl Operation for RemoveDebt {
    const NAME: &str = "debt.remove";
    const ROUTE: Route = Route(Post, "/debts/{debt}/removal");
    type Target = Kept;
    type Output = Debt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.debt, false).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Kept { debt, .. }: Kept) -> Result<Debt> {
        let now = tx.now();
        set(tx, &debt, Some(now), "debt.removed").await?;
        Ok(debt)
    }
}

impl Operation for RestoreDebt {
    const NAME: &str = "debt.restore";
    const ROUTE: Route = Route(Post, "/debts/{debt}/restoration");
    type Target = Kept;
    type Output = Debt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.debt, true).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Kept { debt, .. }: Kept) -> Result<Debt> {
        set(tx, &debt, None, "debt.restored").await?;
        Ok(debt)
    }
}

async fn set(tx: &mut Tx<'_>, debt: &Debt, removed: Option<Time>, event: &'static str) -> Result<()> {
    let update = sql!("update debts set removed_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), debt.id, removed]).await?;
    tx.record(event, debt.id, json!({ "name": debt.name }));
    Ok(())
}
