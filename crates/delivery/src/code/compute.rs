//! The numbers, from rows to figures; pure.
use super::{
    FEWEST_FOR_HABITS, Numbers,
    rows::{Commit, Landing, Rows},
};
use crate::{How, changes::Change, identity::Identity, repository::Repository};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Id, Person, Time};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Week {
    pub monday: Date,
    /// Inferred pull requests that landed.
    pub pull_requests: u64,
    /// Commits made on the main line itself.
    pub direct: u64,
    /// All commits, by when they were committed.
    pub commits: u64,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct PullSizes {
    pub count: usize,
    pub median: i64,
    /// Three of four are at most so large.
    pub upper_quartile: i64,
    /// How many are larger than 400 lines.
    pub large: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileHeat {
    pub repository: String,
    pub path: String,
    pub changes: u64,
    /// Lines added and deleted.
    pub lines: u64,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Folder {
    pub repository: String,
    pub folder: String,
    pub changes: u64,
    /// People who made at least a twentieth of the changes.
    pub known_by: usize,
    /// The share of whoever made the most changes, in percent. It is never said who that is.
    pub top_share: u64,
    /// The reader is the one who made the most changes.
    pub top_is_reader: bool,
}

/// What a reader did; nobody else is shown it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Own {
    pub commits: usize,
    pub pull_requests: usize,
    pub files: usize,
    /// Weeks in which they committed.
    pub weeks: usize,
}

const LARGE: i64 = 400;
const FEWEST_SIZES: usize = 5;
const MOST_FILES: usize = 40;
const MOST_FOLDERS: usize = 25;
const FEWEST_CHANGES: u64 = 10;

/// Somebody: a person of the workspace, or an identity that is nobody's yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Somebody {
    Known(Id<Person>),
    Unknown(Id<Identity>),
}

/// What was read, with the bots put aside.
pub struct Seen {
    rows: Rows,
    people: HashMap<Id<Identity>, Somebody>,
    now: Time,
}

impl Seen {
    pub fn new(rows: Rows, now: Time) -> Seen {
        let who = |(id, author): (&Id<Identity>, &super::rows::Author)| {
            (*id, author.person.map_or(Somebody::Unknown(*id), Somebody::Known))
        };
        let people = rows.authors.iter().filter(|(_, author)| !author.bot).map(who).collect();
        Seen { rows, people, now }
    }

    fn by_people(&self) -> impl Iterator<Item = (&Commit, Somebody)> {
        self.rows.commits.iter().filter_map(|commit| Some((commit, *self.people.get(&commit.author)?)))
    }

    fn pulls(&self) -> impl Iterator<Item = (&Landing, Somebody)> {
        let landed = self.rows.landings.iter().filter(|one| matches!(one.how, How::Merged | How::Squashed));
        landed.filter_map(|one| Some((one, *self.people.get(&one.author)?)))
    }

    pub fn contributors(&self) -> usize {
        self.by_people().map(|(_, who)| who).collect::<HashSet<_>>().len()
    }

    pub fn bot_commits(&self) -> usize {
        self.rows.commits.iter().filter(|commit| !self.people.contains_key(&commit.author)).count()
    }

    pub fn own(&self, me: Id<Person>) -> Option<Own> {
        let mine = || self.by_people().filter(|(_, who)| *who == Somebody::Known(me)).map(|(commit, _)| commit);
        let files: HashSet<_> =
            mine().flat_map(|commit| commit.changes.iter().map(|change| (commit.repository, change.path))).collect();
        let weeks: BTreeSet<Date> = mine().map(|commit| monday(commit.at)).collect();
        let own = Own {
            commits: mine().count(),
            pull_requests: self.pulls().filter(|(_, who)| *who == Somebody::Known(me)).count(),
            files: files.len(),
            weeks: weeks.len(),
        };
        (own.commits > 0).then_some(own)
    }

    pub fn numbers(&self, me: Id<Person>) -> Numbers {
        let habits = self.contributors() >= FEWEST_FOR_HABITS;
        let files = self.files();
        Numbers {
            commits: self.by_people().count(),
            reverts: self.by_people().filter(|(commit, _)| commit.reverts).count(),
            pull_requests: self.pulls().count(),
            weeks: self.weeks(),
            sizes: sizes(self.pulls().filter_map(|(one, _)| one.lines).collect()),
            rhythm: habits.then(|| self.rhythm()),
            folders: habits.then(|| self.folders(&files, me)),
            hot_spots: self.hot_spots(files),
        }
    }

    fn weeks(&self) -> Vec<Week> {
        let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
        let mut week = |at: Time, add: fn(&mut Week)| {
            let monday = monday(at);
            add(weeks.entry(monday).or_insert(Week { monday, pull_requests: 0, direct: 0, commits: 0 }));
        };
        // Clocks that run ahead date commits into the future; they would draw empty weeks.
        for (commit, _) in self.by_people().filter(|(commit, _)| commit.at <= self.now) {
            week(commit.at, |week| week.commits += 1);
        }
        for landing in
            self.rows.landings.iter().filter(|one| one.landed_at <= self.now && self.people.contains_key(&one.author))
        {
            match landing.how {
                How::Merged | How::Squashed => week(landing.landed_at, |week| week.pull_requests += 1),
                How::Direct => week(landing.landed_at, |week| week.direct += 1),
                How::Synced => {}
            }
        }
        without_gaps(weeks)
    }

    fn rhythm(&self) -> Vec<Vec<u64>> {
        let mut hours = vec![vec![0; 24]; 7];
        for (commit, _) in self.by_people() {
            let local = commit.at.0.div_euclid(60_000_000) + commit.offset;
            let (day, hour) = (local.div_euclid(1440), local.rem_euclid(1440) / 60);
            hours[(day + 3).rem_euclid(7) as usize][hour as usize] += 1; // 1970 began on a Thursday
        }
        hours
    }

    /// What was done to each file, by the name that it has now: a rename takes its history along.
    fn files(&self) -> HashMap<(Id<Repository>, u64), File> {
        let mut files: HashMap<(Id<Repository>, u64), File> = HashMap::new();
        for (commit, who) in self.by_people() {
            for change in &commit.changes {
                let key = (commit.repository, change.path);
                if let Some(old) = change.renamed_from.and_then(|old| files.remove(&(commit.repository, old))) {
                    files.entry(key).or_default().take(old);
                }
                let file = files.entry(key).or_default();
                file.changes += 1;
                file.lines += change.lines.map_or(0, |(added, deleted)| added.saturating_add(deleted));
                *file.by.entry(who).or_default() += 1;
            }
        }
        files
    }

    fn hot_spots(&self, files: HashMap<(Id<Repository>, u64), File>) -> Vec<FileHeat> {
        let mut all: Vec<FileHeat> = files
            .into_iter()
            .filter(|(_, file)| file.changes > 1)
            .map(|(key, file)| FileHeat {
                repository: self.repository(key.0),
                path: self.path(key),
                changes: file.changes,
                lines: file.lines,
            })
            .collect();
        all.sort_by(|a, b| {
            (b.changes, b.lines, &a.path, &a.repository).cmp(&(a.changes, a.lines, &b.path, &b.repository))
        });
        all.truncate(MOST_FILES);
        all
    }

    fn folders(&self, files: &HashMap<(Id<Repository>, u64), File>, me: Id<Person>) -> Vec<Folder> {
        let mut by_folder: BTreeMap<(String, String), HashMap<Somebody, u64>> = BTreeMap::new();
        for (key, file) in files {
            let folder = (self.repository(key.0), folder_of(&self.path(*key)));
            let people = by_folder.entry(folder).or_default();
            for (who, count) in &file.by {
                *people.entry(*who).or_default() += count;
            }
        }
        let mut all: Vec<Folder> =
            by_folder.into_iter().filter_map(|(name, people)| folder(name, &people, me)).collect();
        all.sort_by(|a, b| b.changes.cmp(&a.changes).then_with(|| a.folder.cmp(&b.folder)));
        all.truncate(MOST_FOLDERS);
        all
    }

    /// How many commits touched a file or what lies in a folder, and with how many lines.
    pub fn touched(&self, repository: Id<Repository>, path: &str) -> (usize, u64) {
        let within = |number: &u64| {
            let file = self.rows.paths.get(&(repository, *number)).map_or("", String::as_str);
            file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let (mut commits, mut lines) = (0, 0);
        for (commit, _) in self.by_people().filter(|(commit, _)| commit.repository == repository) {
            let own: Vec<&Change> = commit.changes.iter().filter(|change| within(&change.path)).collect();
            commits += usize::from(!own.is_empty());
            lines += own.iter().filter_map(|change| change.lines).map(|(added, deleted)| added + deleted).sum::<u64>();
        }
        (commits, lines)
    }

    fn repository(&self, id: Id<Repository>) -> String {
        self.rows.names.get(&id).cloned().unwrap_or_default()
    }

    fn path(&self, key: (Id<Repository>, u64)) -> String {
        self.rows.paths.get(&key).cloned().unwrap_or_default()
    }
}

#[derive(Default)]
struct File {
    changes: u64,
    lines: u64,
    by: HashMap<Somebody, u64>,
}

impl File {
    fn take(&mut self, old: File) {
        self.changes += old.changes;
        self.lines += old.lines;
        for (who, count) in old.by {
            *self.by.entry(who).or_default() += count;
        }
    }
}

fn folder((repository, folder): (String, String), people: &HashMap<Somebody, u64>, me: Id<Person>) -> Option<Folder> {
    let changes: u64 = people.values().sum();
    let (top, most) = people.iter().max_by_key(|(who, count)| (**count, **who))?;
    (changes >= FEWEST_CHANGES).then(|| Folder {
        repository,
        folder,
        changes,
        known_by: people.values().filter(|count| **count * 20 >= changes).count(),
        top_share: most * 100 / changes,
        top_is_reader: *top == Somebody::Known(me),
    })
}

/// The first two folders of a path, or the top one where there are none.
fn folder_of(path: &str) -> String {
    let folders: Vec<&str> = path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/').take(2).collect();
    let folder = folders.join("/");
    if folder.is_empty() { "/".to_owned() } else { folder }
}

fn sizes(mut lines: Vec<i64>) -> Option<PullSizes> {
    lines.sort_unstable();
    let at = |numerator: usize| lines[(lines.len() - 1) * numerator / 4];
    (lines.len() >= FEWEST_SIZES).then(|| PullSizes {
        count: lines.len(),
        median: at(2),
        upper_quartile: at(3),
        large: lines.iter().filter(|lines| **lines > LARGE).count(),
    })
}

fn monday(at: Time) -> Date {
    let date = at.date(&TimeZone::UTC);
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// A chart of more weeks shows nothing.
const MOST_WEEKS: usize = 52 * 60;

fn without_gaps(mut weeks: BTreeMap<Date, Week>) -> Vec<Week> {
    let (Some(first), Some(last)) = (weeks.keys().next().copied(), weeks.keys().last().copied()) else {
        return Vec::new();
    };
    let mondays = first.series(1.week()).take_while(|monday| *monday <= last).take(MOST_WEEKS);
    mondays
        .map(|monday| weeks.remove(&monday).unwrap_or(Week { monday, pull_requests: 0, direct: 0, commits: 0 }))
        .collect()
}

#[cfg(test)]
mod tests;
