//! How good a logged forecast was.
use super::LEVELS;
use forecast::crps;

/// What a forecast is worth, once it is known what came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// How many of the levels held.
    pub held: i64,
    /// In items.
    pub crps: f64,
    /// Of the interval from 10 to 90 %, in items.
    pub width: f64,
}

/// Scores counts that were stated with 5, 10 and so on to 95 %, which are lower the surer they are.
pub fn counts(levels: &[u64], outcome: u64) -> Option<Score> {
    if levels.len() != LEVELS {
        return None;
    }
    let quantiles: Vec<f64> = levels.iter().rev().map(|count| *count as f64).collect();
    Some(Score {
        held: levels.iter().filter(|count| outcome >= **count).count() as i64,
        crps: millionths(crps(&quantiles, outcome as f64)),
        width: quantiles[LEVELS - 2] - quantiles[1],
    })
}

/// Rounded to millionths, which come back from every plain format as they went.
pub fn millionths(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// How many of the days that were stated with 5, 10 and so on to 95 % held; `outcome` is nothing for one that is not
/// done within any of them.
pub fn days(levels: &[u64], outcome: Option<u64>) -> i64 {
    outcome.map_or(0, |outcome| levels.iter().filter(|days| outcome <= **days).count() as i64)
}

#[cfg(test)]
mod tests {
    use super::{counts, days};
    use crate::log::holds;

    #[test]
    fn the_surest_statements_hold_first() {
        let levels: Vec<u64> = (1..=19).rev().collect();
        let score = counts(&levels, 3).unwrap();
        assert_eq!(score.held, 3);
        assert!(holds(score.held, 95) && holds(score.held, 85) && !holds(score.held, 80) && !holds(score.held, 50));
        assert_eq!(score.width, 16.0);
        assert!(counts(&levels, 10).unwrap().crps < score.crps && counts(&levels[1..], 3).is_none());
    }

    #[test]
    fn an_earlier_end_holds_more_and_no_end_holds_nothing() {
        let levels: Vec<u64> = (1..=19).map(|level| level * 2).collect();
        assert_eq!([days(&levels, Some(1)), days(&levels, Some(38)), days(&levels, Some(39))], [19, 1, 0]);
        assert_eq!(days(&levels, None), 0);
    }
}
