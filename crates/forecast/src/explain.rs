//! What moved a chance: an explanation whose parts sum to the change.

/// Splits the change of a value between two situations that differ in `factors` factors, at most 16: the Shapley value
/// of each, its mean effect over all orders in which the factors can change (Shapley, "A Value for n-Person Games",
/// 1953). `value` is given which factors have changed. The parts sum to the change up to rounding of floats; see
/// [`tenths`] for numbers to show.
pub fn contributions(factors: usize, value: impl Fn(&[bool]) -> f64) -> Vec<f64> {
    let factors = factors.min(16);
    let is_changed = |set: usize| (0..factors).map(|factor| set >> factor & 1 == 1).collect::<Vec<bool>>();
    let values: Vec<f64> = (0..1_usize << factors).map(|set| value(&is_changed(set))).collect();
    let part = |factor: usize| {
        let without = (0..values.len()).filter(|set| set >> factor & 1 == 0);
        without.map(|set| weight(set.count_ones(), factors) * (values[set | 1 << factor] - values[set])).sum()
    };
    (0..factors).map(part).collect()
}

/// A chance before and after, and the parts of its change, in tenths of a percentage point that sum exactly: each part
/// is rounded down, and those with the largest remainders are rounded up until the sum is right.
pub fn tenths(before: f64, after: f64, parts: &[f64]) -> Vec<i32> {
    let rounded = |value: f64| (value * 1000.0).round() as i32;
    let mut whole: Vec<i32> = parts.iter().map(|part| (part * 1000.0).floor() as i32).collect();
    let missing = rounded(after) - rounded(before) - whole.iter().sum::<i32>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |place: usize| parts[place] * 1000.0 - (parts[place] * 1000.0).floor();
    order.sort_by(|&left, &right| remainder(right).total_cmp(&remainder(left)));
    for step in 0..missing.unsigned_abs() as usize {
        match (missing > 0, order.len()) {
            (_, 0) => break,
            (true, count) => whole[order[step % count]] += 1,
            (false, count) => whole[order[count - 1 - step % count]] -= 1,
        }
    }
    whole
}

/// The share of the orders in which exactly these `before` factors come before one: `before! (n - before - 1)! / n!`.
fn weight(before: u32, factors: usize) -> f64 {
    let choose = (1..=before as usize).fold(1.0, |product, step| product * (factors - step) as f64 / step as f64);
    1.0 / (choose * factors as f64)
}
