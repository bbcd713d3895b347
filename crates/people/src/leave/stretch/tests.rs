use super::*;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn stretch(first: &str, last: &str, hours: &str) -> Stretch {
    Stretch::read(date(first), Some(date(last)), hours).unwrap()
}

const TODAY: &str = "2026-03-17";

/// The fields that are wrong.
fn flaws(time: &Stretch) -> Vec<String> {
    match time.check(date(TODAY)) {
        Ok(()) => Vec::new(),
        Err(Error::Invalid(flaws)) => flaws.into_iter().map(|flaw| flaw.field).collect(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn leave_is_at_most_three_years_long_and_begins_within_two() {
    assert!(flaws(&stretch("2026-08-03", "2026-08-07", "")).is_empty());
    assert!(flaws(&stretch("2026-08-03", "2029-08-02", "")).is_empty(), "three years of parental leave");
    assert_eq!(flaws(&stretch("2026-08-03", "2029-08-03", "")), ["last_on"]);
    assert_eq!(flaws(&stretch("2026-08-03", "2026-08-02", "")), ["last_on"]);
    assert!(flaws(&stretch("2024-03-17", "2024-03-17", "")).is_empty());
    assert_eq!(flaws(&stretch("2024-03-16", "2024-03-17", "")), ["first_on"]);
    assert_eq!(flaws(&stretch("2028-03-18", "2028-03-18", "")), ["first_on"]);
    assert_eq!(flaws(&stretch("2026-08-03", "2026-08-04", "14:00-18:00")), ["hours"]);
    assert!(flaws(&stretch("2026-08-03", "2026-08-03", "14:00-18:00")).is_empty());
}

#[test]
fn hours_of_one_day_may_stand_beside_each_other() {
    let morning = stretch("2026-08-03", "2026-08-03", "09:00-12:00");
    assert!(!morning.overlaps(&stretch("2026-08-03", "2026-08-03", "12:00-14:00")));
    assert!(morning.overlaps(&stretch("2026-08-03", "2026-08-03", "11:59-14:00")));
    assert!(morning.overlaps(&stretch("2026-08-01", "2026-08-03", "")));
    assert!(!morning.overlaps(&stretch("2026-08-04", "2026-08-05", "")));
}

#[test]
fn a_refusal_names_the_dates() {
    let entered = [stretch("2026-08-03", "2026-08-14", ""), stretch("2026-09-01", "2026-09-01", "14:00-18:00")];
    let refusal = |first, last| stretch(first, last, "").refuse_overlap(&entered, date(TODAY)).unwrap_err().to_string();
    assert_eq!(refusal("2026-08-14", "2026-08-20"), "Leave is entered for this time already: 3 to 14 August.");
    assert_eq!(
        refusal("2026-09-01", "2026-09-02"),
        "Leave is entered for this time already: 1 September, 14:00-18:00."
    );
    assert!(stretch("2026-08-15", "2026-08-31", "").refuse_overlap(&entered, date(TODAY)).is_ok());
}

proptest! {
    #[test]
    fn overlap_is_mutual_and_means_a_shared_day(a in (0i32..40, 0i32..9), b in (0i32..40, 0i32..9)) {
        let of = |(first, days): (i32, i32)| {
            let first = date(TODAY) + first.days();
            Stretch { first_on: first, last_on: first + days.days(), hours: None }
        };
        let shared = a.0 <= b.0 + b.1 && b.0 <= a.0 + a.1;
        let (a, b) = (of(a), of(b));
        prop_assert_eq!(a.overlaps(&b), shared);
        prop_assert_eq!(b.overlaps(&a), shared);
    }
}
