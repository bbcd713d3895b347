//! What a field of the kind choice can hold.
use super::{CustomField, Kind};
use crate::{label::may_keep, team::Kept};
use kernel::{
    Actor, Error, Id, Method::Patch, Operation, Result, Route, Time, Tx, args, columns, json, list, sql, text::Name,
};
use people::person::folded;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the values of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CustomChoice")]
pub struct Choice {
    pub id: Id<Choice>,
    pub name: String,
    /// Issues keep it, and no other one is given it.
    pub archived_at: Option<Time>,
}
columns!(Choice { id, name, archived_at });

pub(super) const MOST: usize = 200;

struct Row {
    field_id: Id<CustomField>,
    id: Id<Choice>,
    name: String,
    archived_at: Option<Time>,
}
columns!(Row { field_id, id, name, archived_at });

/// The choices of several fields, each with its field, in their order; those that were put away at the end.
pub(crate) async fn choices_of(tx: &mut Tx<'_>, fields: &[Id<CustomField>]) -> Result<Vec<(Id<CustomField>, Choice)>> {
    let select = sql!(
        "select field_id, id, name, archived_at from custom_choices
          where workspace_id = $1 and field_id in (select value from json_each(cast($2 as text)))
          order by case when archived_at is null then 0 else 1 end, position, id"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), list(fields)]).await?;
    Ok(rows
        .into_iter()
        .map(|Row { field_id, id, name, archived_at }| (field_id, Choice { id, name, archived_at }))
        .collect())
}

/// Makes these the choices of the field, in this order. What is called the same stays; what is missing is put away.
pub(super) async fn set(tx: &mut Tx<'_>, field: Id<CustomField>, names: &[Name<100>]) -> Result<()> {
    if names.len() > MOST {
        return Err(Error::invalid("choices", format!("A choice is one of at most {MOST}.")));
    }
    let folded_names: Vec<String> = names.iter().map(|name| folded(name)).collect();
    if let Some(twice) = (1..names.len()).find(|at| folded_names[..*at].contains(&folded_names[*at])) {
        return Err(Error::invalid("choices", format!("“{}” stands here twice.", names[twice])));
    }
    let away = sql!(
        "update custom_choices set archived_at = $4 where workspace_id = $1 and field_id = $2 and archived_at is null
            and unique_name not in (select value from json_each(cast($3 as text)))"
    );
    tx.run(away, args![tx.workspace(), field, list(&folded_names), tx.now()]).await?;
    let insert = sql!(
        "insert into custom_choices (workspace_id, id, field_id, name, unique_name, position)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, field_id, unique_name) do update
            set name = excluded.name, position = excluded.position, archived_at = null"
    );
    for ((name, unique), position) in names.iter().zip(&folded_names).zip(1_i64..) {
        let id: Id<Choice> = tx.id();
        tx.run(insert, args![tx.workspace(), id, field, name, unique, position]).await?;
    }
    Ok(())
}

/// Call one of the values of a field something else, on all issues at once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameChoice {
    pub field: Id<CustomField>,
    pub choice: Id<Choice>,
    pub name: Name<100>,
}

impl Operation for RenameChoice {
    const NAME: &str = "custom_field.rename_choice";
    const ROUTE: Route = Route(Patch, "/custom-fields/{field}/choices/{choice}");
    type Target = (CustomField, Option<Kept>);
    type Output = Choice;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (field, kept) = CustomField::kept(tx, self.field).await?;
        let known = choices_of(tx, &[field.id]).await?.into_iter().any(|(_, choice)| choice.id == self.choice);
        if field.kind == Kind::Choice && known { Ok((field, kept)) } else { Err(Error::NotFound) }
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        may_keep(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (field, _): Self::Target) -> Result<Choice> {
        let update = sql!("update custom_choices set name = $3, unique_name = $4 where workspace_id = $1 and id = $2");
        let taken = "custom_choices_workspace_id_field_id_unique_name_key";
        tx.run(update, args![tx.workspace(), self.choice, self.name, folded(&self.name)])
            .await
            .map_err(|error| error.when_field(taken, "name", "There is such a choice already."))?;
        tx.record("custom_field.changed", field.id, json!({ "choice": self.name }));
        let select = sql!("select id, name, archived_at from custom_choices where workspace_id = $1 and id = $2");
        tx.one(select, args![tx.workspace(), self.choice]).await
    }
}
