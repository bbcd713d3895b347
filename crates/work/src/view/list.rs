use super::{Row, SELECT, VISIBLE, View};
use crate::team::Kept;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The saved views that the reader can see: their own, and those that are shared with teams.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListViews {
    /// Only those of this team.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Only those over all teams.
    #[serde(default)]
    pub across: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Views {
    /// In the order of their names, those with which teams begin before the others.
    pub views: Vec<View>,
    /// Whether the reader settles what belongs to the team that was asked for.
    pub may_settle: bool,
}

/// One saved view.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowView {
    pub view: Id<View>,
}

const MOST: i64 = 500;

impl Operation for ListViews {
    const NAME: &str = "view.list";
    const ROUTE: Route = Route(Get, "/issue-views");
    const READS: bool = true;
    type Target = Option<Kept>;
    type Output = Views;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Option<Kept>> {
        let kept = super::kept_of(tx, self.team).await?;
        if tx.actor().belongs() { Ok(kept) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &Option<Kept>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Option<Kept>) -> Result<Views> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and v.deleted_at is null and (cast($4 as text) is null or v.team_id = $4) and (not $5 or v.team_id is null)
             order by case when exists (select 1 from work_first_views f
                                         where f.workspace_id = v.workspace_id and f.view_id = v.id) then 0 else 1 end,
                      lower(v.name), v.id limit $6"
        );
        let (me, belongs) = (tx.me(), tx.actor().belongs());
        let rows: Vec<Row> = tx.all(select, args![tx.workspace(), belongs, me, self.team, self.across, MOST]).await?;
        let may_settle = kept.is_some_and(|kept| kept.may_change(tx.actor()));
        Ok(Views { views: rows.into_iter().map(View::from).collect(), may_settle })
    }
}

impl Operation for ShowView {
    const NAME: &str = "view.show";
    const ROUTE: Route = Route(Get, "/issue-views/{view}");
    const READS: bool = true;
    type Target = View;
    type Output = View;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<View> {
        View::visible(tx, self.view, false).await
    }

    fn allows(_: &Actor, _: &View) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, view: View) -> Result<View> {
        Ok(view)
    }
}
