use super::{rests_on_two, tail};
use crate::random::Random;
use std::collections::HashSet;

const NAMES: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
const LOOKS: usize = 1_000;

/// In how many of so many looks at `of` things two seem to do most; `draw` says who did one.
fn alarms(of: usize, people: usize, level: f64, draw: impl Fn(&mut Random) -> HashSet<&'static str>) -> usize {
    let mut random = Random(11);
    (0..LOOKS)
        .filter(|_| {
            let done: Vec<HashSet<&str>> = (0..of).map(|_| draw(&mut random)).collect();
            rests_on_two(&done, people, level).is_some()
        })
        .count()
}

/// The stated rate, and three standard deviations of how many so many looks raise by chance.
fn most(level: f64) -> usize {
    (LOOKS as f64 * level + 3.0 * (LOOKS as f64 * level * (1.0 - level)).sqrt()).ceil() as usize
}

#[test]
fn work_that_no_two_do_most_of_raises_no_more_false_alarms_than_stated() {
    for people in [5, 9] {
        for level in [0.01, 0.05] {
            let even = |random: &mut Random| HashSet::from([NAMES[random.below(people)]]);
            // Somebody wrote it, and one or two of the others answer.
            let without_author = |random: &mut Random| {
                let mut others: Vec<&str> = NAMES[..people].to_vec();
                random.shuffle(&mut others);
                others[1..2 + random.below(2)].iter().copied().collect()
            };
            // Two do exactly half, which is the hardest case.
            let half = |random: &mut Random| {
                let two = random.below(2) == 0;
                HashSet::from([if two { NAMES[random.below(2)] } else { NAMES[2 + random.below(people - 2)] }])
            };
            for of in [12, 60] {
                let found = [
                    alarms(of, people, level, even),
                    alarms(of, people, level, without_author),
                    alarms(of, people, level, half),
                ];
                assert!(
                    found.iter().all(|found| *found <= most(level)),
                    "{people} people, {of} things, {level}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn two_who_do_four_fifths_are_found() {
    let two = |random: &mut Random| {
        let one = if random.below(5) < 4 { NAMES[random.below(2)] } else { NAMES[2 + random.below(4)] };
        HashSet::from([one])
    };
    let found = alarms(80, 6, 0.01, two);
    assert!(found * 10 > LOOKS * 9, "{found} of {LOOKS}");
}

#[test]
fn what_others_answered_as_well_does_not_rest_on_the_two() {
    let alone: Vec<HashSet<&str>> =
        (0..30).map(|one| HashSet::from(if one % 3 == 0 { ["a", "b"] } else { ["b", "a"] })).collect();
    let found = rests_on_two(&alone, 5, 0.01).unwrap();
    assert_eq!((found.alone, found.of, found.people), (30, 30, 5));
    let joined: Vec<HashSet<&str>> = (0..30).map(|_| HashSet::from(["a", "b", "c"])).collect();
    assert_eq!(rests_on_two(&joined, 5, 0.05), None);
    let unanswered: Vec<HashSet<&str>> = vec![HashSet::new(); 30];
    assert_eq!(rests_on_two(&unanswered, 5, 0.05), None);
}

#[test]
fn the_tail_is_that_of_a_coin() {
    assert!((tail(4, 4) - 1.0 / 16.0).abs() < 1e-12 && (tail(4, 3) - 5.0 / 16.0).abs() < 1e-12);
    assert!((tail(3, 2) - 0.5).abs() < 1e-12 && tail(10, 5) == 1.0 && tail(0, 0) == 1.0);
    assert!(tail(5_000, 4_000) < 1e-100);
}
