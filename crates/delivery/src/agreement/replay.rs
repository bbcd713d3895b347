//! How an agreement was kept, by week, with what did not keep it.
use super::{WEEK, WEEKS, read::Read};
use crate::{pull::PullRow, repository::Repository};
use kernel::{Id, Time};
use measures::{Agreement, Case, Held};
use schemars::JsonSchema;
use serde::Serialize;

/// A pull request or a build, with what is known of it.
pub struct Subject {
    pub repository_id: Option<Id<Repository>>,
    /// The repository and the number, or the pipeline.
    pub name: String,
    pub title: String,
    pub url: Option<String>,
    pub at: Time,
    /// Whose it is, to know how many people are behind an agreement and for nothing else; nothing for a build.
    pub author: Option<String>,
    pub case: Case,
}

impl Subject {
    pub fn pull(repository: &Repository, row: &PullRow, at: Time, author: Option<String>, case: Case) -> Subject {
        Subject {
            author,
            repository_id: Some(repository.id),
            name: format!("{} {}", repository.name, row.number),
            title: row.title.clone(),
            url: None,
            at,
            case,
        }
    }
}

/// How an agreement was kept in a time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Replay {
    pub kept: usize,
    /// Of so many that it concerns.
    pub of: usize,
    /// Of so many it is not known.
    pub unknown: usize,
    /// Weeks counted back from now, the oldest first.
    pub weeks: Vec<KeptWeek>,
    /// What did not keep it, the newest first, at most fifty.
    pub exceptions: Vec<Exception>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct KeptWeek {
    pub from: Time,
    pub kept: usize,
    pub of: usize,
}

/// A pull request or a build that did not keep an agreement. Whose it is does not matter here.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exception {
    pub repository_id: Option<Id<Repository>>,
    pub name: String,
    pub title: String,
    pub url: Option<String>,
    pub at: Time,
    /// What happened, in words.
    pub what: String,
}

const MOST: usize = 50;

impl Read {
    pub fn replay(&self, kind: Agreement, most: i64, (from, to): (Time, Time)) -> Replay {
        let mut weeks: Vec<KeptWeek> =
            (0..WEEKS).map(|week| KeptWeek { from: Time(from.0 + week * WEEK), kept: 0, of: 0 }).collect();
        let (mut unknown, mut exceptions) = (0, Vec::new());
        for one in self.subjects(kind).iter().filter(|one| one.at >= from && one.at <= to) {
            let held = kind.held(most, &one.case);
            match held {
                Held::Apart => continue,
                Held::NotKnown => {
                    unknown += 1;
                    continue;
                }
                Held::Broken => exceptions.push(Exception::of(one, kind)),
                Held::Kept => {}
            }
            let week = ((one.at.0 - from.0) / WEEK).min(WEEKS - 1) as usize;
            weeks[week].of += 1;
            weeks[week].kept += usize::from(held == Held::Kept);
        }
        exceptions.sort_by_key(|one| std::cmp::Reverse(one.at));
        exceptions.truncate(MOST);
        let sum = |of: fn(&KeptWeek) -> usize| weeks.iter().map(of).sum();
        Replay { kept: sum(|week| week.kept), of: sum(|week| week.of), unknown, exceptions, weeks }
    }
}

impl Exception {
    fn of(one: &Subject, kind: Agreement) -> Exception {
        Exception {
            repository_id: one.repository_id,
            name: one.name.clone(),
            title: one.title.clone(),
            url: one.url.clone(),
            at: one.at,
            what: kind.happened(&one.case),
        }
    }
}
