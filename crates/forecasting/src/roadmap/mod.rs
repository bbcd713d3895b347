//! When all that a project or one of its milestones holds is done, and the chance of its target.
mod page;

use crate::{
    item::{
        Below,
        below::{Answered, answer},
    },
    source::{Source, SourceKind},
};
use jiff::{ToSpan, civil::Date};
use kernel::{
    Actor, Aside, Course, Error, Id, Method::Get, Milestone, Operation, Project, Result, Route, Tx, args, columns, sql,
};
use people::{access::today, person::folded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// When all that a project holds is done, with what blocks it, over all its teams.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskProject {
    /// The id or the name of a project.
    pub project: String,
    /// By the end of this date in UTC; its target where that lies ahead, or else the end of the quarter, if left out.
    #[serde(default)]
    pub by: Option<Date>,
    /// Of what the teams finish so many percent is of this; 100 if left out.
    #[serde(default)]
    pub focus: Option<u32>,
}

/// The same of a milestone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskMilestone {
    /// The id or the name of a milestone.
    pub milestone: String,
    /// The id or the name of its project, where several projects have a milestone of this name.
    #[serde(default)]
    pub project: Option<String>,
    /// As of a project.
    #[serde(default)]
    pub by: Option<Date>,
    /// As of a project.
    #[serde(default)]
    pub focus: Option<u32>,
}

/// The same of an initiative: all that its projects hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskInitiative {
    /// The id or the name of an initiative.
    pub initiative: String,
    /// As of a project.
    #[serde(default)]
    pub by: Option<Date>,
    /// As of a project.
    #[serde(default)]
    pub focus: Option<u32>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanForecast {
    pub initiative_id: Option<String>,
    pub initiative_name: Option<String>,
    pub project_id: Option<Id<Project>>,
    pub project_name: Option<String>,
    pub milestone_id: Option<Id<Milestone>>,
    pub milestone_name: Option<String>,
    /// The last day of its target.
    pub target_on: Option<Date>,
    /// Why there is no forecast, in a sentence; then little else is here.
    pub refused: Option<String>,
    /// The answer in sentences, the most important one first.
    pub says: Vec<String>,
    pub by: Date,
    /// The chance that all of it is done by then, from 0 to 1.
    pub chance: Option<f64>,
    /// All of it is done by the end of these dates with 50, 70, 85 and 95 %.
    pub likely: [Option<Date>; 4],
    /// The chance that it is done by the end of each of these days, a week apart.
    pub weeks: Vec<(Date, f64)>,
    /// How many of its issues are done by when.
    pub course: Option<Course>,
    /// What is left, by teams.
    pub below: Option<Below>,
}

/// A project, a milestone with its project, or an initiative.
#[derive(Default)]
pub struct Plan {
    initiative_id: Option<String>,
    initiative_name: Option<String>,
    project_id: Option<Id<Project>>,
    project_name: Option<String>,
    milestone_id: Option<Id<Milestone>>,
    milestone_name: Option<String>,
    target_on: Option<Date>,
}
columns!(Plan { initiative_id, initiative_name, project_id, project_name, milestone_id, milestone_name, target_on });

impl Plan {
    /// The id and the name of the project.
    fn project(&self) -> (String, &str) {
        (self.project_id.map(|id| id.to_string()).unwrap_or_default(), self.project_name.as_deref().unwrap_or_default())
    }

    /// The id and the name of the initiative.
    fn initiative(&self) -> (String, &str) {
        (self.initiative_id.clone().unwrap_or_default(), self.initiative_name.as_deref().unwrap_or_default())
    }

    fn source(&self) -> Option<Source> {
        let milestone = self.milestone_id.map(|id| (SourceKind::Milestone, id.to_string()));
        let project = self.project_id.map(|id| (SourceKind::Project, id.to_string()));
        let initiative = self.initiative_id.clone().map(|id| (SourceKind::Initiative, id));
        milestone.or(project).or(initiative).map(|(kind, id)| Source { kind, id })
    }
}

/// Nothing is said of days farther ahead.
const FARTHEST: i64 = 1000;

impl Operation for AskProject {
    const NAME: &str = "forecast.of_project";
    const ROUTE: Route = Route(Get, "/projects/{project}/forecast");
    const READS: bool = true;
    type Target = Plan;
    type Output = PlanForecast;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        let all = projects(tx).await?;
        named(all, Plan::project, &self.project).pop().ok_or(Error::NotFound)
    }

    fn allows(_: &Actor, _: &Plan) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<PlanForecast> {
        forecast(tx, plan, self.by, self.focus).await
    }
}

impl Operation for AskMilestone {
    const NAME: &str = "forecast.of_milestone";
    const ROUTE: Route = Route(Get, "/milestones/{milestone}/forecast");
    const READS: bool = true;
    type Target = Plan;
    type Output = PlanForecast;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        let mut all = milestones(tx).await?;
        if let Some(project) = &self.project {
            all = named(all, Plan::project, project);
        }
        let name = |plan: &Plan| plan.milestone_name.clone().unwrap_or_default();
        let id = |plan: &Plan| plan.milestone_id.map(|id| id.to_string()).unwrap_or_default();
        let found: Vec<Plan> = match all.iter().position(|plan| id(plan) == self.milestone) {
            Some(place) => vec![all.swap_remove(place)],
            None => all.into_iter().filter(|plan| folded(&name(plan)) == folded(&self.milestone)).collect(),
        };
        if found.len() > 1 {
            let projects: Vec<&str> = found.iter().map(|plan| plan.project().1).collect();
            let sentence =
                format!("{} have a milestone of this name. Say which project is meant.", projects.join(", "));
            return Err(Error::invalid("project", sentence));
        }
        found.into_iter().next().ok_or(Error::NotFound)
    }

    fn allows(_: &Actor, _: &Plan) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<PlanForecast> {
        forecast(tx, plan, self.by, self.focus).await
    }
}

impl Operation for AskInitiative {
    const NAME: &str = "forecast.of_initiative";
    const ROUTE: Route = Route(Get, "/initiatives/{initiative}/forecast");
    const READS: bool = true;
    type Target = Plan;
    type Output = PlanForecast;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        let all = initiatives(tx).await?;
        named(all, Plan::initiative, &self.initiative).pop().ok_or(Error::NotFound)
    }

    fn allows(_: &Actor, _: &Plan) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<PlanForecast> {
        forecast(tx, plan, self.by, self.focus).await
    }
}

/// Colleagues see all initiatives.
async fn initiatives(tx: &mut Tx<'_>) -> Result<Vec<Plan>> {
    let select = sql!(
        "select n.initiative_id, n.name as initiative_name, null as project_id, null as project_name, null as milestone_id,
                null as milestone_name, n.target_on
           from roadmap_public_initiatives n where n.workspace_id = $1 and $2"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs()]).await
}

/// Colleagues see all projects.
async fn projects(tx: &mut Tx<'_>) -> Result<Vec<Plan>> {
    let select = sql!(
        "select null as initiative_id, null as initiative_name, p.project_id, p.name as project_name, null as milestone_id, null as milestone_name, p.target_on
           from roadmap_public_projects p where p.workspace_id = $1 and $2"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs()]).await
}

async fn milestones(tx: &mut Tx<'_>) -> Result<Vec<Plan>> {
    let select = sql!(
        "select null as initiative_id, null as initiative_name, p.project_id, p.name as project_name, m.milestone_id, m.name as milestone_name, m.target_on
           from roadmap_public_milestones m
           join roadmap_public_projects p on p.workspace_id = m.workspace_id and p.project_id = m.project_id
          where m.workspace_id = $1 and $2 order by lower(p.name), m.milestone_id"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs()]).await
}

/// Those with this id, or else with this name.
fn named(mut all: Vec<Plan>, of: fn(&Plan) -> (String, &str), text: &str) -> Vec<Plan> {
    let by_id = all.iter().any(|plan| of(plan).0 == text);
    all.retain(|plan| if by_id { of(plan).0 == text } else { folded(of(plan).1) == folded(text) });
    all
}

async fn forecast(tx: &mut Tx<'_>, plan: Plan, by: Option<Date>, focus: Option<u32>) -> Result<PlanForecast> {
    let today = today(tx);
    let by =
        by.unwrap_or_else(|| plan.target_on.filter(|target| *target >= today).unwrap_or_else(|| quarter_end(today)));
    if !(today..=today.saturating_add(FARTHEST.days())).contains(&by) {
        return Err(Error::invalid("by", "Choose a date within the next 1,000 days."));
    }
    let focus = focus.unwrap_or(100);
    if !(1..=100).contains(&focus) {
        return Err(Error::invalid("focus", "Write a number of percent from 1 to 100."));
    }
    let source = plan.source().ok_or(Error::NotFound)?;
    let found = match source.open(tx).await? {
        none if none.is_empty() => Err("No issue of it is open.".to_owned()),
        rows => answer(tx, &rows, by, focus).await?,
    };
    let Plan { initiative_id, initiative_name, project_id, project_name, milestone_id, milestone_name, target_on } =
        plan;
    let empty = PlanForecast {
        initiative_id,
        initiative_name,
        project_id,
        project_name,
        milestone_id,
        milestone_name,
        target_on,
        refused: None,
        says: Vec::new(),
        by,
        chance: None,
        likely: [None; 4],
        weeks: Vec::new(),
        course: None,
        below: None,
    };
    Ok(match found {
        Err(sentence) => PlanForecast { refused: Some(sentence), ..empty },
        Ok(Answered { says, chance, likely, weeks, course, below }) => {
            let (course, below) = (Some(course), Some(below));
            PlanForecast { says, chance: Some(chance), likely, weeks, course, below, ..empty }
        }
    })
}

fn quarter_end(day: Date) -> Date {
    let first = jiff::civil::date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1);
    first.saturating_add(3.months()).saturating_sub(1.day())
}

/// Of a project or an initiative there is but the way to its forecast, as that takes the histories of several teams.
pub fn aside_of(kind: SourceKind, id: &str) -> Aside {
    let says = vec!["When all its open issues are done follows from the teams that do them.".to_owned()];
    let href = format!("/{}s/{id}/forecast", kind.word());
    Aside { title: "When it is done", says, course: None, href, link: "Forecast" }
}

/// What stands on the page of a milestone; nothing where nothing can be said.
pub async fn aside_of_milestone(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Aside>> {
    let Some(plan) =
        milestones(tx).await?.into_iter().find(|plan| plan.milestone_id.is_some_and(|one| one.as_str() == id))
    else {
        return Ok(Vec::new());
    };
    let found = forecast(tx, plan, None, None).await?;
    let href = format!("/milestones/{id}/forecast");
    let says = if found.says.is_empty() { found.refused.into_iter().collect() } else { found.says };
    Ok(vec![Aside { title: "When it is done", says, course: found.course, href, link: "Forecast" }])
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/projects/{project}/forecast", page::of_project)
        .get("/milestones/{milestone}/forecast", page::of_milestone)
        .get("/initiatives/{initiative}/forecast", page::of_initiative)
}
