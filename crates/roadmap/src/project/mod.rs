//! Projects: work of one or several teams towards one end, with an owner and a target.
mod add;
mod edit;
mod forms;
mod list;
mod page;
mod show;

pub use add::AddProject;
pub use edit::EditProject;
pub(crate) use forms::period;
pub use list::{ListProjects, Listed};
pub(crate) use list::{listed, names, table};
pub(crate) use page::{bar, issues_of, lines};
pub use show::{MilestoneView, ProjectView, ShowProject};

use crate::{initiative::Initiative, period::Period};
use kernel::{Actor, Error, Id, Person, Result, Team, Time, Tx, args, columns, list as id_list, sql, words};
use people::{
    access::{cares_for_people, teams_of},
    person::Named,
    team,
};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// Where a project stands.
    pub enum State {
        /// Nobody has decided to do it.
        Idea = "idea",
        Planned = "planned",
        Started = "started",
        Paused = "paused",
        Done = "done",
        Cancelled = "cancelled",
    }
}

impl State {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            State::Idea => "Idea",
            State::Planned => "Planned",
            State::Started => "Started",
            State::Paused => "Paused",
            State::Done => "Done",
            State::Cancelled => "Cancelled",
        }
    }

    /// How a chip of the state looks.
    pub fn look(self) -> &'static str {
        match self {
            State::Idea => "line",
            State::Planned => "",
            State::Started => "info",
            State::Paused => "warn",
            State::Done => "good",
            State::Cancelled => "line",
        }
    }

    pub fn is_over(self) -> bool {
        matches!(self, State::Done | State::Cancelled)
    }
}

/// What is shown of a project wherever it is named.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Project {
    pub id: Id<kernel::Project>,
    pub name: String,
    pub owner_id: Option<Id<Person>>,
    pub owner_name: Option<String>,
    pub state: State,
    pub start: Option<Period>,
    pub target: Option<Period>,
    pub initiative_id: Option<Id<Initiative>>,
    pub initiative_name: Option<String>,
    /// Every how many weeks the owner is asked how it stands; nothing where nobody is.
    pub rhythm_weeks: Option<i64>,
    pub created_at: Time,
    pub created_by: Option<Id<Person>>,
}
columns!(Project {
    id,
    name,
    owner_id,
    owner_name,
    state,
    start,
    target,
    initiative_id,
    initiative_name,
    rhythm_weeks,
    created_at,
    created_by,
});

/// Every query that shows projects, as `p`, begins with this.
pub(crate) const SELECT: &str = "
    select p.id, p.name, p.owner_id, o.name as owner_name, p.state, p.start, p.target, p.initiative_id,
           n.name as initiative_name, p.rhythm_weeks, p.created_at, p.created_by
      from projects p
      left join people o on o.workspace_id = p.workspace_id and o.id = p.owner_id
      left join initiatives n on n.workspace_id = p.workspace_id and n.id = p.initiative_id ";

/// The reach of every query that shows projects, as `p`: colleagues see those of all teams.
pub(crate) const VISIBLE: &str = " p.workspace_id = $1 and $2 ";

impl Project {
    /// The project, if the actor can see it.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<kernel::Project>) -> Result<Project> {
        let select = sql!(SELECT, "where", VISIBLE, "and p.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    pub fn href(&self) -> String {
        format!("/projects/{}", self.id)
    }
}

/// A project, and whether the actor is near enough to settle it.
pub struct Kept {
    pub project: Project,
    near: bool,
}

impl Kept {
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<kernel::Project>) -> Result<Kept> {
        let project = Project::visible(tx, id).await?;
        let me = tx.me();
        let own = project.owner_id == Some(me) || project.created_by == Some(me);
        let near = own || is_of_its_teams(tx, id).await?;
        Ok(Kept { project, near })
    }

    /// Its owner, whoever made it, those on its teams and those who lead them, and those who run the workspace.
    pub fn may_change(&self, actor: &Actor) -> bool {
        actor.belongs() && (self.near || cares_for_people(actor))
    }
}

/// Whether the actor is on one of the project's teams today, or leads one or one above it.
async fn is_of_its_teams(tx: &mut Tx<'_>, project: Id<kernel::Project>) -> Result<bool> {
    let me = tx.me();
    let mine = teams_of(tx, me).await?;
    let select = sql!(
        "with recursive above (id) as (
           select team_id from project_teams where workspace_id = $1 and project_id = $2
           union
           select t.parent_id from above join teams t on t.workspace_id = $1 and t.id = above.id
            where t.parent_id is not null
         )
         select 1 from project_teams pt
          where pt.workspace_id = $1 and pt.project_id = $2
            and (pt.team_id in (select value from json_each(cast($3 as text)))
              or exists (select 1 from above join teams t on t.workspace_id = $1 and t.id = above.id
                          where t.lead_id = $4))"
    );
    tx.exists(select, args![tx.workspace(), project, id_list(&mine), me]).await
}

/// The teams of several projects, each with its project, by their names.
pub(crate) async fn teams_of_each(
    tx: &mut Tx<'_>,
    projects: &[Id<kernel::Project>],
) -> Result<Vec<(Id<kernel::Project>, Named<Team>)>> {
    let select = sql!(
        "select pt.project_id, t.id, t.name from project_teams pt
           join teams t on t.workspace_id = pt.workspace_id and t.id = pt.team_id
          where pt.workspace_id = $1 and pt.project_id in (select value from json_each(cast($2 as text)))
          order by lower(t.name), t.id"
    );
    let rows: Vec<(Id<kernel::Project>, Id<Team>, String)> =
        tx.all(select, args![tx.workspace(), id_list(projects)]).await?;
    Ok(rows.into_iter().map(|(project, id, name)| (project, Named { id, name })).collect())
}

/// A project has at most so many teams.
const MOST_TEAMS: usize = 50;

/// Looks up what the input of a change names.
async fn look_up(
    tx: &mut Tx<'_>,
    owner: Option<Id<Person>>,
    teams: &[Id<Team>],
    initiative: Option<Id<Initiative>>,
) -> Result<()> {
    if let Some(initiative) = initiative {
        Initiative::visible(tx, initiative).await?;
    }
    if let Some(owner) = owner {
        people::person::Record::visible(tx, owner).await?;
    }
    for team in teams.iter().take(MOST_TEAMS) {
        team::Record::visible(tx, *team).await?;
    }
    Ok(())
}

/// Replaces the teams that take part.
async fn set_teams(tx: &mut Tx<'_>, project: Id<kernel::Project>, teams: &[Id<Team>]) -> Result<()> {
    if teams.len() > MOST_TEAMS {
        return Err(Error::invalid("teams", format!("Choose at most {MOST_TEAMS} teams.")));
    }
    let delete = sql!("delete from project_teams where workspace_id = $1 and project_id = $2");
    tx.run(delete, args![tx.workspace(), project]).await?;
    let insert = sql!(
        "insert into project_teams (workspace_id, project_id, team_id) values ($1, $2, $3)
         on conflict (workspace_id, project_id, team_id) do nothing"
    );
    for team in teams {
        tx.run(insert, args![tx.workspace(), project, team]).await?;
    }
    Ok(())
}

/// Nothing ends before it begins.
pub(crate) fn in_order(start: Option<Period>, target: Option<Period>) -> Result<()> {
    match (start, target) {
        (Some(start), Some(target)) if target.last() < start.first() => {
            Err(Error::invalid("target", "The target lies before the start."))
        }
        _ => Ok(()),
    }
}

/// The owner is asked every one to so many weeks.
const LONGEST_RHYTHM: i64 = 12;

fn is_rhythm(weeks: Option<i64>) -> Result<()> {
    match weeks {
        Some(weeks) if !(1..=LONGEST_RHYTHM).contains(&weeks) => {
            Err(Error::invalid("rhythm_weeks", format!("Write a number of weeks from 1 to {LONGEST_RHYTHM}.")))
        }
        _ => Ok(()),
    }
}

fn taken(error: Error) -> Error {
    error.when_field("projects_workspace_id_unique_name_key", "name", "There is a project of this name already.")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/projects", list::page)
        .post("/projects", forms::add)
        .get("/projects/new", forms::new)
        .get("/projects/{project}", page::show)
        .get("/projects/{project}/edit", forms::edit)
        .post("/projects/{project}/edit", forms::save)
}
