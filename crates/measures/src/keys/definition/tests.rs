use super::{Span, presets};

#[test]
fn presets_are_read_and_differ() {
    let all = presets();
    assert_eq!(
        all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["dora", "devlake", "middleware", "linearb", "swarmia"]
    );
    for (place, one) in all.iter().enumerate() {
        assert!(one.source.starts_with("https://"), "{}", one.name);
        assert!(all[..place].iter().all(|other| other.choices() != one.choices()), "{}", one.name);
    }
}

#[test]
fn weekends_are_left_out() {
    const HOUR: i64 = 3_600_000_000;
    // Friday the 2nd of January 1970, 12:00, to Monday 12:00.
    let (friday, monday) = (36 * HOUR, (36 + 72) * HOUR);
    assert_eq!(Span::Calendar.between(friday, monday), 72 * HOUR);
    assert_eq!(Span::Weekdays.between(friday, monday), 24 * HOUR);
    assert_eq!(Span::Weekdays.between(friday + 12 * HOUR, friday + 60 * HOUR), 0);
    assert_eq!(Span::Calendar.between(monday, friday), 0);
}
