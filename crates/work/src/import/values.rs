//! What issues hold in fields that were added to them, as it is brought over.
use super::{
    Import, IncomingValue,
    bunch::Placed,
    named::{Named, Outsider},
};
use crate::custom::{self, CustomField, Kind, choice_named, insert, sought, stored};
use kernel::{Error, Id, Result, Team, Tx, args, sql};
use people::{access::today, person::folded};
use std::collections::BTreeMap;

/// The fields of a bunch by their reach and name, with their kinds.
type Fields = BTreeMap<(Option<Id<Team>>, String), (Id<CustomField>, Kind)>;

/// In characters.
const LONGEST_CHOICE: usize = 100;

/// Stores the values of issues that have none.
pub async fn store(
    tx: &mut Tx<'_>,
    import: &Import,
    team: Id<Team>,
    placed: &[&Placed<'_>],
    named: &Named,
) -> Result<()> {
    let write = sql!(
        "insert into issue_values (workspace_id, issue_id, field_id, value, sought, outsider_id)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, issue_id, field_id) do update
            set value = excluded.value, sought = excluded.sought, outsider_id = excluded.outsider_id"
    );
    let (mut fields, mut all) = (Fields::new(), Vec::new());
    for one in placed {
        for value in &one.issue.custom {
            let (field, kind) = field(tx, import, team, value, &mut fields).await?;
            let told = |sentence: String| {
                let sentence = format!("Issue {}, field {}: {sentence}", &*one.issue.key, &*value.field);
                Error::invalid("issues", sentence)
            };
            let Some((text, outsider)) = text(tx, field, kind, value, named).await? else { continue };
            let [text, key] = stored(kind, &text).map_err(told)?;
            all.push((one.id, field, text, sought(field, &key), outsider));
        }
    }
    let workspace = tx.workspace();
    let mut rows = Vec::new();
    for (issue, field, text, sought, outsider) in &all {
        rows.push(args![workspace, *issue, *field, *text, *sought, *outsider].to_vec());
    }
    tx.run_many(write, &rows).await.map(drop)
}

/// The field that a value names; one that is not here is added.
async fn field(
    tx: &mut Tx<'_>,
    import: &Import,
    team: Id<Team>,
    value: &IncomingValue,
    known: &mut Fields,
) -> Result<(Id<CustomField>, Kind)> {
    let reach = match &value.team {
        _ if value.shared => None,
        None => Some(team),
        Some(key) => {
            let of = sql!("select team_id from work_keys where workspace_id = $1 and key = $2");
            Some(tx.find(of, args![tx.workspace(), key]).await?.unwrap_or(team))
        }
    };
    let name = (reach, folded(&value.field));
    if let Some(found) = known.get(&name) {
        return Ok(*found);
    }
    let found = match custom::find(tx, reach, &value.field).await? {
        Some(found) => found,
        None => {
            let id = insert(tx, reach, &value.field, value.kind, None).await?;
            let mark =
                sql!("update custom_fields set import_id = $3, used_on = $4 where workspace_id = $1 and id = $2");
            tx.run(mark, args![tx.workspace(), id, import.id, today(tx)]).await?;
            (id, value.kind)
        }
    };
    known.insert(name, found);
    Ok(found)
}

/// What is stored, and the outsider whom it names. Nothing where it names nobody.
async fn text(
    tx: &mut Tx<'_>,
    field: Id<CustomField>,
    kind: Kind,
    value: &IncomingValue,
    named: &Named,
) -> Result<Option<(String, Option<Id<Outsider>>)>> {
    match kind {
        Kind::Person => Ok(match named.person(value.person.as_ref()) {
            (Some(person), _) => Some((person.to_string(), None)),
            (None, Some(outsider)) => Some((outsider.to_string(), Some(outsider))),
            (None, None) => None,
        }),
        _ if value.value.is_empty() => Ok(None),
        Kind::Choice => {
            let name: String = value.value.chars().take(LONGEST_CHOICE).collect();
            let choice = choice_named(tx, field, name.trim()).await?;
            Ok(Some((choice.to_string(), None)))
        }
        _ => Ok(Some((value.value.to_string(), None))),
    }
}
