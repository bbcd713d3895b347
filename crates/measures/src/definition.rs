//! The choices that move the numbers of pull requests.
use kernel::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// Which of a commit's two dates says when work began. A rebase moves the committer's and keeps the author's.
    pub enum CommitDate {
        Author = "author",
        Committer = "committer",
    }
}

words! {
    /// Where the time counts in which a pull request was a draft.
    pub enum DraftTime {
        Coding = "coding",
        /// Like any other time: a draft waits to be picked up.
        Pickup = "pickup",
        /// Not at all, and not in the cycle time either.
        Nowhere = "nowhere",
    }
}

words! {
    /// What ends the waiting for a first response.
    pub enum Pickup {
        /// A review, or a comment of somebody else.
        Comment = "comment",
        Review = "review",
    }
}

words! {
    /// Where the cycle time of a pull request ends.
    pub enum CycleEnd {
        Merge = "merge",
        /// With the first deployment that has it; of one that is not deployed it is missing.
        Deployment = "deployment",
    }
}

words! {
    /// How many values become one.
    pub enum Summary {
        Median = "median",
        Mean = "mean",
        /// The value under which 85 of 100 lie.
        Percentile85 = "p85",
    }
}

/// A definition of the stages of a pull request. The default reads as: from the first commit as it was written, drafts are
/// still being coded, a review or a comment is a response, medians of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PullOptions {
    pub commit_date: CommitDate,
    pub draft_time: DraftTime,
    pub pickup_ends: Pickup,
    pub cycle_ends: CycleEnd,
    pub summary: Summary,
    /// Only the hours in which the author works count.
    pub working_time: bool,
    /// Pull requests of programs count.
    pub bots: bool,
}

impl Default for PullOptions {
    fn default() -> PullOptions {
        PullOptions {
            commit_date: CommitDate::Author,
            draft_time: DraftTime::Coding,
            pickup_ends: Pickup::Comment,
            cycle_ends: CycleEnd::Merge,
            summary: Summary::Median,
            working_time: false,
            bots: false,
        }
    }
}
