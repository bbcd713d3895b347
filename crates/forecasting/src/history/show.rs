use super::{FinishImport, ItemKind, Known};
use crate::access::Led;
use jiff::civil::Date;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the history of a team comes from, and what of it counts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHistory {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Histories {
    pub team: Id<Team>,
    pub team_name: String,
    /// What counts; nothing where nothing is known.
    pub counted: Option<ItemKind>,
    pub sources: Vec<Source>,
    pub imports: Vec<FinishImport>,
    /// Whether the reader may import and choose.
    pub may_keep: bool,
}

/// One kind of items, and what is known of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    pub kind: ItemKind,
    pub items: u64,
    pub first_on: Option<Date>,
    /// The first day that is not fully known; forecasts start with it.
    pub as_of: Date,
}

impl Operation for ShowHistory {
    const NAME: &str = "history.show";
    const ROUTE: Route = Route(Get, "/teams/{team}/forecast/history");
    const READS: bool = true;
    type Target = Led;
    type Output = Histories;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        Led::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Led) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, led: Led) -> Result<Histories> {
        let known = Known::of(tx, self.team).await?;
        let imports = sql!(
            "select id, name, complete_until, items, imported_at from finish_imports
              where workspace_id = $1 and team_id = $2 and removed_at is null order by lower(name), id"
        );
        let source = |one: &super::Finished| Source {
            kind: one.kind,
            items: one.items(),
            first_on: one.days.keys().next().copied(),
            as_of: one.as_of,
        };
        Ok(Histories {
            team: self.team,
            imports: tx.all(imports, args![tx.workspace(), self.team]).await?,
            sources: known.kinds.iter().map(source).collect(),
            counted: known.counted().map(|one| one.kind),
            may_keep: led.may_keep(tx.actor()),
            team_name: led.team.name,
        })
    }
}
