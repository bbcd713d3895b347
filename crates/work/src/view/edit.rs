use super::{
    Column, Layout, View, columns, fits_layout, fits_team, may_share, parted_words, readable, sees, taken, tell,
    unique_name,
};
use crate::{custom::CustomField, issue::Grouping, team::Kept};
use kernel::{
    Actor, Change, Error, Id,
    Method::Patch,
    Operation, Result, Route, Tx, args, sql,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change a view. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditView {
    pub view: Id<View>,
    pub name: Option<Name<60>>,
    pub q: Option<Line<2000>>,
    /// Whether everyone sees it who sees the team.
    pub shared: Option<bool>,
    pub layout: Option<Layout>,
    #[serde(default)]
    pub group: Change<Grouping>,
    /// By what the groups of a list are parted once more; nothing any more where the groups go.
    #[serde(default)]
    pub subgroup: Change<Grouping>,
    /// An empty list brings the usual columns back.
    pub columns: Option<Vec<Column>>,
    /// Fields that were added to issues, as columns behind the others.
    pub fields: Option<Vec<Id<CustomField>>>,
}

impl Operation for EditView {
    const NAME: &str = "view.edit";
    const ROUTE: Route = Route(Patch, "/issue-views/{view}");
    /// The view, its team, and whether it is to be shared with that from now on.
    type Target = (View, Option<Kept>, bool);
    type Output = View;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (view, kept) = View::kept(tx, self.view, false).await?;
        let named = (self.group.clone().apply(None), self.subgroup.clone().apply(None));
        sees(tx, self.fields.as_deref().unwrap_or_default(), named).await?;
        let shares = self.shared == Some(true) && view.shared_at.is_none();
        Ok((view, kept, shares))
    }

    fn allows(actor: &Actor, (view, kept, shares): &Self::Target) -> bool {
        view.may_change(actor, kept.as_ref()) && (!shares || may_share(actor, kept.as_ref()))
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, ..): Self::Target) -> Result<View> {
        if let Some(q) = &self.q {
            readable(q)?;
        }
        let shared = self.shared.unwrap_or(old.shared_at.is_some());
        if old.first && !shared {
            return Err(Error::invalid(
                "shared",
                "The issues of the team begin with this view, so everyone has to see it.",
            ));
        }
        let layout = self.layout.unwrap_or(old.layout);
        fits_team(old.team_id, shared, layout)?;
        let group = self.group.clone().apply(old.group);
        let subgroup = match &self.subgroup {
            Change::Keep => old.subgroup.filter(|_| group.is_some() && layout == Layout::List),
            change => change.clone().apply(None),
        };
        fits_layout((group, subgroup), layout)?;
        let now = tx.now();
        let name = self.name.as_deref().unwrap_or(&old.name);
        let unique = unique_name(name, old.owner_id, old.team_id, shared);
        let shared_at = shared.then(|| old.shared_at.unwrap_or(now));
        let parted = parted_words((group, subgroup));
        let fields = self.fields.as_deref().unwrap_or(&old.fields);
        let shown = columns::write(self.columns.as_deref().unwrap_or(&old.columns), fields);
        let q = self.q.as_deref().unwrap_or(&old.q);
        let update = sql!(
            "update work_views set name = $3, unique_name = $4, q = $5, layout = $6, parted = $7, shown = $8, shared_at = $9
              where workspace_id = $1 and id = $2"
        );
        let workspace = tx.workspace();
        let values = args![workspace, old.id, name, unique, q, layout, parted, shown, shared_at];
        tx.run(update, values).await.map_err(taken)?;
        let view = View::visible(tx, old.id, false).await?;
        tell(tx, "view.changed", if view.shared_at.is_some() { &view } else { &old });
        Ok(view)
    }
}
