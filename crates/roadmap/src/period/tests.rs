use super::Period;
use jiff::civil::date;
use proptest::prelude::*;

#[test]
fn a_period_is_as_exact_as_it_is_written() {
    let of = |text: &str| text.parse::<Period>().unwrap();
    assert_eq!((of("2026-Q2").first(), of("2026-Q2").last()), (date(2026, 4, 1), date(2026, 6, 30)));
    assert_eq!((of("2024-02").first(), of("2024-02").last()), (date(2024, 2, 1), date(2024, 2, 29)));
    assert_eq!((of("2026-12-31").first(), of("2026-12-31").last()), (date(2026, 12, 31), date(2026, 12, 31)));
    assert_eq!(of("2026-Q4").last(), date(2026, 12, 31));
    assert_eq!(of("q3 2026"), of("2026-Q3"));
    for (text, words) in [("2026-06-12", "12 June 2026"), ("2026-06", "June 2026"), ("2026-Q1", "Q1 2026")] {
        assert_eq!(of(text).in_words(), words);
    }
    for wrong in ["", "2026", "2026-Q5", "2026-13", "2026-02-30", "Q2", "Q2 26", "soon", "２０２６-Q2", "2026-Q", "-Q1"]
    {
        assert!(wrong.parse::<Period>().is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(days in 0i32..200_000, kind in 0..3) {
        let day = date(1970, 1, 1).checked_add(jiff::ToSpan::days(days)).unwrap();
        let period = match kind {
            0 => Period::Day(day),
            1 => Period::Month(day.first_of_month()),
            _ => Period::quarter_of(day),
        };
        prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
        prop_assert!(period.first() <= day && day <= period.last());
    }

    #[test]
    fn no_text_breaks_it(text in ".{0,24}") {
        let _ = text.parse::<Period>();
    }
}
