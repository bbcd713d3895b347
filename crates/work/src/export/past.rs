//! What is told of the past of several issues at once, each list by the id of its issue.
use super::{WHO, Who, text, unreadable};
use crate::{
    custom::Kind,
    import::{
        IncomingChange, IncomingNote, IncomingRelation, IncomingState, IncomingValue, Origin, Other, Tracker, Visit,
    },
    issue::{Direction, Field, Issue},
    team::Category,
};
use kernel::{
    Error, FromRow, Id, Result, Row, Team, Time, Tx, args, columns, sql,
    text::{Markdown, Name},
};
use std::collections::BTreeMap;

type ByIssue<T> = BTreeMap<String, Vec<T>>;

/// A row that belongs to an issue.
struct Of<T>(Id<Issue>, T);

impl<T: FromRow> FromRow for Of<T> {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Of(row.get("issue_id")?, T::from_row(row)?))
    }
}

fn grouped<T>(rows: Vec<Of<T>>) -> ByIssue<T> {
    let mut all = ByIssue::new();
    for Of(issue, row) in rows {
        all.entry(issue.to_string()).or_default().push(row);
    }
    all
}

struct Stay(Visit);

impl FromRow for Stay {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (name, category): (String, Category) = (row.get("name")?, row.get("category")?);
        let team: Option<String> = row.get("team_key")?;
        Ok(Stay(Visit {
            state: IncomingState { name: text(name)?, category },
            team: team.map(text).transpose()?,
            from_at: row.get("from_at")?,
            until_at: row.get("until_at")?,
        }))
    }
}

pub async fn visits(tx: &mut Tx<'_>, team: Id<Team>, issues: &str) -> Result<ByIssue<Visit>> {
    let select = sql!(
        "select y.issue_id, s.name, s.category, case when s.team_id <> $3 then w.key end as team_key, y.from_at, y.until_at
           from issue_stays y
           join work_states s on s.workspace_id = y.workspace_id and s.id = y.state_id
           join work_teams w on w.workspace_id = s.workspace_id and w.team_id = s.team_id
          where y.workspace_id = $1 and y.issue_id in (select value from json_each(cast($2 as text)))"
    );
    let rows: Vec<Of<Stay>> = tx.all(select, args![tx.workspace(), issues, team]).await?;
    let mut all = grouped(rows.into_iter().map(|Of(issue, Stay(visit))| Of(issue, visit)).collect());
    for visits in all.values_mut() {
        visits.sort_by(|a, b| {
            let place = |visit: &Visit| (visit.from_at, visit.until_at.is_none(), visit.until_at);
            place(a).cmp(&place(b)).then_with(|| a.state.name.cmp(&b.state.name))
        });
    }
    Ok(all)
}

impl FromRow for IncomingChange {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let field: Field = row.get("field")?;
        let named: Option<String> = row.get("former_field")?;
        let text_of = |value: &str, words: &str| -> Result<Markdown> {
            match field {
                Field::Body => Ok(row.get::<Option<Markdown>>(value)?.unwrap_or_default()),
                _ => row.get(words),
            }
        };
        Ok(IncomingChange {
            field,
            named: named.map(text).transpose()?,
            at: row.get("at")?,
            by: Who::from_row(row)?.0,
            from: text_of("before_value", "before_words")?,
            to: text_of("after_value", "after_words")?,
        })
    }
}

pub async fn changes(tx: &mut Tx<'_>, issues: &str) -> Result<ByIssue<IncomingChange>> {
    let select = sql!(
        "select c.issue_id, c.field, c.former_field, c.before_value, c.after_value, c.before_words, c.after_words, c.at,",
        WHO,
        "  from issue_changes c
           left join people p on p.workspace_id = c.workspace_id and p.id = c.by_id
           left join outsiders o on o.workspace_id = c.workspace_id and o.id = c.by_outsider_id
          where c.workspace_id = $1 and c.issue_id in (select value from json_each(cast($2 as text)))
          order by c.issue_id, c.at, c.id"
    );
    Ok(grouped(tx.all(select, args![tx.workspace(), issues]).await?))
}

impl FromRow for IncomingValue {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (field, team): (String, Option<String>) = (row.get("name")?, row.get("team_key")?);
        let (kind, value): (Kind, String) = (row.get("kind")?, row.get("value")?);
        let value = if kind == Kind::Person { String::new() } else { value };
        Ok(IncomingValue {
            field: text(field)?,
            shared: row.get("shared")?,
            team: team.map(text).transpose()?,
            kind,
            value: value.try_into().map_err(unreadable)?,
            person: Who::from_row(row)?.0,
        })
    }
}

pub async fn values(tx: &mut Tx<'_>, team: Id<Team>, issues: &str) -> Result<ByIssue<IncomingValue>> {
    let select = sql!(
        "select v.issue_id, f.name, f.team_id is null as shared, case when f.team_id <> $3 then w.key end as team_key, f.kind,
                coalesce(c.name, v.value) as value,",
        WHO,
        "  from issue_values v
           join custom_fields f on f.workspace_id = v.workspace_id and f.id = v.field_id
           left join work_teams w on w.workspace_id = f.workspace_id and w.team_id = f.team_id
           left join custom_choices c on c.workspace_id = v.workspace_id and c.id = v.value and f.kind = 'choice'
           left join people p on p.workspace_id = v.workspace_id and p.id = v.value and f.kind = 'person'
           left join outsiders o on o.workspace_id = v.workspace_id and o.id = v.outsider_id
          where v.workspace_id = $1 and v.issue_id in (select value from json_each(cast($2 as text)))"
    );
    let mut all = grouped(tx.all(select, args![tx.workspace(), issues, team]).await?);
    all.values_mut().for_each(|values: &mut Vec<IncomingValue>| values.sort());
    Ok(all)
}

/// What somebody said, here or where the issue was before.
struct Note {
    by: Who,
    body: Markdown,
    at: Time,
    edited_at: Option<Time>,
}

impl FromRow for Note {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (at, edited_at) = (row.get("at")?, row.get("edited_at")?);
        Ok(Note { by: Who::from_row(row)?, body: row.get("body")?, at, edited_at })
    }
}

pub async fn notes(tx: &mut Tx<'_>, issues: &str) -> Result<ByIssue<IncomingNote>> {
    let former = sql!(
        "select n.issue_id, n.body, n.at, n.edited_at,",
        WHO,
        "  from issue_notes n
           left join people p on p.workspace_id = n.workspace_id and p.id = n.by_id
           left join outsiders o on o.workspace_id = n.workspace_id and o.id = n.by_outsider_id
          where n.workspace_id = $1 and n.issue_id in (select value from json_each(cast($2 as text)))
          order by n.issue_id, n.at, n.source_id"
    );
    let mut rows: Vec<Of<Note>> = tx.all(former, args![tx.workspace(), issues]).await?;
    let here = sql!(
        "select c.about_id as issue_id, c.body, c.created_at as at, c.edited_at,",
        WHO,
        "  from conversation_public_comments c
           left join people p on p.workspace_id = c.workspace_id and p.id = c.author_id
           left join outsiders o on o.workspace_id = c.workspace_id and o.id = ''
          where c.workspace_id = $1 and c.about_kind = 'issue'
            and c.about_id in (select value from json_each(cast($2 as text)))
          order by c.about_id, c.created_at, c.id"
    );
    rows.extend(tx.all::<Of<Note>>(here, args![tx.workspace(), issues]).await?);
    let mut all = ByIssue::new();
    for (issue, mut notes) in grouped(rows) {
        notes.sort_by_key(|note| note.at);
        let numbered = notes.into_iter().zip(1..).map(|(note, place): (Note, u32)| {
            let Note { by, body, at, edited_at } = note;
            Ok(IncomingNote { source_id: text(format!("{place:06}"))?, by: by.0, at, edited_at, body })
        });
        all.insert(issue, numbered.collect::<Result<_>>()?);
    }
    Ok(all)
}

struct Related {
    issue_id: Id<Issue>,
    other_id: Id<Issue>,
    kind: Direction,
    created_at: Time,
    own: String,
    other: String,
}
columns!(Related { issue_id, other_id, kind, created_at, own, other });

/// From one side only: that which blocks or duplicates, else that whose key comes first.
pub async fn relations(tx: &mut Tx<'_>, issues: &str) -> Result<ByIssue<IncomingRelation>> {
    let select = sql!(
        "select r.issue_id, r.other_id, r.kind, r.created_at, w.key || '-' || cast(i.number as text) as own,
                u.key || '-' || cast(b.number as text) as other
           from issue_relations r
           join issues i on i.workspace_id = r.workspace_id and i.id = r.issue_id and i.deleted_at is null
           join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
           join issues b on b.workspace_id = r.workspace_id and b.id = r.other_id and b.deleted_at is null
           join work_teams u on u.workspace_id = b.workspace_id and u.team_id = b.team_id
          where r.workspace_id = $1 and (r.issue_id in (select value from json_each(cast($2 as text)))
             or r.other_id in (select value from json_each(cast($2 as text))))"
    );
    let rows: Vec<Related> = tx.all(select, args![tx.workspace(), issues]).await?;
    let mut all = ByIssue::new();
    for Related { issue_id, other_id, kind: direction, created_at: since, own, other } in rows {
        let turned = direction == Direction::Relates && other < own;
        let (of, key) = if turned { (other_id, own) } else { (issue_id, other) };
        let other = Other { key: key.try_into().map_err(unreadable)?, ..Other::default() };
        all.entry(of.to_string()).or_insert_with(Vec::new).push(IncomingRelation { direction, other, since });
    }
    for relations in all.values_mut() {
        relations.sort_by(|a, b| (a.direction, &a.other).cmp(&(b.direction, &b.other)));
    }
    Ok(all)
}

pub async fn former_keys(tx: &mut Tx<'_>, issues: &str) -> Result<ByIssue<Name<100>>> {
    let select = sql!(
        "select issue_id, key from issue_aliases
          where workspace_id = $1 and issue_id in (select value from json_each(cast($2 as text)))"
    );
    let rows: Vec<(Id<Issue>, String)> = tx.all(select, args![tx.workspace(), issues]).await?;
    let mut all = ByIssue::new();
    for (issue, key) in rows {
        all.entry(issue.to_string()).or_insert_with(Vec::new).push(text(key)?);
    }
    all.values_mut().for_each(|keys| keys.sort());
    Ok(all)
}

impl FromRow for Origin {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (source_id, key, fields): (String, String, String) =
            (row.get("source_id")?, row.get("source_key")?, row.get("fields")?);
        Ok(Origin {
            source: row.get("source")?,
            source_id: text(source_id)?,
            key: key.try_into().map_err(unreadable)?,
            fields: serde_json::from_str(&fields).map_err(Error::internal)?,
        })
    }
}

pub async fn origins(tx: &mut Tx<'_>, issues: &str) -> Result<ByIssue<Origin>> {
    let select = sql!(
        "select issue_id, source, source_id, source_key, fields from issue_sources
          where workspace_id = $1 and source <> $3
            and issue_id in (select value from json_each(cast($2 as text)))"
    );
    let mut all = grouped(tx.all(select, args![tx.workspace(), issues, Tracker::Cairn]).await?);
    all.values_mut().for_each(|origins: &mut Vec<Origin>| {
        origins.sort_by(|a, b| (a.source, &a.source_id).cmp(&(b.source, &b.source_id)));
    });
    Ok(all)
}
