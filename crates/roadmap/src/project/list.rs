use super::{Project, SELECT, VISIBLE, bar, teams_of_each};
use crate::{
    health::{self, Update},
    held::{Counted, Progress, whole},
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, sql, words};
use people::{person::Named, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ui::{Answer, Cx, Head, Markup, chip, empty, html};

/// The projects, those with the next target first.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListProjects {
    /// Only those in which this team takes part.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Only those of this owner.
    #[serde(default)]
    pub owner: Option<Id<Person>>,
    /// Those that go on, if left out.
    #[serde(default)]
    pub which: Option<Which>,
}

words! {
    pub enum Which {
        /// Planned, started or paused.
        Open = "open",
        /// Nobody has decided to do them.
        Idea = "idea",
        /// Done or cancelled.
        Over = "over",
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listed {
    #[serde(flatten)]
    pub project: Project,
    pub teams: Vec<Named<Team>>,
    pub progress: Progress,
    /// How it stood last, in somebody's words.
    pub health: Option<Update>,
}

const MOST: i64 = 500;

impl Operation for ListProjects {
    const NAME: &str = "project.list";
    const ROUTE: Route = Route(Get, "/projects");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Listed>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if let Some(owner) = self.owner {
            people::person::Record::visible(tx, owner).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Listed>> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and case when p.state in ('done', 'cancelled') then 'over' when p.state = 'idea' then 'idea' else 'open' end = $3
             and (cast($4 as text) is null or p.owner_id = $4)
             and (cast($5 as text) is null or exists (
                  select 1 from project_teams pt
                   where pt.workspace_id = $1 and pt.project_id = p.id and pt.team_id = $5))
             order by coalesce(p.target_on, '9999-12-31'), lower(p.name), p.id limit $6"
        );
        let which = self.which.unwrap_or(Which::Open);
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let values = args![workspace, belongs, which, self.owner, self.team, MOST];
        let projects: Vec<Project> = tx.all(select, values).await?;
        listed(tx, projects).await
    }
}

/// The projects with their teams and how far they are.
pub(crate) async fn listed(tx: &mut Tx<'_>, projects: Vec<Project>) -> Result<Vec<Listed>> {
    let ids: Vec<Id<kernel::Project>> = projects.iter().map(|project| project.id).collect();
    let counted = Counted::of(tx, &ids).await?;
    let mut teams = teams_of_each(tx, &ids).await?;
    let updates = health::latest(tx, &ids).await?;
    let mut updates: BTreeMap<_, _> = updates.into_iter().map(|update| (update.project_id, update)).collect();
    let mut take = |id| teams.extract_if(.., |(of, _)| *of == id).map(|(_, team)| team).collect();
    let one = |project: Project| Listed {
        teams: take(project.id),
        progress: whole(&counted, project.id),
        health: updates.remove(&project.id),
        project,
    };
    Ok(projects.into_iter().map(one).collect())
}

/// `GET /projects`
pub async fn page(cx: Cx) -> Answer {
    let all = cx.read_here::<ListProjects>().await?;
    let which: Which = cx.text("which").parse().unwrap_or(Which::Open);
    let actions = html! {
        a.button.primary href="/projects/new" data-key="c" data-key-label="New project" { "New project" kbd { "C" } }
    };
    let lead = "What several people or teams bring to one end, by its target.";
    let body = html! {
        (Head { title: "Projects", lead, actions: Some(actions), ..Head::default() }.show())
        (crate::tabs(&cx))
        div.stack {
            nav.segments aria-label="Which" {
                @for (one, href, label) in [
                    (Which::Open, "/projects", "Going on"),
                    (Which::Idea, "/projects?which=idea", "Ideas"),
                    (Which::Over, "/projects?which=over", "Over"),
                ] { a href=(href) aria-current=[(which == one).then_some("true")] { (label) } }
            }
            @if all.is_empty() { (nothing(which)) } @else { (table(&cx, &all)) }
        }
    };
    Ok(cx.live_page("Projects", &["project", "issue"], body))
}

fn nothing(which: Which) -> Markup {
    match which {
        Which::Over => empty("No project is done or cancelled yet.", None),
        Which::Idea => empty(
            "There is no idea for a project yet. A name is enough.",
            Some(("/projects/new?state=idea", "New idea")),
        ),
        Which::Open => empty(
            "There is no project. Begin one for work that takes more than a sprint, or more than one team.",
            Some(("/projects/new", "New project")),
        ),
    }
}

pub(crate) fn table(cx: &Cx, all: &[Listed]) -> Markup {
    html! {
        section.card { table.data.listed {
            caption.vh { "Projects" }
            thead { tr {
                th.w-full scope="col" { "Project" } th scope="col" { "State" } th scope="col" { "How it stands" } th scope="col" { "Owner" }
                th scope="col" { "Target" } th scope="col" { "Progress" }
            } }
            tbody { @for Listed { project, teams, progress, health } in all { tr id={ "project-" (project.id) } {
                td data-label="Project" {
                    a href=(project.href()) { (project.name) }
                    @if !teams.is_empty() { p.small.muted { (names(teams)) } }
                }
                td.nowrap data-label="State" { (chip(project.state.look(), project.state.title())) }
                td.nowrap data-label="How it stands" { (health::brief(cx, health.as_ref())) }
                td.nowrap data-label="Owner" { @match &project.owner_name { Some(name) => (name), None => span.muted { "Nobody" } } }
                td.nowrap data-label="Target" { @match project.target { Some(target) => (target.in_words()), None => span.muted { "None" } } }
                td.nowrap data-label="Progress" { (bar(&format!("Progress of {}", project.name), *progress)) }
            } } }
        } }
    }
}

pub(crate) fn names(teams: &[Named<Team>]) -> String {
    teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>().join(", ")
}
