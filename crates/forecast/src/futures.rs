//! Drawn futures: for a backlog that grows, and for several teams that wait for each other.
use crate::{
    calibration::GRID,
    forecast::{Forecast, MOST_DAYS},
    growth::Growth,
    history::date_after,
    math::{normal_cdf, normal_quantile},
    random::Random,
};
use jiff::civil::Date;

/// The days on which the futures of a question ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Futures {
    as_of: Date,
    /// Days until the end, ascending; a future that does not end within [`MOST_DAYS`] has one more.
    days: Vec<u16>,
}

/// When a backlog is empty, while it grows. Two of these side by side are a what-if.
pub fn when_done(pace: &Forecast, items: u64, growth: Option<Growth<'_>>, futures: usize, seed: u64) -> Futures {
    let paths = Paths::new(pace);
    let arrivals = growth.map(|growth| (Paths::new(growth.arrivals), growth));
    let mut random = Random::new(seed, 1);
    let one = |_| {
        let uniform = random.unit();
        let pace = Path::new(&paths, uniform);
        let first = pace.first_with(0, items as f64);
        let Some((arrivals, growth)) = &arrivals else { return first };
        let arrivals = Path::new(arrivals, joined(uniform, random.unit(), growth.together));
        let is_done = |day: &usize| pace.at(*day) - arrivals.at(*day) * growth.share >= items as f64 - NEAR;
        (first..=MOST_DAYS).find(is_done).unwrap_or(MOST_DAYS + 1)
    };
    Futures::new(pace.as_of(), (0..futures).map(one).collect())
}

/// Counts that differ by less are the same; it absorbs the rounding of sums.
const NEAR: f64 = 1e-9;

/// A uniform number whose normal score has this correlation with that of another one; `own` is the rest of it.
fn joined(uniform: f64, own: f64, correlation: f64) -> f64 {
    if correlation == 0.0 {
        return own;
    }
    let rest = (1.0 - correlation * correlation).max(0.0).sqrt();
    normal_cdf(correlation * normal_quantile(uniform) + rest * normal_quantile(own))
}

impl Futures {
    pub(crate) fn new(as_of: Date, days: Vec<usize>) -> Self {
        // Counting sort: futures are many, days are few.
        let mut counts = [0_usize; MOST_DAYS + 2];
        for day in days {
            counts[day.min(MOST_DAYS + 1)] += 1;
        }
        let sorted = counts.iter().enumerate().flat_map(|(day, &count)| std::iter::repeat_n(day as u16, count));
        Self { as_of, days: sorted.collect() }
    }

    /// The share of the futures that ended by the end of a date.
    pub fn chance(&self, by: Date) -> f64 {
        let days = crate::history::days_between(self.as_of, date_after(by, 1)).min(MOST_DAYS);
        let ended = self.days.partition_point(|&day| usize::from(day) <= days);
        ended as f64 / self.days.len().max(1) as f64
    }

    /// The date by whose end this share of the futures ended; None if it lies beyond [`MOST_DAYS`].
    pub fn date_for(&self, probability: f64) -> Option<Date> {
        let wanted = (probability.clamp(0.0, 1.0) * self.days.len() as f64).ceil() as usize;
        let days = usize::from(*self.days.get(wanted.saturating_sub(1))?);
        (days <= MOST_DAYS).then(|| date_after(self.as_of, days.saturating_sub(1)))
    }
}

/// The counts of one team after each day, by probability of [`GRID`]. One future follows one probability throughout:
/// teams that are fast stay fast, which is what the calibration of the long horizons measured.
pub(crate) struct Paths {
    rows: Vec<[f64; GRID.len()]>,
}

/// One future of one team.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    paths: &'a Paths,
    place: usize,
    share: f64,
}

impl Paths {
    pub(crate) fn new(forecast: &Forecast) -> Self {
        Self { rows: (0..=MOST_DAYS).map(|day| forecast.row(forecast.time(day))).collect() }
    }
}

impl<'a> Path<'a> {
    /// The future of a uniform number.
    pub(crate) fn new(paths: &'a Paths, uniform: f64) -> Self {
        let uniform = uniform.clamp(GRID[0], GRID[GRID.len() - 1]);
        let place = GRID.partition_point(|&known| known < uniform).clamp(1, GRID.len() - 1) - 1;
        Self { paths, place, share: (uniform - GRID[place]) / (GRID[place + 1] - GRID[place]) }
    }

    /// The count after so many days.
    pub(crate) fn at(&self, day: usize) -> f64 {
        let row = &self.paths.rows[day];
        row[self.place] + self.share * (row[self.place + 1] - row[self.place])
    }

    /// The number of days, at least `start`, after which the count is this; one more than [`MOST_DAYS`] if that does not happen.
    pub(crate) fn first_with(&self, start: usize, wanted: f64) -> usize {
        if start > MOST_DAYS {
            return start;
        }
        let (mut short, mut long) = (start, MOST_DAYS + 1);
        while short < long {
            let middle = (short + long) / 2;
            if self.at(middle) >= wanted - NEAR { long = middle } else { short = middle + 1 }
        }
        long
    }
}
