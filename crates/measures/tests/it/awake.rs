//! Waiting by who was at work: a Monday in Lisbon and Auckland.
use crate::{MINUTE, act};
use kernel::{
    Time,
    calendar::{Calendar, Week, zone},
};
use measures::{Act, Pull, PullOptions, waiting};

fn at(text: &str) -> Time {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn hours(number: i64) -> i64 {
    number * 60 * MINUTE
}

fn calendar(name: &str) -> Calendar {
    Calendar::new(zone(name).unwrap(), Week::standard())
}

fn pull(opened: &str, merged: &str, acts: Vec<Act<String>>) -> Pull<String> {
    let (opened_at, merged_at) = (at(opened), Some(at(merged)));
    let author = Some("ann".to_owned());
    Pull { author, opened_at, merged_at, merged_by: None, deployed_at: None, draft: None, commits: vec![], acts }
}

fn acted(time: &str, by: &str, what: &str) -> Act<String> {
    Act { at: at(time), ..act(0, by, what) }
}

#[test]
fn a_night_is_nobodys_and_a_morning_somebodys() {
    let lisbon = calendar("Europe/Lisbon");
    let day: i64 = lisbon
        .working(at("2026-01-13T00:00:00Z"), at("2026-01-14T00:00:00Z"))
        .map(|s| s.duration().as_micros() as i64)
        .sum();
    // Opened on Monday at midnight, answered on Tuesday at midnight: Monday was a working day.
    let one =
        pull("2026-01-12T00:00:00Z", "2026-01-13T01:00:00Z", vec![acted("2026-01-13T00:00:00Z", "ben", "approved")]);
    let (pickup, _) = waiting(&one, &PullOptions::default(), &[lisbon]).unwrap();
    assert_eq!((pickup.someone, pickup.nobody, pickup.author), (day, hours(24) - day, 0));
    // The same over a weekend: nobody was.
    let weekend =
        pull("2026-01-10T00:00:00Z", "2026-01-11T12:00:00Z", vec![acted("2026-01-11T00:00:00Z", "ben", "approved")]);
    let (pickup, _) = waiting(&weekend, &PullOptions::default(), &[calendar("Europe/Lisbon")]).unwrap();
    assert_eq!((pickup.someone, pickup.nobody), (0, hours(24)));
}

#[test]
fn after_changes_were_asked_for_it_is_the_authors_turn_until_a_push() {
    let acts = vec![
        acted("2026-01-12T00:00:00Z", "ben", "changes_requested"),
        acted("2026-01-12T06:00:00Z", "ann", "pushed"),
        acted("2026-01-12T08:00:00Z", "ben", "approved"),
    ];
    let one = pull("2026-01-12T00:00:00Z", "2026-01-12T08:00:00Z", acts);
    let (_, review) = waiting(&one, &PullOptions::default(), &[calendar("Pacific/Auckland")]).unwrap();
    assert_eq!((review.author, review.nobody + review.someone), (hours(6), hours(2)));
}

#[test]
fn without_anybody_who_may_review_nothing_is_said() {
    let one = pull("2026-01-12T00:00:00Z", "2026-01-12T08:00:00Z", vec![]);
    assert_eq!(waiting(&one, &PullOptions::default(), &[]), None);
}
