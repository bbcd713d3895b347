use super::{
    Triage, Turn,
    rota::{Rota, later, monday},
    topic,
};
use crate::team::Kept;
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Team, Tx, args, json, sql};
use people::person::Record;
use schemars::JsonSchema;
use serde::Deserialize;

/// Give the turn of one week to somebody else, or leave it to the order again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveTurn {
    pub team: Id<Team>,
    /// Any day of the week, from this week to half a year ahead.
    pub week_on: Date,
    /// Nobody leaves it to the order.
    #[serde(default)]
    pub person: Option<Id<Person>>,
}

const AHEAD: i32 = 25;

impl Operation for GiveTurn {
    const NAME: &str = "triage.give_turn";
    const ROUTE: Route = Route(Post, "/teams/{team}/triage/turns");
    type Target = Kept;
    type Output = Vec<Turn>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        if let Some(person) = self.person {
            Record::visible(tx, person).await?;
        }
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Vec<Turn>> {
        let missing = || Error::conflict("This team has no order of turns yet. Settle one first.");
        let triage = Triage::find(tx, self.team).await?.ok_or_else(missing)?;
        let week_on = monday(self.week_on);
        let this_week = Rota::load(tx, &triage).await?.this_week();
        if week_on < this_week || week_on > later(this_week, AHEAD) {
            return Err(Error::invalid("week_on", "Choose this week or one of the next 25."));
        }
        let delete = sql!("delete from triage_turns where workspace_id = $1 and team_id = $2 and week_on = $3");
        tx.run(delete, args![tx.workspace(), self.team, week_on]).await?;
        if let Some(person) = self.person {
            let insert = sql!(
                "insert into triage_turns (workspace_id, team_id, week_on, person_id, given_by) values ($1, $2, $3, $4, $5)"
            );
            let me = tx.me();
            tx.run(insert, args![tx.workspace(), self.team, week_on, person, me]).await?;
        }
        tx.record("triage.turn_given", self.team, json!({ "week": week_on }));
        tx.touch(topic(self.team));
        Ok(Rota::load(tx, &triage).await?.turns(6))
    }
}
