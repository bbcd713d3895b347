//! How a backlog grows while it is worked off.
use crate::{forecast::Forecast, history::History};
use jiff::civil::Date;

/// What comes while a backlog is worked off.
#[derive(Clone, Copy, Debug)]
pub struct Growth<'a> {
    /// The items that come, made from the days on which the earlier ones came.
    pub arrivals: &'a Forecast,
    /// How much of what comes belongs to this backlog, from 0 to 1.
    pub share: f64,
    /// The correlation of what comes with what is finished, from -1 to 1; see [`together`].
    pub together: f64,
}

impl<'a> Growth<'a> {
    /// All that comes, whatever is finished.
    pub fn of(arrivals: &'a Forecast) -> Self {
        Self { arrivals, share: 1.0, together: 0.0 }
    }
}

/// Days of a block, and the most and the usual number of blocks.
const BLOCK: i64 = 28;
const MOST_BLOCKS: i64 = 26;
const USUAL_BLOCKS: f64 = 13.0;

/// How much two histories move together: the correlation of normal scores that goes with the rank correlation of their
/// counts in four weeks each, `2 sin(pi rho / 6)` (Pearson, "On Further Methods of Determining Correlation", 1907), over
/// the two years before a day, drawn towards none by a year's worth of blocks. None are compared before both had begun.
pub fn together(one: &History, other: &History, as_of: Date) -> f64 {
    let begun = one.first().max(other.first());
    let ends = (0..MOST_BLOCKS).map(|block| as_of.saturating_sub(jiff::Span::new().days(block * BLOCK)));
    let spans = ends.map(|end| (end.saturating_sub(jiff::Span::new().days(BLOCK)), end));
    let spans: Vec<(Date, Date)> = spans.take_while(|(from, _)| *from >= begun).collect();
    let ranks = |history: &History| {
        let age = |date| history.age(date).unwrap_or(0);
        ranks(&spans.iter().map(|(from, until)| history.within(age(*from), age(*until))).collect::<Vec<u64>>())
    };
    let rho = correlation(&ranks(one), &ranks(other));
    let known = spans.len() as f64 / (spans.len() as f64 + USUAL_BLOCKS);
    2.0 * (std::f64::consts::PI * rho / 6.0).sin() * known
}

/// The rank of each count from 0 on; equal ones share the mean of theirs.
fn ranks(counts: &[u64]) -> Vec<f64> {
    let rank = |count: &u64| {
        let below = counts.iter().filter(|other| *other < count).count();
        let equal = counts.iter().filter(|other| *other == count).count();
        below as f64 + (equal as f64 - 1.0) / 2.0
    };
    counts.iter().map(rank).collect()
}

/// Pearson's; 0 where one of the two never changes.
fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (left, right) = (mean(one), mean(other));
    let product =
        |a: &[f64], at: f64, b: &[f64], bt: f64| -> f64 { a.iter().zip(b).map(|(x, y)| (x - at) * (y - bt)).sum() };
    let spread = (product(one, left, one, left) * product(other, right, other, right)).sqrt();
    if spread > 0.0 { product(one, left, other, right) / spread } else { 0.0 }
}
