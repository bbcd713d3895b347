use super::{Factor, Input, Method, Score, Weighting, inputs, method, values, weighting};
use crate::{
    initiative::Initiative,
    project::{self, Project, State, teams_of_each},
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use people::{person::Named, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The projects that go on and the ideas for them, the highest score first. Those that miss an input come last.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPriorities {
    /// RICE, if left out.
    #[serde(default)]
    pub method: Option<Method>,
    /// Only projects in which this team takes part, by its own weights if it has some.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// Only projects of this initiative.
    #[serde(default)]
    pub initiative: Option<Id<Initiative>>,
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<State>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Priorities {
    pub method: Method,
    /// How the score is made, and where that comes from.
    pub formula: String,
    pub factors: Vec<Factor>,
    /// Whose weights they are that go into the method of weights.
    pub weighting: Option<Weighting>,
    pub projects: Vec<Prioritised>,
    /// More projects fit than the 500 that were looked at.
    pub more: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Prioritised {
    #[serde(flatten)]
    pub project: Project,
    pub teams: Vec<Named<Team>>,
    /// All that is known, for whatever method.
    pub inputs: Vec<Input>,
    /// By each method; without weights, not by these.
    pub scores: Vec<Score>,
}

impl Prioritised {
    pub fn score(&self, method: Method) -> Option<&Score> {
        self.scores.iter().find(|one| one.method == method)
    }

    pub(super) fn value(&self, factor: &Factor) -> Option<&Input> {
        self.inputs.iter().find(|input| input.factor == factor.key)
    }
}

const MOST: usize = 500;

impl Operation for ListPriorities {
    const NAME: &str = "priority.list";
    const ROUTE: Route = Route(Get, "/priorities");
    const READS: bool = true;
    type Target = ();
    type Output = Priorities;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if let Some(initiative) = self.initiative {
            Initiative::visible(tx, initiative).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Priorities> {
        let mut projects = self.projects(tx).await?;
        let more = projects.len() > MOST;
        projects.truncate(MOST);
        let weightings = weighting::current(tx).await?;
        let weighting = weighting::of_team(&weightings, self.team).cloned();
        let criteria = weighting.as_ref().map(|one| one.criteria.as_slice()).unwrap_or_default();
        let method = self.method.unwrap_or(Method::Rice);
        let mut projects = scored(tx, projects, |method| method.factors(criteria)).await?;
        projects.sort_by(|one, other| order(one, method).total_cmp(&order(other, method)));
        let factors = method.factors(criteria);
        Ok(Priorities { method, formula: method.formula().to_owned(), factors, weighting, projects, more })
    }
}

impl ListPriorities {
    async fn projects(&self, tx: &mut Tx<'_>) -> Result<Vec<Project>> {
        let select = sql!(
            project::SELECT,
            "where",
            project::VISIBLE,
            "and p.state not in ('done', 'cancelled') and (cast($3 as text) is null or p.state = $3)
             and (cast($4 as text) is null or p.initiative_id = $4)
             and (cast($5 as text) is null or exists (
                  select 1 from project_teams pt
                   where pt.workspace_id = $1 and pt.project_id = p.id and pt.team_id = $5))
             order by lower(p.name), p.id limit $6"
        );
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let values = args![workspace, belongs, self.state, self.initiative, self.team, MOST as i64 + 1];
        tx.all(select, values).await
    }
}

/// Lower for what comes first.
fn order(one: &Prioritised, method: Method) -> f64 {
    one.score(method).and_then(|score| score.score).map_or(f64::INFINITY, |score| -score)
}

/// The projects in their order, each with its inputs, scores and places.
async fn scored(
    tx: &mut Tx<'_>,
    projects: Vec<Project>,
    factors: impl Fn(Method) -> Vec<Factor>,
) -> Result<Vec<Prioritised>> {
    let ids: Vec<Id<kernel::Project>> = projects.iter().map(|project| project.id).collect();
    let mut all = inputs(tx, &ids).await?;
    let mut teams = teams_of_each(tx, &ids).await?;
    let methods: BTreeMap<Method, Vec<Factor>> =
        Method::ALL.iter().map(|method| (*method, factors(*method))).filter(|(_, all)| !all.is_empty()).collect();
    let mut one = |project: Project| {
        let known = values(&all, project.id);
        let scores = methods.iter().map(|(method, factors)| method.score(factors, &known)).collect();
        let teams = teams.extract_if(.., |(of, _)| *of == project.id).map(|(_, team)| team).collect();
        Prioritised { teams, scores, inputs: Vec::new(), project }
    };
    let mut scored: Vec<Prioritised> = projects.into_iter().map(&mut one).collect();
    for method in Method::ALL {
        let of = |one: &Score| one.method == *method;
        let mut scores: Vec<&mut Score> =
            scored.iter_mut().flat_map(|one| &mut one.scores).filter(|one| of(one)).collect();
        method::place(&mut scores);
    }
    for one in &mut scored {
        one.inputs = all.extract_if(.., |input| input.project_id == one.project.id).collect();
    }
    Ok(scored)
}
