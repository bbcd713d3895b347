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

use intake::{
    Fields, Report, plain,
    stream::{Content, Document},
};
use serde_json::Value;

/// What was read: the records, and what of the documents was not understood.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    pub records: Vec<Record>,
    pub report: Report,
}

/// Reads a document of a system: an answer of its API, a webhook payload, or something that holds such.
pub fn read(system: System, document: &Document, harvest: &mut Harvest) {
    let recognise = recogniser(system);
    match &document.content {
        Content::Json(value) if system == System::Github && has_camel_names(value) => {
            walk::walk(document, &plain(value.clone()), recognise, harvest);
        }
        Content::Json(value) => walk::walk(document, value, recognise, harvest),
        Content::Row(_) | Content::Bytes(_) => harvest.report.unrecognised("a file without JSON", &document.file),
    }
}

/// Whether a value by itself is something that [`read`] makes records of.
pub fn knows(system: System, value: &Value) -> bool {
    value.is_object() && recogniser(system)(&Fields::of(value), &walk::Around::default()).is_some()
}

fn recogniser(system: System) -> walk::Recognise {
    match system {
        System::Github => github::recognise,
        System::Gitlab => gitlab::recognise,
        System::Jenkins => jenkins::recognise,
        System::Circleci => circleci::recognise,
        System::Pagerduty => pagerduty::recognise,
        System::Opsgenie => opsgenie::recognise,
    }
}

/// GraphQL writes `databaseId` where REST writes `database_id`.
fn has_camel_names(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, field)| {
            let camel =
                name.bytes().any(|byte| byte.is_ascii_uppercase()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
            camel || has_camel_names(field)
        }),
        Value::Array(items) => items.iter().any(has_camel_names),
        _ => false,
    }
}
