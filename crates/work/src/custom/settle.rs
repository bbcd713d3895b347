//! What is to be different about the fields of an issue.
use super::{
    CustomField, Held, Kind, Values,
    choices::choices_of,
    form::input_name,
    held::{held_of, in_words},
    value::{sought, stored},
};
use crate::{
    automation::Cause,
    issue::{Issue, Wanted},
};
use kernel::{Change, Error, Id, Person, Result, Tx, args, sql};
use people::{
    access::today,
    person::{Record, folded},
};

/// More fields of an issue are not changed at once.
const MOST: usize = 100;

/// A field of an issue before and after a change.
pub(crate) struct Turn {
    pub field: CustomField,
    pub before: Option<Held>,
    pub after: Option<Settled>,
}

/// A value as it is stored, as people say it, and as it sorts.
pub(crate) struct Settled {
    pub value: String,
    pub words: String,
    key: String,
}

/// Looks up what a change names, so that nobody learns of what they cannot see.
pub(crate) async fn look_up(tx: &mut Tx<'_>, values: &Values) -> Result<()> {
    if values.len() > MOST {
        return Err(Error::invalid("fields", format!("Change at most {MOST} fields at once.")));
    }
    for (id, value) in values {
        let field = CustomField::visible(tx, *id).await?;
        if let (Kind::Person, Change::Set(given)) = (field.kind, value)
            && let Ok(person) = given.0.parse::<Id<Person>>()
        {
            Record::visible(tx, person).await?;
        }
    }
    Ok(())
}

/// What would be different. Nothing is changed.
pub(crate) async fn differences(tx: &mut Tx<'_>, issue: &Issue, wanted: &Wanted) -> Result<Vec<Turn>> {
    if wanted.custom.is_empty() {
        return Ok(Vec::new());
    }
    let mut held: Vec<Held> = held_of(tx, &[issue.id]).await?.into_iter().map(|(_, held)| held).collect();
    let mut turns = Vec::new();
    for (id, value) in &wanted.custom {
        let field = CustomField::visible(tx, *id).await?;
        let before = held.extract_if(.., |held| held.field_id == *id).next();
        let after = match value {
            Change::Keep => continue,
            Change::Set(given) if !given.0.is_empty() => {
                let undone = matches!(wanted.cause, Cause::Undo);
                fits(&field, issue, undone)?;
                Some(settled(tx, &field, &given.0, undone).await?)
            }
            Change::Set(_) | Change::Clear => None,
        };
        if before.as_ref().map(|held| &held.value) != after.as_ref().map(|settled| &settled.value) {
            turns.push(Turn { field, before, after });
        }
    }
    Ok(turns)
}

/// Whether the field is still there, and of the team in which the issue is.
pub(crate) async fn can_go_back(
    tx: &mut Tx<'_>,
    issue: &Issue,
    field: Id<CustomField>,
    before: Option<&str>,
) -> Result<bool> {
    match CustomField::visible(tx, field).await {
        Ok(field) => Ok(before.is_none() || field.is_for(issue.team_id)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn fits(field: &CustomField, issue: &Issue, undone: bool) -> Result<()> {
    let flaw = |sentence: String| Err(Error::invalid(input_name(field.id), sentence));
    if !field.is_for(issue.team_id) {
        return flaw(format!("{} is a field of another team.", field.name));
    }
    if field.archived_at.is_some() && !undone {
        return flaw(format!("{} was put away. It can only be emptied.", field.name));
    }
    Ok(())
}

async fn settled(tx: &mut Tx<'_>, field: &CustomField, text: &str, undone: bool) -> Result<Settled> {
    let (text, words) = match field.kind {
        Kind::Choice => choice(tx, field, text, undone).await?,
        Kind::Person => person(tx, field, text, undone).await?,
        _ => (text.to_owned(), None),
    };
    let [value, key] = stored(field.kind, &text).map_err(|sentence| Error::invalid(input_name(field.id), sentence))?;
    let shown = if field.kind == Kind::Day { in_words(&value) } else { value.clone() };
    Ok(Settled { words: words.unwrap_or(shown), value, key })
}

/// The id and the name, by either of them.
async fn choice(tx: &mut Tx<'_>, field: &CustomField, text: &str, undone: bool) -> Result<(String, Option<String>)> {
    let all = choices_of(tx, &[field.id]).await?;
    let found = all.into_iter().map(|(_, choice)| choice).find(|choice| {
        let named = choice.id.as_str() == text || folded(&choice.name) == folded(text);
        named && (undone || choice.archived_at.is_none())
    });
    let none = || Error::invalid(input_name(field.id), format!("“{text}” is nothing that {} can be.", field.name));
    let choice = found.ok_or_else(none)?;
    Ok((choice.id.to_string(), Some(choice.name)))
}

/// The id and the name of somebody here; what is undone may bring back somebody of a former tracker.
async fn person(tx: &mut Tx<'_>, field: &CustomField, text: &str, undone: bool) -> Result<(String, Option<String>)> {
    let outsider = sql!("select name from outsiders where workspace_id = $1 and $2 and id = $3");
    if let Some(name) = tx.find::<String>(outsider, args![tx.workspace(), undone, text]).await? {
        return Ok((text.to_owned(), Some(name)));
    }
    let none = |_| Error::invalid(input_name(field.id), "Choose somebody who is here.");
    let person = Record::visible(tx, text.parse().map_err(none)?).await?;
    Ok((person.id.to_string(), Some(person.name)))
}

/// Stores what is different.
pub(crate) async fn store(tx: &mut Tx<'_>, issue: Id<Issue>, turn: &Turn) -> Result<()> {
    let field = turn.field.id;
    let Some(after) = &turn.after else {
        let delete = sql!("delete from issue_values where workspace_id = $1 and issue_id = $2 and field_id = $3");
        return tx.run(delete, args![tx.workspace(), issue, field]).await.map(drop);
    };
    let write = sql!(
        "insert into issue_values (workspace_id, issue_id, field_id, value, sought, outsider_id)
         values ($1, $2, $3, $4, $5, (select o.id from outsiders o where o.workspace_id = $1 and o.id = $4))
         on conflict (workspace_id, issue_id, field_id) do update
            set value = excluded.value, sought = excluded.sought, outsider_id = excluded.outsider_id"
    );
    tx.run(write, args![tx.workspace(), issue, field, after.value, sought(field, &after.key)]).await?;
    // Once a day at the most, so that changes of many issues do not wait for each other.
    let used = sql!(
        "update custom_fields set used_on = $3
          where workspace_id = $1 and id = $2 and (used_on is null or used_on < $3)"
    );
    tx.run(used, args![tx.workspace(), field, today(tx)]).await.map(drop)
}
