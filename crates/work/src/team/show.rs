use super::{Category, FIRST_STATES, Kept, State, Work, states_of, stem};
use crate::estimate::Measure;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a team keeps its issues.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowWork {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkView {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// What stands before the number of an issue; what it would be, before the first one.
    pub key: String,
    pub estimates: Measure,
    pub sprint_weeks: Option<i64>,
    pub sprint_zone: Option<String>,
    /// The states that are in use, in their order; none before the first issue.
    pub states: Vec<State>,
    pub archived_states: Vec<State>,
    /// With which states it will begin, before the first issue.
    pub first_states: Vec<(String, Category)>,
    /// Whether the reader may change this.
    pub may_change: bool,
}

impl Operation for ShowWork {
    const NAME: &str = "work.show";
    const ROUTE: Route = Route(Get, "/teams/{team}/work");
    const READS: bool = true;
    type Target = Kept;
    type Output = WorkView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Kept) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<WorkView> {
        let work = Work::find(tx, self.team).await?;
        let (archived_states, states) =
            states_of(tx, self.team).await?.into_iter().partition(|state| state.archived_at.is_some());
        let first: &[(&str, Category)] = if work.is_none() { &FIRST_STATES } else { &[] };
        Ok(WorkView {
            team_id: self.team,
            may_change: kept.may_change(tx.actor()),
            key: work.as_ref().map_or_else(|| stem(&kept.team.name), |work| work.key.clone()),
            estimates: work.as_ref().map_or(Measure::Points, |work| work.estimates),
            sprint_weeks: work.as_ref().and_then(|work| work.sprint_weeks),
            sprint_zone: work.and_then(|work| work.sprint_zone),
            team_name: kept.team.name,
            states,
            archived_states,
            first_states: first.iter().map(|(name, category)| ((*name).to_owned(), *category)).collect(),
        })
    }
}
