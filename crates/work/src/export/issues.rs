//! Issues with their whole past, page by page.
use super::{Who, past, text, unreadable};
use crate::{
    estimate::Estimate,
    import::{Incoming, IncomingState, Other, Somebody},
    issue::{Issue, Priority, labels_of},
    team::{Category, Kept},
};
use jiff::civil::Date;
use kernel::{
    Actor, FromRow, Id, Method::Get, Operation, Result, Route, Row, Team, Time, Tx, args, list, sql, text::Markdown,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Issues of a team as they are and as they were, with what was said about them: everything that can be brought over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportIssues {
    pub team: Id<Team>,
    /// The number of the last issue of the page before.
    #[serde(default)]
    pub after: Option<i64>,
}

/// A page of issues by their numbers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exported {
    pub issues: Vec<Incoming>,
    /// What to give as `after` for the next page; nothing on the last one.
    pub next: Option<i64>,
}

const PAGE: i64 = 100;

impl Operation for ExportIssues {
    const NAME: &str = "issue.export";
    const ROUTE: Route = Route(Get, "/teams/{team}/issues/export");
    const READS: bool = true;
    type Target = Kept;
    type Output = Exported;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Exported> {
        let rows = self.rows(tx).await?;
        let next = rows.last().filter(|_| rows.len() as i64 == PAGE).map(|row| row.number);
        let ids: Vec<Id<Issue>> = rows.iter().map(|row| row.id).collect();
        let listed = list(&ids);
        let mut labels: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (issue, label) in labels_of(tx, &ids).await? {
            labels.entry(issue.to_string()).or_default().push(label);
        }
        let mut visits = past::visits(tx, self.team, &listed).await?;
        let mut values = past::values(tx, self.team, &listed).await?;
        let mut changes = past::changes(tx, &listed).await?;
        let mut notes = past::notes(tx, &listed).await?;
        let mut relations = past::relations(tx, &listed).await?;
        let mut former = past::former_keys(tx, &listed).await?;
        let mut origins = past::origins(tx, &listed).await?;
        let mut issues = Vec::new();
        for row in rows {
            let id = row.id.to_string();
            let deleted = row.times[5].is_some();
            let mut issue = row.incoming()?;
            issue.visits = visits.remove(&id).unwrap_or_default();
            if deleted {
                issues.push(bare(issue));
                continue;
            }
            for label in labels.remove(&id).unwrap_or_default() {
                let list = if label.team_id.is_some() { &mut issue.labels } else { &mut issue.shared_labels };
                list.push(text(label.name)?);
            }
            issue.labels.sort();
            issue.shared_labels.sort();
            issue.custom = values.remove(&id).unwrap_or_default();
            issue.changes = changes.remove(&id).unwrap_or_default();
            issue.notes = notes.remove(&id).unwrap_or_default();
            issue.relations = relations.remove(&id).unwrap_or_default();
            issue.former_keys = former.remove(&id).unwrap_or_default();
            issue.origins = origins.remove(&id).unwrap_or_default();
            issues.push(issue);
        }
        Ok(Exported { issues, next })
    }
}

/// Of an issue that was deleted, only what the record of a sprint says of it anyway.
fn bare(issue: Incoming) -> Incoming {
    Incoming { assignee: None, creator: None, due_on: None, parent: None, body: Markdown::default(), ..issue }
}

impl ExportIssues {
    async fn rows(&self, tx: &mut Tx<'_>) -> Result<Vec<IssueRow>> {
        let select = sql!(
            "select i.id, i.number, w.key || '-' || cast(i.number as text) as key, i.title, i.body, s.name as state_name,
                    i.category, i.state_since, i.priority, i.estimate, i.due_on, i.rank, i.created_at, i.updated_at,
                    i.opened_at, i.started_at, i.finished_at, i.deleted_at, u.key || '-' || cast(above.number as text) as parent_key,
                    ap.id as assignee_id, ap.name as assignee_name, ap.email as assignee_email,
                    ao.id as assignee_outsider_id, ao.source as assignee_source, ao.source_id as assignee_there,
                    ao.name as assignee_outsider_name, ao.email as assignee_outsider_email,",
            super::WHO,
            "  from issues i
               join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
               join work_states s on s.workspace_id = i.workspace_id and s.id = i.state_id
               left join issues above on above.workspace_id = i.workspace_id and above.id = i.parent_id
                and above.deleted_at is null
               left join work_teams u on u.workspace_id = above.workspace_id and u.team_id = above.team_id
               left join people p on p.workspace_id = i.workspace_id and p.id = i.creator_id
               left join outsiders o on o.workspace_id = i.workspace_id and o.id = i.creator_outsider_id
               left join people ap on ap.workspace_id = i.workspace_id and ap.id = i.assignee_id
               left join outsiders ao on ao.workspace_id = i.workspace_id and ao.id = i.assignee_outsider_id
              where i.workspace_id = $1 and i.team_id = $2 and i.number > $3 and (i.deleted_at is null
                 or i.id in (select issue_id from sprint_commitments where workspace_id = $1)
                 or i.id in (select issue_id from sprint_changes where workspace_id = $1))
              order by i.number limit $4"
        );
        tx.all(select, args![tx.workspace(), self.team, self.after.unwrap_or(0), PAGE]).await
    }
}

struct IssueRow {
    id: Id<Issue>,
    number: i64,
    key: String,
    title: String,
    body: Markdown,
    state: (String, Category, Time),
    creator: Option<Somebody>,
    assignee: Option<Somebody>,
    priority: Priority,
    estimate: Option<Estimate>,
    due_on: Option<Date>,
    parent_key: Option<String>,
    rank: String,
    times: [Option<Time>; 6],
}

impl FromRow for IssueRow {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(IssueRow {
            id: row.get("id")?,
            number: row.get("number")?,
            key: row.get("key")?,
            title: row.get("title")?,
            body: row.get("body")?,
            state: (row.get("state_name")?, row.get("category")?, row.get("state_since")?),
            creator: Who::from_row(row)?.0,
            assignee: Who::at(row, "assignee")?.0,
            priority: row.get("priority")?,
            estimate: row.get("estimate")?,
            due_on: row.get("due_on")?,
            parent_key: row.get("parent_key")?,
            rank: row.get("rank")?,
            times: [
                row.get("created_at")?,
                row.get("updated_at")?,
                row.get("opened_at")?,
                row.get("started_at")?,
                row.get("finished_at")?,
                row.get("deleted_at")?,
            ],
        })
    }
}

impl IssueRow {
    fn incoming(self) -> Result<Incoming> {
        let (state, category, state_since) = self.state;
        let [created_at, updated_at, opened_at, started_at, finished_at, deleted_at] = self.times;
        let parent = match self.parent_key {
            Some(key) => Some(Other { key: key.try_into().map_err(unreadable)?, ..Other::default() }),
            None => None,
        };
        Ok(Incoming {
            source_id: text(self.key.clone())?,
            key: text(self.key)?,
            title: text(self.title)?,
            state: IncomingState { name: text(state)?, category },
            state_since: Some(state_since),
            assignee: self.assignee,
            creator: self.creator,
            priority: self.priority,
            estimate: self.estimate,
            due_on: self.due_on,
            labels: Vec::new(),
            shared_labels: Vec::new(),
            parent,
            relations: Vec::new(),
            rank: Some(self.rank.try_into().map_err(unreadable)?),
            created_at: created_at.unwrap_or(state_since),
            updated_at: updated_at.unwrap_or(state_since),
            opened_at,
            started_at,
            finished_at,
            deleted_at,
            former_keys: Vec::new(),
            visits: Vec::new(),
            changes: Vec::new(),
            notes: Vec::new(),
            custom: Vec::new(),
            fields: serde_json::Map::new(),
            origins: Vec::new(),
            body: self.body,
        })
    }
}
