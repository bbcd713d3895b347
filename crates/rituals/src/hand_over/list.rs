use super::{HandOver, SELECT};
use crate::sharing::{named, shared_team, teams};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, list as texts, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const FORTNIGHT: Duration = Duration::from_secs(14 * 24 * 3600);

/// What was handed over in the last two weeks in the teams that one is on or leads, the newest first.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListHandOvers {
    /// Of this team alone.
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HandOvers {
    pub hand_overs: Vec<HandOver>,
    /// The teams that one is on or leads.
    pub teams: Vec<Named<Team>>,
}

impl Operation for ListHandOvers {
    const NAME: &str = "hand_over.list";
    const ROUTE: Route = Route(Get, "/hand-overs");
    const READS: bool = true;
    type Target = Vec<Id<Team>>;
    type Output = HandOvers;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Id<Team>>> {
        match self.team {
            Some(team) => Ok(vec![shared_team(tx, team).await?.id]),
            None => teams(tx).await,
        }
    }

    fn allows(actor: &Actor, _: &Vec<Id<Team>>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, teams: Vec<Id<Team>>) -> Result<HandOvers> {
        let select = sql!(
            SELECT,
            "where h.workspace_id = $1 and h.team_id in (select value from json_each(cast($2 as text)))
                and h.written_at >= $3
              order by h.written_at desc, h.id limit 200"
        );
        let since = tx.now() - FORTNIGHT;
        let hand_overs = tx.all(select, args![tx.workspace(), texts(&teams), since]).await?;
        Ok(HandOvers { hand_overs, teams: named(tx, &teams).await? })
    }
}

/// Finds what somebody handed over, for its address.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ShowHandOver {
    pub hand_over: Id<HandOver>,
}

impl Operation for ShowHandOver {
    const NAME: &str = "hand_over.show";
    const ROUTE: Route = Route(Get, "/hand-overs/{hand_over}");
    const READS: bool = true;
    type Target = HandOver;
    type Output = HandOver;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<HandOver> {
        HandOver::visible(tx, self.hand_over).await
    }

    fn allows(actor: &Actor, _: &HandOver) -> bool {
        actor.belongs()
    }

    async fn run(&self, _: &mut Tx<'_>, one: HandOver) -> Result<HandOver> {
        Ok(one)
    }
}
