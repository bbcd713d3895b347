use super::{Debt, Kept, save::DebtVersion};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Take back the last change of a debt. It is then as it was before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoDebt {
    pub version: Id<DebtVersion>,
}

impl Operation for UndoDebt {
    const NAME: &str = "debt.undo";
    const ROUTE: Route = Route(Post, "/debt-versions/{version}/undoing");
    type Target = Kept;
    type Output = Debt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        let select = sql!("select debt_id from debt_versions where workspace_id = $1 and id = $2");
        let debt: Id<Debt> = tx.one(select, args![tx.workspace(), self.version]).await?;
        Kept::visible(tx, debt, false).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Kept { debt, .. }: Kept) -> Result<Debt> {
        let last = sql!(
            "select id from debt_versions
              where workspace_id = $1 and debt_id = $2 and undone_at is null order by number desc limit 2"
        );
        let last: Vec<Id<DebtVersion>> = tx.all(last, args![tx.workspace(), debt.id]).await?;
        match last.as_slice() {
            [own, _] if *own == self.version => {}
            [_] => return Err(Error::conflict("It was noted so. Remove it, if it should not be there.")),
            _ => return Err(Error::conflict("It was changed again since, or this was taken back already.")),
        }
        let update = sql!("update debt_versions set undone_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.version, tx.now()]).await?;
        tx.record("debt.change_undone", debt.id, json!({}));
        Ok(Kept::visible(tx, debt.id, false).await?.debt)
    }
}
