//! When an initiative of several teams is done, whose parts wait for each other.
use crate::{
    forecast::{Forecast, MOST_DAYS},
    futures::{Futures, Path, Paths},
    math::{normal_cdf, normal_quantile},
    random::Random,
};
use std::fmt;

/// A part of an initiative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The place of its team in the plan.
    pub team: usize,
    pub items: u64,
    /// The places of the stages that have to be finished before, all earlier in the plan.
    pub after: Vec<usize>,
}

/// Teams and what they have to do. A team does its stages one after the other, in the order of the plan.
#[derive(Clone, Debug)]
pub struct Plan {
    teams: Vec<Forecast>,
    stages: Vec<Stage>,
    shared: f64,
}

/// What is wrong with a plan, by the place of the stage from 0 on; its text is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    NoStages,
    /// The stage names a team that the plan does not have.
    NoTeam {
        stage: usize,
    },
    /// The stage waits for itself or for a later one.
    Order {
        stage: usize,
        after: usize,
    },
    /// The forecasts of the teams start on different days.
    Days,
}

impl Plan {
    /// `shared`, from 0 to 1, is how much of the teams' levels moves together, as when all of them lose people to the
    /// same holiday or incident: the correlation of their normal scores, one factor for all (Vasicek, 1987).
    pub fn new(teams: Vec<Forecast>, stages: Vec<Stage>, shared: f64) -> Result<Self, Flaw> {
        if stages.is_empty() {
            return Err(Flaw::NoStages);
        }
        if teams.iter().any(|team| team.as_of() != teams[0].as_of()) {
            return Err(Flaw::Days);
        }
        for (place, stage) in stages.iter().enumerate() {
            if stage.team >= teams.len() {
                return Err(Flaw::NoTeam { stage: place });
            }
            if let Some(&after) = stage.after.iter().find(|&&after| after >= place) {
                return Err(Flaw::Order { stage: place, after });
            }
        }
        Ok(Self { teams, stages, shared: shared.clamp(0.0, 1.0) })
    }

    /// The ends of drawn futures: of each stage, in the order of the plan, and of the whole. In each future a stage
    /// starts when the last of those before it ends, so the whole ends with its longest path; the dates of a
    /// probability do not add up along paths, and are not added.
    pub fn when_done(&self, futures: usize, seed: u64) -> (Vec<Futures>, Futures) {
        let paths: Vec<Paths> = self.teams.iter().map(Paths::new).collect();
        let mut ends = vec![Vec::with_capacity(futures); self.stages.len()];
        let mut wholes = Vec::with_capacity(futures);
        let mut random = Random::new(seed, 2);
        let mut ended = vec![0; self.stages.len()];
        for _ in 0..futures {
            self.draw(&paths, &mut random, &mut ended);
            for (end, ends) in ended.iter().zip(&mut ends) {
                ends.push(*end);
            }
            wholes.push(ended.iter().copied().max().unwrap_or(0));
        }
        let as_of = self.teams[0].as_of();
        (ends.into_iter().map(|days| Futures::new(as_of, days)).collect(), Futures::new(as_of, wholes))
    }

    /// How many stages ended within each of these numbers of days, in each of the same futures, ascending.
    pub fn ended_within(&self, days: &[usize], futures: usize, seed: u64) -> Vec<Vec<usize>> {
        let paths: Vec<Paths> = self.teams.iter().map(Paths::new).collect();
        let mut counts = vec![Vec::with_capacity(futures); days.len()];
        let mut random = Random::new(seed, 2);
        let mut ended = vec![0; self.stages.len()];
        for _ in 0..futures {
            self.draw(&paths, &mut random, &mut ended);
            for (days, counts) in days.iter().zip(&mut counts) {
                counts.push(ended.iter().filter(|end| **end <= *days).count());
            }
        }
        counts.iter_mut().for_each(|counts| counts.sort_unstable());
        counts
    }

    fn draw(&self, paths: &[Paths], random: &mut Random, ended: &mut [usize]) {
        let common = normal_quantile(random.unit()) * self.shared.sqrt();
        let own = (1.0 - self.shared).sqrt();
        let teams: Vec<Path> = paths
            .iter()
            .map(|paths| Path::new(paths, normal_cdf(common + own * normal_quantile(random.unit()))))
            .collect();
        // What each team has done so far. It goes on within the day, so that two stages take as long as one of both.
        let mut spent = vec![0.0_f64; teams.len()];
        for (place, stage) in self.stages.iter().enumerate() {
            let others = stage.after.iter().filter(|&&after| self.stages[after].team != stage.team);
            let ready = others.map(|&after| ended[after]).max().unwrap_or(0);
            let begun = if ready > MOST_DAYS { f64::INFINITY } else { teams[stage.team].at(ready) };
            spent[stage.team] = spent[stage.team].max(begun) + stage.items as f64;
            ended[place] = teams[stage.team].first_with(ready, spent[stage.team]).min(MOST_DAYS + 1);
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStages => f.write_str("The plan has nothing to do, so it has no end to forecast."),
            Self::NoTeam { stage } => write!(f, "Stage {} names a team that the plan does not have.", stage + 1),
            Self::Order { stage, after } => {
                write!(f, "Stage {} waits for stage {}, which does not come before it.", stage + 1, after + 1)
            }
            Self::Days => f.write_str("The forecasts of the teams have to start on the same day."),
        }
    }
}

impl std::error::Error for Flaw {}
