use super::{list::spread, plan::Proposed};
use jiff::civil::date;

#[test]
fn whole_weeks_end_on_the_friday_before_the_next_sprint() {
    let proposed = |weeks| Proposed { number: 1, first_on: date(2026, 3, 16), zone: "UTC".into(), weeks };
    for (weeks, first, last) in [
        (1, date(2026, 3, 16), date(2026, 3, 20)),
        (2, date(2026, 3, 16), date(2026, 3, 27)),
        (2, date(2026, 3, 18), date(2026, 3, 31)),
        (3, date(2026, 3, 16), date(2026, 4, 3)),
    ] {
        assert_eq!(proposed(weeks).last_of(first), last, "{weeks} weeks from {first}");
    }
}

#[test]
fn velocity_has_a_spread_from_three_sprints_on() {
    assert_eq!(spread(&[300, 100]), None);
    assert_eq!(spread(&[300, 100, 200]), Some((100, 200, 300)));
    assert_eq!(spread(&[400, 100, 200, 300]), Some((100, 250, 400)));
}
