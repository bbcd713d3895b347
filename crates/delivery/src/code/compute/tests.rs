use super::{Seen, folder_of};
use crate::{
    How,
    changes::Change,
    code::rows::{Author, Commit, Landing, Rows},
    identity::Identity,
    repository::Repository,
};
use kernel::{Id, Person, Time};
use proptest::{collection::vec, prelude::*};
use std::collections::HashMap;

const NOW: Time = Time(1_773_741_600_000_000); // Tuesday 17 March 2026, 10:00 in UTC

fn identity(number: u128) -> Id<Identity> {
    Id::from_u128(number)
}

fn person(number: u128) -> Id<Person> {
    Id::from_u128(1000 + number)
}

fn commit(author: u128, hours_ago: i64, offset: i64, changes: Vec<Change>) -> Commit {
    let at = Time(NOW.0 - hours_ago * 3_600_000_000);
    Commit { repository: Id::from_u128(1), author: identity(author), at, offset, reverts: false, changes }
}

fn change(path: u64) -> Change {
    Change { path, renamed_from: None, lines: Some((3, 1)) }
}

/// Identities 1 to `people` are persons, 90 is a bot, others are nobody's.
fn seen(commits: Vec<Commit>, landings: Vec<Landing>, people: u128) -> Seen {
    let author = |number| Author { person: (number <= people).then(|| person(number)), bot: number == 90 };
    let repository: Id<Repository> = Id::from_u128(1);
    let paths = ["", "README.md", "src/pay/card.rs", "src/pay/old.rs", "web/app.ts"];
    Seen::new(
        Rows {
            commits,
            landings,
            authors: (1..=100).map(|number| (identity(number), author(number))).collect(),
            paths: paths.iter().enumerate().map(|(n, path)| ((repository, n as u64), (*path).to_owned())).collect(),
            names: HashMap::from([(repository, "pay".to_owned())]),
        },
        NOW,
    )
}

#[test]
fn bots_are_counted_apart_and_two_addresses_of_one_person_are_one() {
    let mut two = seen(vec![commit(1, 1, 0, vec![]), commit(2, 2, 0, vec![]), commit(90, 3, 0, vec![])], vec![], 1);
    assert_eq!((two.contributors(), two.bot_commits()), (2, 1));
    two.people.insert(identity(2), super::Somebody::Known(person(1)));
    assert_eq!(two.contributors(), 1);
    assert_eq!(two.own(person(1)).map(|own| own.commits), Some(2));
    assert!(two.own(person(7)).is_none());
}

#[test]
fn hours_are_those_of_the_committers_own_clock() {
    let commits = (1..=5).map(|who| commit(who, 0, 9 * 60, vec![])).collect();
    let hours = seen(commits, vec![], 5).numbers(person(1)).rhythm.unwrap();
    assert_eq!(hours[1][19], 5, "Tuesday 10:00 in UTC is 19:00 in Tokyo");
    let commits = (1..=5).map(|who| commit(who, 0, -11 * 60, vec![])).collect();
    assert_eq!(seen(commits, vec![], 5).numbers(person(1)).rhythm.unwrap()[0][23], 5);
}

#[test]
fn habits_of_fewer_than_five_people_are_not_computed() {
    let commits = || (1..=4).map(|who| commit(who, 1, 0, vec![change(2); 1])).collect::<Vec<_>>();
    let four = seen(commits(), vec![], 9).numbers(person(1));
    assert!(four.rhythm.is_none() && four.folders.is_none());
    let mut all = commits();
    all.push(commit(5, 1, 0, vec![]));
    assert!(seen(all, vec![], 9).numbers(person(1)).rhythm.is_some());
}

#[test]
fn a_renamed_file_keeps_its_history() {
    let moved = Change { path: 2, renamed_from: Some(3), lines: Some((0, 0)) };
    let commits =
        vec![commit(1, 9, 0, vec![change(3)]), commit(2, 8, 0, vec![change(3)]), commit(1, 7, 0, vec![moved])];
    let spots = seen(commits, vec![], 9).numbers(person(1)).hot_spots;
    let found: Vec<_> = spots.iter().map(|one| (one.path.as_str(), one.changes, one.lines)).collect();
    assert_eq!(found, [("src/pay/card.rs", 3, 8)]);
}

#[test]
fn a_folder_says_how_many_know_it_and_only_the_reader_that_it_is_them() {
    let mut commits: Vec<Commit> = (0..18).map(|n| commit(1, 100 - n, 0, vec![change(2)])).collect();
    commits.extend((2..=6).map(|who| commit(who, 1, 0, vec![change(4)])));
    commits.extend([commit(2, 2, 0, vec![change(2)]), commit(3, 2, 0, vec![change(2)])]);
    let folders = |reader| seen_folders(&commits, reader);
    let found = folders(person(1));
    assert_eq!(
        (found[0].folder.as_str(), found[0].changes, found[0].known_by, found[0].top_share),
        ("src/pay", 20, 3, 90)
    );
    assert!(found[0].top_is_reader && !folders(person(2))[0].top_is_reader);
    assert_eq!(found.len(), 1, "a folder of fewer than ten changes says nothing");
}

fn seen_folders(commits: &[Commit], reader: Id<Person>) -> Vec<super::Folder> {
    let copy = |one: &Commit| Commit { changes: one.changes.clone(), ..*one };
    seen(commits.iter().map(copy).collect(), vec![], 9).numbers(reader).folders.unwrap()
}

#[test]
fn sizes_need_five_pull_requests() {
    let landing = |lines| Landing { landed_at: NOW, how: How::Merged, author: identity(1), lines: Some(lines) };
    assert!(seen(vec![], (1..5).map(landing).collect(), 9).numbers(person(1)).sizes.is_none());
    let sizes = seen(vec![], [10, 20, 30, 40, 900].map(landing).into(), 9).numbers(person(1)).sizes.unwrap();
    assert_eq!((sizes.count, sizes.median, sizes.upper_quartile, sizes.large), (5, 30, 40, 1));
}

#[test]
fn folders_are_of_at_most_two_levels() {
    for (path, folder) in [("README.md", "/"), ("src/a.rs", "src"), ("src/a/b/c.rs", "src/a"), ("", "/")] {
        assert_eq!(folder_of(path), folder);
    }
}

proptest! {
    #[test]
    fn every_commit_is_in_one_week_and_one_hour(all in vec((1u128..6, 0i64..20_000, -900i64..900), 1..60)) {
        let commits = all.iter().map(|(who, ago, offset)| commit(*who, *ago, *offset, vec![change(2)])).collect();
        let numbers = seen(commits, vec![], 9).numbers(person(1));
        prop_assert_eq!(numbers.weeks.iter().map(|week| week.commits).sum::<u64>(), all.len() as u64);
        prop_assert!(numbers.weeks.windows(2).all(|two| (two[1].monday - two[0].monday).get_days() == 7));
        if let Some(hours) = numbers.rhythm {
            prop_assert_eq!(hours.iter().flatten().sum::<u64>(), all.len() as u64);
        }
        if let Some(folders) = numbers.folders {
            prop_assert!(folders.iter().all(|one| one.top_share <= 100 && one.known_by >= 1));
        }
    }
}
