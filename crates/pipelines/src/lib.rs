//! What continuous integration and incident systems say, as neutral records: builds, jobs, deployments, releases,
//! incidents, test results and coverage. Bytes in, records out; knows nothing of Cairn.
mod circleci;
pub mod coverage;
mod github;
mod gitlab;
mod jenkins;
pub mod junit;
mod opsgenie;
mod pagerduty;
mod record;
mod walk;
mod xml;

pub use coverage::Coverage;
pub use junit::{TestCase, TestOutcome, TestRun};
pub use record::{Build, Deployment, Incident, Job, Outcome, Pipeline, Record, Release, Step, System};

use intake::{File, Limits, Report, Result, documents};

/// The records of a file, and what of it was not read.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    pub records: Vec<Record>,
    pub report: Report,
}

/// Reads JSON of a system: answers of its API, webhook payloads, or both, in any container.
///
/// # Errors
/// JSON that is malformed, cut off, or beyond the limits, with its place.
pub fn read(system: System, file: &File, limits: &Limits) -> Result<Harvest> {
    let recognise = match system {
        System::Github => github::recognise,
        System::Gitlab => gitlab::recognise,
        System::Jenkins => jenkins::recognise,
        System::Circleci => circleci::recognise,
        System::Pagerduty => pagerduty::recognise,
        System::Opsgenie => opsgenie::recognise,
    };
    let mut harvest = Harvest::default();
    harvest.report.files = 1;
    for document in documents(file, limits)? {
        walk::walk(&document, recognise, &mut harvest);
    }
    Ok(harvest)
}
