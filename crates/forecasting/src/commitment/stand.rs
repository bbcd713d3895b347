//! How a commitment stands on a day: what is left to do, and how fast it can go.
use super::counted::{Counted, done_of};
use crate::{
    capacity::Assumptions,
    commitment::Commitment,
    history::ItemKind,
    outlook::{Found, Outlook},
    source::{Source, SourceKind},
};
use forecast::Forecaster;
use jiff::civil::Date;
use kernel::{Id, Result, Team, Tx, args, columns, sql};
use people::access::today;
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
    pub source: Option<SourceKind>,
    pub source_id: Option<String>,
}
columns!(Part { rank, name, team_id, team_name, items, counted_on, focus, waits_for, source, source_id });

impl Part {
    pub async fn all_of(tx: &mut Tx<'_>, commitment: Id<Commitment>) -> Result<Vec<Part>> {
        let select = sql!(
            "select p.rank, p.name, p.team_id, t.name as team_name, p.items, p.counted_on, p.focus, p.waits_for, p.source,
                    p.source_id
               from commitment_parts p join teams t on t.workspace_id = p.workspace_id and t.id = p.team_id
              where p.workspace_id = $1 and p.commitment_id = $2 order by p.rank"
        );
        tx.all(select, args![tx.workspace(), commitment]).await
    }

    /// The ranks of the parts that have to be done before.
    pub fn waits(&self) -> Vec<i64> {
        self.waits_for.split_whitespace().filter_map(|rank| rank.parse().ok()).collect()
    }

    /// What it is counted from; nothing for one that people count by hand.
    pub fn source(&self) -> Option<Source> {
        Some(Source { kind: self.source?, id: self.source_id.clone()? })
    }
}

/// What was known of a commitment on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stand {
    pub as_of: Date,
    pub promised_on: Date,
    /// What each team has to do in each part.
    pub parts: Vec<PartStand>,
    /// In the order in which they are done.
    #[serde(default)]
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartStand {
    pub rank: i64,
    pub team: Id<Team>,
    /// Items left: at the start of the day where they are counted by hand, or else now.
    pub left: u64,
    /// In percent.
    pub focus: i64,
    /// Of the coming days, in thousandths of an average day, with the focus in it.
    pub capacity: Vec<u32>,
    /// The open issues, where it is counted from issues.
    #[serde(default)]
    pub issues: Option<Vec<String>>,
}

/// Some of the items of a part, which begin when other steps are done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The place of the part in its stand.
    pub part: usize,
    pub items: u64,
    /// The places of earlier steps.
    pub after: Vec<usize>,
}

/// A commitment's stand, and of each team in it what its forecasts are made from.
pub struct Known {
    pub stand: Stand,
    teams: BTreeMap<Line, TeamKnown>,
    /// How many issues of counted parts, of those that were open before, are done now.
    finished: BTreeMap<(i64, Id<Team>), u64>,
}

/// A team, and whether it is its issues that are counted.
type Line = (Id<Team>, bool);

pub struct TeamKnown {
    pub forecaster: Forecaster,
    pub outlook: Outlook,
}

/// What a team has to do in a part.
struct Place<'a> {
    part: &'a Part,
    team: Id<Team>,
    team_name: &'a str,
    issues: Option<Vec<String>>,
}

/// Days of capacity that are kept; later ones are as the last of them.
const KEPT_DAYS: usize = 400;

impl Known {
    /// What is known now, or in a sentence why there is no forecast; `before` is the stand with which it is compared.
    pub async fn of(
        tx: &mut Tx<'_>,
        commitment: &Commitment,
        parts: &[Part],
        before: Option<&Stand>,
    ) -> Result<Result<Known, String>> {
        let counted = match Counted::of(tx, parts).await? {
            Ok(counted) => counted,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let places = places(parts, &counted, before);
        let teams = match teams(tx, &places).await? {
            Ok(teams) => teams,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let as_of = teams.values().map(|team| team.outlook.as_of()).min().unwrap_or_else(|| today(tx));
        let stands = places.into_iter().filter_map(|place| PartStand::of(teams.get(&place.line())?, place, as_of));
        let stands: Vec<PartStand> = stands.collect();
        let steps = counted.steps(parts, &stands);
        let stand = Stand { as_of, promised_on: commitment.promised_on, parts: stands, steps };
        Ok(Ok(Known { stand, teams, finished: finished(tx, before).await? }))
    }

    /// What the forecasts of a part are made from.
    pub fn team(&self, part: &PartStand) -> Option<&TeamKnown> {
        self.teams.get(&(part.team, part.issues.is_some()))
    }

    /// What this team is forecast from, or any other one of the commitment.
    pub fn outlook(&self, team: Id<Team>) -> Option<&Outlook> {
        let own = self.teams.iter().find(|((one, _), _)| *one == team);
        own.or_else(|| self.teams.iter().next()).map(|(_, known)| &known.outlook)
    }

    /// Items of a part that were finished between two days: the issues, or as its focus has it.
    pub fn finished(&self, part: &PartStand, from: Date, until: Date) -> u64 {
        match part.issues {
            Some(_) => self.finished.get(&(part.rank, part.team)).copied().unwrap_or(0),
            None => self.team(part).map_or(0, |team| share(team, part.focus, from, until)),
        }
    }
}

/// What each team has to do in each part; of counted parts also those teams that had something to do before.
fn places<'a>(parts: &'a [Part], counted: &'a Counted, before: Option<&Stand>) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    for part in parts {
        if part.source().is_none() {
            places.push(Place { part, team: part.team_id, team_name: &part.team_name, issues: None });
            continue;
        }
        let teams = counted.teams(part.rank).into_iter();
        places.extend(teams.map(|one| Place {
            part,
            team: one.team,
            team_name: one.team_name,
            issues: Some(one.issues),
        }));
        for old in
            before.iter().flat_map(|stand| &stand.parts).filter(|old| old.rank == part.rank && old.issues.is_some())
        {
            if places.iter().all(|place| place.part.rank != old.rank || place.team != old.team) {
                places.push(Place { part, team: old.team, team_name: "", issues: Some(Vec::new()) });
            }
        }
    }
    places
}

/// The forecasters of all teams; or the sentence of one that has none and has something to do.
async fn teams(tx: &mut Tx<'_>, places: &[Place<'_>]) -> Result<Result<BTreeMap<Line, TeamKnown>, String>> {
    let mut teams = BTreeMap::new();
    for counted in [false, true] {
        let mut names: BTreeMap<Id<Team>, &str> = BTreeMap::new();
        for place in places.iter().filter(|place| place.issues.is_some() == counted) {
            let is_needed = place.issues.as_ref().is_none_or(|issues| !issues.is_empty());
            let name = names.entry(place.team).or_default();
            *name = if is_needed { place.team_name } else { *name };
        }
        if names.is_empty() {
            continue;
        }
        let ids: Vec<Id<Team>> = names.keys().copied().collect();
        let kind = counted.then_some(ItemKind::Issues);
        let found = Outlook::of_each(tx, &ids, kind, &Assumptions::default()).await?;
        for ((team, name), found) in names.into_iter().zip(found) {
            match known(found) {
                Ok(known) => drop(teams.insert((team, counted), known)),
                Err(sentence) if !name.is_empty() => return Ok(Err(format!("{name}: {sentence}"))),
                Err(_) => {}
            }
        }
    }
    Ok(Ok(teams))
}

fn known(found: Found) -> Result<TeamKnown, String> {
    let outlook = found?;
    let forecaster = outlook.finished.forecaster()?;
    Ok(TeamKnown { forecaster, outlook })
}

/// How many of the issues that were open before are done now, by part and team.
async fn finished(tx: &mut Tx<'_>, before: Option<&Stand>) -> Result<BTreeMap<(i64, Id<Team>), u64>> {
    let parts = || before.iter().flat_map(|stand| &stand.parts).filter_map(|part| Some((part, part.issues.as_ref()?)));
    let issues: Vec<&String> = parts().flat_map(|(_, issues)| issues).collect();
    let done = done_of(tx, &issues).await?;
    let count = |issues: &[String]| issues.iter().filter(|issue| done.contains(*issue)).count() as u64;
    Ok(parts().map(|(part, issues)| ((part.rank, part.team), count(issues))).collect())
}

impl Place<'_> {
    fn line(&self) -> Line {
        (self.team, self.issues.is_some())
    }
}

impl PartStand {
    fn of(team: &TeamKnown, place: Place<'_>, as_of: Date) -> Option<PartStand> {
        let part = place.part;
        let left = match &place.issues {
            Some(issues) => issues.len() as u64,
            None => {
                let done = share(team, part.focus, part.counted_on, as_of);
                u64::try_from(part.items).ok()?.saturating_sub(done)
            }
        };
        let ahead = usize::try_from((team.outlook.as_of() - as_of).get_days()).ok()?;
        let days = &team.outlook.capacity.coming;
        let from_as_of = std::iter::repeat_n(days[0], ahead).chain(days.iter().copied()).take(KEPT_DAYS);
        let focused = |day: f64| (day * part.focus as f64 * 10.0).round() as u32;
        Some(PartStand {
            rank: part.rank,
            team: place.team,
            left,
            focus: part.focus,
            capacity: from_as_of.map(focused).collect(),
            issues: place.issues,
        })
    }

    /// Whether it is what this team has to do in the part with this rank.
    pub fn is(&self, rank: i64, team: Id<Team>) -> bool {
        self.rank == rank && self.team == team
    }
}

fn share(team: &TeamKnown, focus: i64, from: Date, until: Date) -> u64 {
    let finished = team.outlook.finished.within(from, until);
    (finished as f64 * focus as f64 / 100.0).round() as u64
}
