//! What an import hands over, by kind. Texts are cut to their length and freed of control characters when they are stored.
use kernel::{Time, words};
use pipelines::{Record, coverage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

impl Outcome {
    /// Of two words of the same moment the one that is further counts.
    pub(super) fn rank(self) -> i64 {
        match self {
            Outcome::Waiting => 0,
            Outcome::Running => 1,
            _ => 2,
        }
    }
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedPipeline {
    pub id: String,
    pub project: String,
    pub name: String,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedBuild {
    pub id: String,
    /// Counted from 1.
    pub attempt: i64,
    pub project: String,
    pub pipeline: Option<String>,
    /// The build that set this one off.
    pub parent: Option<String>,
    pub name: String,
    pub number: Option<i64>,
    pub commit: Option<String>,
    pub branch: Option<String>,
    pub event: Option<String>,
    pub outcome: Outcome,
    /// The outcome in the source's word.
    pub said: String,
    pub queued_at: Option<Time>,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
    /// When the source said this.
    pub as_of: Option<Time>,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedJob {
    pub id: String,
    pub attempt: i64,
    pub project: String,
    pub build: Option<String>,
    pub name: String,
    pub commit: Option<String>,
    pub outcome: Outcome,
    pub said: String,
    #[serde(default)]
    pub may_fail: bool,
    pub queued_at: Option<Time>,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
    pub as_of: Option<Time>,
    #[serde(default)]
    pub steps: Vec<ImportedStep>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedStep {
    pub name: String,
    pub outcome: Outcome,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedDeployment {
    pub id: String,
    pub project: String,
    pub environment: Option<String>,
    pub production: Option<bool>,
    pub commit: Option<String>,
    pub reference: Option<String>,
    pub outcome: Outcome,
    pub said: String,
    pub created_at: Option<Time>,
    pub started_at: Option<Time>,
    pub finished_at: Option<Time>,
    pub as_of: Option<Time>,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedRelease {
    pub id: String,
    pub project: String,
    pub tag: String,
    pub name: Option<String>,
    pub commit: Option<String>,
    pub published_at: Option<Time>,
    #[serde(default)]
    pub prerelease: bool,
    #[serde(default)]
    pub draft: bool,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedIncident {
    pub id: String,
    pub number: Option<i64>,
    pub title: String,
    pub service: Option<String>,
    pub severity: Option<String>,
    pub said: String,
    pub opened_at: Time,
    pub acknowledged_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub as_of: Time,
    pub url: Option<String>,
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

impl From<pipelines::Outcome> for Outcome {
    fn from(outcome: pipelines::Outcome) -> Outcome {
        match outcome {
            pipelines::Outcome::Waiting => Outcome::Waiting,
            pipelines::Outcome::Running => Outcome::Running,
            pipelines::Outcome::Succeeded => Outcome::Succeeded,
            pipelines::Outcome::Failed => Outcome::Failed,
            pipelines::Outcome::Cancelled => Outcome::Cancelled,
            pipelines::Outcome::Skipped => Outcome::Skipped,
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
    /// Adds a record of a file. Test results within the answers of a system say neither commit nor time, and are passed
    /// over; the answer is whether the record was taken.
    pub fn take(&mut self, record: Record) -> bool {
        match record {
            Record::Pipeline(one) => {
                self.pipelines.push(ImportedPipeline { id: one.id, project: one.project, name: one.name });
            }
            Record::Build(one) => self.builds.push(one.into()),
            Record::Job(one) => self.jobs.push(one.into()),
            Record::Deployment(one) => self.deployments.push(one.into()),
            Record::Release(one) => self.releases.push(one.into()),
            Record::Incident(one) => self.incidents.push(one.into()),
            Record::Tests(_) => return false,
        }
        true
    }
}

impl From<pipelines::Build> for ImportedBuild {
    fn from(one: pipelines::Build) -> ImportedBuild {
        ImportedBuild {
            id: one.id,
            attempt: one.attempt,
            project: one.project,
            pipeline: one.pipeline,
            parent: one.parent,
            name: one.name,
            number: one.number,
            commit: one.commit,
            branch: one.branch,
            event: one.event,
            outcome: one.outcome.into(),
            said: one.said,
            queued_at: one.queued_at.map(Time::from),
            started_at: one.started_at.map(Time::from),
            finished_at: one.finished_at.map(Time::from),
            as_of: one.as_of.map(Time::from),
            url: one.url,
        }
    }
}

impl From<pipelines::Job> for ImportedJob {
    fn from(one: pipelines::Job) -> ImportedJob {
        let step = |step: pipelines::Step| ImportedStep {
            name: step.name,
            outcome: step.outcome.into(),
            started_at: step.started_at.map(Time::from),
            finished_at: step.finished_at.map(Time::from),
        };
        ImportedJob {
            id: one.id,
            attempt: one.attempt,
            project: one.project,
            build: one.build,
            name: one.name,
            commit: one.commit,
            outcome: one.outcome.into(),
            said: one.said,
            may_fail: one.may_fail,
            queued_at: one.queued_at.map(Time::from),
            started_at: one.started_at.map(Time::from),
            finished_at: one.finished_at.map(Time::from),
            as_of: one.as_of.map(Time::from),
            steps: one.steps.into_iter().map(step).collect(),
        }
    }
}

impl From<pipelines::Deployment> for ImportedDeployment {
    fn from(one: pipelines::Deployment) -> ImportedDeployment {
        ImportedDeployment {
            id: one.id,
            project: one.project,
            environment: one.environment,
            production: one.production,
            commit: one.commit,
            reference: one.reference,
            outcome: one.outcome.into(),
            said: one.said,
            created_at: one.created_at.map(Time::from),
            started_at: one.started_at.map(Time::from),
            finished_at: one.finished_at.map(Time::from),
            as_of: one.as_of.map(Time::from),
            url: one.url,
        }
    }
}

impl From<pipelines::Release> for ImportedRelease {
    fn from(one: pipelines::Release) -> ImportedRelease {
        ImportedRelease {
            id: one.id,
            project: one.project,
            tag: one.tag,
            name: one.name,
            commit: one.commit,
            published_at: one.published_at.map(Time::from),
            prerelease: one.prerelease,
            draft: one.draft,
        }
    }
}

impl From<pipelines::Incident> for ImportedIncident {
    fn from(one: pipelines::Incident) -> ImportedIncident {
        ImportedIncident {
            id: one.id,
            number: one.number,
            title: one.title,
            service: one.service,
            severity: one.severity,
            said: one.said,
            opened_at: one.opened_at.into(),
            acknowledged_at: one.acknowledged_at.map(Time::from),
            resolved_at: one.resolved_at.map(Time::from),
            as_of: one.as_of.into(),
            url: one.url,
        }
    }
}
