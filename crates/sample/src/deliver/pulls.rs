//! The pull requests of the repository, as a code host would tell of them.
use super::{DAYS, WORK, author, hash};
use crate::scale::random::Random;
use kernel::{Json, Time, json};
use std::time::Duration;

/// Of those who review, some do so more often than others.
const REVIEWERS: [&str; 10] = ["dele", "priya", "ines", "tomasz", "dele", "yuki", "priya", "arjun", "seun", "aroha"];
/// Since so many days reviews are begun later than before.
const SLOW: u64 = 42;
/// What was merged within so many days is a part of issues that are in progress.
const LATELY: u64 = 9;
/// Numbers of these issues.
const UNDERWAY: [u32; 5] = [12, 16, 18, 23, 25];

pub struct Pulls {
    pub records: Vec<Json>,
    random: Random,
}

/// The instants that part the life of a pull request.
struct Life {
    written: Time,
    opened: Time,
    ready: Time,
    answered: Time,
    approved: Time,
    merged: Time,
}

/// What the people of the team wrote on a pull request to say what it is for; on some nothing.
fn labels(number: usize) -> &'static [&'static str] {
    match number % 11 {
        0..=4 => &["feature"],
        5 | 6 => &["bug"],
        7 => &["debt"],
        8 => &["support"],
        9 => &["incident follow-up"],
        _ => &[],
    }
}

impl Pulls {
    pub fn new() -> Pulls {
        Pulls { records: Vec::new(), random: Random::new(11) }
    }

    /// The pull request of a commit that landed on this day at this instant.
    pub fn merged(&mut self, number: usize, day: u64, at: Time, lines: (usize, usize)) {
        let life = self.life(day, at, number.is_multiple_of(6));
        let author = author(number);
        let unanswered = number.is_multiple_of(17);
        let reviewer = self.other_than(author);
        let merged_by = if unanswered { author } else { reviewer };
        let large = if number.is_multiple_of(29) { 9 } else { 1 };
        let issue = match day + LATELY > DAYS {
            _ if number.is_multiple_of(5) => String::new(),
            true => format!("Part of PAY-{}", UNDERWAY[number % UNDERWAY.len()]),
            false => format!("Part of #{}", number / 4),
        };
        self.pull(
            number,
            &life,
            json!({
                "title": WORK[(number + day as usize) % WORK.len()], "body": issue, "state": "closed", "draft": false,
                "author": account(author), "created_at": life.opened.0, "updated_at": at.0, "closed_at": at.0, "merged_at": at.0,
                "merged_by": account(merged_by), "merge_commit": hash(number), "head_sha": hash(number), "base_ref": "main",
                "additions": lines.0 * large, "deletions": lines.1, "changed_files": 1, "commits": 1,
                "labels": labels(number),
            }),
        );
        if life.ready > life.opened {
            self.event(number, "ready", life.ready, author);
        }
        if unanswered {
            return;
        }
        if number.is_multiple_of(3) {
            self.comment(number, life.answered, reviewer);
        }
        if number.is_multiple_of(4) {
            self.review(number, "changes_requested", life.answered, reviewer);
            self.comment(number, life.answered + Duration::from_secs(60), reviewer);
            self.event(number, "pushed", life.answered + Duration::from_secs(1_800), author);
        }
        self.review(number, "approved", life.approved, reviewer);
    }

    /// One that waits still; the first of them for long.
    pub fn open(&mut self, number: usize, present: Time) {
        let days = if number.is_multiple_of(4) { 23 } else { 1 + number as u64 % 3 };
        let opened = present - Duration::from_secs(days * 86_400 + 3_600);
        let author = author(number);
        let asked = [account(self.other_than(author))];
        let life = Life {
            written: opened - Duration::from_secs(7_200),
            opened,
            ready: opened,
            answered: opened,
            approved: opened,
            merged: opened,
        };
        self.pull(
            number,
            &life,
            json!({
                "title": WORK[number % WORK.len()], "body": format!("Fixes PAY-{}", UNDERWAY[number % UNDERWAY.len()]), "state": "open", "draft": number.is_multiple_of(3),
                "author": account(author), "requested_reviewers": asked, "created_at": opened.0, "updated_at": opened.0, "additions": 40, "deletions": 12,
                "head_sha": hash(number), "base_ref": "main",
            }),
        );
    }

    fn life(&mut self, day: u64, merged: Time, drafted: bool) -> Life {
        let mut minutes = |least: u64, more: u64| Duration::from_secs(60 * (least + self.random.below(more)));
        let slower = if day + SLOW > DAYS { 3 } else { 1 };
        let approved = merged - minutes(10, 90);
        let answered = approved - minutes(20, 300);
        let ready = answered - minutes(90, 240) * slower;
        let opened = if drafted { ready - minutes(120, 600) } else { ready };
        Life { written: opened - minutes(60, 1_500), opened, ready, answered, approved, merged }
    }

    fn other_than(&mut self, author: &str) -> &'static str {
        let mut who = *self.random.pick(&REVIEWERS);
        while who == author {
            who = *self.random.pick(&REVIEWERS);
        }
        who
    }

    fn pull(&mut self, number: usize, life: &Life, fields: Json) {
        self.add("pull", number, (9_000 + number).to_string(), life.merged, fields);
        let dates = json!({ "authored_at": life.written.0, "committed_at": life.written.0 });
        self.add("commit", number, hash(number), life.written, dates);
    }

    fn review(&mut self, number: usize, state: &str, at: Time, who: &str) {
        let fields = json!({ "state": state, "author": account(who), "submitted_at": at.0 });
        self.add("review", number, format!("{number}-{state}"), at, fields);
    }

    fn comment(&mut self, number: usize, at: Time, who: &str) {
        let fields =
            json!({ "body": "What happens if the bank answers twice?", "author": account(who), "created_at": at.0 });
        self.add("comment", number, format!("{number}-{}", at.0), at, fields);
    }

    fn event(&mut self, number: usize, event: &str, at: Time, who: &str) {
        let fields = json!({ "event": event, "at": at.0, "actor": account(who) });
        self.add("event", number, format!("{number}-{event}"), at, fields);
    }

    fn add(&mut self, kind: &str, number: usize, id: String, stamp: Time, fields: Json) {
        self.records.push(json!({
            "kind": kind, "place": { "host": "git.northwind.example", "name": "payments/payouts" }, "number": number,
            "id": id, "stamp": stamp.0, "fields": fields, "aside": {},
        }));
    }
}

fn account(who: &str) -> Json {
    json!({ "login": who, "mail": format!("{who}@northwind.example") })
}
