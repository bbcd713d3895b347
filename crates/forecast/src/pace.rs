//! What a history looks like on a day: its pace over several memories, its scatter, its blocks, and the season.
use crate::history::{History, date_after};
use jiff::civil::Date;

/// Half-lives of the memories in days; the last memory is the whole history.
pub(crate) const HALF_LIVES: [f64; MEMORIES] = [7.0, 21.0, 63.0, 182.0, 546.0, f64::INFINITY];
pub(crate) const MEMORIES: usize = 6;

/// Days that stand before the first finish with none, so that the day a history begins with does not set its pace.
const EMPTY_DAYS: f64 = 3.0;

/// The paces of a history at every age, so that a forecast of any day costs the same.
pub(crate) struct Paces {
    pub(crate) history: History,
    means: Vec<[f64; MEMORIES]>,
    /// `squares[n]` is the sum of the squared daily counts of the first `n` days.
    squares: Vec<f64>,
    /// `quiet[n]` is the number of quiet days before the age `n - SEASON`.
    quiet: Vec<u16>,
}

/// Days before the first finish whose season is known.
const SEASON: usize = 21;

impl Paces {
    /// The paces from age 0 to `ages`, and the season for `ahead` days more.
    pub(crate) fn new(history: History, ages: usize, ahead: usize) -> Self {
        let mut means = Vec::with_capacity(ages + 1);
        let mut squares = Vec::with_capacity(ages + 1);
        let decay = HALF_LIVES.map(|half_life| (-std::f64::consts::LN_2 / half_life).exp());
        let (mut sums, mut weights, mut square) = ([0.0; MEMORIES], [EMPTY_DAYS; MEMORIES], 0.0);
        for age in 0..=ages {
            means.push(std::array::from_fn(|memory| sums[memory] / weights[memory]));
            squares.push(square);
            let count = f64::from(history.on(age));
            square += count * count;
            for memory in 0..MEMORIES {
                sums[memory] = sums[memory] * decay[memory] + count;
                weights[memory] = weights[memory] * decay[memory] + 1.0;
            }
        }
        let quiet = quiet_days(history.first(), ages + ahead);
        Self { history, means, squares, quiet }
    }

    /// Items a day with a memory: an exponentially weighted mean, divided by the sum of its weights, so that a young
    /// history is not drawn to zero.
    pub(crate) fn mean(&self, age: usize, memory: usize) -> f64 {
        self.means[age][memory]
    }

    /// Mean and variance of the daily counts of the last `window` days, fewer in a young history.
    pub(crate) fn daily(&self, age: usize, window: usize) -> (f64, f64) {
        let from = age.saturating_sub(window);
        let days = (age - from).max(1) as f64;
        let mean = self.history.within(from, age) as f64 / days;
        (mean, ((self.squares[age] - self.squares[from]) / days - mean * mean).max(0.0))
    }

    /// The counts of the last whole blocks of `days` days, the latest first, at most `most` of them.
    pub(crate) fn blocks(&self, age: usize, days: usize, most: usize) -> impl Iterator<Item = f64> {
        let whole = (age / days).min(most);
        (1..=whole).map(move |block| {
            let from = age - block * days;
            self.history.within(from, from + days) as f64
        })
    }

    /// The share of quiet days among the next `days` days.
    pub(crate) fn quiet_ahead(&self, age: usize, days: usize) -> f64 {
        let last = self.quiet.len() - 1;
        let until = (age + SEASON + days).min(last);
        f64::from(self.quiet[until] - self.quiet[(age + SEASON).min(last)]) / days as f64
    }

    /// The share of quiet days among the last three weeks.
    pub(crate) fn quiet_behind(&self, age: usize) -> f64 {
        f64::from(self.quiet[age + SEASON] - self.quiet[age]) / SEASON as f64
    }
}

/// Counts the days from 22 December to 2 January, in which most teams finish little.
fn quiet_days(first: Date, days: usize) -> Vec<u16> {
    let mut quiet = Vec::with_capacity(days + SEASON + 1);
    quiet.push(0);
    let mut date = first.saturating_sub(jiff::Span::new().days(21));
    for _ in 0..days + SEASON {
        let is_quiet = matches!((date.month(), date.day()), (12, 22..) | (1, ..=2));
        quiet.push(quiet[quiet.len() - 1] + u16::from(is_quiet));
        date = date_after(date, 1);
    }
    quiet
}
