//! Whether a weekly series changed at some week, by a permutation test: of all orders of its weeks, how many would show as
//! clear a change as the one that was. If nothing changed, each order is as likely as any other, so that a level of one in a
//! hundred raises a false alarm at most once in a hundred looks, whatever the values look like (Pitman 1937; with a sample of the
//! orders, Dwass 1957, and with the order itself counted, Phipson and Smyth 2010). Weeks that depend on each other, as when a
//! slow week makes the next one slow, raise more.

use crate::random::Random;

/// Where a series changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The place of the first week after it.
    pub at: usize,
    /// The medians of the weeks before and after, and how many weeks have a value.
    pub before: f64,
    pub after: f64,
    pub weeks_before: usize,
    pub weeks_after: usize,
    /// The share of orders that show a change as clear, the own one among them.
    pub p: f64,
}

/// A change has so many weeks with a value on each side, so that no single week is one.
const FEWEST_WEEKS: usize = 3;
/// Orders that are looked at beside the own one.
const ORDERS: usize = 1_999;

/// The clearest change of a series, if it is clear at this level; weeks without a value are passed over. The same series has
/// the same answer.
pub fn shift(weeks: &[Option<f64>], level: f64) -> Option<Shift> {
    let known: Vec<(usize, f64)> = weeks.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?))).collect();
    if known.len() < 2 * FEWEST_WEEKS {
        return None;
    }
    let values: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
    let mut ranks = ranks(&values);
    let own = clearest(&ranks)?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut as_clear = 1;
    for _ in 0..ORDERS {
        random.shuffle(&mut ranks);
        as_clear += usize::from(clearest(&ranks).is_some_and(|other| other >= own - 1e-9));
    }
    let split = place(&values);
    let p = as_clear as f64 / (ORDERS + 1) as f64;
    (p <= level).then(|| Shift {
        at: known[split].0,
        before: median(&values[..split]),
        after: median(&values[split..]),
        weeks_before: split,
        weeks_after: values.len() - split,
        p,
    })
}

/// By how many standard deviations the ranks of the two sides differ at the split where they differ most (Pettitt 1979,
/// standardised so that no split is preferred). Nothing where all are the same.
fn clearest(ranks: &[f64]) -> Option<f64> {
    let n = ranks.len() as f64;
    let mean = (n + 1.0) / 2.0;
    let variance = ranks.iter().map(|rank| (rank - mean).powi(2)).sum::<f64>() / n;
    let mut sum = 0.0;
    let mut best: Option<f64> = None;
    for (at, rank) in ranks.iter().enumerate().take(ranks.len() - FEWEST_WEEKS) {
        sum += rank - mean;
        let taken = (at + 1) as f64;
        if at + 1 >= FEWEST_WEEKS && variance > 0.0 {
            let clear: f64 = sum.abs() / (variance * taken * (n - taken) / (n - 1.0)).sqrt();
            best = Some(best.map_or(clear, |most| most.max(clear)));
        }
    }
    best
}

/// The split that leaves the values nearest to the medians of their sides. The clearest split of the ranks may lie beside it.
fn place(values: &[f64]) -> usize {
    let apart = |side: &[f64]| {
        let middle = median(side);
        side.iter().map(|value| (value - middle).abs()).sum::<f64>()
    };
    let left = |split: &usize| apart(&values[..*split]) + apart(&values[*split..]);
    let splits = FEWEST_WEEKS..=values.len() - FEWEST_WEEKS;
    splits.min_by(|a, b| left(a).total_cmp(&left(b))).unwrap_or(FEWEST_WEEKS)
}

/// The places of values in their order; equal ones share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let same = values.iter().filter(|other| *other == value).count();
        below as f64 + (same as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// Of at least one value.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = (sorted.len() - 1) / 2;
    (sorted[half] + sorted[sorted.len() / 2]) / 2.0
}

#[cfg(test)]
mod tests;
