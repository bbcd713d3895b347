//! What one team will finish, as a distribution over counts for every number of days ahead.
use crate::{
    calibration::GRID,
    history::{date_after, days_between},
    model::Model,
    prior::{KNOT_COUNT, KNOTS},
};
use jiff::civil::Date;

/// The distribution of how many items are finished in the days from `as_of` on.
#[derive(Clone, Debug)]
pub struct Forecast {
    as_of: Date,
    /// Counts by knot and probability of [`GRID`], ascending both ways.
    counts: [[f64; GRID.len()]; KNOT_COUNT],
    week: [f64; 7],
    /// `elapsed[n]` is the work time of the first `n` days, in average days.
    elapsed: Vec<f64>,
    dither: f64,
    basis: Basis,
}

/// What a forecast rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Basis {
    /// Items that were finished before.
    pub finishes: u64,
    /// Days since the first of them.
    pub days: usize,
    /// How much of the uncertainty comes from other teams, from 1 for a new team towards 0.
    pub from_others: f64,
    /// The weights of the candidates, which sum to 1; none where the history repeats itself exactly.
    pub shares: Vec<(Model, f64)>,
}

/// The farthest that a forecast looks, in days.
pub const MOST_DAYS: usize = 1100;

/// Counts that differ by less are the same; it absorbs the rounding of sums.
const NEAR: f64 = 1e-9;

impl Forecast {
    pub(crate) fn new(
        as_of: Date,
        mut counts: [[f64; GRID.len()]; KNOT_COUNT],
        week: [f64; 7],
        dither: f64,
        basis: Basis,
    ) -> Self {
        for knot in 1..KNOT_COUNT {
            let (earlier, later) = counts.split_at_mut(knot);
            for (count, before) in later[0].iter_mut().zip(&earlier[knot - 1]) {
                *count = count.max(*before);
            }
        }
        let forecast = Self { as_of, counts, week, elapsed: Vec::new(), dither, basis };
        forecast.with_capacity(&[])
    }

    pub(crate) fn constant(as_of: Date, week: [f64; 7], dither: f64, basis: Basis) -> Self {
        let sum: f64 = week.iter().sum();
        let counts = KNOTS.map(|days| [sum / 7.0 * days as f64; GRID.len()]);
        Self::new(as_of, counts, week.map(|count| count * 7.0 / sum), dither, basis)
    }

    /// The same team with another capacity on the coming days, each relative to the average of its history: 0.5 on a
    /// day when half of the people are away. Days after the last one have 1. Capacity stretches time: the work of two
    /// days at one half is that of one day.
    pub fn with_capacity(&self, capacity: &[f64]) -> Self {
        let mut elapsed = Vec::with_capacity(MOST_DAYS + 1);
        elapsed.push(0.0);
        for day in 0..MOST_DAYS {
            let available = capacity.get(day).copied().unwrap_or(1.0).max(0.0);
            elapsed.push(elapsed[day] + self.week[day % 7] * available);
        }
        Self { elapsed, ..self.clone() }
    }

    /// The same forecast, looked at from an earlier day: nothing is finished in the days up to its own.
    pub fn seen_from(&self, as_of: Date) -> Self {
        let days = days_between(as_of, self.as_of).min(MOST_DAYS);
        let shown = self.elapsed.iter().take(MOST_DAYS + 1 - days);
        let elapsed = std::iter::repeat_n(0.0, days).chain(shown.copied()).collect();
        let mut week = self.week;
        week.rotate_right(days % 7);
        Self { as_of: as_of.min(self.as_of), week, elapsed, ..self.clone() }
    }

    /// The day at whose start the forecast stands; it is the first of the days that it is about.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// The number of items of which at least so many are finished in `days` days with this probability.
    ///
    /// Counts are whole, so hardly any of them has exactly the wanted probability. Of the two that lie around it, one
    /// is drawn, with the chances that make the statement hold as often as it says over many days; the seed and the
    /// day of the forecast fix the draw, so that it is the same for every probability and horizon of a day.
    pub fn at_least(&self, probability: f64, days: usize) -> u64 {
        (self.quantile(1.0 - probability, days) + self.dither + NEAR) as u64
    }

    /// The chance that at least `items` items are finished in `days` days.
    pub fn chance(&self, items: u64, days: usize) -> f64 {
        let items = items as f64 - NEAR;
        let row = self.row(self.time(days));
        let above = row.partition_point(|&count| count < items);
        match above {
            0 => 1.0,
            place if place == GRID.len() => 0.0,
            place => {
                let share = (items - row[place - 1]) / (row[place] - row[place - 1]);
                1.0 - (GRID[place - 1] + share * (GRID[place] - GRID[place - 1]))
            }
        }
    }

    /// The day by whose end `items` items are finished with this probability; None if it lies beyond [`MOST_DAYS`].
    pub fn date_for(&self, items: u64, probability: f64) -> Option<Date> {
        if items == 0 {
            return Some(self.as_of);
        }
        let enough = |days: usize| self.quantile(1.0 - probability, days) + NEAR >= items as f64;
        let (mut short, mut long) = (0, MOST_DAYS);
        if !enough(long) {
            return None;
        }
        while long - short > 1 {
            let middle = (short + long) / 2;
            *(if enough(middle) { &mut long } else { &mut short }) = middle;
        }
        Some(date_after(self.as_of, long - 1))
    }

    /// The count that is not reached with this probability, in `days` days. It is continuous, see [`Self::at_least`].
    pub fn quantile(&self, probability: f64, days: usize) -> f64 {
        let row = self.row(self.time(days));
        interpolated(&row, probability)
    }

    pub(crate) fn time(&self, days: usize) -> f64 {
        self.elapsed[days.min(MOST_DAYS)]
    }

    /// The counts at [`GRID`] after a work time: linear between the knots, and on from the last one at its pace.
    pub(crate) fn row(&self, time: f64) -> [f64; GRID.len()] {
        let last = KNOTS[KNOT_COUNT - 1] as f64;
        if time >= last {
            return self.counts[KNOT_COUNT - 1].map(|count| count * time / last);
        }
        let after = KNOTS.partition_point(|&days| days as f64 <= time);
        let (from, before) = match after {
            0 => (0.0, [0.0; GRID.len()]),
            _ => (KNOTS[after - 1] as f64, self.counts[after - 1]),
        };
        let share = (time - from) / (KNOTS[after] as f64 - from);
        std::array::from_fn(|place| before[place] + share * (self.counts[after][place] - before[place]))
    }
}

/// The count at a probability, from the counts at [`GRID`].
pub(crate) fn interpolated(row: &[f64; GRID.len()], probability: f64) -> f64 {
    let after = GRID.partition_point(|&known| known < probability);
    match after {
        0 => row[0],
        place if place == GRID.len() => row[GRID.len() - 1],
        place => {
            let share = (probability - GRID[place - 1]) / (GRID[place] - GRID[place - 1]);
            row[place - 1] + share * (row[place] - row[place - 1])
        }
    }
}
