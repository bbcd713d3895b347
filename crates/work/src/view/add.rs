use super::{
    Column, Layout, View, columns, fits_layout, fits_team, kept_of, may_share, parted_words, readable, sees, taken,
    tell, unique_name,
};
use crate::{custom::CustomField, issue::Grouping, team::Kept};
use kernel::{
    Actor, Id,
    Method::Post,
    Operation, Result, Route, Team, Tx, args, sql,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Save a view: a query with a name, for oneself or shared with a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddView {
    pub name: Name<60>,
    /// A query as for a list, with its order.
    #[serde(default)]
    pub q: Line<2000>,
    /// The team of whose issues it shows some; those of all teams if left out.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Whether everyone sees it who sees the team.
    #[serde(default)]
    pub shared: bool,
    /// A list, if left out. A board is always one of a team.
    #[serde(default)]
    pub layout: Option<Layout>,
    #[serde(default)]
    pub group: Option<Grouping>,
    /// By what the groups of a list are parted once more.
    #[serde(default)]
    pub subgroup: Option<Grouping>,
    /// The columns of a list, in their order; the usual ones if left out.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Fields that were added to issues, as columns behind the others.
    #[serde(default)]
    pub fields: Vec<Id<CustomField>>,
}

impl Operation for AddView {
    const NAME: &str = "view.add";
    const ROUTE: Route = Route(Post, "/issue-views");
    /// The team, and whether the view is to be shared with it.
    type Target = (Option<Kept>, bool);
    type Output = View;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        sees(tx, &self.fields, (self.group, self.subgroup)).await?;
        Ok((kept_of(tx, self.team).await?, self.shared))
    }

    fn allows(actor: &Actor, (kept, shared): &Self::Target) -> bool {
        actor.belongs() && (!shared || may_share(actor, kept.as_ref()))
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Self::Target) -> Result<View> {
        readable(&self.q)?;
        let layout = self.layout.unwrap_or(Layout::List);
        fits_team(self.team, self.shared, layout)?;
        fits_layout((self.group, self.subgroup), layout)?;
        let (id, me, now): (Id<View>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into work_views (workspace_id, id, owner_id, team_id, name, unique_name, q, layout, parted, shown,
               shared_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        );
        let unique = unique_name(&self.name, me, self.team, self.shared);
        let parted = parted_words((self.group, self.subgroup));
        let shown = columns::write(&self.columns, &self.fields);
        let shared = self.shared.then_some(now);
        let (workspace, team) = (tx.workspace(), self.team);
        let values = args![workspace, id, me, team, self.name, unique, self.q, layout, parted, shown, shared, now];
        tx.run(insert, values).await.map_err(taken)?;
        let view = View::visible(tx, id, false).await?;
        tell(tx, "view.added", &view);
        Ok(view)
    }
}
