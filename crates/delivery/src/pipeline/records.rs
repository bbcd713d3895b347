//! Words that are stored, and what files of results hand over. Texts are cut to their length and freed of control
//! characters when they are stored.
use kernel::{Time, words};
use pipelines::{Record, TestCase, coverage};
use schemars::JsonSchema;
use serde::Deserialize;

words! {
    /// How a build, a job or a deployment stands.
    pub enum Outcome {
        Waiting = "waiting",
        Running = "running",
        Succeeded = "succeeded",
        Failed = "failed",
        Cancelled = "cancelled",
        Skipped = "skipped",
    }
}

words! {
    pub enum TestOutcome {
        Passed = "passed",
        Skipped = "skipped",
        Failed = "failed",
        Errored = "errored",
    }
}

words! {
    pub enum Format {
        Lcov = "lcov",
        Cobertura = "cobertura",
        Jacoco = "jacoco",
        Clover = "clover",
    }
}

/// One file of test results.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedTests {
    /// A hash of the file and the commit.
    pub id: String,
    pub commit: Option<String>,
    pub ran_at: Option<Time>,
    pub seconds: f64,
    pub results: Vec<ImportedTest>,
    /// The place of the first of them in the file, which may come in pieces.
    #[serde(default)]
    pub from: i64,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedTest {
    #[serde(default)]
    pub suite: String,
    /// The class and the name.
    pub name: String,
    pub file: Option<String>,
    pub outcome: TestOutcome,
    pub seconds: Option<f64>,
    pub message: Option<String>,
    #[serde(default)]
    pub failed_before: i64,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedCoverage {
    /// A hash of the file and the commit.
    pub id: String,
    pub commit: Option<String>,
    pub measured_at: Option<Time>,
    pub format: Format,
    pub lines_covered: i64,
    pub lines_known: i64,
    #[serde(default)]
    pub branches_covered: i64,
    #[serde(default)]
    pub branches_known: i64,
}

impl From<Outcome> for pipelines::Outcome {
    fn from(outcome: Outcome) -> pipelines::Outcome {
        match outcome {
            Outcome::Waiting => pipelines::Outcome::Waiting,
            Outcome::Running => pipelines::Outcome::Running,
            Outcome::Succeeded => pipelines::Outcome::Succeeded,
            Outcome::Failed => pipelines::Outcome::Failed,
            Outcome::Cancelled => pipelines::Outcome::Cancelled,
            Outcome::Skipped => pipelines::Outcome::Skipped,
        }
    }
}

impl From<pipelines::TestOutcome> for TestOutcome {
    fn from(outcome: pipelines::TestOutcome) -> TestOutcome {
        match outcome {
            pipelines::TestOutcome::Passed => TestOutcome::Passed,
            pipelines::TestOutcome::Skipped => TestOutcome::Skipped,
            pipelines::TestOutcome::Failed => TestOutcome::Failed,
            pipelines::TestOutcome::Errored => TestOutcome::Errored,
        }
    }
}

impl From<&TestCase> for ImportedTest {
    fn from(case: &TestCase) -> ImportedTest {
        let name = if case.class.is_empty() { case.name.clone() } else { format!("{} › {}", case.class, case.name) };
        ImportedTest {
            suite: case.suite.clone(),
            name,
            file: case.file.clone(),
            outcome: case.outcome.into(),
            seconds: case.seconds,
            message: case.message.clone(),
            failed_before: i64::from(case.failed_before),
        }
    }
}

impl From<coverage::Format> for Format {
    fn from(format: coverage::Format) -> Format {
        match format {
            coverage::Format::Lcov => Format::Lcov,
            coverage::Format::Cobertura => Format::Cobertura,
            coverage::Format::Jacoco => Format::Jacoco,
            coverage::Format::Clover => Format::Clover,
        }
    }
}

impl super::ImportPipelines {
    /// Adds a record of a file. Test results within the answers of a system come in runs of their own and are passed over
    /// here; the answer is whether the record was taken.
    pub fn take(&mut self, record: Record) -> bool {
        match record {
            Record::Pipeline(one) => self.pipelines.push(one),
            Record::Build(one) => self.builds.push(one),
            Record::Job(one) => self.jobs.push(one),
            Record::Deployment(one) => self.deployments.push(one),
            Record::Release(one) => self.releases.push(one),
            Record::Incident(one) => self.incidents.push(one),
            Record::Tests(_) => return false,
        }
        true
    }
}
