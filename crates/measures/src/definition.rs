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
    /// What ends the review, and begins the waiting for the merge.
    pub enum ReviewEnd {
        LastApproval = "last_approval",
        FirstApproval = "first_approval",
        /// There is no waiting for the merge: review lasts until then.
        Merge = "merge",
    }
}

words! {
    /// Where the time counts of a pull request that was merged and that nobody had answered.
    pub enum Unanswered {
        /// It waited for nobody but whoever merged it; pickup and review are missing.
        Merge = "merge",
        /// The merge was the answer.
        Pickup = "pickup",
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

/// A definition of the stages of pull requests by its name. Presets stand in `pull_presets.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PullDefinition {
    /// The word by which it is chosen.
    pub name: String,
    pub version: u32,
    pub title: String,
    /// Where it is written down, and what of it was read how.
    pub source: String,
    pub options: PullOptions,
}

#[derive(Deserialize)]
struct Presets {
    definition: Vec<PullDefinition>,
}

/// Cairn's definition of the stages, which is the default, and those of four tools.
pub fn pull_presets() -> Vec<PullDefinition> {
    let presets: Presets = toml::from_str(include_str!("../pull_presets.toml")).expect("a test reads the presets");
    presets.definition
}

/// The choices that make up a definition of the stages of a pull request. The default reads as: from the first commit as it was written, drafts are
/// still being coded, a review or a comment is a response, medians of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PullOptions {
    pub commit_date: CommitDate,
    pub draft_time: DraftTime,
    pub pickup_ends: Pickup,
    pub review_ends: ReviewEnd,
    pub unanswered: Unanswered,
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
            review_ends: ReviewEnd::LastApproval,
            unanswered: Unanswered::Merge,
            cycle_ends: CycleEnd::Merge,
            summary: Summary::Median,
            working_time: false,
            bots: false,
        }
    }
}

impl PullOptions {
    /// Each choice in words, by what it is about, so that two definitions can be laid side by side.
    pub fn choices(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("Begins at", commit_date(self.commit_date)),
            ("Time as a draft is", draft_time(self.draft_time)),
            ("Answered by", if self.pickup_ends == Pickup::Comment { "a review or a comment" } else { "a review" }),
            ("Review ends with", review_end(self.review_ends)),
            (
                "Merged without an answer",
                if self.unanswered == Unanswered::Merge { "waited for the merge" } else { "waited for an answer" },
            ),
            ("The whole ends with", if self.cycle_ends == CycleEnd::Merge { "the merge" } else { "the deployment" }),
            ("Average", summary(self.summary)),
            ("Time", if self.working_time { "working time" } else { "all of it" }),
            ("Bots", if self.bots { "counted" } else { "left out" }),
        ]
    }
}

fn commit_date(date: CommitDate) -> &'static str {
    match date {
        CommitDate::Author => "the author's date",
        CommitDate::Committer => "the committer's date",
    }
}

fn draft_time(draft: DraftTime) -> &'static str {
    match draft {
        DraftTime::Coding => "coding",
        DraftTime::Pickup => "waiting",
        DraftTime::Nowhere => "not counted",
    }
}

fn review_end(end: ReviewEnd) -> &'static str {
    match end {
        ReviewEnd::LastApproval => "the last approval",
        ReviewEnd::FirstApproval => "the first approval",
        ReviewEnd::Merge => "the merge",
    }
}

fn summary(summary: Summary) -> &'static str {
    match summary {
        Summary::Median => "median",
        Summary::Mean => "mean",
        Summary::Percentile85 => "85th percentile",
    }
}
