use jiff::tz::TimeZone;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{best_windows, earliest_fair, overlap, short};
use super::*;

const ZONES: [&str; 25] = [
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Kyiv",
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "America/Havana",
    "America/Nuuk",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
];
const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

/// Up to three intervals of a day, the last of which may cross midnight.
fn day_text() -> impl Strategy<Value = String> {
    (btree_set(0..1440_u16, 0..=6), 0..480_u16).prop_map(|(minutes, night)| {
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let ends: Vec<_> = minutes.into_iter().collect();
        let end = |pair: &[u16]| pair.get(1).copied().unwrap_or(night.min(pair[0].saturating_sub(1)));
        let pairs = ends.chunks(2).filter(|pair| pair[0] > 0 || pair.len() == 2);
        pairs.map(|pair| format!("{}-{}", clock(pair[0]), clock(end(pair)))).collect::<Vec<_>>().join(" ")
    })
}

fn any_week() -> impl Strategy<Value = Week> {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let odd =
        (vec(day_text(), 1..=3), vec(0..5_usize, 7)).prop_filter_map("overlapping nights", move |(texts, days)| {
            let chosen = days.iter().zip(names).filter_map(|(&day, name)| Some((name, texts.get(day)?)));
            let groups: Vec<_> = chosen.filter(|(_, t)| !t.is_empty()).map(|(name, t)| format!("{name} {t}")).collect();
            groups.join(";").parse().ok()
        });
    let usual =
        [OFFICE, "Mon-Thu 08:00-12:00 13:00-17:00; Fri 08:00-12:00", "Sun-Thu 10:00-18:00", "Mon-Fri 22:00-06:00"];
    prop_oneof![select(usual.to_vec()).prop_map(|text| text.parse().unwrap()), odd]
}

/// An instant of the years 2024 to 2029, often close to a change of the clocks.
fn any_time(zone: TimeZone) -> impl Strategy<Value = Time> {
    let first = date("2024-01-01").to_zoned(TimeZone::UTC).unwrap().timestamp();
    (0..6 * 365 * DAY, any::<bool>(), -3 * DAY..DAY).prop_map(move |(offset, near_change, distance)| {
        let at = first + SignedDuration::from_micros(offset);
        let change = zone.following(at).next().filter(|_| near_change).map(|change| change.timestamp());
        let at = change.map_or(at, |change| change + SignedDuration::from_micros(distance));
        Time(at.as_microsecond())
    })
}

fn any_leave(around: Date) -> impl Strategy<Value = Leave> {
    (-5..20_i64, 0..4_i64, prop_oneof![Just(None), day_text().prop_map(|text| Some(hours(&text)))]).prop_map(
        move |(start, length, hours)| {
            let first = around + SignedDuration::from_hours(24 * start);
            Leave { first, last: first + SignedDuration::from_hours(24 * length), hours }
        },
    )
}

/// A calendar and an instant with dated changes around it.
fn any_case() -> impl Strategy<Value = (Calendar, Time)> {
    let zone = select(ZONES.to_vec()).prop_map(|name| zone(name).unwrap());
    let timed = zone.prop_flat_map(|zone| (any_time(zone.clone()), Just(zone)));
    timed.prop_flat_map(|(at, zone)| any_calendar(zone, at).prop_map(move |calendar| (calendar, at)))
}

fn any_calendar(zone: TimeZone, at: Time) -> impl Strategy<Value = Calendar> {
    let today = jiff::Timestamp::from_microsecond(at.0).unwrap().to_zoned(zone.clone()).date();
    let near = move |days: i64| today + SignedDuration::from_hours(24 * days);
    let exceptions = vec((-3..15_i64, day_text()), 0..3);
    (any_week(), vec(-3..15_i64, 0..3), exceptions, vec(any_leave(today), 0..3)).prop_map(
        move |(week, holidays, exceptions, leave)| {
            let exceptions = exceptions.iter().map(|(days, text)| (near(*days), hours(text)));
            let calendar = Calendar::new(zone.clone(), week).with_holidays(holidays.into_iter().map(near));
            calendar.with_exceptions(exceptions).with_leave(leave)
        },
    )
}

fn any_team() -> impl Strategy<Value = (Vec<Calendar>, Time)> {
    let zones = vec(select(ZONES.to_vec()), 1..=4);
    (zones, any_time(zone("Europe/Berlin").unwrap())).prop_flat_map(|(zones, at)| {
        let people: Vec<_> = zones.iter().map(|name| any_calendar(zone(name).unwrap(), at)).collect();
        (people, Just(at))
    })
}

/// Up to two weeks of full days, mostly less; in microseconds.
fn any_duration() -> impl Strategy<Value = SignedDuration> {
    prop_oneof![0..=2000 * MINUTE, (0..=2000_i64).prop_map(|minutes| minutes * MINUTE)]
        .prop_map(SignedDuration::from_micros)
}

fn later(at: Time, microseconds: i64) -> Time {
    Time(at.0 + microseconds)
}

/// Whether the person is at work by the reading of their wall clock alone, which is right where no hour comes twice.
fn works_by_the_clock(person: &Calendar, at: Time) -> bool {
    let now = person.local(at);
    let minute = i16::from(now.hour()) * 60 + i16::from(now.minute());
    let holds = |hours: &Hours, minute| hours.intervals().iter().any(|i| i.start <= minute && minute < i.end);
    let read = [(now.date(), minute), (now.date().yesterday().unwrap(), minute + 1440)];
    let on_shift = read.iter().any(|&(day, minute)| {
        let free = person.leave.iter().any(|leave| leave.hours.is_none() && leave.covers(day));
        let week = if person.holidays.contains(&day) { &Hours::FREE } else { person.week.day(day.weekday()) };
        !free && holds(person.exceptions.get(&day).unwrap_or(week), minute)
    });
    let mut partial = person.leave.iter().filter_map(|leave| Some((leave, leave.hours.as_ref()?)));
    let away = partial.any(|(leave, hours)| read.iter().any(|&(day, m)| leave.covers(day) && holds(hours, m)));
    on_shift && !away
}

/// Whether clocks are set back from a day before to a day after the two days that begin at `at`.
fn repeats_an_hour(zone: &TimeZone, at: Time) -> bool {
    let instant = |days: i64| jiff::Timestamp::from_microsecond(at.0 + days * DAY).unwrap();
    let changes = zone.following(instant(-1)).take_while(|change| change.timestamp() < instant(3));
    let mut offset = zone.to_offset(instant(-1));
    changes.into_iter().any(|change| std::mem::replace(&mut offset, change.offset()) > change.offset())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_week_survives_its_text(week in any_week()) {
        prop_assert_eq!(week.to_string().parse::<Week>().unwrap(), week.clone());
        prop_assert_eq!(serde_json::from_value::<Week>(serde_json::to_value(&week).unwrap()).unwrap(), week);
    }

    #[test]
    fn reading_hours_never_panics(text in "[a-zMTWFS0-9:;, –-]{0,40}") {
        let _ = (text.parse::<Week>(), text.parse::<Hours>());
    }

    #[test]
    fn between_inverts_add((person, start) in any_case(), duration in any_duration()) {
        if let Some(due) = person.add(start, duration) {
            prop_assert_eq!(person.between(start, due), duration);
            prop_assert_eq!(person.between(due, start), -duration);
        }
    }

    #[test]
    fn a_due_time_lies_within_the_hours_or_ends_them((person, start) in any_case(), duration in any_duration()) {
        if let Some(due) = person.add(start, duration) {
            prop_assert!(due >= start);
            prop_assert!(person.is_working(due) || person.is_working(later(due, -1)));
            if duration.is_zero() {
                prop_assert!(person.is_working(due));
            }
        }
    }

    #[test]
    fn more_work_or_a_later_start_is_never_due_earlier(
        (person, start) in any_case(), duration in any_duration(), more in any_duration(), wait in 0..5 * DAY,
    ) {
        if let Some(due) = person.add(start, duration) {
            prop_assert!(person.add(start, duration + more).is_none_or(|longer| longer >= due));
            prop_assert!(person.add(later(start, wait), duration).is_none_or(|after| after >= due));
        }
    }

    #[test]
    fn days_are_working_days_and_end_within_them((person, start) in any_case(), days in 1..6_u32) {
        let first = person.add_days(start, 0);
        if let (Some(first), Some(due)) = (first, person.add_days(start, days)) {
            prop_assert!(due > first);
            prop_assert!(person.is_working(due) || person.is_working(later(due, -1)));
            prop_assert!(person.add_days(start, days - 1).is_some_and(|fewer| fewer <= due));
        }
    }

    #[test]
    fn working_time_is_additive((person, a) in any_case(), gaps in (-10 * DAY..10 * DAY, -10 * DAY..10 * DAY)) {
        let (b, c) = (later(a, gaps.0), later(a, gaps.1));
        prop_assert_eq!(person.between(a, b) + person.between(b, c), person.between(a, c));
    }

    #[test]
    fn spans_are_apart_in_order_and_hold_what_is_working((person, from) in any_case(), length in 0..15 * DAY) {
        let to = later(from, length);
        let spans: Vec<_> = person.working(from, to).collect();
        prop_assert!(spans.iter().all(|span| from <= span.start && span.start < span.end && span.end <= to));
        prop_assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert_eq!(spans.iter().map(|span| span.duration()).sum::<SignedDuration>(), person.between(from, to));
        for span in &spans {
            prop_assert!(person.is_working(span.start) && person.is_working(later(span.end, -1)));
            prop_assert!(span.end == to || !person.is_working(span.end));
            prop_assert!(span.end == to || person.end_of_current(span.start) == Some(span.end));
            prop_assert!(span.start == from || person.next_start(later(span.start, -1)) == Some(span.start));
        }
    }

    #[test]
    fn working_time_is_what_the_wall_clock_says((person, at) in any_case()) {
        prop_assume!(!repeats_an_hour(person.zone(), at));
        let start = Time(at.0 - at.0.rem_euclid(MINUTE));
        for hour in 0..48 {
            let from = later(start, hour * 60 * MINUTE);
            let expected = (0..60).filter(|minute| works_by_the_clock(&person, later(from, minute * MINUTE))).count();
            prop_assert_eq!(person.between(from, later(from, 60 * MINUTE)).as_mins(), expected as i64);
        }
    }

    #[test]
    fn the_days_make_up_the_whole((person, at) in any_case(), days in 1..20_i64) {
        let first = jiff::Timestamp::from_microsecond(at.0).unwrap().to_zoned(person.zone().clone()).date();
        let dates = std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(days.unsigned_abs() as usize);
        let lengths: Vec<_> = dates.clone().map(|day| person.day_length(day)).collect();
        let spans: Vec<_> = dates.flat_map(|day| person.on(day)).collect();
        prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        let total: SignedDuration = spans.iter().map(|span| span.duration()).sum();
        prop_assert_eq!(lengths.iter().sum::<SignedDuration>(), total);
        let last = first + SignedDuration::from_hours(24 * (days - 1));
        prop_assert_eq!(person.working_days(first, last), lengths.iter().filter(|length| !length.is_zero()).count());
    }

    #[test]
    fn an_overlap_is_in_the_hours_of_everybody((people, at) in any_team(), reader in select(ZONES.to_vec())) {
        let reader = zone(reader).unwrap();
        let day = jiff::Timestamp::from_microsecond(at.0).unwrap().to_zoned(reader.clone()).date();
        let spans = overlap(&people, day, &reader);
        for span in &spans {
            prop_assert!(people.iter().all(|person| person.between(span.start, span.end) == span.duration()));
        }
        let best = best_windows(&people, day, &reader);
        prop_assert_eq!(spans.is_empty(), best.iter().all(|window| window.present.len() < people.len()));
        for window in &best {
            for (index, person) in people.iter().enumerate() {
                let Span { start, end } = window.span;
                let present = i64::from(window.present.contains(&index));
                prop_assert_eq!(person.between(start, end).as_micros(), i128::from(present * (end.0 - start.0)));
            }
        }
    }

    #[test]
    fn the_earliest_fair_time_is_fair_and_earliest((people, start) in any_team(), minute in 1..2000_i64) {
        let duration = minutes(minute);
        if let Some(fair) = earliest_fair(&people, start, duration) {
            prop_assert_eq!(short(&people, start, fair, duration), []);
            prop_assert!(!short(&people, start, later(fair, -MINUTE), duration).is_empty());
            prop_assert!(!short(&people, start, later(fair, -1), duration).is_empty());
        }
    }
}
