//! The plain daily bootstrap that most tools use, to compare with: days of the last half year, drawn with replacement.
use crate::{history::History, random::Random};
use jiff::civil::Date;

/// What a plain bootstrap says of the coming days, from drawn futures.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// The total of each future, ascending.
    totals: Vec<u64>,
}

const WINDOW: usize = 182;

impl Bootstrap {
    /// Draws so many futures of `days` days from a date on. None for a date that is not after the first finish.
    pub fn new(history: &History, as_of: Date, days: usize, futures: usize) -> Option<Self> {
        let age = history.age(as_of)?;
        let from = age.saturating_sub(WINDOW);
        let window = u32::try_from(age - from).ok()?;
        let mut random = Random::new(age as u64, days as u64);
        let mut future = || (0..days).map(|_| u64::from(history.on(from + random.below(window) as usize))).sum();
        let mut totals: Vec<u64> = (0..futures.max(1)).map(|_| future()).collect();
        totals.sort_unstable();
        Some(Self { totals })
    }

    /// The totals, ascending.
    pub fn totals(&self) -> &[u64] {
        &self.totals
    }

    /// The smallest total that at least this share of the futures does not exceed.
    pub fn quantile(&self, probability: f64) -> u64 {
        self.totals[((probability * self.totals.len() as f64) as usize).min(self.totals.len() - 1)]
    }
}
