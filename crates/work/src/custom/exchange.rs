//! Fields that were added to issues, as they are exchanged with another Cairn.
use super::{Choice, CustomField, Kind, add::insert, choices_of, unique_name};
use jiff::civil::Date;
use kernel::{Id, Result, Team, Time, Tx, args, sql, text::Name};
use people::person::folded;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A field without its owner, who need not be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangedField {
    pub name: Name<60>,
    pub kind: Kind,
    /// In their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ExchangedChoice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangedChoice {
    pub name: Name<100>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Time>,
}

/// A field as it is stored: its id, name, kind, last day of use, and when it was put away.
type Row = (Id<CustomField>, Name<60>, Kind, Option<Date>, Option<Time>);

/// The fields of a team, or of everyone, by their names.
pub(crate) async fn exchanged(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Vec<ExchangedField>> {
    let select = sql!(
        "select id, name, kind, used_on, archived_at from custom_fields
          where workspace_id = $1 and coalesce(team_id, '') = coalesce(cast($2 as text), '')"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), team]).await?;
    let ids: Vec<Id<CustomField>> = rows.iter().map(|(id, ..)| *id).collect();
    let choices = choices_of(tx, &ids).await?;
    let mut fields = Vec::new();
    for (id, name, kind, used_on, archived_at) in rows {
        let own = choices.iter().filter(|(of, _)| *of == id).map(|(_, choice)| choice);
        let choice = |one: &Choice| {
            let name = one.name.clone().try_into().map_err(kernel::Error::internal)?;
            Ok(ExchangedChoice { name, archived_at: one.archived_at })
        };
        let choices = own.map(choice).collect::<Result<_>>()?;
        fields.push(ExchangedField { name, kind, choices, used_on, archived_at });
    }
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(fields)
}

/// Adds a field unless there is one of this name and reach already.
pub(crate) async fn added(tx: &mut Tx<'_>, team: Option<Id<Team>>, field: &ExchangedField) -> Result<()> {
    if find(tx, team, &field.name).await?.is_some() {
        return Ok(());
    }
    let id = insert(tx, team, &field.name, field.kind, None).await?;
    let update = sql!("update custom_fields set used_on = $3, archived_at = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), id, field.used_on, field.archived_at]).await?;
    for choice in &field.choices {
        let made = choice_named(tx, id, &choice.name).await?;
        let update = sql!("update custom_choices set archived_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), made, choice.archived_at]).await?;
    }
    Ok(())
}

/// The field of this name and reach with its kind.
pub(crate) async fn find(
    tx: &mut Tx<'_>,
    team: Option<Id<Team>>,
    name: &str,
) -> Result<Option<(Id<CustomField>, Kind)>> {
    let select = sql!("select id, kind from custom_fields where workspace_id = $1 and unique_name = $2");
    tx.find(select, args![tx.workspace(), unique_name(team, name)]).await
}

/// The choice of this name, which is added behind the others where there is none.
pub(crate) async fn choice_named(tx: &mut Tx<'_>, field: Id<CustomField>, name: &str) -> Result<Id<Choice>> {
    let select = sql!("select id from custom_choices where workspace_id = $1 and field_id = $2 and unique_name = $3");
    if let Some(id) = tx.find(select, args![tx.workspace(), field, folded(name)]).await? {
        return Ok(id);
    }
    let id = tx.id();
    let insert = sql!(
        "insert into custom_choices (workspace_id, id, field_id, name, unique_name, position)
         values ($1, $2, $3, $4, $5, (select coalesce(max(c.position), 0) + 1 from custom_choices c
                                       where c.workspace_id = $1 and c.field_id = $3))"
    );
    tx.run(insert, args![tx.workspace(), id, field, name, folded(name)]).await?;
    Ok(id)
}
