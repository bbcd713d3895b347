//! Builds and tests of a team: how long they take and wait, how often they fail, what fails without a reason, and how much
//! of the code is covered. Of machines, not of people.
mod compute;
mod page;
mod read;

pub use page::pages;
pub(crate) use read::{BuildRow, ended};

use crate::{annotation::Annotation, code::Span, keys::Number, pipeline::Reach};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx};
use read::Read;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long a team's builds take and wait, how often they fail, which builds, jobs and tests fail without a reason, and how
/// much of the code is covered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowBuilds {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamBuilds {
    pub team: Id<Team>,
    pub span: Span,
    pub to: Time,
    pub repositories: usize,
    /// Builds that ended in the span, without those that were cancelled or skipped.
    pub builds: BuildNumbers,
    /// The same of the time before, where the span has one.
    pub before: Option<BuildNumbers>,
    /// Those that ran most often first.
    pub pipelines: Vec<PipelineNumbers>,
    /// Weeks counted back from now, the oldest first.
    pub weeks: Vec<BuildWeek>,
    pub flaky: Vec<FlakyThing>,
    /// Tests that failed and passed on one commit, or passed only when they were run again.
    pub flaky_tests: Vec<FlakyTest>,
    pub coverage: Vec<Covered>,
    /// What was noted of days of the span, the last first.
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BuildNumbers {
    pub ended: usize,
    pub failed: usize,
    /// Seconds from the start to the end: the median.
    pub duration: Number,
    /// Seconds that jobs waited for a machine: the median.
    pub queue: Number,
    /// Between 0 and 1.
    pub fail_rate: Number,
    /// Builds of which the start or the end is not known.
    pub untimed: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PipelineNumbers {
    pub project: String,
    pub name: String,
    pub numbers: BuildNumbers,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BuildWeek {
    pub from: Time,
    pub succeeded: usize,
    pub failed: usize,
    /// Seconds, the median; nothing where nothing ended.
    pub duration: Option<f64>,
}

/// A build or a job that failed and succeeded on one commit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FlakyThing {
    pub name: String,
    pub runs: usize,
    pub failed: usize,
    /// The commits on which both happened, the last first, at most five.
    pub evidence: Vec<Differing>,
    pub commits: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Differing {
    pub commit: String,
    pub at: Time,
    /// The ids of the runs at their system, and where to look at them.
    pub failed: String,
    pub failed_url: Option<String>,
    pub succeeded: String,
    pub succeeded_url: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FlakyTest {
    pub suite: String,
    pub name: String,
    /// The commits on which it did, at most five.
    pub evidence: Vec<String>,
    pub commits: usize,
    pub passed: i64,
    pub failed: i64,
    /// Runs that failed before one that passed, in files that tell of them.
    pub failed_before: i64,
}

/// What was covered of a repository at a commit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Covered {
    pub repository: String,
    pub commit: Option<String>,
    pub measured_at: Time,
    pub lines_covered: i64,
    pub lines_known: i64,
}

impl Operation for ShowBuilds {
    const NAME: &str = "delivery.builds";
    const ROUTE: Route = Route(Get, "/teams/{team}/builds");
    const READS: bool = true;
    type Target = Reach;
    type Output = TeamBuilds;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        Reach::of(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Reach) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, reach: Reach) -> Result<TeamBuilds> {
        let (span, now) = (self.span.unwrap_or(Span::Quarter), tx.now());
        let from = span.from(now).unwrap_or(Time(0));
        let before = span.from(now).map(|from| Time(from.0 - (now.0 - from.0)));
        let read = Read::of(tx, self.team, &reach, before.unwrap_or(from), from).await?;
        Ok(compute::numbers(self.team, span, reach.repositories.len(), read, (before, from, now)))
    }
}
