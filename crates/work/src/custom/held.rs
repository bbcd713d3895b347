use super::{CustomField, Kind};
use crate::issue::Issue;
use kernel::{Id, Result, Tx, args, columns, list, sql};
use schemars::JsonSchema;
use serde::Serialize;

/// What an issue holds in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "HeldValue")]
pub struct Held {
    pub field_id: Id<CustomField>,
    pub field_name: String,
    pub kind: Kind,
    /// A text, a number, a day, the id of a choice, of a person or of somebody of a former tracker, or an address.
    pub value: String,
    /// The same as people say it.
    pub words: String,
}

struct Row {
    issue_id: Id<Issue>,
    field_id: Id<CustomField>,
    field_name: String,
    kind: Kind,
    value: String,
    words: String,
}
columns!(Row { issue_id, field_id, field_name, kind, value, words });

/// What several issues hold, each with its issue, by the names of the fields.
pub(crate) async fn held_of(tx: &mut Tx<'_>, issues: &[Id<Issue>]) -> Result<Vec<(Id<Issue>, Held)>> {
    if issues.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select v.issue_id, v.field_id, f.name as field_name, f.kind, v.value,
                coalesce(c.name, p.name, o.name, v.value) as words
           from issue_values v
           join custom_fields f on f.workspace_id = v.workspace_id and f.id = v.field_id
           left join custom_choices c on c.workspace_id = v.workspace_id and c.id = v.value and f.kind = 'choice'
           left join people p on p.workspace_id = v.workspace_id and p.id = v.value and f.kind = 'person'
           left join outsiders o on o.workspace_id = v.workspace_id and o.id = v.outsider_id
          where v.workspace_id = $1 and v.issue_id in (select value from json_each(cast($2 as text)))
          order by lower(f.name), f.id"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), list(issues)]).await?;
    let one = |Row { issue_id, field_id, field_name, kind, value, words }: Row| {
        let words = if kind == Kind::Day { in_words(&value) } else { words };
        (issue_id, Held { field_id, field_name, kind, value, words })
    };
    Ok(rows.into_iter().map(one).collect())
}

/// A day as pages write it.
pub(super) fn in_words(day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), ui::date_long)
}
