//! A team's history and capacity together: what every forecast of it is made from.
use crate::{
    capacity::{Assumptions, Capacity},
    history::{Finished, ItemKind, Known},
};
use forecast::{Forecast, Forecaster};
use jiff::civil::Date;
use kernel::{Id, Team, Tx, args, sql};
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

/// An outlook, or why there is none, in a sentence.
pub type Found = Result<Outlook, String>;

impl Outlook {
    /// The outlook of a team that the actor can see.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, assumed: &Assumptions) -> kernel::Result<Found> {
        Ok(Outlook::of_each(tx, &[team], None, assumed).await?.swap_remove(0))
    }

    /// Of each of these teams, in their order, in as many statements as of one; from one kind of items, whatever is
    /// counted otherwise, where one is given.
    pub async fn of_each(
        tx: &mut Tx<'_>,
        teams: &[Id<Team>],
        kind: Option<ItemKind>,
        assumed: &Assumptions,
    ) -> kernel::Result<Vec<Found>> {
        let chosen = |known: Known| match kind {
            None => known.counted(),
            Some(kind) => known.kinds.into_iter().find(|one| one.kind == kind),
        };
        let finished: Vec<Option<Finished>> = Known::of_each(tx, teams).await?.into_iter().map(chosen).collect();
        let known = teams.iter().zip(&finished).filter_map(|(team, one)| Some((*team, one.as_ref()?.as_of)));
        let known: Vec<(Id<Team>, Date)> = known.collect();
        let mut capacities = Capacity::of_each(tx, &known, assumed).await?.into_iter();
        let found = finished.into_iter().map(|finished| match finished.map(|one| (one, capacities.next())) {
            Some((finished, Some(capacity))) => Outlook::made(finished, capacity),
            _ => Err("Nothing that this team finished is known yet, so there is nothing to forecast from.".into()),
        });
        Ok(found.collect())
    }

    fn made(finished: Finished, capacity: Capacity) -> Found {
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
pub async fn too_small(tx: &mut Tx<'_>, team: Id<Team>) -> kernel::Result<Option<String>> {
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
