use super::shift;
use crate::random::Random;

/// Between 0 and 1.
fn uniform(random: &mut Random) -> f64 {
    random.below(1_000_000) as f64 / 1e6
}

/// How many of so many steady series of 26 weeks raise an alarm; `draw` makes the value of a week.
fn alarms(of: usize, level: f64, draw: fn(&mut Random) -> Option<f64>) -> usize {
    let mut random = Random(42);
    let series = |_| (0..26).map(|_| draw(&mut random)).collect::<Vec<_>>();
    (0..of).map(series).filter(|weeks: &Vec<Option<f64>>| shift(weeks, level).is_some()).count()
}

#[test]
fn a_steady_series_raises_no_more_false_alarms_than_stated() {
    const OF: usize = 400;
    let heavy = |random: &mut Random| Some((4.0 * uniform(random)).exp().powi(2));
    let coarse = |random: &mut Random| Some(random.below(3) as f64);
    let gaps = |random: &mut Random| Some(uniform(random)).filter(|value| *value > 0.2);
    for (name, draw) in [("heavy", heavy as fn(&mut Random) -> _), ("coarse", coarse), ("gaps", gaps)] {
        for level in [0.01, 0.05] {
            let found = alarms(OF, level, draw);
            // The stated rate, and three standard deviations of how many so many looks raise by chance.
            let most = OF as f64 * level + 3.0 * (OF as f64 * level * (1.0 - level)).sqrt();
            assert!(found as f64 <= most, "{name} at {level}: {found} of {OF}, at most {most:.0}");
        }
    }
}

#[test]
fn a_series_that_doubled_is_found_where_it_did() {
    let mut random = Random(7);
    let mut found = 0;
    for _ in 0..100 {
        let weeks: Vec<Option<f64>> =
            (0..26).map(|week| Some((if week < 18 { 10.0 } else { 20.0 }) + 4.0 * uniform(&mut random))).collect();
        let seen = shift(&weeks, 0.01).unwrap();
        assert!((17..=19).contains(&seen.at) && seen.after > seen.before && seen.p <= 0.01);
        found += usize::from(seen.at == 18);
    }
    assert!(found >= 90, "{found}");
}

#[test]
fn one_wild_week_and_too_few_weeks_are_no_change() {
    let mut weeks = vec![Some(5.0); 26];
    assert_eq!(shift(&weeks, 0.05), None);
    weeks[20] = Some(500.0);
    assert_eq!(shift(&weeks, 0.05), None);
    assert_eq!(shift(&[Some(1.0), Some(1.0), Some(9.0), None, Some(9.0)], 1.0), None);
}

#[test]
fn the_same_series_has_the_same_answer_and_weeks_without_a_value_are_passed_over() {
    let weeks: Vec<Option<f64>> =
        (0..26).map(|week| (week % 5 != 0).then_some(f64::from(week) * if week < 13 { 1.0 } else { 9.0 })).collect();
    let seen = shift(&weeks, 0.01).unwrap();
    assert_eq!(Some(seen), shift(&weeks, 0.01));
    assert_eq!((seen.weeks_before + seen.weeks_after, weeks[seen.at].is_some()), (20, true));
}
