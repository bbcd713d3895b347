//! The timeline: projects and milestones by quarters, and what waits for what across projects with its slack.
mod depend;
mod page;
mod picture;

pub use depend::Dependency;

use crate::{
    initiative::Initiative,
    milestone::Milestone,
    project::{self, Listed, Project},
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, sql};
use people::{person::Named, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ui::Pages;

/// The projects that go on, by time, with their milestones and what waits for what.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRoadmap {
    /// Only projects in which this team takes part.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Only projects of this owner.
    #[serde(default)]
    pub owner: Option<Id<Person>>,
    /// Only projects of this initiative.
    #[serde(default)]
    pub initiative: Option<Id<Initiative>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Roadmap {
    pub today: Date,
    /// Those that begin first come first; those without dates come last.
    pub projects: Vec<Planned>,
    /// Those that are broken come first, then those with the least slack.
    pub dependencies: Vec<Dependency>,
    /// Whether more issues wait for each other than the oldest 1,000, of which these are made.
    pub more_waits: bool,
    /// Everyone who owns a project that goes on, by their names.
    pub owners: Vec<Named<Person>>,
    /// More projects go on than the 500 that were looked at.
    pub more: bool,
}

/// A project with its milestones in their order.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Planned {
    #[serde(flatten)]
    pub listed: Listed,
    pub milestones: Vec<Milestone>,
}

const MOST: usize = 500;

impl Operation for ShowRoadmap {
    const NAME: &str = "roadmap.show";
    const ROUTE: Route = Route(Get, "/roadmap");
    const READS: bool = true;
    type Target = ();
    type Output = Roadmap;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if let Some(owner) = self.owner {
            people::person::Record::visible(tx, owner).await?;
        }
        if let Some(initiative) = self.initiative {
            Initiative::visible(tx, initiative).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Roadmap> {
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let select = sql!(
            project::SELECT,
            "where",
            project::VISIBLE,
            "and p.state in ('planned', 'started', 'paused')
             order by coalesce(p.start_on, p.target_on, '9999-12-31'), coalesce(p.target_on, '9999-12-31'),
                      lower(p.name), p.id limit $3"
        );
        let mut open: Vec<Project> = tx.all(select, args![workspace, belongs, MOST as i64 + 1]).await?;
        let more = open.len() > MOST;
        open.truncate(MOST);
        let owners = owners(&open);
        let open = project::listed(tx, open).await?;
        let mut milestones = Milestone::of_each(tx, &open).await?;
        let mut take = |id| milestones.extract_if(.., |one| one.project_id == id).collect();
        let open: Vec<Planned> =
            open.into_iter().map(|listed| Planned { milestones: take(listed.project.id), listed }).collect();
        let (all, more_waits) = depend::of(tx, &open).await?;
        let projects: Vec<Planned> = open.into_iter().filter(|one| self.shows(one)).collect();
        let is_shown = |id: Option<Id<kernel::Project>>| projects.iter().any(|one| Some(one.listed.project.id) == id);
        let near = |one: &Dependency| is_shown(Some(one.waits.project_id)) || is_shown(one.first.project_id());
        let dependencies = all.into_iter().filter(near).collect();
        Ok(Roadmap { today: people::access::today(tx), dependencies, more_waits, projects, owners, more })
    }
}

impl ShowRoadmap {
    fn shows(&self, one: &Planned) -> bool {
        let Listed { project, teams, .. } = &one.listed;
        self.team.is_none_or(|team| teams.iter().any(|one| one.id == team))
            && self.owner.is_none_or(|owner| project.owner_id == Some(owner))
            && self.initiative.is_none_or(|initiative| project.initiative_id == Some(initiative))
    }
}

fn owners(open: &[Project]) -> Vec<Named<Person>> {
    let named = open.iter().filter_map(|one| Some((one.owner_name.clone()?, one.owner_id?)));
    let unique: BTreeSet<(String, Id<Person>)> = named.collect();
    unique.into_iter().map(|(name, id)| Named { id, name }).collect()
}

pub fn pages() -> Pages {
    Pages::new().get("/roadmap", page::show)
}
