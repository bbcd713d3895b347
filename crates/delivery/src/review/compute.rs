//! The numbers, from facts to figures; pure.
use super::Reviewers;
use crate::{
    code::FEWEST,
    keys::Number,
    pull::{Facts, PullRow},
    repository::Repository,
};
use kernel::{Id, Time, calendar::Calendar};
use measures::{Figure, Pull, PullOptions, Stages, Summary, figure, keys::Average, stages, waiting};
use schemars::JsonSchema;
use serde::Serialize;
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// Of merged pull requests; those of programs are left out unless the definition counts them. Figures are microseconds, and
/// what the definition makes of many.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewNumbers {
    pub merged: usize,
    /// Merged pull requests of programs that are in no other number.
    pub by_bots: usize,
    pub coding: Figure,
    pub pickup: Figure,
    pub review: Figure,
    pub merge: Figure,
    /// From the merge to the first deployment; only where the definition ends with it.
    pub deploy: Figure,
    pub cycle: Figure,
    /// Merged by their authors without an approval.
    pub self_merged: usize,
    /// Nothing if nobody is in the team.
    pub awake: Option<Awake>,
    /// Open now, drafts among them.
    pub open: usize,
    pub drafts: usize,
    /// Open, no draft, and not changed for fourteen days.
    pub stale: usize,
    /// Lines added and deleted.
    pub size: Figure,
    /// The newest two hundred, with what they took.
    pub pulls: Vec<PullLine>,
}

/// Time in pickup and review, by who could have acted; microseconds of all pull requests together.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Awake {
    /// Nobody of the team but the author was at work.
    pub nobody: i64,
    /// Somebody was, and did not pick it up.
    pub someone: i64,
    pub author: i64,
    pub pull_requests: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PullLine {
    pub repository_id: Id<Repository>,
    pub repository: String,
    pub number: i64,
    pub title: String,
    pub merged_at: Time,
    pub lines: Option<i64>,
    pub stages: Stages,
}

/// A stage in the span and in the one before it: seconds, with intervals.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageChange {
    /// `coding`, `pickup`, `review`, `merge`, `deploy` or `cycle`.
    pub stage: String,
    pub now: Number,
    pub before: Number,
}

/// A comparison needs so many of each.
const FLOOR: usize = 5;
/// A stage: its word, and where it stands.
type Stage = (&'static str, fn(&Stages) -> Option<i64>);
const STAGES: [Stage; 6] = [
    ("coding", |stages| stages.coding),
    ("pickup", |stages| stages.pickup),
    ("review", |stages| stages.review),
    ("merge", |stages| stages.merge),
    ("deploy", |stages| stages.deploy),
    ("cycle", |stages| stages.cycle),
];
const STALE: Duration = Duration::from_secs(14 * 24 * 3600);
const MOST_LINES: usize = 200;

pub(super) struct Merged<'f> {
    pub repository: &'f Repository,
    pub row: &'f PullRow,
    pub pull: Pull<String>,
    pub at: Time,
    pub stages: Stages,
    bot: bool,
}

/// What a team did in a span.
pub(super) struct Team<'f> {
    /// The newest first.
    pub merged: Vec<Merged<'f>>,
    options: PullOptions,
    by_bots: usize,
    open: Vec<&'f PullRow>,
    /// The members of the team by their ids.
    members: HashMap<String, Calendar>,
    now: Time,
}

impl<'f> Team<'f> {
    pub fn new(
        all: &'f [(Repository, Facts)],
        members: HashMap<String, Calendar>,
        options: &PullOptions,
        from: Option<Time>,
        now: Time,
    ) -> Team<'f> {
        Team::between(all, members, options, (from, now))
    }

    /// What it did from an instant until another.
    pub fn between(
        all: &'f [(Repository, Facts)],
        members: HashMap<String, Calendar>,
        options: &PullOptions,
        (from, now): (Option<Time>, Time),
    ) -> Team<'f> {
        let (mut merged, mut open, mut by_bots) = (Vec::new(), Vec::new(), 0);
        for (repository, facts) in all {
            let mut known = facts.by_number();
            open.extend(facts.pulls.iter().filter(|row| row.state == "open" && !facts.is_bot(row.author_id)));
            for row in &facts.pulls {
                let Some(at) = row.merged_at.filter(|at| from.is_none_or(|from| *at >= from) && *at <= now) else {
                    continue;
                };
                let bot = facts.is_bot(row.author_id);
                if bot && !options.bots {
                    by_bots += 1;
                } else if let Some(pull) = known.remove(&row.number) {
                    let stages = stages(&pull, options, None);
                    merged.push(Merged { repository, row, pull, at, stages, bot });
                }
            }
        }
        merged.sort_by_key(|one| (std::cmp::Reverse(one.at), one.row.number));
        Team { merged, options: *options, by_bots, open, members, now }
    }

    /// People behind the merged pull requests; programs are none, even where their pull requests count.
    pub fn contributors(&self) -> usize {
        self.merged
            .iter()
            .filter(|one| !one.bot)
            .filter_map(|one| one.pull.author.as_ref())
            .collect::<HashSet<_>>()
            .len()
    }

    pub fn numbers(&self) -> ReviewNumbers {
        let summary = self.options.summary;
        let of = |stage: fn(&Stages) -> Option<i64>| figure(self.merged.iter().map(|one| stage(&one.stages)), summary);
        let quiet = |row: &&&PullRow| row.updated_at.is_some_and(|at| at + STALE < self.now) && row.draft != Some(true);
        ReviewNumbers {
            merged: self.merged.len(),
            by_bots: self.by_bots,
            coding: of(|stages| stages.coding),
            pickup: of(|stages| stages.pickup),
            review: of(|stages| stages.review),
            merge: of(|stages| stages.merge),
            deploy: of(|stages| stages.deploy),
            cycle: of(|stages| stages.cycle),
            self_merged: self.merged.iter().filter(|one| one.stages.self_merged).count(),
            awake: self.awake(),
            open: self.open.len(),
            drafts: self.open.iter().filter(|row| row.draft == Some(true)).count(),
            stale: self.open.iter().filter(quiet).count(),
            size: figure(self.merged.iter().map(|one| one.row.lines()), Summary::Median),
            pulls: self.merged.iter().take(MOST_LINES).map(Merged::line).collect(),
        }
    }

    /// What it did against what it did before; nothing where so few people are behind either.
    pub fn against(&self, before: &Team<'_>) -> Vec<StageChange> {
        if self.contributors().min(before.contributors()) < FEWEST {
            return Vec::new();
        }
        let average = if self.options.summary == Summary::Mean { Average::Mean } else { Average::Median };
        let of = |team: &Team<'_>, stage: fn(&Stages) -> Option<i64>| {
            let seconds = team.merged.iter().filter_map(|one| Some(stage(&one.stages)? as f64 / 1e6)).collect();
            Number::of(&measures::keys::Figure::average(seconds, average, FLOOR))
        };
        let change = |(name, stage): Stage| StageChange {
            stage: name.to_owned(),
            now: of(self, stage),
            before: of(before, stage),
        };
        STAGES.into_iter().map(change).collect()
    }

    fn awake(&self) -> Option<Awake> {
        let mut sum = Awake::default();
        let reviewers = Reviewers::new(&self.members);
        for one in &self.merged {
            let eligible = reviewers.of(one.pull.author.as_ref());
            let Some((pickup, review)) = waiting(&one.pull, &self.options, eligible) else { continue };
            sum.nobody += pickup.nobody + review.nobody;
            sum.someone += pickup.someone + review.someone;
            sum.author += pickup.author + review.author;
            sum.pull_requests += 1;
        }
        (sum.pull_requests > 0).then_some(sum)
    }
}

impl Merged<'_> {
    fn line(&self) -> PullLine {
        PullLine {
            repository_id: self.repository.id,
            repository: self.repository.name.clone(),
            number: self.row.number,
            title: self.row.title.clone(),
            merged_at: self.at,
            lines: self.row.lines(),
            stages: self.stages,
        }
    }
}
