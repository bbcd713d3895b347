use super::{Deed, InvestedMonth, Investment, invested};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn deed(person: usize, day: Date, change: usize, kind: Option<Investment>) -> Deed {
    Deed { person, day, change, kind }
}

fn weekdays(_: usize, day: Date) -> f64 {
    if day.weekday().to_monday_zero_offset() < 5 { 1.0 } else { 0.0 }
}

#[test]
fn a_week_is_shared_out_over_what_was_touched_in_it() {
    let (value, debt) = (Some(Investment::Value), Some(Investment::Debt));
    // A Monday with two changes, one of them touched twice, and a Thursday with one; the second week shows nothing.
    let deeds = [
        deed(0, date(2026, 3, 2), 1, value),
        deed(0, date(2026, 3, 2), 1, value),
        deed(0, date(2026, 3, 2), 2, None),
        deed(0, date(2026, 3, 5), 3, debt),
    ];
    let months = invested(&deeds, 1, (date(2026, 3, 2), date(2026, 3, 16)), weekdays);
    let days = BTreeMap::from([(None, 1.25), (value, 1.25), (debt, 2.5)]);
    assert_eq!(months, [InvestedMonth { first: date(2026, 3, 1), people: 1, days, unseen: 5.0 }]);
}

#[test]
fn a_month_is_the_same_in_whatever_span_it_is_seen() {
    // The first week of April begins in March.
    let deeds = [deed(0, date(2026, 3, 30), 1, None), deed(0, date(2026, 4, 2), 2, Some(Investment::Support))];
    let both = invested(&deeds, 1, (date(2026, 3, 1), date(2026, 5, 1)), weekdays);
    let alone = invested(&deeds, 1, (date(2026, 4, 1), date(2026, 5, 1)), weekdays);
    assert_eq!(both[1..], alone[..]);
    assert_eq!(alone[0].days[&Some(Investment::Support)], 1.5, "half of the three days of that week in April");
}

proptest! {
    #[test]
    fn all_time_that_was_there_is_somewhere_and_no_other(
        deeds in prop::collection::vec((0usize..4, 0i64..60, 0usize..9), 0..200),
        part in 0.1f64..1.0,
    ) {
        let deeds: Vec<Deed> = deeds.into_iter().map(|(person, day, change)| Deed {
            person,
            day: date(2026, 1, 5).saturating_add(jiff::Span::new().days(day)),
            change,
            kind: Investment::ALL.get(change % 6).copied(),
        }).collect();
        let span = (date(2026, 1, 5), date(2026, 3, 9));
        let time = |person: usize, day: Date| weekdays(person, day) * part / (person + 1) as f64;
        let months = invested(&deeds, 4, span, time);
        let all: f64 = months.iter().map(|month| month.unseen + month.days.values().sum::<f64>()).sum();
        let there: f64 = (0..4).map(|person| 45.0 * part / (person + 1) as f64).sum();
        prop_assert!((all - there).abs() < 1e-6, "{all} of {there}");
        prop_assert!(months.iter().all(|month| month.unseen >= 0.0 && month.days.values().all(|days| *days >= 0.0)));
        let mut turned = deeds.clone();
        turned.reverse();
        let close = |a: &InvestedMonth, b: &InvestedMonth| {
            a.days.iter().zip(&b.days).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-9)
        };
        prop_assert!(invested(&turned, 4, span, time).iter().zip(&months).all(|(a, b)| close(a, b)));
    }
}
