use super::silence;
use crate::random::Random;

const LOOKS: usize = 4_000;

/// So many weeks, in each of which it happens with a chance of so many in ten, for `until` weeks.
fn weeks(random: &mut Random, tenths: usize, until: usize) -> Vec<bool> {
    (0..26).map(|week| random.below(10) < tenths && week < until).collect()
}

#[test]
fn what_goes_on_as_before_raises_no_more_false_alarms_than_stated() {
    let mut random = Random(5);
    for tenths in [4, 6, 8, 9] {
        for level in [0.01, 0.05] {
            let found = (0..LOOKS).filter(|_| silence(&weeks(&mut random, tenths, 26), level).is_some()).count();
            // The stated rate, and three standard deviations of how many so many looks raise by chance.
            let most = LOOKS as f64 * level + 3.0 * (LOOKS as f64 * level * (1.0 - level)).sqrt();
            assert!(found as f64 <= most, "{tenths} in ten at {level}: {found} of {LOOKS}, at most {most:.0}");
        }
    }
}

#[test]
fn what_stopped_is_found() {
    let mut random = Random(6);
    let found = (0..1_000).filter(|_| silence(&weeks(&mut random, 9, 22), 0.01).is_some()).count();
    assert!(found > 900, "{found}");
    let stopped: Vec<bool> = (0..16).map(|week| week < 12).collect();
    let seen = silence(&stopped, 0.01).unwrap();
    assert_eq!((seen.weeks, seen.active, seen.of), (4, 12, 12));
    // Of the fifteen weeks after the first, four are silent: one order of 1,365 ends with all of them.
    assert!((seen.p - 1.0 / 1_365.0).abs() < 1e-12);
}

#[test]
fn little_history_and_a_week_that_has_begun_well_are_no_silence() {
    assert_eq!(silence(&[], 1.0), None);
    assert_eq!(silence(&[false; 26], 1.0), None);
    let young: Vec<bool> = (0..26).map(|week| (5..12).contains(&week)).collect();
    assert_eq!(silence(&young, 1.0), None);
    assert_eq!(silence(&[true; 26], 1.0), None);
}
