//! The plain daily bootstrap: days of the last half year, drawn with replacement.
use forecast::{History, Random};

const FUTURES: usize = 1000;
const WINDOW: usize = 182;

/// The sorted totals of the next days in each of the futures.
pub fn bootstrap(history: &History, age: usize, days: usize) -> Vec<u64> {
    let from = age.saturating_sub(WINDOW);
    let window = u32::try_from(age - from).expect("the window is half a year");
    let mut random = Random::new(age as u64, days as u64);
    let mut future = || (0..days).map(|_| u64::from(history.on(from + random.below(window) as usize))).sum();
    let mut totals: Vec<u64> = (0..FUTURES).map(|_| future()).collect();
    totals.sort_unstable();
    totals
}

/// The smallest total that at least this share of the futures does not exceed.
pub fn quantile(totals: &[u64], probability: f64) -> u64 {
    totals[((probability * totals.len() as f64) as usize).min(totals.len() - 1)]
}
