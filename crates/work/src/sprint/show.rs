use super::{Carry, Growth, Report, Sprint, Stage, capacity, carry, growth, issues_of, plan};
use crate::{
    issue::Issue,
    planning::Planning,
    review::Review,
    sprint::{Capacity, Velocity, list},
    team::Kept,
};
use kernel::{Actor, Aside, Id, Method::Get, Operation, Reference, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sprint with its plan, its issues and its report.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowSprint {
    pub sprint: Id<Sprint>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SprintView {
    #[serde(flatten)]
    pub sprint: Sprint,
    pub plan: plan::Plan,
    /// The issues that are in it now, in the order of their team.
    pub issues: Vec<Issue>,
    /// Nothing before it has begun; of a closed sprint, as it was at the closing.
    pub report: Option<Report>,
    /// That the scope of a running sprint grew more than that of those before it at the same time, where it is clear.
    pub growth: Option<Growth>,
    /// Who has how much time for it. Of a closed sprint, as it was at the closing.
    pub capacity: Capacity,
    /// What the team finished in the sprints before.
    pub before: Vec<Velocity>,
    /// What was not finished in earlier sprints and is in this one.
    pub carried: Vec<Carry>,
    /// How it was planned in writing, the latest round first.
    pub plannings: Vec<Planning>,
    /// How what was finished was looked at in writing, the latest review first.
    pub reviews: Vec<Review>,
    /// What others have to say about it.
    pub asides: Vec<Aside>,
    /// Whether the reader plans sprints of this team.
    pub may_change: bool,
}

impl Operation for ShowSprint {
    const NAME: &str = "sprint.show";
    const ROUTE: Route = Route(Get, "/sprints/{sprint}");
    const READS: bool = true;
    type Target = (Sprint, Kept);
    type Output = SprintView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Sprint::kept(tx, self.sprint).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, kept): Self::Target) -> Result<SprintView> {
        let report = Report::of(tx, &sprint).await?;
        let (capacity, before) = match &report {
            Some(report) => (report.capacity.clone(), report.before.clone()),
            None => {
                let now = tx.now();
                (capacity::of(tx, &sprint).await?, list::closed_of(tx, sprint.team_id, now).await?)
            }
        };
        let issues = match sprint.stage {
            Stage::Closed => Vec::new(),
            _ => issues_of(tx, sprint.id).await?,
        };
        let held: Vec<Id<Issue>> = match &report {
            Some(report) => report.issues.iter().map(|issue| issue.id).collect(),
            None => issues.iter().map(|issue| issue.id).collect(),
        };
        Ok(SprintView {
            growth: growth::of(tx, &[sprint.id]).await?.remove(&sprint.id),
            plan: plan::written(tx, sprint.id).await?,
            carried: carry::into(tx, &sprint, &held).await?,
            asides: match sprint.stage {
                Stage::Closed => Vec::new(),
                _ => tx.gather_about(&Reference::to("sprint", sprint.id), |part| part.asides).await?,
            },
            plannings: Planning::of(tx, sprint.id).await?,
            reviews: Review::of(tx, sprint.id).await?,
            may_change: kept.may_change(tx.actor()),
            issues,
            report,
            capacity,
            before,
            sprint,
        })
    }
}
