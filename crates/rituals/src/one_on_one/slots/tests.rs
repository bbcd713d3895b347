use super::*;
use kernel::calendar::{Leave, Week, zone};
use proptest::prelude::*;

fn calendar(name: &str, hours: &str) -> Calendar {
    Calendar::new(zone(name).unwrap(), hours.parse::<Week>().unwrap())
}

fn at(text: &str) -> Time {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn two<'a>(one: &'a Calendar, other: &'a Calendar, carried: [i64; 2]) -> Two<'a> {
    Two { calendars: [one, other], busy: [&[], &[]], minutes: 30, carried }
}

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// A team of twelve in seven zones.
fn team() -> Vec<Calendar> {
    [
        ("Europe/Lisbon", "Mon-Fri 09:00-17:30"),
        ("Europe/Lisbon", "Mon-Thu 08:00-16:00"),
        ("Africa/Lagos", "Mon-Fri 09:00-17:00"),
        ("Europe/Warsaw", "Mon-Fri 08:00-16:00"),
        ("Europe/Warsaw", "Tue-Fri 10:00-18:00"),
        ("Asia/Kolkata", "Mon-Fri 10:00-18:30"),
        ("Asia/Tokyo", "Mon-Fri 10:00-19:00"),
        ("Asia/Tokyo", "Mon-Fri 09:00-17:00"),
        ("Australia/Sydney", "Mon-Fri 09:00-17:00"),
        ("America/Toronto", "Mon-Thu 08:00-17:00"),
        ("America/Los_Angeles", "Mon-Fri 09:00-17:00"),
        ("America/Los_Angeles", "Mon-Fri 07:00-15:00"),
    ]
    .iter()
    .map(|(name, hours)| calendar(name, hours))
    .collect()
}

#[test]
fn hours_that_both_have_are_proposed_and_nothing_else() {
    let (lisbon, warsaw) =
        (calendar("Europe/Lisbon", "Mon-Fri 09:00-17:30"), calendar("Europe/Warsaw", "Mon-Fri 08:00-16:00"));
    let slots = two(&lisbon, &warsaw, [500, 0]).slots(at("2026-03-16T00:00:00Z"), at("2026-03-23T00:00:00Z"), 6);
    assert_eq!(slots.len(), 6);
    assert!(slots.iter().all(|slot| slot.outside == [0, 0]), "{slots:?}");
    assert_eq!(slots[0].start, at("2026-03-16T09:00:00Z"));
}

#[test]
fn other_dates_and_leave_are_left_alone() {
    let (lisbon, warsaw) =
        (calendar("Europe/Lisbon", "Mon-Fri 09:00-17:30"), calendar("Europe/Warsaw", "Mon-Fri 08:00-16:00"));
    let (monday, tuesday) = ("2026-03-16".parse().unwrap(), "2026-03-17".parse().unwrap());
    let away = lisbon.clone().with_leave([Leave { first: monday, last: tuesday, hours: None }]);
    let busy = [Span { start: at("2026-03-18T00:00:00Z"), end: at("2026-03-18T13:45:00Z") }];
    let both = Two { busy: [&[], &busy], ..two(&away, &warsaw, [0, 0]) };
    let slots = both.slots(at("2026-03-16T00:00:00Z"), at("2026-03-23T00:00:00Z"), 20);
    assert_eq!(slots[0].start, at("2026-03-18T14:00:00Z"), "{slots:?}");
}

#[test]
fn where_no_hour_is_shared_it_is_the_turn_of_the_one_who_carried_less() {
    let (lisbon, tokyo) =
        (calendar("Europe/Lisbon", "Mon-Fri 09:00-17:30"), calendar("Asia/Tokyo", "Mon-Fri 09:00-17:00"));
    for (carried, outside) in [([0, 0], [30, 0]), ([30, 0], [0, 30]), ([30, 60], [30, 0])] {
        let slot = two(&lisbon, &tokyo, carried).slots(at("2026-03-16T00:00:00Z"), at("2026-03-23T00:00:00Z"), 1)[0];
        assert_eq!(slot.outside, outside, "{carried:?}");
    }
}

/// Weekly calls of all pairs for a year, each at the first time that is proposed.
#[test]
fn a_year_of_uncomfortable_hours_ends_within_one_hour_of_equal() {
    let team = team();
    let mut shared_by_both = 0;
    for (place, one) in team.iter().enumerate() {
        for other in &team[place + 1..] {
            let carried = a_year(one, other);
            if ["2026-01-05T00:00:00Z", "2026-07-06T00:00:00Z"].into_iter().all(|week| can_share(one, other, at(week)))
            {
                shared_by_both += 1;
                let apart = (carried[0] - carried[1]).abs();
                assert!(apart <= 60, "{carried:?} of {} and {}", one.zone_name(), other.zone_name());
            }
        }
    }
    assert!(shared_by_both >= 8, "only {shared_by_both} pairs have hours to share");
}

/// Whether they share no hour, and each could be the one who is outside of theirs, by the clocks of this week.
fn can_share(one: &Calendar, other: &Calendar, from: Time) -> bool {
    let outside = |carried| two(one, other, carried).slots(from, from + WEEK, 1).first().map(|slot| slot.outside);
    let (mine, theirs) = (outside([0, 1]), outside([1, 0]));
    mine.is_some_and(|mine| mine[0] > 0 && mine[1] == 0) && theirs.is_some_and(|theirs| theirs[1] > 0 && theirs[0] == 0)
}

fn a_year(one: &Calendar, other: &Calendar) -> [i64; 2] {
    let (mut carried, mut from) = ([0, 0], at("2026-01-05T00:00:00Z"));
    for _ in 0..52 {
        if let Some(slot) = two(one, other, carried).slots(from, from + WEEK, 1).first() {
            for (who, calendar) in [one, other].into_iter().enumerate() {
                let local = slot.start.in_zone(calendar.zone());
                assert!(local.time() >= EARLIEST && local.time() < LATEST, "{} at {local}", calendar.zone_name());
                assert!(calendar.minutes(local.date()) > 0, "{local} is no working day");
                assert_eq!(slot.outside[who], outside(calendar, slot.start, 30));
                carried[who] += slot.outside[who];
            }
        }
        from = from + WEEK;
    }
    carried
}

proptest! {
    #[test]
    fn nobody_is_asked_at_night_or_on_a_free_day(from in 0_i64..365 * 24, one in 0_usize..12, other in 0_usize..12, carried in [0_i64..600, 0..600]) {
        let team = team();
        let from = at("2026-01-01T00:00:00Z") + Duration::from_secs(3600) * from as u32;
        for slot in two(&team[one], &team[other], carried).slots(from, from + WEEK, 6) {
            prop_assert!(slot.start >= from && slot.start < from + WEEK);
            for calendar in [&team[one], &team[other]] {
                let local = slot.start.in_zone(calendar.zone());
                prop_assert!(local.time() >= EARLIEST && local.time() < LATEST);
                prop_assert!(calendar.minutes(local.date()) > 0);
            }
        }
    }
}
