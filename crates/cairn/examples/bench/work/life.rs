//! What becomes of one issue, by chance that its team and its number give, so that it is the same each time it is asked.
use crate::SEED;
use kernel::{Id, Person, Time};
use sample::scale::random::Random;
use std::time::Duration;
use work::{issue::Issue, label::Label};

/// The states with which every team begins, by their places.
pub const BACKLOG: usize = 1;
pub const READY: usize = 2;
pub const STARTED: usize = 3;
pub const REVIEW: usize = 4;
pub const DONE: usize = 5;
pub const CANCELLED: usize = 6;

pub const LABELS: [&str; 16] = [
    "bug",
    "feature",
    "debt",
    "security",
    "design",
    "docs",
    "flaky",
    "customer",
    "performance",
    "mobile",
    "api",
    "data",
    "research",
    "access",
    "release",
    "support",
];
/// How many days they have been at it.
pub const DAYS: u64 = 5 * 365;
/// How many people file issues of a team and work on them.
const HANDS: u64 = 12;
/// Every twelfth issue may have others below it.
const FAMILY: usize = 12;

/// An issue of a team, and when it came into which state, up to now.
pub struct Life {
    pub id: Id<Issue>,
    pub number: i64,
    pub title: String,
    pub body: String,
    pub creator: Id<Person>,
    pub assignee: Option<Id<Person>>,
    pub priority: i64,
    pub estimate: Option<i64>,
    pub labels: Vec<Id<Label>>,
    pub parent: Option<Id<Issue>>,
    /// Another one of the team, and what this is to it.
    pub relation: Option<(&'static str, Id<Issue>)>,
    pub comments: Vec<(Id<Person>, Time)>,
    pub steps: Vec<(usize, Time)>,
    /// Whether it is planned into sprints.
    pub planned: bool,
}

/// A team whose issues came one after the other in five years.
pub struct Stretch<'a> {
    pub team: usize,
    pub issues: usize,
    pub people: &'a [Id<Person>],
    pub now: Time,
}

pub fn label(place: usize) -> Id<Label> {
    Id::from_u128(1 << 80 | place as u128)
}

pub fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

impl Stretch<'_> {
    pub fn began(&self) -> Time {
        self.now - days(DAYS)
    }

    fn id(&self, place: usize) -> Id<Issue> {
        Id::from_u128(2 << 80 | (self.team as u128) << 32 | place as u128)
    }

    fn someone(&self, random: &mut Random) -> Id<Person> {
        self.people[(self.team * HANDS as usize + random.below(HANDS) as usize) % self.people.len()]
    }

    /// The issue at this place, counted from 0.
    pub fn life(&self, place: usize) -> Life {
        let random = &mut Random::new(SEED ^ (self.team as u64) << 40 ^ place as u64);
        let created = self.began() + days(DAYS).mul_f64((place as f64 + 0.5) / self.issues as f64);
        let steps = self.steps(created, random);
        let assignee = (steps.len() > 1 || random.below(3) == 0).then(|| self.someone(random));
        let before =
            |random: &mut Random| place.checked_sub(1 + random.below(200) as usize).map(|other| self.id(other));
        let kinds = ["blocks", "blocks", "blocks", "relates", "relates", "duplicates"];
        let relation = if random.below(10) == 0 { before(random).map(|id| (*random.pick(&kinds), id)) } else { None };
        let says = if random.below(5) < 2 { 1 + random.below(5) } else { 0 };
        Life {
            id: self.id(place),
            number: place as i64 + 1,
            title: title(random),
            body: body(random),
            creator: self.someone(random),
            assignee,
            priority: *random.pick(&[0, 0, 0, 1, 2, 2, 3, 3, 3, 4]),
            estimate: (random.below(10) > 2).then(|| *random.pick(&[100, 200, 300, 500, 800])),
            labels: labels(random),
            parent: (!place.is_multiple_of(FAMILY) && random.below(4) == 0).then(|| self.id(place - place % FAMILY)),
            relation,
            comments: (0..says).map(|_| (self.someone(random), soon(created, 40, random).min(self.now))).collect(),
            steps,
            planned: random.below(10) < 7,
        }
    }

    /// Four of a hundred stay where they began, eight are dropped, and the others get done.
    fn steps(&self, created: Time, random: &mut Random) -> Vec<(usize, Time)> {
        let mut steps = vec![(BACKLOG, created)];
        match random.below(100) {
            0..4 => {}
            4..12 => steps.push((CANCELLED, soon(created, 180, random))),
            chance => {
                let mut at = created;
                for (state, most) in [(READY, 60), (STARTED, 14), (REVIEW, 8)] {
                    at = soon(at, most, random);
                    steps.push((state, at));
                }
                if chance < 25 {
                    steps.push((STARTED, soon(at, 3, random)));
                    at = soon(at + days(3), 5, random);
                    steps.push((REVIEW, at));
                }
                steps.push((DONE, soon(at, 5, random)));
            }
        }
        steps.retain(|(_, at)| *at <= self.now);
        steps
    }
}

impl Life {
    pub fn state(&self) -> usize {
        self.steps.last().map_or(BACKLOG, |(state, _)| *state)
    }

    pub fn created(&self) -> Time {
        self.steps[0].1
    }

    pub fn first(&self, wanted: usize) -> Option<Time> {
        self.steps.iter().find(|(state, _)| *state == wanted).map(|(_, at)| *at)
    }

    pub fn finished(&self) -> Option<Time> {
        self.steps.last().filter(|(state, _)| *state >= DONE).map(|(_, at)| *at)
    }
}

/// Some time within so many days, more likely earlier than later.
fn soon(after: Time, most: u64, random: &mut Random) -> Time {
    let share = (random.below(1_000) * random.below(1_000)) as f64 / 1e6;
    after + days(most).mul_f64(share) + Duration::from_secs(60 + random.below(3_000))
}

fn labels(random: &mut Random) -> Vec<Id<Label>> {
    let (count, first) = (random.below(4) as usize, random.below(LABELS.len() as u64) as usize);
    (0..count).map(|place| label((first + place * place) % LABELS.len())).collect()
}

const DOES: [&str; 12] = [
    "Show",
    "Mend",
    "Move",
    "Explain",
    "Speed up",
    "Test",
    "Write down",
    "Take away",
    "Measure",
    "Split",
    "Merge",
    "Retry",
];
const THINGS: [&str; 20] = [
    "the export",
    "the ledger",
    "invoices",
    "the login",
    "the search",
    "the queue",
    "refunds",
    "the calendar",
    "webhooks",
    "the import",
    "sessions",
    "the report",
    "the settings",
    "backups",
    "the mail",
    "the cache",
    "payments",
    "the chart",
    "the audit",
    "the editor",
];
const WHERE: [&str; 14] = [
    "of large customers",
    "on phones",
    "for the audit",
    "after a restart",
    "in dark mode",
    "with many rows",
    "when the network is slow",
    "for new teams",
    "before the release",
    "behind the proxy",
    "in other zones",
    "at night",
    "without a password",
    "by keyboard",
];

fn title(random: &mut Random) -> String {
    format!("{} {} {}", random.pick(&DOES), random.pick(&THINGS), random.pick(&WHERE))
}

fn body(random: &mut Random) -> String {
    let sentences: Vec<String> = (0..2 + random.below(5)).map(|_| format!("{}.", title(random))).collect();
    format!(
        "{}\n\n- [ ] {}\n- [x] {}\n\nSeen **twice** in `{}`.",
        sentences.join(" "),
        title(random),
        title(random),
        random.pick(&THINGS)
    )
}
