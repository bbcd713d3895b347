//! Finds the records in a document: it is one, a list of them, or has them somewhere within, as pages of lists, webhook
//! payloads and wrappers of other tools do.
use crate::{Harvest, Record, record::project_of};
use intake::{Fields, stream::Document};
use serde_json::{Map, Value};

/// What a reader made of an object.
pub(crate) struct Found {
    pub kind: &'static str,
    pub records: Vec<Record>,
    /// Fields that are known and not wanted.
    pub left_out: &'static [&'static str],
    /// What is inside and a record of its own.
    pub inside: &'static [&'static str],
    /// What the record lacks and cannot do without.
    pub lacks: Option<&'static str>,
}

impl Found {
    pub fn new(kind: &'static str, records: Vec<Record>, left_out: &'static [&'static str]) -> Found {
        Found { kind, records, left_out, inside: &[], lacks: None }
    }

    /// One record, or the word for what it lacks.
    pub fn one(
        kind: &'static str,
        made: Result<Record, &'static str>,
        left_out: &'static [&'static str],
    ) -> Option<Found> {
        let lacks = made.as_ref().err().copied();
        Some(Found { lacks, ..Found::new(kind, made.into_iter().collect(), left_out) })
    }
}

/// What is known of an object from what stands around it.
#[derive(Clone, Default)]
pub(crate) struct Around<'v> {
    /// The repository, by its full name.
    pub project: Option<String>,
    /// The address that answered it.
    pub url: Option<&'v str>,
    /// The record that it was asked for.
    pub input: Option<&'v Value>,
    /// The object that directly holds it, or holds the list that holds it.
    pub parent: Option<&'v Value>,
    /// The job of Jenkins around a build.
    pub job: Option<String>,
    /// The number of the build around a stage.
    pub build: Option<i64>,
}

pub(crate) type Recognise = fn(&Fields<'_>, &Around<'_>) -> Option<Found>;

const DEEPEST: usize = 12;
const ENVELOPE: &[&str] = &[
    "action",
    "repository",
    "sender",
    "organization",
    "installation",
    "enterprise",
    "number",
    "total_count",
    "next_page_token",
    "limit",
    "offset",
    "more",
    "total",
    "paging",
    "took",
    "requestId",
    "took",
    "next_cursor",
    "input",
    "nango",
    "api*",
    "backend_name",
    "backend_version",
    "category",
    "origin",
    "perceval_version",
    "tag",
    "timestamp",
    "updated_on",
    "uuid",
    "search_fields*",
    "classified_fields_filtered",
];

/// `value` is the JSON of the document, with the names of fields as the readers know them.
pub(crate) fn walk(document: &Document, value: &Value, recognise: Recognise, harvest: &mut Harvest) {
    let url = document.address.as_deref();
    let input = Value::Object(document.around.clone());
    let (job, build) = job_asked(&input).unzip();
    let around = Around {
        project: url.filter(|url| url.contains("/repos/")).and_then(project_of).or_else(|| project_asked(&input)),
        url,
        input: (!document.around.is_empty()).then_some(&input),
        job,
        build: build.flatten(),
        ..Around::default()
    };
    let mut walk = Walk { document, recognise, harvest };
    if !walk.any(value, &around, 0) {
        walk.harvest.report.unrecognised(&outline(value), place(document));
    }
}

/// The repository that Apache DevLake says beside a row that it asked for: by its name, or by GitLab's number.
fn project_asked(input: &Value) -> Option<String> {
    let name = input.get("Name").and_then(Value::as_str).filter(|name| name.contains('/'));
    let number = || input.get("ProjectId").and_then(Value::as_i64).filter(|id| *id > 0);
    name.map(str::to_owned).or_else(|| number().map(|id| format!("project-{id}")))
}

/// The job of Jenkins, and the number of its build, that Apache DevLake says beside a row: `folder/app#12`.
fn job_asked(input: &Value) -> Option<(String, Option<i64>)> {
    let name = input.get("FullName")?.as_str()?;
    Some(match name.rsplit_once('#') {
        Some((job, number)) => (job.to_owned(), number.parse().ok()),
        None => (name.to_owned(), None),
    })
}

struct Walk<'d, 'h> {
    document: &'d Document,
    recognise: Recognise,
    harvest: &'h mut Harvest,
}

impl<'d> Walk<'d, '_> {
    /// Whether there was anything to read. Empty lists and objects say nothing, which is no reason to complain.
    fn any(&mut self, value: &'d Value, around: &Around<'d>, depth: usize) -> bool {
        match value {
            Value::Array(items) => {
                let (mut found, mut missed) = (items.is_empty(), Vec::new());
                for item in items {
                    match self.any(item, around, depth) {
                        true => found = true,
                        false => missed.push(outline(item)),
                    }
                }
                for outline in missed.iter().filter(|_| found) {
                    self.harvest.report.unrecognised(outline, place(self.document));
                }
                found
            }
            Value::Object(fields) if fields.is_empty() => true,
            Value::Object(fields) => self.one(value, around, depth) || self.within(value, fields, around, depth),
            _ => false,
        }
    }

    fn one(&mut self, value: &'d Value, around: &Around<'d>, depth: usize) -> bool {
        let fields = Fields::of(value);
        let Some(found) = (self.recognise)(&fields, around) else { return false };
        for name in found.inside {
            fields.at(name).whole();
        }
        self.harvest.report.add(found.kind, &fields, found.left_out);
        if let Some(lacks) = found.lacks {
            self.harvest.report.incomplete(&format!("{} without {lacks}", found.kind), place(self.document));
        }
        let job = found.records.iter().find_map(|record| match record {
            Record::Pipeline(pipeline) => Some(pipeline.id.clone()),
            _ => None,
        });
        self.harvest.records.extend(found.records);
        let inner = Around { job: job.or_else(|| around.job.clone()), parent: Some(value), ..around.clone() };
        for name in found.inside {
            self.any(&value[*name], &inner, depth + 1);
        }
        true
    }

    fn within(&mut self, value: &'d Value, fields: &'d Map<String, Value>, around: &Around<'d>, depth: usize) -> bool {
        if depth >= DEEPEST {
            return false;
        }
        let named = |one: &str, field: &str| value.get(one)?.get(field)?.as_str().map(str::to_owned);
        let project = named("repository", "full_name")
            .or_else(|| named("project", "path_with_namespace"))
            .or_else(|| named("project", "slug"))
            .or_else(|| around.project.clone());
        let inner = Around { project, parent: Some(value), ..around.clone() };
        let mut rest = Vec::new();
        let mut found = false;
        for (name, field) in fields {
            let holds = match field {
                Value::Array(items) => !items.is_empty() && self.any(field, &inner, depth + 1),
                Value::Object(inside) => !inside.is_empty() && self.any(field, &inner, depth + 1),
                _ => false,
            };
            let empty_list = field.as_array().is_some_and(Vec::is_empty) && is_list(name);
            found |= holds || empty_list;
            if !holds {
                rest.push((name, field));
            }
        }
        if found {
            let rest = rest.into_iter().map(|(name, field)| (name.clone(), field.clone())).collect();
            self.harvest.report.add("around records", &Fields::of(&Value::Object(rest)), ENVELOPE);
        }
        found
    }
}

/// Names under which systems send lists of records; an empty one is an answer.
fn is_list(name: &str) -> bool {
    matches!(
        name,
        "items"
            | "workflow_runs"
            | "jobs"
            | "builds"
            | "incidents"
            | "check_runs"
            | "check_suites"
            | "workflows"
            | "data"
            | "deployments"
            | "releases"
            | "pipelines"
            | "runs"
            | "messages"
    )
}

/// What an object looks like, for those who wonder why it was not read.
fn outline(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let names: Vec<&str> = fields.keys().take(6).map(String::as_str).collect();
            format!("an object with {}", names.join(", "))
        }
        Value::Array(items) => items.first().map_or_else(String::new, |item| format!("a list of {}", outline(item))),
        Value::String(_) => "texts".to_owned(),
        _ => "numbers".to_owned(),
    }
}

fn place(document: &Document) -> String {
    match document.place {
        Some(intake::Place::Row(row)) => format!("{}, row {row}", document.file),
        Some(intake::Place::Line { line, .. }) => format!("{}, line {line}", document.file),
        None => document.file.clone(),
    }
}

#[cfg(test)]
mod tests;
