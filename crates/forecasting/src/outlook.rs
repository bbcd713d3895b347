//! A team's history and capacity together: what every forecast of it is made from.
use crate::{
    capacity::{Assumptions, Capacity},
    history::{Finished, ItemKind, Known},
};
use forecast::{Forecast, Forecaster};
use jiff::civil::Date;
use kernel::{Id, Result, Team, Tx, args, sql};
use people::access::today;

/// Everything that a forecast of a team is made from.
pub struct Outlook {
    pub finished: Finished,
    pub capacity: Capacity,
    pub forecaster: Forecaster,
    /// From [`Finished::as_of`], with the capacity.
    pub forecast: Forecast,
}

/// A forecast of fewer people would be one of a person.
pub const FEWEST_PEOPLE: usize = 3;

impl Outlook {
    /// The outlook of a team that the actor can see, or why there is none, in a sentence.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, assumed: &Assumptions) -> Result<Result<Outlook, String>> {
        let known = Known::of(tx, team).await?;
        Outlook::from(tx, team, known.counted(), assumed).await
    }

    /// The same from one kind of items, whatever is counted otherwise.
    pub async fn of_kind(
        tx: &mut Tx<'_>,
        team: Id<Team>,
        kind: ItemKind,
        assumed: &Assumptions,
    ) -> Result<Result<Outlook, String>> {
        let known = Known::of(tx, team).await?;
        Outlook::from(tx, team, known.kinds.into_iter().find(|one| one.kind == kind), assumed).await
    }

    async fn from(
        tx: &mut Tx<'_>,
        team: Id<Team>,
        finished: Option<Finished>,
        assumed: &Assumptions,
    ) -> Result<Result<Outlook, String>> {
        let Some(finished) = finished else {
            return Ok(Err(
                "Nothing that this team finished is known yet, so there is nothing to forecast from.".into()
            ));
        };
        let capacity = Capacity::of(tx, team, finished.as_of, assumed).await?;
        Ok(Outlook::made(finished, capacity))
    }

    fn made(finished: Finished, capacity: Capacity) -> Result<Outlook, String> {
        if (1..FEWEST_PEOPLE).contains(&capacity.people.members) {
            return Err(few_people());
        }
        let forecaster = finished.forecaster()?;
        let forecast = forecaster.at(finished.as_of).map_err(|refusal| refusal.to_string())?;
        let forecast = forecast.with_capacity(&capacity.coming);
        Ok(Outlook { finished, capacity, forecaster, forecast })
    }

    pub fn as_of(&self) -> Date {
        self.finished.as_of
    }
}

/// Why nothing is said of a team, if it has one or two members.
pub async fn too_small(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Option<String>> {
    let members = sql!(
        "select count(*) from memberships
          where workspace_id = $1 and team_id = $2 and from_on <= $3 and (until_on is null or until_on > $3)"
    );
    let members: i64 = tx.one(members, args![tx.workspace(), team, today(tx)]).await?;
    Ok((1..FEWEST_PEOPLE as i64).contains(&members).then(few_people))
}

fn few_people() -> String {
    format!("Forecasts are of teams with {FEWEST_PEOPLE} members or more, so that nobody is measured by one.")
}
