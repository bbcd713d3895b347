use super::{Column, Phase, Retrospective};
use kernel::{Actor, Error, Id, Method::Put, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say how far a sentence of a health check is true. The team sees the mean once at least three have answered, nobody
/// sees whose answer was which.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateColumn {
    pub column: Id<Column>,
    /// From 1, not at all, to 5, entirely.
    pub rating: i64,
}

impl Operation for RateColumn {
    const NAME: &str = "retrospective_column.rate";
    const ROUTE: Route = Route(Put, "/retrospective-columns/{column}/rating");
    type Target = (Retrospective, Column);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let board = sql!("select retrospective_id from retrospective_columns where workspace_id = $1 and id = $2");
        let board: Id<Retrospective> = tx.one(board, args![tx.workspace(), self.column]).await?;
        let column =
            sql!("select id, title, hint, rated from retrospective_columns where workspace_id = $1 and id = $2");
        Ok((Retrospective::visible(tx, board).await?, tx.one(column, args![tx.workspace(), self.column]).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, column): Self::Target) -> Result<()> {
        board.expect(&[Phase::Collect])?;
        if !column.rated || !(1..=5).contains(&self.rating) {
            return Err(Error::invalid("rating", "Choose from 1 to 5, where the column is rated."));
        }
        let save = sql!(
            "insert into retrospective_ratings (workspace_id, column_id, person_id, rating) values ($1, $2, $3, $4)
             on conflict (workspace_id, column_id, person_id) do update set rating = excluded.rating"
        );
        let me = tx.me();
        tx.run(save, args![tx.workspace(), column.id, me, self.rating]).await?;
        Ok(())
    }
}
