//! What a project holds: the issues that are in it, and those below them that are in no project of their own. How far it
//! is counts like the progress of an issue: those without others below them, without cancelled ones.
use kernel::{Id, Milestone, Person, Project, Result, Tx, args, columns, list, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::Serialize;

/// Begins every query about what projects hold: `$1` is the workspace, `$2` the list of the projects. An issue is in the
/// milestone that it says itself, or that the one above it has.
pub(crate) const HELD: &str = "
    with recursive held (project_id, milestone_id, issue_id) as (
      select i.project_id, i.milestone_id, i.issue_id from work_public_items i
       where i.workspace_id = $1 and i.project_id in (select value from json_each(cast($2 as text)))
      union
      select h.project_id, h.milestone_id, b.issue_id
        from held h join work_public_items b on b.workspace_id = $1 and b.parent_id = h.issue_id
       where b.project_id is null
    ) ";

/// How many issues without others below them are done, of all that are not cancelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Progress {
    pub done: i64,
    pub all: i64,
}

impl Progress {
    pub fn in_words(self) -> String {
        match self.all {
            0 => "No issues yet".to_owned(),
            all => format!("{} of {all} done", self.done),
        }
    }

    pub fn and(self, other: Progress) -> Progress {
        Progress { done: self.done + other.done, all: self.all + other.all }
    }
}

/// The progress of one milestone of a project, or of what is in none.
pub(crate) struct Counted {
    pub project_id: Id<Project>,
    pub milestone_id: Option<Id<Milestone>>,
    done: i64,
    all_count: i64,
}
columns!(Counted { project_id, milestone_id, done, all_count });

impl Counted {
    pub async fn of(tx: &mut Tx<'_>, projects: &[Id<Project>]) -> Result<Vec<Counted>> {
        if projects.is_empty() {
            return Ok(Vec::new());
        }
        let select = sql!(
            HELD,
            "select h.project_id, h.milestone_id, count(case when i.category = 'done' then 1 end) as done,
                    count(*) as all_count
               from held h join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id
              where i.leaf and i.category <> 'cancelled'
              group by h.project_id, h.milestone_id"
        );
        tx.all(select, args![tx.workspace(), list(projects)]).await
    }

    pub fn progress(&self) -> Progress {
        Progress { done: self.done, all: self.all_count }
    }
}

/// The sum over all milestones of a project, and what is in none.
pub(crate) fn whole(counted: &[Counted], project: Id<Project>) -> Progress {
    counted.iter().filter(|one| one.project_id == project).fold(Progress::default(), |sum, one| sum.and(one.progress()))
}

/// An issue as a project shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Item {
    pub key: String,
    pub title: String,
    pub category: String,
    pub state_name: String,
    pub assignee_name: Option<String>,
    pub milestone_id: Option<Id<Milestone>>,
    /// Another open issue has to be done before.
    pub blocked: bool,
    /// How many are in the same milestone.
    pub among: i64,
}
columns!(Item { key, title, category, state_name, assignee_name, milestone_id, blocked, among });

/// So many issues of a milestone are shown, the open ones first.
const MOST_SHOWN: i64 = 25;

/// The issues that are in the project themselves, milestone by milestone.
pub(crate) async fn items(tx: &mut Tx<'_>, project: Id<Project>) -> Result<Vec<Item>> {
    let select = sql!(
        "select f.team_key || '-' || cast(f.number as text) as key, f.title, f.category, f.state_name,
                p.name as assignee_name, f.milestone_id, f.among,
                f.finished_at is null and exists (
                  select 1 from work_public_blocks b
                    join work_public_items o on o.workspace_id = b.workspace_id and o.issue_id = b.issue_id
                   where b.workspace_id = $1 and b.other_id = f.issue_id and o.finished_at is null) as blocked
           from (
             select i.issue_id, i.team_key, i.number, i.title, i.category, i.state_name, i.assignee_id, i.milestone_id,
                    i.finished_at, i.created_at, count(*) over (partition by i.milestone_id) as among,
                    row_number() over (partition by i.milestone_id
                      order by case when i.finished_at is null then 0 else 1 end,
                               case when i.category = 'started' then 0 else 1 end, i.created_at, i.issue_id) as place
               from work_public_items i where i.workspace_id = $1 and i.project_id = $2
           ) f left join people p on p.workspace_id = $1 and p.id = f.assignee_id
          where f.place <= $3 order by f.place"
    );
    tx.all(select, args![tx.workspace(), project, MOST_SHOWN]).await
}

/// An open issue that waits for another open one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Blocked {
    pub key: String,
    pub title: String,
    pub by_key: String,
    pub by_title: String,
    pub by_team: String,
    /// The other project, if what blocks is in one.
    pub by_project: Option<String>,
}
columns!(Blocked { key, title, by_key, by_title, by_team, by_project });

const MOST_BLOCKED: i64 = 50;

pub(crate) async fn blocked(tx: &mut Tx<'_>, project: Id<Project>) -> Result<Vec<Blocked>> {
    let select = sql!(
        HELD,
        "select w.team_key || '-' || cast(w.number as text) as key, w.title,
                o.team_key || '-' || cast(o.number as text) as by_key, o.title as by_title, t.name as by_team,
                case when o.project_id is distinct from h.project_id then p.name end as by_project
           from held h
           join work_public_items w on w.workspace_id = $1 and w.issue_id = h.issue_id
           join work_public_blocks b on b.workspace_id = $1 and b.other_id = h.issue_id
           join work_public_items o on o.workspace_id = $1 and o.issue_id = b.issue_id
           join teams t on t.workspace_id = $1 and t.id = o.team_id
           left join projects p on p.workspace_id = $1 and p.id = o.project_id
          where w.finished_at is null and o.finished_at is null
          order by w.created_at, w.issue_id, o.issue_id limit $3"
    );
    tx.all(select, args![tx.workspace(), list([project]), MOST_BLOCKED]).await
}

const MOST_PEOPLE: i64 = 60;

/// Who works on issues of the project that are not cancelled, by their names.
pub(crate) async fn people(tx: &mut Tx<'_>, project: Id<Project>) -> Result<Vec<Named<Person>>> {
    let select = sql!(
        HELD,
        "select p.id, p.name from people p
          where p.workspace_id = $1 and p.id in (
            select i.assignee_id from held h
              join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id
             where i.category <> 'cancelled')
          order by p.sort_name, p.id limit $3"
    );
    let rows: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), list([project]), MOST_PEOPLE]).await?;
    Ok(rows.into_iter().map(|(id, name)| Named { id, name }).collect())
}
