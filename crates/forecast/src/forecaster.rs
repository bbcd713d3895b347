//! Forecasts of one team as of any day.
use crate::{
    calibration::GRID,
    forecast::{Basis, Forecast},
    history::History,
    model::{Fits, Model},
    pace::Paces,
    prior::{KNOT_COUNT, KNOTS, Prior},
    random::Random,
    record::Record,
};
use jiff::civil::Date;
use std::fmt;

/// A history with the record of what would have been forecast along it, from which forecasts as of any day are made
/// in microseconds. A forecast uses only what was finished before its day.
pub struct Forecaster {
    paces: Paces,
    prior: Prior,
    record: Record,
    until: Date,
    seed: u64,
}

/// Why there is no forecast; its text is a sentence for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was finished before the day.
    NoHistory { as_of: Date },
    /// The day lies after the last one that the forecaster was made for.
    TooLate { as_of: Date, until: Date },
}

impl Forecaster {
    /// Walks along the history up to the latest day that will be asked about.
    pub fn new(history: History, until: Date, prior: &Prior, seed: u64) -> Self {
        let ages = history.age(until).unwrap_or(0);
        let paces = Paces::new(history, ages, KNOTS[KNOT_COUNT - 1]);
        let record = Record::new(&paces, prior, ages, |_| ());
        Self { paces, prior: prior.clone(), record, until, seed }
    }

    /// The forecast at the start of a day.
    pub fn at(&self, as_of: Date) -> Result<Forecast, Refusal> {
        let age = self.paces.history.age(as_of).ok_or(Refusal::NoHistory { as_of })?;
        if as_of > self.until {
            return Err(Refusal::TooLate { as_of, until: self.until });
        }
        let dither = Random::new(self.seed, age as u64).unit();
        let finishes = self.paces.history.within(0, age);
        if let Some(week) = self.repeated_week(age) {
            let basis = Basis { finishes, days: age, from_others: 0.0, shares: Vec::new() };
            return Ok(Forecast::constant(as_of, week, dither, basis));
        }
        let fits = Fits::new(&self.paces, age);
        let mut counts = [[0.0; GRID.len()]; KNOT_COUNT];
        let mut basis = Basis { finishes, days: age, from_others: 1.0, shares: Vec::new() };
        for (knot, &days) in KNOTS.iter().enumerate() {
            let known = self.record.at(age, knot);
            let prediction = known.predict(&self.prior, knot, fits.outlooks(&self.prior, knot, days));
            counts[knot] = prediction.counts();
            if days == 28 {
                basis.from_others = known.borrowed(knot);
                basis.shares = Model::ALL.into_iter().zip(prediction.shares).collect();
            }
        }
        Ok(Forecast::new(as_of, counts, self.week(age), dither, basis))
    }

    /// Every day's count, where each equals that of the week before from the start, for a fortnight at least.
    fn repeated_week(&self, age: usize) -> Option<[f64; 7]> {
        let history = &self.paces.history;
        let repeats = age >= 14 && (7..age).all(|day| history.on(day) == history.on(day - 7));
        repeats.then(|| std::array::from_fn(|day| f64::from(history.on(age - 7 + day))))
    }

    /// The share of a week's work that each of the next seven days gets, 1 on average, from the last half year. Seven
    /// items spread evenly stand beside those of the history.
    fn week(&self, age: usize) -> [f64; 7] {
        let mut week = [1.0; 7];
        let weeks = (age / 7).min(26);
        let from = age - weeks * 7;
        for day in from..age {
            week[(day - from) % 7] += f64::from(self.paces.history.on(day));
        }
        let sum: f64 = week.iter().sum();
        week.map(|share| share * 7.0 / sum)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHistory { as_of } => {
                write!(f, "Nothing was finished before {as_of}, so there is nothing to forecast from.")
            }
            Self::TooLate { as_of, until } => {
                write!(f, "The history was read up to {until}, so it cannot answer as of {as_of}.")
            }
        }
    }
}

impl std::error::Error for Refusal {}
