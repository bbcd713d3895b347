use crate::TestRun;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// GitHub: Actions, checks, deployments, releases and tags.
    Github,
    Gitlab,
    Jenkins,
    Circleci,
    Pagerduty,
    Opsgenie,
}

impl System {
    pub fn word(self) -> &'static str {
        match self {
            System::Github => "github",
            System::Gitlab => "gitlab",
            System::Jenkins => "jenkins",
            System::Circleci => "circleci",
            System::Pagerduty => "pagerduty",
            System::Opsgenie => "opsgenie",
        }
    }
}

/// How a build, a job or a deployment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Waiting,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Skipped,
}

impl Outcome {
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Waiting => "waiting",
            Outcome::Running => "running",
            Outcome::Succeeded => "succeeded",
            Outcome::Failed => "failed",
            Outcome::Cancelled => "cancelled",
            Outcome::Skipped => "skipped",
        }
    }

    pub fn is_over(self) -> bool {
        !matches!(self, Outcome::Waiting | Outcome::Running)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Pipeline(Pipeline),
    Build(Build),
    Job(Job),
    Deployment(Deployment),
    Release(Release),
    Incident(Incident),
    Tests(TestRun),
}

/// A definition of what is built: a workflow, a job of Jenkins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// As the source calls it; unique within the system.
    pub id: String,
    /// The repository or folder, such as `octo-org/octo-repo`.
    pub project: String,
    pub name: String,
}

/// One run of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Build {
    pub id: String,
    /// Counted from 1 for systems that run a build again under the same id.
    pub attempt: i64,
    pub project: String,
    /// The id of its pipeline.
    pub pipeline: Option<String>,
    /// The build that it is a part of, where one sets off several.
    pub parent: Option<String>,
    /// The name of its pipeline.
    pub name: String,
    pub number: Option<i64>,
    /// The full hash.
    pub commit: Option<String>,
    pub branch: Option<String>,
    /// What set it off, in the source's word: `push`, `schedule`.
    pub event: Option<String>,
    pub outcome: Outcome,
    /// The outcome in the source's word.
    pub said: String,
    pub queued_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// When the source said this; later words count.
    pub as_of: Option<Timestamp>,
    pub url: Option<String>,
}

/// A part of a build that runs on one machine; for Jenkins a stage, for GitHub a check as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub id: String,
    /// The id of its build.
    pub build: Option<String>,
    pub attempt: i64,
    pub project: String,
    pub name: String,
    pub commit: Option<String>,
    pub outcome: Outcome,
    pub said: String,
    /// The build does not fail if this job does.
    #[serde(default)]
    pub may_fail: bool,
    pub queued_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub as_of: Option<Timestamp>,
    #[serde(default)]
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub name: String,
    pub outcome: Outcome,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// Something put into an environment. Several records of the same id add up: a deployment and its statuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    pub id: String,
    pub project: String,
    pub environment: Option<String>,
    /// Where the source says whether people use that environment.
    pub production: Option<bool>,
    pub commit: Option<String>,
    /// The branch or tag.
    pub reference: Option<String>,
    pub outcome: Outcome,
    pub said: String,
    pub created_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub as_of: Option<Timestamp>,
    pub url: Option<String>,
}

/// A release or a bare tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The project and the tag.
    pub id: String,
    pub project: String,
    pub tag: String,
    pub name: Option<String>,
    pub commit: Option<String>,
    pub published_at: Option<Timestamp>,
    #[serde(default)]
    pub prerelease: bool,
    /// Not yet public.
    #[serde(default)]
    pub draft: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    pub id: String,
    pub number: Option<i64>,
    pub title: String,
    pub service: Option<String>,
    /// Urgency or priority in the source's word.
    pub severity: Option<String>,
    /// In the source's word.
    pub said: String,
    pub opened_at: Timestamp,
    pub acknowledged_at: Option<Timestamp>,
    /// Nothing while it is open, also if it was resolved before.
    pub resolved_at: Option<Timestamp>,
    pub as_of: Timestamp,
    pub url: Option<String>,
}

/// `github.example/octo-org/octo-repo/…` and `…/repos/octo-org/octo-repo/…` to `octo-org/octo-repo`.
pub(crate) fn project_of(url: &str) -> Option<String> {
    let path = url.split_once("://")?.1.split_once('/')?.1;
    let path = path.split_once("repos/").map_or(path, |(_, rest)| rest);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    Some(format!("{}/{}", parts.next()?, parts.next()?))
}
