//! The chance of a commitment, and what moved it, in parts that sum to the change.
use super::stand::{Known, PartStand, Stand, Step};
use crate::{answer::days_until, history::SEED};
use forecast::{Forecast, Plan, Stage, explain};
use jiff::civil::Date;
use kernel::{Id, Team, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// What moves a chance.
    pub enum What {
        /// Items that came or went.
        Scope = "scope",
        /// What was finished meanwhile, and how fast the team is taken to be.
        Pace = "pace",
        /// Leave, holidays, and people who came or went.
        People = "people",
        /// All of this in other teams that have a part in it, and what waits for what.
        OtherTeams = "other_teams",
        /// The date that was promised.
        Date = "date",
        /// What became known later about the time before, and parts that came or went.
        Corrected = "corrected",
    }
}

/// One part of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Move {
    pub what: What,
    /// In tenths of a percentage point.
    pub tenths: i32,
}

/// How a chance changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    pub since: Date,
    /// The chance before, from 0 to 1.
    pub from: f64,
    /// The largest first; they sum to the change of the chances in tenths of a percentage point.
    pub moves: Vec<Move>,
}

/// How much of the levels of teams that work on one commitment moves together, from 0 to 1: an assumption, which makes the
/// slowest of them matter a little less than if they had nothing in common.
const SHARED: f64 = 0.25;
const FUTURES: usize = 4_000;
/// The factors that one evaluation can change, in the order of [`Factors`].
const FACTORS: [What; 5] = [What::Scope, What::Pace, What::People, What::OtherTeams, What::Date];

/// The chance that everything is done by the promised date, and the date by which it is with 85 %.
pub fn outcome(known: &Known) -> (f64, Option<Date>) {
    let stand = &known.stand;
    let ready = |(place, part): (usize, &PartStand)| ready(known, place, part, stand.as_of, part.left);
    let parts = stand.parts.iter().enumerate().filter_map(ready).collect();
    let future = Future::of(parts, stand.steps.clone(), stand.as_of);
    (future.chance(stand.promised_on), future.date_for(0.85))
}

/// What moved the chance since another day; `own` is the team that promised.
pub fn moved(known: &Known, own: Id<Team>, before: &Stand, from: f64, to: f64) -> Moved {
    let value = |changed: &[bool]| evaluate(known, own, before, changed);
    let mut parts = explain::contributions(FACTORS.len(), value);
    parts.push(evaluate(known, own, before, &[false; FACTORS.len()]) - from);
    let tenths = explain::tenths(from, to, &parts);
    let whats = FACTORS.into_iter().chain([What::Corrected]);
    let mut moves: Vec<Move> = whats.zip(tenths).map(|(what, tenths)| Move { what, tenths }).collect();
    moves.retain(|one| one.tenths != 0);
    moves.sort_by_key(|one| std::cmp::Reverse(one.tenths.abs()));
    Moved { since: before.as_of, from, moves }
}

/// A part with the forecast of its team and what is left of it.
struct Ready {
    /// Its place in the stand.
    place: usize,
    /// Parts of one line are done one after the other: its team, its focus, and whether issues are counted.
    line: (Id<Team>, i64, bool),
    forecast: Forecast,
    items: u64,
}

/// The chance if only some of the factors had changed. All is looked at from the earlier day.
fn evaluate(known: &Known, own: Id<Team>, before: &Stand, changed: &[bool]) -> f64 {
    let (new, start) = (&known.stand, before.as_of.min(known.stand.as_of));
    let [scope, pace, people, others, date] = std::array::from_fn(|factor| changed[factor]);
    let parts = new.parts.iter().enumerate().filter_map(|(place, part)| {
        let old = before.parts.iter().find(|old| old.is(part.rank, part.team));
        let flags = if part.team == own { [scope, pace, people] } else { [others; 3] };
        mixed(known, before, (place, part), old, flags, start)
    });
    let steps = if others || before.steps.is_empty() { new.steps.clone() } else { steps_before(before, new) };
    let future = Future::of(parts.collect(), steps, start);
    future.chance(if date { new.promised_on } else { before.promised_on })
}

/// The steps of before, of the parts of now. What is new waits for nothing.
fn steps_before(before: &Stand, new: &Stand) -> Vec<Step> {
    let place = |step: &Step| {
        let old = &before.parts[step.part];
        new.parts.iter().position(|part| part.is(old.rank, old.team))
    };
    let mut steps: Vec<Step> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, step) in before.steps.iter().enumerate() {
        let Some(part) = place(step) else { continue };
        let after = step.after.iter().filter_map(|one| places.get(one).copied()).collect();
        places.insert(number, steps.len());
        steps.push(Step { part, items: step.items, after });
    }
    for part in 0..new.parts.len() {
        if steps.iter().all(|step| step.part != part) {
            steps.push(Step { part, items: 0, after: Vec::new() });
        }
    }
    steps
}

/// A part of which the scope, the pace and the people are those of now or of before.
fn mixed(
    known: &Known,
    before: &Stand,
    (place, part): (usize, &PartStand),
    old: Option<&PartStand>,
    [scope, pace, people]: [bool; 3],
    start: Date,
) -> Option<Ready> {
    let finished = known.finished(part, before.as_of, known.stand.as_of);
    let then = old.map_or(0, |old| old.left);
    let items = match (scope, pace) {
        (true, true) => part.left,
        (true, false) => part.left + finished,
        (false, true) => then.saturating_sub(finished),
        (false, false) => then,
    };
    let calendar = if people { part } else { old.unwrap_or(part) };
    let calendar_from = if people { known.stand.as_of } else { before.as_of };
    let as_of = if pace { known.stand.as_of } else { before.as_of };
    let forecast = known.team(part)?.forecaster.at(as_of).ok()?;
    let forecast = forecast.with_capacity(&capacity_from(calendar, calendar_from, as_of)).seen_from(start);
    Some(Ready { forecast, items, ..ready(known, place, part, known.stand.as_of, 0)? })
}

fn ready(known: &Known, place: usize, part: &PartStand, as_of: Date, items: u64) -> Option<Ready> {
    let forecast = known.team(part)?.forecaster.at(as_of).ok()?;
    let forecast = forecast.with_capacity(&capacity_from(part, as_of, as_of));
    let line = (part.team, part.focus, part.issues.is_some());
    Some(Ready { place, line, forecast, items })
}

/// The capacity of each day from a date on, of a calendar that begins on another one; its ends go on.
fn capacity_from(part: &PartStand, begins: Date, from: Date) -> Vec<f64> {
    let offset = i64::from((from - begins).get_days());
    let last = part.capacity.len() as i64 - 1;
    let day =
        |day: i64| part.capacity.get((day + offset).clamp(0, last) as usize).map_or(1.0, |&it| f64::from(it) / 1000.0);
    (0..forecast::MOST_DAYS as i64).map(day).collect()
}

/// When all parts are done.
enum Future {
    Nothing,
    One(Box<Forecast>, u64),
    Several(forecast::Futures),
}

impl Future {
    /// Parts of one line are done one after the other, others side by side.
    fn of(parts: Vec<Ready>, steps: Vec<Step>, start: Date) -> Future {
        let items = parts.iter().map(|part| part.items).sum();
        let Some(first) = parts.first().filter(|_| items > 0) else { return Future::Nothing };
        if parts.iter().all(|part| part.line == first.line) {
            return Future::One(Box::new(first.forecast.clone()), items);
        }
        let mut lines = Vec::new();
        let (mut teams, mut team_of) = (Vec::new(), BTreeMap::new());
        for part in &parts {
            let team = lines.iter().position(|known| *known == part.line).unwrap_or_else(|| {
                lines.push(part.line);
                teams.push(part.forecast.seen_from(start));
                lines.len() - 1
            });
            team_of.insert(part.place, team);
        }
        match Plan::new(teams, stages(&parts, steps, &team_of), SHARED) {
            Ok(plan) => Future::Several(plan.when_done(FUTURES, SEED).1),
            Err(_) => Future::Nothing,
        }
    }

    fn chance(&self, by: Date) -> f64 {
        match self {
            Future::Nothing => 1.0,
            Future::One(forecast, items) => {
                days_until(forecast.as_of(), by).map_or(0.0, |days| forecast.chance(*items, days))
            }
            Future::Several(futures) if futures.date_for(0.0).is_some_and(|first| first > by) => 0.0,
            Future::Several(futures) => futures.chance(by),
        }
    }

    fn date_for(&self, probability: f64) -> Option<Date> {
        match self {
            Future::Nothing => None,
            Future::One(forecast, items) => forecast.date_for(*items, probability),
            Future::Several(futures) => futures.date_for(probability),
        }
    }
}

/// The steps as stages of a plan, with as many items of each part as are left of it.
fn stages(parts: &[Ready], mut steps: Vec<Step>, team_of: &BTreeMap<usize, usize>) -> Vec<Stage> {
    for part in parts {
        fit(&mut steps, part.place, part.items);
    }
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut stages = Vec::new();
    for (number, step) in steps.into_iter().enumerate() {
        let Some(&team) = team_of.get(&step.part) else { continue };
        let after = step.after.iter().filter_map(|one| places.get(one).copied()).collect();
        places.insert(number, stages.len());
        stages.push(Stage { team, items: step.items, after });
    }
    stages
}

/// Gives the steps of a part another number of items: what was finished meanwhile came first, and what is new comes last.
fn fit(steps: &mut [Step], part: usize, items: u64) {
    let of_part = |step: &&mut Step| step.part == part;
    let total: u64 = steps.iter().filter(|step| step.part == part).map(|step| step.items).sum();
    if let Some(first) = steps.iter_mut().find(of_part) {
        first.items += items.saturating_sub(total);
    }
    let mut over = total.saturating_sub(items);
    for step in steps.iter_mut().rev().filter(of_part) {
        let less = over.min(step.items);
        (step.items, over) = (step.items - less, over - less);
    }
}
