use super::{CustomField, Kind, choices, taken, unique_name};
use crate::{label::may_keep, team::Kept};
use kernel::{
    Actor, Change, Error, Id, Method::Patch, Operation, Person, Result, Route, Tx, args, json, sql, text::Name,
};
use people::person::Record;
use schemars::JsonSchema;
use serde::Deserialize;

/// Rename a field, give it to another owner, or settle what can be chosen. What is left out stays; its kind never changes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditField {
    pub field: Id<CustomField>,
    pub name: Option<Name<60>>,
    #[serde(default)]
    pub owner: Change<Id<Person>>,
    /// All that can be chosen, in its order. What is missing is put away: issues keep it, and no other one is given it.
    pub choices: Option<Vec<Name<100>>>,
}

impl Operation for EditField {
    const NAME: &str = "custom_field.edit";
    const ROUTE: Route = Route(Patch, "/custom-fields/{field}");
    type Target = (CustomField, Option<Kept>);
    type Output = CustomField;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Change::Set(owner) = self.owner {
            Record::visible(tx, owner).await?;
        }
        CustomField::kept(tx, self.field).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (field, _): Self::Target) -> Result<CustomField> {
        if let Some(names) = &self.choices {
            if (field.kind == Kind::Choice) == names.is_empty() {
                return Err(Error::invalid("choices", "Only a choice has these, and it needs one."));
            }
            choices::set(tx, field.id, names).await?;
        }
        let name = self.name.as_deref().unwrap_or(&field.name);
        let owner = self.owner.clone().apply(field.owner_id);
        let update = sql!(
            "update custom_fields set name = $3, unique_name = $4, owner_id = $5 where workspace_id = $1 and id = $2"
        );
        let unique = unique_name(field.team_id, name);
        tx.run(update, args![tx.workspace(), field.id, name, unique, owner]).await.map_err(taken)?;
        tx.record("custom_field.changed", field.id, json!({ "name": name }));
        CustomField::visible(tx, field.id).await
    }
}
