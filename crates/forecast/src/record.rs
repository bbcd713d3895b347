//! A team's record: what would have been forecast every week of its history, and what came.
use crate::{
    calibration::{Calibration, Prediction, STEP},
    history::History,
    model::Fits,
    pace::Paces,
    prior::{KNOT_COUNT, KNOTS, Prior},
    random::Random,
};

/// The record of one history up to some age.
pub(crate) struct Record {
    /// `after[knot][n]` is what is known when `n` forecasts have resolved.
    after: Vec<Vec<Calibration>>,
}

/// A past forecast beside what came, for learning and for scoring.
pub(crate) struct Resolved {
    pub(crate) knot: usize,
    pub(crate) prediction: Prediction,
    pub(crate) outcome: f64,
}

/// The age of the first origin.
pub(crate) const FIRST_ORIGIN: usize = 28;

impl Record {
    /// Walks through the history up to `ages`, showing each resolved forecast to `see`.
    pub(crate) fn new(paces: &Paces, prior: &Prior, ages: usize, mut see: impl FnMut(Resolved)) -> Self {
        let mut after: Vec<Vec<Calibration>> = vec![vec![Calibration::new()]; KNOT_COUNT];
        let mut open: Vec<Vec<Prediction>> = vec![Vec::new(); KNOT_COUNT];
        for age in (FIRST_ORIGIN..=ages).step_by(STEP) {
            let fits = Fits::new(paces, age);
            for (knot, &days) in KNOTS.iter().enumerate() {
                let known = &mut after[knot];
                if let Some(made) = (age - FIRST_ORIGIN).checked_sub(days) {
                    let prediction = open[knot][made / STEP].clone();
                    let outcome = outcome(&paces.history, age - days, days);
                    let mut calibration = known[known.len() - 1].clone();
                    calibration.learn(knot, &prediction, outcome);
                    known.push(calibration);
                    see(Resolved { knot, prediction, outcome });
                }
                open[knot].push(known[known.len() - 1].predict(prior, knot, fits.outlooks(prior, knot, days)));
            }
        }
        Self { after }
    }

    /// What is known at an age about forecasts of a knot.
    pub(crate) fn at(&self, age: usize, knot: usize) -> &Calibration {
        let resolved = (age.saturating_sub(FIRST_ORIGIN)).checked_sub(KNOTS[knot]).map_or(0, |days| days / STEP + 1);
        &self.after[knot][resolved.min(self.after[knot].len() - 1)]
    }
}

/// `ln(1 + count)` of the days after an age. A count stands for the interval up to the next one, and a place in it is
/// drawn: then a quantile is exceeded as often as it says even where counts are small (Czado, Gneiting and Held,
/// "Predictive Model Assessment for Count Data", 2009, the randomised transform).
pub(crate) fn outcome(history: &History, age: usize, days: usize) -> f64 {
    (history.within(age, age + days) as f64 + Random::new(age as u64, days as u64).unit()).ln_1p()
}
