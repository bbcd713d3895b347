//! Fields that are used no more: put away while issues hold them, deleted if none does.
use super::CustomField;
use crate::{label::may_keep, team::Kept};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Time, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Put a field away: issues keep what they hold in it, and nothing more is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveField {
    pub field: Id<CustomField>,
}

/// Bring a field back that was put away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreField {
    pub field: Id<CustomField>,
}

/// Delete a field that no issue holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteField {
    pub field: Id<CustomField>,
}

impl Operation for ArchiveField {
    const NAME: &str = "custom_field.archive";
    const ROUTE: Route = Route(Post, "/custom-fields/{field}/archive");
    type Target = (CustomField, Option<Kept>);
    type Output = CustomField;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        CustomField::kept(tx, self.field).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (field, _): Self::Target) -> Result<CustomField> {
        let now = tx.now();
        set_archived(tx, field.id, Some(now)).await?;
        tx.record("custom_field.archived", field.id, json!({}));
        CustomField::visible(tx, field.id).await
    }
}

impl Operation for RestoreField {
    const NAME: &str = "custom_field.restore";
    const ROUTE: Route = Route(Post, "/custom-fields/{field}/restoration");
    type Target = (CustomField, Option<Kept>);
    type Output = CustomField;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        CustomField::kept(tx, self.field).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (field, _): Self::Target) -> Result<CustomField> {
        set_archived(tx, field.id, None).await?;
        tx.record("custom_field.restored", field.id, json!({}));
        CustomField::visible(tx, field.id).await
    }
}

async fn set_archived(tx: &mut Tx<'_>, field: Id<CustomField>, at: Option<Time>) -> Result<()> {
    let update = sql!("update custom_fields set archived_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), field, at]).await.map(drop)
}

impl Operation for DeleteField {
    const NAME: &str = "custom_field.delete";
    const ROUTE: Route = Route(Delete, "/custom-fields/{field}");
    type Target = (CustomField, Option<Kept>);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        CustomField::kept(tx, self.field).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (field, _): Self::Target) -> Result<()> {
        let held = sql!("select 1 from issue_values where workspace_id = $1 and field_id = $2 limit 1");
        if tx.exists(held, args![tx.workspace(), field.id]).await? {
            return Err(Error::conflict("Issues hold something in this field. Put it away instead."));
        }
        let sources = sql!("delete from custom_sources where workspace_id = $1 and field_id = $2");
        tx.run(sources, args![tx.workspace(), field.id]).await?;
        let choices = sql!("delete from custom_choices where workspace_id = $1 and field_id = $2");
        tx.run(choices, args![tx.workspace(), field.id]).await?;
        let delete = sql!("delete from custom_fields where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), field.id]).await?;
        tx.record("custom_field.deleted", field.id, json!({ "name": field.name }));
        Ok(())
    }
}
