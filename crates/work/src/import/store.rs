//! The rows of a bunch of issues.
use super::{
    Import, Incoming, Tracker,
    bunch::{Placed, fingerprint, own_number},
    named::{Named, Who},
    ours::{Difference, Ours},
    values,
};
use crate::{
    estimate::Estimate,
    issue::{Field, Issue, Priority},
    rank,
    team::{Category, State},
};
use jiff::civil::Date;
use kernel::{Bind, Id, Result, Team, Time, Tx, Value, args, list, sql};
use people::person::folded;

/// What the row of an issue holds besides its id, its number and its rank.
pub struct Facts<'i> {
    pub title: &'i str,
    pub body: &'i str,
    pub state: Id<State>,
    pub category: Category,
    pub since: Time,
    pub opened_at: Time,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
    pub assignee: Who,
    pub priority: Priority,
    pub estimate: Option<Estimate>,
    pub due_on: Option<Date>,
    words: String,
    creator: Who,
}

impl<'i> Facts<'i> {
    fn of(issue: &'i Incoming, named: &Named) -> Result<Facts<'i>> {
        let state = named.state(None, &issue.state.name)?;
        let came = issue.visits.last().map_or(issue.created_at, |visit| visit.from_at);
        let since = issue.state_since.unwrap_or(came);
        let finished_at = state.category.is_finished().then(|| issue.finished_at.unwrap_or(since));
        Ok(Facts {
            title: &issue.title,
            body: &issue.body,
            state: state.id,
            category: state.category,
            since,
            opened_at: issue.opened_at.unwrap_or(issue.created_at),
            started_at: issue.started_at,
            finished_at,
            assignee: named.person(issue.assignee.as_ref()),
            priority: issue.priority,
            estimate: issue.estimate,
            due_on: issue.due_on,
            words: folded(&issue.title),
            creator: named.person(issue.creator.as_ref()),
        })
    }
}

impl Facts<'_> {
    /// From the title to the due date, in the order of the table.
    fn columns(&self) -> [Value<'_>; 11] {
        [
            Value::Text(self.title),
            self.words.bind(),
            Value::Text(self.body),
            self.state.bind(),
            self.category.bind(),
            self.since.bind(),
            self.assignee.0.bind(),
            self.assignee.1.bind(),
            self.priority.bind(),
            self.estimate.bind(),
            self.due_on.bind(),
        ]
    }
}

pub async fn insert(
    tx: &mut Tx<'_>,
    import: Id<Import>,
    team: Id<Team>,
    placed: &[&Placed<'_>],
    named: &Named,
) -> Result<()> {
    let insert = sql!(
        "insert into issues (workspace_id, id, team_id, number, title, words, body, state_id, category, state_since,
           assignee_id, assignee_outsider_id, priority, estimate, due_on, rank, creator_id, creator_outsider_id,
           created_at, updated_at, opened_at, started_at, finished_at, import_id, deleted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
           $23, $24, $25)"
    );
    let ranks = ranks(tx, team, placed).await?;
    let workspace = tx.workspace();
    let facts: Vec<Facts<'_>> = placed.iter().map(|one| Facts::of(one.issue, named)).collect::<Result<_>>()?;
    let mut rows = Vec::new();
    for ((one, facts), rank) in placed.iter().zip(&facts).zip(&ranks) {
        let mut row = args![workspace, one.id, team, one.number].to_vec();
        row.extend(facts.columns());
        row.extend(args![*rank, facts.creator.0, facts.creator.1, one.issue.created_at, one.issue.updated_at]);
        row.extend(args![facts.opened_at, facts.started_at, facts.finished_at, import, one.issue.deleted_at]);
        rows.push(row);
    }
    tx.run_many(insert, &rows).await.map(drop)
}

/// What is sent with a place has it; the others follow behind the last one.
async fn ranks(tx: &mut Tx<'_>, team: Id<Team>, placed: &[&Placed<'_>]) -> Result<Vec<String>> {
    let last = sql!("select max(rank) from issues where workspace_id = $1 and team_id = $2");
    let mut last: Option<String> = tx.find(last, args![tx.workspace(), team]).await?.flatten();
    let mut ranks = Vec::new();
    for one in placed {
        let given = one.issue.rank.as_deref().filter(|rank| rank::fits(rank));
        let rank = given.map_or_else(|| rank::between(last.as_deref(), None), |rank| Ok(rank.to_owned()))?;
        last = last.max(Some(rank.clone()));
        ranks.push(rank);
    }
    Ok(ranks)
}

/// The source is the master of what nobody has changed here.
pub async fn renew(
    tx: &mut Tx<'_>,
    placed: &[&Placed<'_>],
    named: &Named,
    ours: &Ours,
    differences: &mut Vec<Difference>,
) -> Result<()> {
    if placed.is_empty() {
        return Ok(());
    }
    let update = sql!(
        "update issues set title = $3, words = $4, body = $5, state_id = $6, category = $7, state_since = $8,
                assignee_id = $9, assignee_outsider_id = $10, priority = $11, estimate = $12, due_on = $13,
                updated_at = $14, opened_at = $15, started_at = $16, finished_at = $17
          where workspace_id = $1 and id = $2"
    );
    let workspace = tx.workspace();
    let mut facts = Vec::new();
    for one in placed {
        facts.push(ours.kept(one, Facts::of(one.issue, named)?, differences));
    }
    let mut rows = Vec::new();
    for (one, facts) in placed.iter().zip(&facts) {
        let mut row = args![workspace, one.id].to_vec();
        row.extend(facts.columns());
        row.extend(args![one.issue.updated_at, facts.opened_at, facts.started_at, facts.finished_at]);
        rows.push(row);
    }
    tx.run_many(update, &rows).await?;
    forget(tx, placed, ours).await
}

const LISTED: &str = " (select value from json_each(cast($2 as text)))";

/// Takes the past away that is written anew.
async fn forget(tx: &mut Tx<'_>, placed: &[&Placed<'_>], ours: &Ours) -> Result<()> {
    let but = |field: Field| list(placed.iter().map(|one| one.id).filter(|id| !ours.has(*id, field)));
    let all = list(placed.iter().map(|one| one.id));
    for (gone, ids) in [
        (sql!("delete from issue_stays where workspace_id = $1 and issue_id in", LISTED), but(Field::State)),
        (sql!("delete from issue_labels where workspace_id = $1 and issue_id in", LISTED), but(Field::Label)),
        (sql!("delete from issue_values where workspace_id = $1 and issue_id in", LISTED), but(Field::Custom)),
        (
            sql!("delete from issue_changes where workspace_id = $1 and batch = issue_id and issue_id in", LISTED),
            all.clone(),
        ),
        (sql!("delete from issue_notes where workspace_id = $1 and issue_id in", LISTED), all.clone()),
        (sql!("delete from issue_joins where workspace_id = $1 and issue_id in", LISTED), all),
    ] {
        tx.run(gone, args![tx.workspace(), ids]).await?;
    }
    Ok(())
}

/// Everything that stands beside the rows of the issues.
pub async fn beside(
    tx: &mut Tx<'_>,
    (import, team): (&Import, Id<Team>),
    placed: &[&Placed<'_>],
    named: &Named,
    ours: &Ours,
) -> Result<()> {
    sources(tx, import.source, placed).await?;
    let but = |field: Field| placed.iter().copied().filter(move |one| !ours.has(one.id, field)).collect::<Vec<_>>();
    stays(tx, &but(Field::State), named).await?;
    labels(tx, &but(Field::Label), named).await?;
    values::store(tx, import, team, &but(Field::Custom), named).await?;
    changes(tx, placed, named).await?;
    notes(tx, placed, named).await?;
    joins(tx, import.source, placed, ours).await
}

async fn sources(tx: &mut Tx<'_>, source: Tracker, placed: &[&Placed<'_>]) -> Result<()> {
    let insert = sql!(
        "insert into issue_sources (workspace_id, source, source_id, issue_id, source_key, fields, fingerprint,
           imported_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, source, source_id) do update
            set source_key = excluded.source_key, fields = excluded.fields, fingerprint = excluded.fingerprint,
                imported_at = excluded.imported_at"
    );
    let (workspace, now, no_print) = (tx.workspace(), tx.now(), 0_i64);
    let text = |fields: &serde_json::Map<String, kernel::Json>| kernel::Json::Object(fields.clone()).to_string();
    let own: Vec<(String, i64)> = placed.iter().map(|one| (text(&one.issue.fields), fingerprint(one.issue))).collect();
    let origins = placed.iter().flat_map(|one| one.issue.origins.iter().map(move |origin| (one.id, origin)));
    let origins: Vec<_> = origins.map(|(id, origin)| (id, origin, text(&origin.fields))).collect();
    let mut rows = Vec::new();
    for (one, (fields, print)) in placed.iter().zip(&own) {
        let issue = one.issue;
        rows.push(args![workspace, source, issue.source_id, one.id, issue.key, *fields, *print, now].to_vec());
    }
    for (issue, origin, fields) in &origins {
        let row = args![workspace, origin.source, origin.source_id, *issue, origin.key, *fields, no_print, now];
        rows.push(row.to_vec());
    }
    tx.run_many(insert, &rows).await.map(drop)
}

/// The keys that people know lead here, unless they are the issue's own. Returns those that lead elsewhere.
pub async fn aliases(tx: &mut Tx<'_>, team: &str, placed: &[&Placed<'_>]) -> Result<Vec<String>> {
    let mut all: Vec<(String, Id<Issue>)> = Vec::new();
    for one in placed {
        let keys = one.issue.former_keys.iter().chain([&one.issue.key]);
        let other = keys.filter(|key| own_number(key, team) != Some(one.number));
        all.extend(other.map(|key| (key.to_ascii_uppercase(), one.id)));
    }
    let insert = sql!(
        "insert into issue_aliases (workspace_id, key, issue_id) values ($1, $2, $3)
         on conflict (workspace_id, key) do nothing"
    );
    let workspace = tx.workspace();
    let mut rows = Vec::new();
    for (key, issue) in &all {
        rows.push(args![workspace, *key, *issue].to_vec());
    }
    tx.run_many(insert, &rows).await?;
    elsewhere(tx, &all).await
}

async fn elsewhere(tx: &mut Tx<'_>, keys: &[(String, Id<Issue>)]) -> Result<Vec<String>> {
    let aliases = sql!(
        "select key, issue_id from issue_aliases where workspace_id = $1
            and key in (select value from json_each(cast($2 as text)))"
    );
    let names = list(keys.iter().map(|(key, _)| key));
    let mut leads: Vec<(String, Id<Issue>)> = tx.all(aliases, args![tx.workspace(), names]).await?;
    let own = sql!(
        "select k.key || '-' || cast(i.number as text) as own, i.id
           from work_keys k join issues i on i.workspace_id = k.workspace_id and i.team_id = k.team_id
          where k.workspace_id = $1 and k.key in (select value from json_each(cast($2 as text)))
            and i.number in (select cast(value as bigint) from json_each(cast($3 as text)))"
    );
    let parts = keys.iter().filter_map(|(key, _)| key.rsplit_once('-'));
    let (teams, numbers): (Vec<&str>, Vec<&str>) = parts.filter(|(_, number)| number.parse::<u32>().is_ok()).unzip();
    leads.extend(tx.all::<(String, Id<Issue>)>(own, args![tx.workspace(), list(teams), list(numbers)]).await?);
    let taken = |(key, issue): &&(String, Id<Issue>)| leads.iter().any(|(other, to)| other == key && to != issue);
    Ok(keys.iter().filter(taken).map(|(key, _)| key.clone()).collect())
}

async fn stays(tx: &mut Tx<'_>, placed: &[&Placed<'_>], named: &Named) -> Result<()> {
    let insert = sql!(
        "insert into issue_stays (workspace_id, issue_id, state_id, from_at, until_at) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, issue_id, from_at, state_id) do update set until_at = excluded.until_at"
    );
    let workspace = tx.workspace();
    let mut spans = Vec::new();
    for one in placed {
        let visits = &one.issue.visits;
        for (at, visit) in visits.iter().enumerate() {
            let state = named.state(visit.team.as_deref(), &visit.state.name)?;
            let until = visit.until_at.or_else(|| visits.get(at + 1).map(|next| next.from_at));
            spans.push((one.id, state.id, visit.from_at, until));
        }
        if visits.is_empty() {
            let facts = Facts::of(one.issue, named)?;
            spans.push((one.id, facts.state, facts.since, None));
        }
    }
    let mut rows = Vec::new();
    for (issue, state, from, until) in &spans {
        rows.push(args![workspace, *issue, *state, *from, *until].to_vec());
    }
    tx.run_many(insert, &rows).await.map(drop)
}

/// Changes of the past have the issue for their batch, so that they can be told from those that were made here.
async fn changes(tx: &mut Tx<'_>, placed: &[&Placed<'_>], named: &Named) -> Result<()> {
    let insert = sql!(
        "insert into issue_changes (workspace_id, id, batch, issue_id, field, former_field, before_value, after_value,
           before_words, after_words, at, by_id, by_outsider_id)
         values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let workspace = tx.workspace();
    let mut all = Vec::new();
    for one in placed {
        for change in &one.issue.changes {
            let id: Id<Incoming> = tx.id();
            all.push((id, one.id, change, named.person(change.by.as_ref())));
        }
    }
    let mut rows = Vec::new();
    for (id, issue, change, (person, outsider)) in &all {
        let (from, to) = (&*change.from, &*change.to);
        let text = change.field == Field::Body;
        let (values, words) = if text { ((Some(from), Some(to)), ("", "")) } else { ((None, None), (from, to)) };
        let mut row = args![workspace, *id, *issue, change.field, change.named].to_vec();
        row.extend([values.0, values.1].map(|value| value.map_or(Value::Null, Value::Text)));
        row.extend([Value::Text(words.0), Value::Text(words.1)]);
        row.extend(args![change.at, *person, *outsider]);
        rows.push(row);
    }
    tx.run_many(insert, &rows).await.map(drop)
}

async fn notes(tx: &mut Tx<'_>, placed: &[&Placed<'_>], named: &Named) -> Result<()> {
    let insert = sql!(
        "insert into issue_notes (workspace_id, issue_id, source_id, by_id, by_outsider_id, body, at, edited_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, issue_id, source_id) do update set body = excluded.body"
    );
    let workspace = tx.workspace();
    let mut all = Vec::new();
    for one in placed {
        all.extend(one.issue.notes.iter().map(|note| (one.id, note, named.person(note.by.as_ref()))));
    }
    let mut rows = Vec::new();
    for (issue, note, (person, outsider)) in &all {
        let row = args![workspace, *issue, note.source_id, *person, *outsider, note.body, note.at, note.edited_at];
        rows.push(row.to_vec());
    }
    tx.run_many(insert, &rows).await.map(drop)
}

async fn labels(tx: &mut Tx<'_>, placed: &[&Placed<'_>], named: &Named) -> Result<()> {
    let insert = sql!(
        "insert into issue_labels (workspace_id, issue_id, label_id) values ($1, $2, $3)
         on conflict (workspace_id, issue_id, label_id) do nothing"
    );
    let workspace = tx.workspace();
    let mut all = Vec::new();
    for one in placed {
        let own = one.issue.labels.iter().filter_map(|name| named.label(false, name));
        let shared = one.issue.shared_labels.iter().filter_map(|name| named.label(true, name));
        all.extend(own.chain(shared).map(|label| (one.id, label)));
    }
    let mut rows = Vec::new();
    for (issue, label) in &all {
        rows.push(args![workspace, *issue, *label].to_vec());
    }
    tx.run_many(insert, &rows).await.map(drop)
}

/// What joins issues waits for the end, when all of them are here.
async fn joins(tx: &mut Tx<'_>, source: Tracker, placed: &[&Placed<'_>], ours: &Ours) -> Result<()> {
    let insert = sql!(
        "insert into issue_joins (workspace_id, source, issue_id, kind, other_id, other_key, since_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (workspace_id, source, issue_id, kind, other_id, other_key) do nothing"
    );
    let workspace = tx.workspace();
    let mut rows = Vec::new();
    for one in placed {
        let issue = one.issue;
        if let Some(parent) = issue.parent.as_ref().filter(|_| !ours.has(one.id, Field::Parent)) {
            rows.push(args![workspace, source, one.id, "parent", parent.id, parent.key, issue.created_at].to_vec());
        }
        for relation in &issue.relations {
            let other = &relation.other;
            let row = args![workspace, source, one.id, relation.direction, other.id, other.key, relation.since];
            rows.push(row.to_vec());
        }
    }
    tx.run_many(insert, &rows).await.map(drop)
}
