//! The stages of one pull request: coding, pickup, review, merge wait, deploy.
//!
//! Its life from the first commit to the merge is cut wherever something happened, and each piece belongs to one stage:
//! before it was opened and, if so defined, while it was a draft, it is *coding*; until the first response *pickup*; until
//! the last approval *review*; until the merge *merge wait*. While it was closed nobody waited, so that time is in no stage.
//! As the stages are sums of pieces, none is negative and together they are the cycle time. From the merge to the first
//! deployment that has it is *deploy*, which is a part of the cycle time if so defined.
use crate::{CommitDate, CycleEnd, DraftTime, Pickup, PullOptions, ReviewEnd, Unanswered};
use kernel::{Time, calendar::Calendar, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of a pull request. `W` tells people apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull<W> {
    pub author: Option<W>,
    pub opened_at: Time,
    pub merged_at: Option<Time>,
    pub merged_by: Option<W>,
    /// When the first deployment was done that has it.
    pub deployed_at: Option<Time>,
    /// It is a draft now, or was when it ended, if the source says so.
    pub draft: Option<bool>,
    /// Of each of its commits when it was written and when it was committed, as far as known.
    pub commits: Vec<(Option<Time>, Option<Time>)>,
    /// What people and programs did, in any order.
    pub acts: Vec<Act<W>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Act<W> {
    pub at: Time,
    /// Nothing for somebody who is not known.
    pub by: Option<W>,
    /// Done by a program; it is no response.
    pub bot: bool,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Drafted,
    Ready,
    Closed,
    Reopened,
    Requested,
    Pushed,
    ForcePushed,
    Commented,
    Reviewed(Verdict),
}

words! {
    pub enum Verdict {
        Commented = "commented",
        ChangesRequested = "changes_requested",
        Approved = "approved",
        /// A review that was taken back: it was a response, and approves nothing.
        Dismissed = "dismissed",
    }
}

words! {
    pub enum Stage {
        Coding = "coding",
        Pickup = "pickup",
        Review = "review",
        Merge = "merge",
    }
}

/// A piece of a pull request's life that belongs to one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub stage: Stage,
    pub from: Time,
    pub to: Time,
}

/// Microseconds spent in each stage. A stage is missing if it has not ended, or if what bounds it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stages {
    pub coding: Option<i64>,
    pub pickup: Option<i64>,
    pub review: Option<i64>,
    pub merge: Option<i64>,
    /// Missing where it is not known to be deployed, or was before it was merged.
    pub deploy: Option<i64>,
    /// The sum of the stages of a merged pull request, with the last one if so defined. Where coding is missing it begins
    /// with the opening.
    pub cycle: Option<i64>,
    /// The author merged it, and nobody else had approved it.
    pub self_merged: bool,
}

/// The instants that part the stages.
struct Bounds {
    begun: Option<Time>,
    opened: Time,
    response: Option<Time>,
    /// The approval that ends the review, or the merge if so defined.
    reviewed: Option<Time>,
    /// Somebody else approved it.
    approved: bool,
    merged: Option<Time>,
}

/// The stages of a pull request. `calendar` counts if the definition wants working time.
pub fn stages<W: PartialEq + Clone>(pull: &Pull<W>, options: &PullOptions, calendar: Option<&Calendar>) -> Stages {
    let bounds = Bounds::of(pull, options);
    let pieces = segments(pull, options);
    let between = |from: Time, to: Time| match calendar.filter(|_| options.working_time) {
        Some(calendar) => calendar.between(from, to).as_micros() as i64,
        None => to.0 - from.0,
    };
    let length = |one: &Segment| between(one.from, one.to);
    let sum = |stage: Stage| pieces.iter().filter(|one| one.stage == stage).map(length).sum::<i64>();
    let drafted =
        options.draft_time == DraftTime::Coding && pieces.iter().any(|one| is_early_draft(one, bounds.opened));
    let known = |known: bool, stage: Stage| known.then(|| sum(stage));
    let (answered, merged) = (bounds.response.is_some(), bounds.merged.is_some());
    let deployed = bounds.merged.zip(pull.deployed_at).filter(|(merged, deployed)| deployed >= merged);
    let deploy = deployed.map(|(merged, deployed)| between(merged, deployed));
    let until_merge = merged.then(|| pieces.iter().map(length).sum::<i64>());
    Stages {
        coding: known(bounds.begun.is_some() || drafted, Stage::Coding),
        pickup: known(answered, Stage::Pickup),
        review: known(answered && (bounds.reviewed.is_some() || merged), Stage::Review),
        merge: known(
            merged && (bounds.reviewed.is_some() && options.review_ends != ReviewEnd::Merge || !answered),
            Stage::Merge,
        ),
        deploy,
        cycle: match options.cycle_ends {
            CycleEnd::Merge => until_merge,
            CycleEnd::Deployment => until_merge.zip(deploy).map(|(until, after)| until + after),
        },
        self_merged: merged && pull.author.is_some() && pull.merged_by == pull.author && !bounds.approved,
    }
}

fn is_early_draft(one: &Segment, opened: Time) -> bool {
    one.stage == Stage::Coding && one.from >= opened
}

/// The pieces of its life, in order. Of one that is not merged only those up to the last thing that parts stages.
pub fn segments<W: PartialEq + Clone>(pull: &Pull<W>, options: &PullOptions) -> Vec<Segment> {
    let mut acts: Vec<&Act<W>> = pull.acts.iter().collect();
    acts.sort_by_key(|act| (act.at, act.what));
    let bounds = Bounds::of(pull, options);
    let end = bounds.merged.or(bounds.reviewed).or(bounds.response).unwrap_or(bounds.opened);
    let start = bounds.begun.unwrap_or(bounds.opened);
    let marks = [Some(start), Some(bounds.opened), bounds.response, bounds.reviewed, Some(end)];
    let changes = acts.iter().filter(|act| changes_state(act.what)).map(|act| act.at);
    let mut cuts: Vec<Time> = marks.into_iter().flatten().chain(changes).collect();
    cuts.retain(|at| (start..=end).contains(at));
    cuts.sort_unstable();
    cuts.dedup();
    let pieces = cuts.windows(2).filter_map(|pair| {
        let stage = bounds.stage(pair[0], draft_at(pull, &acts, pair[0]), closed_at(&acts, pair[0]), options)?;
        Some(Segment { stage, from: pair[0], to: pair[1] })
    });
    pieces.collect()
}

fn changes_state(what: What) -> bool {
    matches!(what, What::Drafted | What::Ready | What::Closed | What::Reopened)
}

/// Whether it was a draft right after an instant. How it was opened follows from the first change, or from how it ended.
fn draft_at<W>(pull: &Pull<W>, acts: &[&Act<W>], at: Time) -> bool {
    let mut changes = acts.iter().filter(|act| matches!(act.what, What::Drafted | What::Ready));
    match changes.clone().rev().find(|act| act.at <= at) {
        Some(last) => last.what == What::Drafted,
        None => changes.next().map_or(pull.draft == Some(true), |first| first.what == What::Ready),
    }
}

fn closed_at<W>(acts: &[&Act<W>], at: Time) -> bool {
    let changes = acts.iter().rev().filter(|act| matches!(act.what, What::Closed | What::Reopened));
    let mut until = changes.skip_while(|act| act.at > at);
    until.next().is_some_and(|last| last.what == What::Closed)
}

impl Bounds {
    fn of<W: PartialEq + Clone>(pull: &Pull<W>, options: &PullOptions) -> Bounds {
        let opened = pull.opened_at;
        let merged = pull.merged_at.filter(|at| *at >= opened);
        let dates = pull.commits.iter().filter_map(|(written, committed)| match options.commit_date {
            CommitDate::Author => *written,
            CommitDate::Committer => *committed,
        });
        // A commit that is younger than the pull request replaced an older one, and says nothing of the beginning.
        let begun = dates.min().filter(|at| *at <= opened);
        let by_others = pull.acts.iter().filter(|act| {
            let other = act.by.is_none() || act.by != pull.author;
            !act.bot && other && act.at >= opened && merged.is_none_or(|end| act.at <= end)
        });
        let responds = |what: What| match what {
            What::Reviewed(_) => true,
            What::Commented => options.pickup_ends == Pickup::Comment,
            _ => false,
        };
        let response = by_others.clone().filter(|act| responds(act.what)).map(|act| act.at).min();
        let response = response.or(merged.filter(|_| options.unanswered == Unanswered::Pickup));
        let approvals = by_others.filter(|act| act.what == What::Reviewed(Verdict::Approved)).map(|act| act.at);
        let reviewed = match options.review_ends {
            ReviewEnd::LastApproval => approvals.clone().max(),
            ReviewEnd::FirstApproval => approvals.clone().min(),
            ReviewEnd::Merge => merged.filter(|_| response.is_some()),
        };
        Bounds { begun, opened, response, reviewed, approved: approvals.count() > 0, merged }
    }

    fn stage(&self, at: Time, draft: bool, closed: bool, options: &PullOptions) -> Option<Stage> {
        if at < self.opened {
            return Some(Stage::Coding);
        }
        if closed {
            return None;
        }
        match (draft, options.draft_time) {
            (true, DraftTime::Coding) => Some(Stage::Coding),
            (true, DraftTime::Nowhere) => None,
            _ if self.response.is_some_and(|response| at < response) => Some(Stage::Pickup),
            _ if self.reviewed.is_some_and(|reviewed| at < reviewed) => Some(Stage::Review),
            _ if self.response.is_some() && self.reviewed.is_none() => Some(Stage::Review),
            _ => Some(Stage::Merge),
        }
    }
}
