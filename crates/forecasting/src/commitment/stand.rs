//! How a commitment stands on a day: what is left to do, and how fast it can go.
use crate::{
    capacity::Assumptions,
    commitment::Commitment,
    outlook::{Found, Outlook},
};
use forecast::Forecaster;
use jiff::civil::Date;
use kernel::{Id, Result, Team, Tx, args, columns, sql};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A part of a commitment, as it is stored.
#[derive(Clone, Debug)]
pub struct Part {
    pub rank: i64,
    pub name: String,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub items: i64,
    pub counted_on: Date,
    pub focus: i64,
    pub waits_for: String,
}
columns!(Part { rank, name, team_id, team_name, items, counted_on, focus, waits_for });

impl Part {
    pub async fn all_of(tx: &mut Tx<'_>, commitment: Id<Commitment>) -> Result<Vec<Part>> {
        let select = sql!(
            "select p.rank, p.name, p.team_id, t.name as team_name, p.items, p.counted_on, p.focus, p.waits_for
               from commitment_parts p join teams t on t.workspace_id = p.workspace_id and t.id = p.team_id
              where p.workspace_id = $1 and p.commitment_id = $2 order by p.rank"
        );
        tx.all(select, args![tx.workspace(), commitment]).await
    }

    /// The ranks of the parts that have to be done before.
    pub fn waits(&self) -> Vec<i64> {
        self.waits_for.split_whitespace().filter_map(|rank| rank.parse().ok()).collect()
    }
}

/// What was known of a commitment on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stand {
    pub as_of: Date,
    pub promised_on: Date,
    pub parts: Vec<PartStand>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartStand {
    pub rank: i64,
    pub team: Id<Team>,
    /// Items left at the start of the day.
    pub left: u64,
    /// In percent.
    pub focus: i64,
    /// Of the coming days, in thousandths of an average day, with the focus in it.
    pub capacity: Vec<u32>,
    /// Ranks of earlier parts.
    pub waits_for: Vec<i64>,
}

/// A commitment's stand, and of each team in it what its forecasts are made from.
pub struct Known {
    pub stand: Stand,
    pub teams: BTreeMap<Id<Team>, TeamKnown>,
}

pub struct TeamKnown {
    pub forecaster: Forecaster,
    pub outlook: Outlook,
}

/// Days of capacity that are kept; later ones are as the last of them.
const KEPT_DAYS: usize = 400;

impl Known {
    /// What is known now, or in a sentence why a team of it has no forecast.
    pub async fn of(tx: &mut Tx<'_>, commitment: &Commitment, parts: &[Part]) -> Result<Result<Known, String>> {
        let names: BTreeMap<Id<Team>, &str> =
            parts.iter().map(|part| (part.team_id, part.team_name.as_str())).collect();
        let ids: Vec<Id<Team>> = names.keys().copied().collect();
        let found = Outlook::of_each(tx, &ids, None, &Assumptions::default()).await?;
        let known = |((team, name), found): ((&Id<Team>, &&str), Found)| {
            let outlook = found.map_err(|sentence| format!("{name}: {sentence}"))?;
            let forecaster = outlook.finished.forecaster().map_err(|sentence| format!("{name}: {sentence}"))?;
            Ok((*team, TeamKnown { forecaster, outlook }))
        };
        let teams: BTreeMap<Id<Team>, TeamKnown> = match names.iter().zip(found).map(known).collect() {
            Ok(teams) => teams,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let Some(as_of) = teams.values().map(|team| team.outlook.as_of()).min() else {
            return Ok(Err("Nothing is to be done for it, so there is nothing to forecast.".into()));
        };
        let stands = parts.iter().filter_map(|part| PartStand::of(part, teams.get(&part.team_id)?, as_of));
        let stand = Stand { as_of, promised_on: commitment.promised_on, parts: stands.collect() };
        Ok(Ok(Known { stand, teams }))
    }

    /// Items of a part that were finished between two days, as its focus has it.
    pub fn finished(&self, part: &PartStand, from: Date, until: Date) -> u64 {
        self.teams.get(&part.team).map_or(0, |team| share(team, part.focus, from, until))
    }
}

impl PartStand {
    fn of(part: &Part, team: &TeamKnown, as_of: Date) -> Option<PartStand> {
        let done = share(team, part.focus, part.counted_on, as_of);
        let ahead = usize::try_from((team.outlook.as_of() - as_of).get_days()).ok()?;
        let days = &team.outlook.capacity.coming;
        let from_as_of = std::iter::repeat_n(days[0], ahead).chain(days.iter().copied()).take(KEPT_DAYS);
        let focused = |day: f64| (day * part.focus as f64 * 10.0).round() as u32;
        Some(PartStand {
            rank: part.rank,
            team: part.team_id,
            left: u64::try_from(part.items).ok()?.saturating_sub(done),
            focus: part.focus,
            capacity: from_as_of.map(focused).collect(),
            waits_for: part.waits(),
        })
    }
}

fn share(team: &TeamKnown, focus: i64, from: Date, until: Date) -> u64 {
    let finished = team.outlook.finished.within(from, until);
    (finished as f64 * focus as f64 / 100.0).round() as u64
}
