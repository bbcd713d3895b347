//! Issues: what is to be done, by whom, in which state, and all that happened to them.
mod board;
mod board_page;
mod bulk;
mod change;
mod choices;
mod code;
mod complete;
mod conditions;
mod create;
mod delete;
mod edit;
mod field;
mod filter;
mod fits;
mod group;
mod held;
mod key;
mod list;
mod lists;
mod named;
mod page;
mod picker;
mod place;
mod progress;
mod project;
mod relation;
mod show;
mod split;
mod table;
mod tick;
mod transfer;
mod undo;
mod way;

pub use board::{Board, Column, ShowBoard};
pub use bulk::{Edit, EditMany, Edits};
pub use choices::{Choice, FieldChoices, ListChoices};
pub use complete::{CompleteQuery, Completion, Proposal};
pub use create::CreateIssue;
pub use delete::{DeleteIssue, RestoreIssue};
pub use edit::EditIssue;
pub use field::Field;
pub use group::{Group, Grouping};
pub use key::Which;
pub use list::{IssuePage, ListIssues, Listed};
pub use place::PlaceIssue;
pub use progress::Progress;
pub use relation::{Direction, RelateIssues, Relation, UnrelateIssues};
pub use show::{Brief, Full, ShowIssue, Stay};
pub use split::{Piece, Pieces, SplitIssue};
pub use tick::TickTask;
pub use transfer::MoveIssue;
pub use undo::UndoChanges;

pub use change::Batch;
pub(crate) use change::{Wanted, apply, differences};
pub(crate) use code::keys_of;
pub(crate) use fits::Fitting;

use crate::{
    estimate::{Estimate, Measure},
    label::Label,
    sprint::{Sprint, ledger::Stand},
    team::{Category, State},
};
use jiff::civil::Date;
use kernel::{
    Bind, Error, FromValue, Id, Milestone, Person, Project, Result, Team, Time, Tx, Value, args, columns,
    list as id_list, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// How soon it is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    #[default]
    None,
    Urgent,
    High,
    Medium,
    Low,
}

impl Priority {
    pub const ALL: [Priority; 5] = [Priority::None, Priority::Urgent, Priority::High, Priority::Medium, Priority::Low];

    pub fn word(self) -> &'static str {
        match self {
            Priority::None => "none",
            Priority::Urgent => "urgent",
            Priority::High => "high",
            Priority::Medium => "medium",
            Priority::Low => "low",
        }
    }

    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Priority::None => "No priority",
            Priority::Urgent => "Urgent",
            Priority::High => "High",
            Priority::Medium => "Medium",
            Priority::Low => "Low",
        }
    }
}

/// Stored as its place in the order, so that the most urgent ones come first.
impl FromValue for Priority {
    fn from_value(value: Value<'_>) -> Result<Self> {
        let place = i64::from_value(value)?;
        let found = usize::try_from(place).ok().and_then(|place| Priority::ALL.get(place).copied());
        found.ok_or_else(|| Error::internal(format!("{place} is no priority")))
    }
}

impl Bind for Priority {
    fn bind(&self) -> Value<'_> {
        Value::Int(*self as i64)
    }
}

/// What a list shows of an issue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Issue {
    pub id: Id<Issue>,
    pub key: String,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub estimates: Measure,
    pub title: String,
    pub state_id: Id<State>,
    pub state_name: String,
    pub category: Category,
    /// Since when it is in its state.
    pub state_since: Time,
    pub assignee_id: Option<Id<Person>>,
    /// Also of somebody of a former tracker who is nobody here.
    pub assignee_name: Option<String>,
    pub priority: Priority,
    /// Points or hours, as the team estimates.
    pub estimate: Option<Estimate>,
    pub due_on: Option<Date>,
    pub parent_id: Option<Id<Issue>>,
    /// The sprint that it is in, planned or running, or in which it was finished.
    pub sprint_id: Option<Id<Sprint>>,
    pub sprint_name: Option<String>,
    pub project_id: Option<Id<Project>>,
    pub project_name: Option<String>,
    /// A milestone of its project.
    pub milestone_id: Option<Id<Milestone>>,
    pub milestone_name: Option<String>,
    pub rank: String,
    pub created_at: Time,
    pub updated_at: Time,
    pub started_at: Option<Time>,
    /// When it was done or cancelled.
    pub finished_at: Option<Time>,
    /// Since when another open issue blocks it.
    pub blocked_since: Option<Time>,
    pub deleted_at: Option<Time>,
}
columns!(Issue {
    id,
    key,
    team_id,
    team_name,
    estimates,
    title,
    state_id,
    state_name,
    category,
    state_since,
    assignee_id,
    assignee_name,
    priority,
    estimate,
    due_on,
    parent_id,
    sprint_id,
    sprint_name,
    project_id,
    project_name,
    milestone_id,
    milestone_name,
    rank,
    created_at,
    updated_at,
    started_at,
    finished_at,
    blocked_since,
    deleted_at,
});

/// Every query that shows issues, as `i`, begins with this.
pub(crate) const SELECT: &str = "
    select i.id, w.key || '-' || cast(i.number as text) as key, i.team_id, t.name as team_name, w.estimates, i.title,
           i.state_id, s.name as state_name, i.category, i.state_since, i.assignee_id,
           coalesce(a.name, o.name) as assignee_name, i.priority, i.estimate, i.due_on, i.parent_id, i.sprint_id,
           p.name as sprint_name, i.project_id, j.name as project_name, i.milestone_id, m.name as milestone_name, i.rank, i.created_at, i.updated_at, i.started_at,
           i.finished_at,
           case when i.finished_at is null then (
             select min(case when r.created_at > b.opened_at then r.created_at else b.opened_at end)
               from issue_relations r join issues b on b.workspace_id = r.workspace_id and b.id = r.issue_id
              where r.workspace_id = i.workspace_id and r.other_id = i.id and r.kind = 'blocks'
                and b.finished_at is null and b.deleted_at is null
           ) end as blocked_since, i.deleted_at
      from issues i
      join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
      join teams t on t.workspace_id = i.workspace_id and t.id = i.team_id
      join work_states s on s.workspace_id = i.workspace_id and s.id = i.state_id
      left join people a on a.workspace_id = i.workspace_id and a.id = i.assignee_id
      left join outsiders o on o.workspace_id = i.workspace_id and o.id = i.assignee_outsider_id
      left join sprints p on p.workspace_id = i.workspace_id and p.id = i.sprint_id
      left join roadmap_public_projects j on j.workspace_id = i.workspace_id and j.project_id = i.project_id
      left join roadmap_public_milestones m on m.workspace_id = i.workspace_id and m.milestone_id = i.milestone_id ";

/// The reach of every query that shows issues, as `i`: colleagues see those of all teams, as they see the teams.
pub(crate) const VISIBLE: &str = " i.workspace_id = $1 and $2 ";

impl Issue {
    /// The issue, if the actor can see it; one that was deleted only with `deleted`.
    pub(crate) async fn visible(tx: &mut Tx<'_>, which: &Which, deleted: bool) -> Result<Issue> {
        let id = which.find(tx).await?.ok_or(Error::NotFound)?;
        let select = sql!(SELECT, "where", VISIBLE, "and i.id = $3 and ($4 or i.deleted_at is null)");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id, deleted]).await
    }

    /// Those of these that the actor can see, in any order, also deleted ones.
    pub(crate) async fn with_ids(tx: &mut Tx<'_>, ids: &[Id<Issue>]) -> Result<Vec<Issue>> {
        let select = sql!(SELECT, "where", VISIBLE, "and i.id in (select value from json_each(cast($3 as text)))");
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), id_list(ids)]).await
    }

    pub fn href(&self) -> String {
        format!("/issues/{}", self.key)
    }

    /// What it counts for in sprints.
    pub(crate) fn stand(&self) -> Stand {
        let counts = self.deleted_at.is_none() && self.category != Category::Cancelled;
        Stand { sprint: self.sprint_id, counts, estimate: self.estimate }
    }

    /// The estimate in words of the team.
    pub fn size(&self) -> Option<String> {
        self.estimate.map(|estimate| self.estimates.says(estimate))
    }
}

/// The description.
pub(crate) async fn body_of(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<String> {
    tx.one(sql!("select body from issues where workspace_id = $1 and id = $2"), args![tx.workspace(), issue]).await
}

/// The labels of several issues, each with its issue.
pub(crate) async fn labels_of(tx: &mut Tx<'_>, issues: &[Id<Issue>]) -> Result<Vec<(Id<Issue>, Label)>> {
    if issues.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select il.issue_id, l.id, l.team_id, l.name, l.hue, l.archived_at
           from issue_labels il join labels l on l.workspace_id = il.workspace_id and l.id = il.label_id
          where il.workspace_id = $1 and il.issue_id in (select value from json_each(cast($2 as text)))
          order by lower(l.name), l.id"
    );
    let found: Vec<Labelled> = tx.all(select, args![tx.workspace(), id_list(issues)]).await?;
    let one = |Labelled { issue_id, id, team_id, name, hue, archived_at }| {
        (issue_id, Label { id, team_id, name, hue, archived_at })
    };
    Ok(found.into_iter().map(one).collect())
}

struct Labelled {
    issue_id: Id<Issue>,
    id: Id<Label>,
    team_id: Option<Id<Team>>,
    name: String,
    hue: i64,
    archived_at: Option<Time>,
}
columns!(Labelled { issue_id, id, team_id, name, hue, archived_at });

/// What live pages of a team's issues listen to.
pub(crate) fn topic(team: Id<Team>) -> String {
    format!("issues-{team}")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/issues", lists::everywhere)
        .post("/issues", create::save)
        .get("/issues/new", create::new)
        .get("/teams/{team}/issues", lists::of_team)
        .get("/issue-query/completion.json", lists::completion)
        .get("/teams/{team}/board", board_page::show)
        .post("/teams/{team}/board/moves", place::choose)
        .post("/issues/{issue}/place", place::save)
        .get("/issue-edits/new", bulk::new)
        .post("/issue-edits", bulk::save)
        .get("/issue-edits/choices.json", picker::choices)
        .post("/issue-edits/field", picker::save)
        .get("/issues/{issue}", page::show)
        .get("/issues/{issue}/edit", edit::text)
        .post("/issues/{issue}/edit", edit::save)
        .post("/issues/{issue}/fields", edit::save_fields)
        .post("/issues/{issue}/team", transfer::save)
        .post("/issues/{issue}/tasks", tick::save)
        .post("/issues/{issue}/relations", relation::save)
        .post("/issues/{issue}/relations/removal", relation::remove)
        .post("/issues/{issue}/deletion", delete::delete)
        .post("/issues/{issue}/restoration", delete::restore)
        .post("/issue-changes/{batch}/undo", undo::undo)
}
