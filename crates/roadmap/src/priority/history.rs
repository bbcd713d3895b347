//! What was said of one project, by whom and why, and the scores that follow from it.
use super::{Factor, Input, Method, Score, Weighting, inputs, values, weighting};
use crate::project::{Kept, Project, teams_of_each};
use kernel::{
    Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, args, columns, list as id_list, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What goes into the scores of a project, the scores, and all that was ever said of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListJudgements {
    pub project: Id<kernel::Project>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProjectJudgements {
    pub project: Project,
    /// RICE, WSJF, the weights of the workspace, and those of its teams.
    pub groups: Vec<Group>,
    pub inputs: Vec<Input>,
    /// The latest first, at most 100.
    pub history: Vec<Judgement>,
    /// Whether the reader settles what belongs to the project.
    pub may_change: bool,
}

/// A method with what goes into it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Group {
    pub title: String,
    pub method: Method,
    pub factors: Vec<Factor>,
    pub score: Option<Score>,
}

/// What somebody said at one time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Judgement {
    pub id: Id<Judgement>,
    pub project_id: Id<kernel::Project>,
    pub why: String,
    pub at: Time,
    pub by_id: Id<Person>,
    pub by_name: String,
    /// When it was taken back.
    pub undone_at: Option<Time>,
    pub values: Vec<Judged>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Judged {
    pub factor: String,
    /// The name of the factor, as of a criterion at that time.
    pub name: String,
    /// Nothing where it was said to be no longer known.
    pub value: Option<f64>,
}

impl Operation for ListJudgements {
    const NAME: &str = "project.judgements";
    const ROUTE: Route = Route(Get, "/projects/{project}/judgements");
    const READS: bool = true;
    type Target = Kept;
    type Output = ProjectJudgements;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.project).await
    }

    fn allows(_: &Actor, _: &Kept) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<ProjectJudgements> {
        let teams: Vec<_> = teams_of_each(tx, &[self.project]).await?.into_iter().map(|(_, team)| team.id).collect();
        let inputs = inputs(tx, &[self.project]).await?;
        let mut groups = groups(&weighting::current(tx).await?, &teams);
        let values = values(&inputs, self.project);
        for group in &mut groups {
            group.score = Some(group.method.score(&group.factors, &values));
        }
        let history = of(tx, self.project).await?;
        Ok(ProjectJudgements {
            groups,
            history,
            may_change: kept.may_change(tx.actor()),
            project: kept.project,
            inputs,
        })
    }
}

/// The methods that fit a project of these teams, without scores.
pub(super) fn groups(weightings: &[Weighting], teams: &[Id<Team>]) -> Vec<Group> {
    let known = [Method::Rice, Method::Wsjf].map(|method| Group {
        title: method.title().to_owned(),
        method,
        factors: method.factors(&[]),
        score: None,
    });
    let holds = |one: &&Weighting| !one.criteria.is_empty() && one.team_id.is_none_or(|team| teams.contains(&team));
    let own = weightings.iter().filter(holds).map(|one| Group {
        title: one
            .team_name
            .as_ref()
            .map_or("Weights of the workspace".to_owned(), |team| format!("Weights of {team}")),
        method: Method::Weights,
        factors: Method::Weights.factors(&one.criteria),
        score: None,
    });
    known.into_iter().chain(own).collect()
}

struct Row {
    id: Id<Judgement>,
    project_id: Id<kernel::Project>,
    why: String,
    at: Time,
    by_id: Id<Person>,
    by_name: String,
    undone_at: Option<Time>,
}
columns!(Row { id, project_id, why, at, by_id, by_name, undone_at });

const MOST: i64 = 100;

/// A value of a judgement: whose it is, its factor, itself, and the criterion that the factor is.
type Said = (Id<Judgement>, String, Option<f64>, Option<String>);

/// All that was said of a project that the actor sees, the latest first.
pub(super) async fn of(tx: &mut Tx<'_>, project: Id<kernel::Project>) -> Result<Vec<Judgement>> {
    let select = sql!(
        "select j.id, j.project_id, j.why, j.at, j.by_id, b.name as by_name, j.undone_at
           from judgements j join people b on b.workspace_id = j.workspace_id and b.id = j.by_id
          where j.workspace_id = $1 and j.project_id = $2 order by j.at desc, j.id desc limit $3"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), project, MOST]).await?;
    let select = sql!(
        "select v.judgement_id, v.factor, v.value, (select c.name from weighting_criteria c
              where c.workspace_id = v.workspace_id and c.criterion_id = v.factor
              order by c.weighting_id desc limit 1)
           from judged_values v
          where v.workspace_id = $1 and v.judgement_id in (select value from json_each(cast($2 as text)))
          order by v.judgement_id, v.factor"
    );
    let ids = id_list(rows.iter().map(|row| row.id));
    let mut said: Vec<Said> = tx.all(select, args![tx.workspace(), ids]).await?;
    let known: Vec<Factor> = [Method::Rice, Method::Wsjf].iter().flat_map(|method| method.factors(&[])).collect();
    let name = |factor: &str, criterion: Option<String>| {
        let known = known.iter().find(|one| one.key == factor).map(|one| one.name.clone());
        known.or(criterion).unwrap_or_else(|| factor.to_owned())
    };
    let mut take = |of: Id<Judgement>| {
        let own = said.extract_if(.., |(judgement, ..)| *judgement == of);
        own.map(|(_, factor, value, criterion)| Judged { name: name(&factor, criterion), factor, value }).collect()
    };
    let whole = |row: Row| {
        let values = take(row.id);
        row.judgement(values)
    };
    Ok(rows.into_iter().map(whole).collect())
}

impl Row {
    fn judgement(self, values: Vec<Judged>) -> Judgement {
        let Row { id, project_id, why, at, by_id, by_name, undone_at } = self;
        Judgement { id, project_id, why, at, by_id, by_name, undone_at, values }
    }
}
