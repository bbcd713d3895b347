use super::{Planning, SELECT, VISIBLE};
use crate::{round::Listed, team::Kept};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx};

/// The plannings of a team, the latest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPlannings {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanningList {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// At most 100.
    pub plannings: Vec<Planning>,
}

impl Operation for ListPlannings {
    const NAME: &str = "planning.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/plannings");
    const READS: bool = true;
    type Target = Kept;
    type Output = PlanningList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<PlanningList> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and s.team_id = $3 order by r.started_at desc, r.id desc limit 100");
        let plannings = tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team]).await?;
        Ok(PlanningList { team_id: self.team, team_name: kept.team.name, plannings })
    }
}

/// `GET /teams/{team}/plannings`
pub async fn page(cx: Cx) -> Answer {
    let list = cx.read_here::<ListPlannings>().await?;
    let listed = Listed {
        title: "Planning",
        lead: "What was proposed for a sprint, who consented, what was objected and decided.",
        none: "This team has planned no sprint in writing yet. It begins on the page of a sprint that has not begun.",
        team: (list.team_id.as_str(), &list.team_name),
        rounds: &list.plannings,
    };
    listed.page(&cx)
}
