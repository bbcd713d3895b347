//! Labels: words by which issues are found again, of one team or of everyone.
mod page;

use crate::team::Kept;
use kernel::{
    Actor, Error, Id,
    Method::{Get, Patch, Post},
    Operation, Result, Route, Team, Time, Tx, args, columns, json, sql,
    text::Name,
};
use people::person::folded;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Label {
    pub id: Id<Label>,
    /// The team that uses it; everyone if there is none.
    pub team_id: Option<Id<Team>>,
    pub name: String,
    /// Its colour, 0 to 11.
    pub hue: i64,
    pub archived_at: Option<Time>,
}
columns!(Label { id, team_id, name, hue, archived_at });

const SELECT: &str = "select l.id, l.team_id, l.name, l.hue, l.archived_at from labels l ";
const MOST: i64 = 1_000;

impl Label {
    /// The label, if the actor can see it: colleagues see all of them.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Label>) -> Result<Label> {
        let select = sql!(SELECT, "where l.workspace_id = $1 and $2 and l.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    async fn kept(tx: &mut Tx<'_>, id: Id<Label>) -> Result<(Label, Option<Kept>)> {
        let label = Label::visible(tx, id).await?;
        let kept = of_team(tx, label.team_id).await?;
        Ok((label, kept))
    }
}

pub(crate) async fn of_team(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Option<Kept>> {
    match team {
        Some(team) => Kept::visible(tx, team).await.map(Some),
        None => Ok(None),
    }
}

/// Labels of everyone are kept by everyone, those of a team by the team.
pub(crate) fn may_keep(actor: &Actor, kept: Option<&Kept>) -> bool {
    actor.belongs() && kept.is_none_or(|kept| kept.may_change(actor))
}

/// The labels of everyone, and those of a team.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLabels {
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Also those that were put away.
    #[serde(default)]
    pub all: bool,
}

impl Operation for ListLabels {
    const NAME: &str = "label.list";
    const ROUTE: Route = Route(Get, "/labels");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Label>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            people::team::Record::visible(tx, team).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Label>> {
        let select = sql!(
            SELECT,
            "where l.workspace_id = $1 and $2 and (l.team_id is null or l.team_id = $3) and ($4 or l.archived_at is null)
             order by lower(l.name), l.id limit $5"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team, self.all, MOST]).await
    }
}

/// Add a label for everyone, or for the issues of one team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddLabel {
    pub name: Name<40>,
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

impl Operation for AddLabel {
    const NAME: &str = "label.add";
    const ROUTE: Route = Route(Post, "/labels");
    type Target = Option<Kept>;
    type Output = Label;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Option<Kept>> {
        of_team(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Option<Kept>) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Option<Kept>) -> Result<Label> {
        let id = insert(tx, self.team, &self.name).await?;
        Label::visible(tx, id).await
    }
}

async fn insert(tx: &mut Tx<'_>, team: Option<Id<Team>>, name: &str) -> Result<Id<Label>> {
    let id: Id<Label> = tx.id();
    let insert = sql!(
        "insert into labels (workspace_id, id, team_id, name, unique_name, hue, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let hue = kernel::fingerprint(&folded(name)).rem_euclid(12);
    let unique = unique_name(team, name);
    tx.run(insert, args![tx.workspace(), id, team, name, unique, hue, tx.now()]).await.map_err(taken)?;
    tx.record("label.added", id, json!({ "name": name }));
    Ok(id)
}

/// The label of this name that the team can use, or of everyone; and whether it was made, as there was none.
pub(crate) async fn named(tx: &mut Tx<'_>, team: Option<Id<Team>>, name: &str) -> Result<(Id<Label>, bool)> {
    let select = sql!(
        "select id from labels where workspace_id = $1 and unique_name in ($2, $3)
          order by case when unique_name = $2 then 0 else 1 end limit 1"
    );
    let (own, shared) = (unique_name(team, name), unique_name(None, name));
    match tx.find(select, args![tx.workspace(), own, shared]).await? {
        Some(id) => Ok((id, false)),
        None => Ok((insert(tx, team, name).await?, true)),
    }
}

/// Adds a label unless there is one of this name and reach already.
pub(crate) async fn added(tx: &mut Tx<'_>, team: Option<Id<Team>>, name: &str) -> Result<Option<Id<Label>>> {
    let select = sql!("select 1 from labels where workspace_id = $1 and unique_name = $2");
    match tx.exists(select, args![tx.workspace(), unique_name(team, name)]).await? {
        true => Ok(None),
        false => insert(tx, team, name).await.map(Some),
    }
}

fn unique_name(team: Option<Id<Team>>, name: &str) -> String {
    format!("{}:{}", team.map(|team| team.to_string()).unwrap_or_default(), folded(name))
}

fn taken(error: Error) -> Error {
    error.when_field("labels_workspace_id_unique_name_key", "name", "There is such a label already.")
}

/// Rename a label, everywhere at once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditLabel {
    pub label: Id<Label>,
    pub name: Name<40>,
}

impl Operation for EditLabel {
    const NAME: &str = "label.edit";
    const ROUTE: Route = Route(Patch, "/labels/{label}");
    type Target = (Label, Option<Kept>);
    type Output = Label;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Label::kept(tx, self.label).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (label, _): Self::Target) -> Result<Label> {
        let update = sql!("update labels set name = $3, unique_name = $4 where workspace_id = $1 and id = $2");
        let unique = unique_name(label.team_id, &self.name);
        tx.run(update, args![tx.workspace(), label.id, self.name, unique]).await.map_err(taken)?;
        tx.record("label.changed", label.id, json!({ "name": self.name }));
        Label::visible(tx, label.id).await
    }
}

/// Put a label away: issues keep it, and no other one gets it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveLabel {
    pub label: Id<Label>,
}

/// Bring a label back that was put away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreLabel {
    pub label: Id<Label>,
}

impl Operation for ArchiveLabel {
    const NAME: &str = "label.archive";
    const ROUTE: Route = Route(Post, "/labels/{label}/archive");
    type Target = (Label, Option<Kept>);
    type Output = Label;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Label::kept(tx, self.label).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (label, _): Self::Target) -> Result<Label> {
        let now = tx.now();
        set_archived(tx, label.id, Some(now)).await?;
        tx.record("label.archived", label.id, json!({}));
        Label::visible(tx, label.id).await
    }
}

impl Operation for RestoreLabel {
    const NAME: &str = "label.restore";
    const ROUTE: Route = Route(Post, "/labels/{label}/restoration");
    type Target = (Label, Option<Kept>);
    type Output = Label;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Label::kept(tx, self.label).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (label, _): Self::Target) -> Result<Label> {
        set_archived(tx, label.id, None).await?;
        tx.record("label.restored", label.id, json!({}));
        Label::visible(tx, label.id).await
    }
}

async fn set_archived(tx: &mut Tx<'_>, label: Id<Label>, at: Option<Time>) -> Result<()> {
    let update = sql!("update labels set archived_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), label, at]).await.map(drop)
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/labels", page::list)
        .post("/labels", page::add)
        .post("/labels/{label}/edit", page::edit)
        .post("/labels/{label}/archive", page::archive)
        .post("/labels/{label}/restoration", page::restore)
}
