use super::ItemKind;
use crate::access::Led;
use kernel::{Actor, Id, Method::Put, Operation, Result, Route, Team, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Choose what counts as an item of a team in its forecasts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChooseItems {
    pub team: Id<Team>,
    pub kind: ItemKind,
}

impl Operation for ChooseItems {
    const NAME: &str = "forecast.choose_items";
    const ROUTE: Route = Route(Put, "/teams/{team}/forecast/items");
    type Target = Led;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        Led::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, team: &Led) -> bool {
        team.may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Led) -> Result<()> {
        let upsert = sql!(
            "insert into counted_items (workspace_id, team_id, kind, chosen_by, chosen_at) values ($1, $2, $3, $4, $5)
             on conflict (workspace_id, team_id) do update
                set kind = excluded.kind, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at"
        );
        let me = tx.me();
        tx.run(upsert, args![tx.workspace(), self.team, self.kind, me, tx.now()]).await?;
        tx.record("history.items_chosen", self.team, json!({ "kind": self.kind }));
        Ok(())
    }
}
