//! Whether something is larger than its like was before, by its rank. If it is drawn as they were, each rank is as likely as any
//! other, whatever the values look like; so a level of one in ten raises a false alarm at most once in ten looks, and needs nine
//! others to raise any.

/// How often something would be as large as this among those before, if it were like them: its own place from the largest, of all
/// places. Equal ones come before it.
pub fn as_large(now: f64, before: &[f64]) -> f64 {
    let larger = before.iter().filter(|other| **other >= now).count();
    (larger + 1) as f64 / (before.len() + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::as_large;
    use crate::random::Random;

    #[test]
    fn what_is_like_those_before_raises_no_more_false_alarms_than_stated() {
        const LOOKS: usize = 4_000;
        let mut random = Random(3);
        // Most add nothing, and some add much.
        let mut draw = || random.below(3).saturating_sub(1) as f64 * (1 + random.below(100)).pow(2) as f64;
        for others in [9, 13, 19] {
            for level in [0.05, 0.1] {
                let alarm = |_: &usize| as_large(draw(), &(0..others).map(|_| draw()).collect::<Vec<_>>()) <= level;
                let found = (0..LOOKS).filter(alarm).count();
                let most = LOOKS as f64 * level + 3.0 * (LOOKS as f64 * level * (1.0 - level)).sqrt();
                assert!(found as f64 <= most, "{others} others at {level}: {found} of {LOOKS}, at most {most:.0}");
            }
        }
    }

    #[test]
    fn the_largest_of_ten_is_one_in_ten() {
        let others: Vec<f64> = (0..9).map(f64::from).collect();
        assert_eq!((as_large(9.0, &others), as_large(8.0, &others), as_large(0.0, &[])), (0.1, 0.2, 1.0));
    }
}
