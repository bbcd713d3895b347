use crate::{forecast, history};
use forecast::explain::{contributions, tenths};
use jiff::civil::date;
use proptest::prelude::*;

/// Two left gloves and a right one: the right one is worth two thirds.
#[test]
fn the_glove_game_has_its_known_values() {
    let parts = contributions(3, |has| f64::from(u8::from(has[2] && (has[0] || has[1]))));
    for (part, wanted) in parts.iter().zip([1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0]) {
        assert!((part - wanted).abs() < 1e-12);
    }
}

/// Last week and this week: other work, ten items more, and half of the team away for a month.
#[test]
fn what_moved_a_chance_is_told_apart() {
    let [before, after] = [date(2021, 5, 25), date(2021, 6, 1)].map(|as_of| forecast(history("drifting"), as_of));
    let chance = |changed: &[bool]| {
        let pace = if changed[0] { &after } else { &before };
        let leave = if changed[2] { vec![0.5; 30] } else { Vec::new() };
        pace.with_capacity(&leave).chance(if changed[1] { 40 } else { 30 }, 84)
    };
    let parts = contributions(3, chance);
    assert!(parts[1] < -0.02 && parts[2] < -0.02, "more scope and less capacity lower it: {parts:?}");
    let (start, end) = (chance(&[false; 3]), chance(&[true; 3]));
    assert!((parts.iter().sum::<f64>() - (end - start)).abs() < 1e-12);
}

proptest! {
    #[test]
    fn the_parts_sum_to_the_change(values in prop::collection::vec(0.0_f64..1.0, 16)) {
        let value = |has: &[bool]| values[has.iter().rev().fold(0, |place, &has| place * 2 + usize::from(has))];
        let parts = contributions(4, value);
        prop_assert!((parts.iter().sum::<f64>() - (values[15] - values[0])).abs() < 1e-12);
        let shown = tenths(values[0], values[15], &parts);
        let rounded = |value: f64| (value * 1000.0).round() as i32;
        prop_assert_eq!(shown.iter().sum::<i32>(), rounded(values[15]) - rounded(values[0]));
        for (shown, part) in shown.iter().zip(&parts) {
            prop_assert!((f64::from(*shown) - part * 1000.0).abs() < 2.0);
        }
    }
}
