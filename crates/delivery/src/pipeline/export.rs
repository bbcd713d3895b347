//! What CI and incident systems told, a line of JSON each, with the ids of the source.
use super::{Format, Outcome, TestOutcome};
use crate::repository::may_keep;
use kernel::{
    Actor, Error, FromRow, Json, Method::Get, Operation, Result, Route, Row, Sql, Time, Tx, args, columns, json, sql,
    words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What there is to export.
    pub enum Exported {
        Pipeline = "pipeline",
        Build = "build",
        Job = "job",
        Deployment = "deployment",
        Release = "release",
        Incident = "incident",
        TestRun = "test_run",
        TestResult = "test_result",
        Coverage = "coverage",
    }
}

/// What tells a line from the others of its kind: the system, the id there, and the attempt or the place in a file.
pub type Key = (String, String, i64);

/// A page of what CI and incident systems told, of one kind, in the order of its keys. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ExportBuilds {
    pub kind: Exported,
    /// The key of the last line of the page before; nothing for the first page.
    #[serde(default)]
    pub after: Option<Key>,
}

/// Lines, and the key of the last one unless that was the end.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExportedPage {
    pub lines: Vec<Json>,
    pub next: Option<Key>,
}

const PAGE: usize = 1_000;

impl Operation for ExportBuilds {
    const NAME: &str = "pipeline.export";
    const ROUTE: Route = Route(Get, "/delivery/export");
    const READS: bool = true;
    type Target = ();
    type Output = ExportedPage;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<ExportedPage> {
        match self.kind {
            Exported::Pipeline => self.page::<Pipeline>(tx, pipelines()).await,
            Exported::Build => self.page::<Build>(tx, builds()).await,
            Exported::Job => self.page::<Job>(tx, jobs()).await,
            Exported::Deployment => self.page::<Deployment>(tx, deployments()).await,
            Exported::Release => self.page::<Release>(tx, releases()).await,
            Exported::Incident => self.page::<Incident>(tx, incidents()).await,
            Exported::TestRun => self.page::<TestRun>(tx, test_runs()).await,
            Exported::TestResult => self.page::<TestResult>(tx, test_results()).await,
            Exported::Coverage => self.page::<Coverage>(tx, coverage()).await,
        }
    }
}

impl ExportBuilds {
    async fn page<L: FromRow + Serialize>(&self, tx: &mut Tx<'_>, select: Sql) -> Result<ExportedPage> {
        let (system, id, number) = self.after.clone().unwrap_or((String::new(), String::new(), -1));
        let rows: Vec<Keyed<L>> = tx.all(select, args![tx.workspace(), system, id, number, PAGE as i64]).await?;
        let next = rows.last().filter(|_| rows.len() == PAGE).map(|row| row.key.clone());
        let lines = rows.iter().map(|row| row.line(self.kind)).collect::<Result<_>>()?;
        Ok(ExportedPage { lines, next })
    }
}

struct Keyed<L> {
    key: Key,
    line: L,
}

impl<L: FromRow> FromRow for Keyed<L> {
    fn from_row(row: &Row<'_>) -> Result<Keyed<L>> {
        let key = (row.field(0, "system")?, row.field(1, "source_id")?, row.field(2, "number")?);
        Ok(Keyed { key, line: L::from_row(row)? })
    }
}

impl<L: Serialize> Keyed<L> {
    fn line(&self, kind: Exported) -> Result<Json> {
        let mut line = json!({ "kind": kind, "system": self.key.0, "source_id": self.key.1 });
        let Json::Object(rest) = serde_json::to_value(&self.line).map_err(Error::internal)? else { return Ok(line) };
        if let Some(fields) = line.as_object_mut() {
            fields.extend(rest);
        }
        Ok(line)
    }
}

/// A struct of a line, which is read from columns and written as fields of these names.
macro_rules! lines {
    ($($name:ident { $($field:ident: $type:ty),+ $(,)? })+) => { $(
        #[derive(Serialize)]
        struct $name { $($field: $type),+ }
        columns!($name { $($field),+ });
    )+ };
}

type Text = Option<String>;
type At = Option<Time>;

lines! {
    Pipeline { repository: Text, project: String, name: String }
    Build {
        attempt: i64, repository: Text, project: String, pipeline_id: Text, parent_id: Text, name: String, build_number: Option<i64>,
        commit: Text, branch: Text, event: Text, outcome: Outcome, said: String, queued_at: At, started_at: At,
        finished_at: At, url: Text,
    }
    Job {
        attempt: i64, repository: Text, project: String, build_id: Text, name: String, commit: Text, outcome: Outcome,
        said: String, may_fail: bool, queued_at: At, started_at: At, finished_at: At, steps: Steps,
    }
    Deployment {
        repository: Text, project: String, environment: Text, production: Option<bool>, commit: Text, reference: Text,
        outcome: Outcome, said: String, created_at: At, started_at: At, finished_at: At, url: Text,
    }
    Release {
        repository: Text, project: String, tag: String, name: Text, commit: Text, published_at: At, prerelease: bool,
        draft: bool,
    }
    Incident {
        repository: Text, incident_number: Option<i64>, title: String, service: Text, severity: Text, said: String,
        opened_at: Time, acknowledged_at: At, resolved_at: At, url: Text,
    }
    TestRun { repository: Text, commit: Text, ran_at: At, duration: i64 }
    TestResult {
        number: i64, suite: String, name: String, file: Text, outcome: TestOutcome, duration: Option<i64>, message: Text,
        failed_before: i64,
    }
    Coverage {
        repository: Text, commit: Text, measured_at: At, format: Format, lines_covered: i64, lines_known: i64,
        branches_covered: i64, branches_known: i64,
    }
}

/// The steps of a job, which are stored as JSON.
struct Steps(Json);

impl kernel::FromValue for Steps {
    fn from_value(value: kernel::Value<'_>) -> Result<Steps> {
        serde_json::from_str(&String::from_value(value)?).map(Steps).map_err(Error::internal)
    }
}

impl Serialize for Steps {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

const REPOSITORY: &str = " left join repositories r on r.workspace_id = o.workspace_id and r.id = o.repository_id ";
/// The repository that it was given to, else the one that the code host calls as the project is called.
const PROJECT: &str = " left join forge_places h on h.workspace_id = o.workspace_id and h.host = o.system
        and o.repository_id is null and h.key = 'name ' || lower(o.project)
   left join repositories r on r.workspace_id = o.workspace_id and r.id = coalesce(o.repository_id, h.repository_id) ";
const AFTER: &str = " where o.workspace_id = $1
    and (o.system, o.source_id, cast(0 as bigint)) > ($2, $3, $4)
  order by o.system, o.source_id limit $5";
const AFTER_ATTEMPT: &str = " where o.workspace_id = $1 and (o.system, o.source_id, o.attempt) > ($2, $3, $4)
  order by o.system, o.source_id, o.attempt limit $5";
/// Of what has no system but its files.
const AFTER_FILE: &str =
    " where o.workspace_id = $1 and (cast('files' as text), o.source_id, cast(0 as bigint)) > ($2, $3, $4)
  order by o.source_id limit $5";

fn pipelines() -> Sql {
    sql!(
        "select o.system, o.source_id, cast(0 as bigint) as number, r.location as repository, o.project, o.name from pipelines o",
        PROJECT,
        AFTER
    )
}

fn builds() -> Sql {
    sql!(
        "select o.system, o.source_id, o.attempt as number, o.attempt, r.location as repository, o.project, o.pipeline_id,
                o.parent_id, o.name, o.number as build_number, coalesce(o.commit_hash, p.commit_hash) as \"commit\",
                coalesce(o.branch, p.branch) as branch, coalesce(o.event, p.event) as event, o.outcome,
                o.said, o.queued_at, o.started_at, o.finished_at, o.url from builds o
           left join builds p on p.workspace_id = o.workspace_id and p.system = o.system and p.source_id = o.parent_id
                and p.attempt = 1",
        PROJECT,
        AFTER_ATTEMPT
    )
}

fn jobs() -> Sql {
    sql!(
        "select o.system, o.source_id, o.attempt as number, o.attempt, r.location as repository, o.project, o.build_id,
                o.name, coalesce(o.commit_hash, b.commit_hash, p.commit_hash) as \"commit\", o.outcome, o.said, o.may_fail,
                o.queued_at, o.started_at, o.finished_at, o.steps from build_jobs o
           left join builds b on b.workspace_id = o.workspace_id and b.system = o.system and b.source_id = o.build_id
                and b.attempt = o.attempt
           left join builds p on p.workspace_id = o.workspace_id and p.system = o.system and p.source_id = b.parent_id
                and p.attempt = 1",
        PROJECT,
        AFTER_ATTEMPT
    )
}

fn deployments() -> Sql {
    sql!(
        "select o.system, o.source_id, cast(0 as bigint) as number, r.location as repository, o.project, o.environment,
                o.production, o.commit_hash as \"commit\", o.reference, o.outcome, o.said, o.created_at, o.started_at,
                o.finished_at, o.url from deployments o",
        PROJECT,
        AFTER
    )
}

fn releases() -> Sql {
    sql!(
        "select o.system, o.source_id, cast(0 as bigint) as number, r.location as repository, o.project, o.tag, o.name,
                o.commit_hash as \"commit\", o.published_at, o.prerelease, o.draft from releases o",
        PROJECT,
        AFTER
    )
}

fn incidents() -> Sql {
    sql!(
        "select o.system, o.source_id, cast(0 as bigint) as number, r.location as repository, o.number as incident_number,
                o.title, o.service, o.severity, o.said, o.opened_at, o.acknowledged_at, o.resolved_at, o.url
           from incidents o",
        REPOSITORY,
        AFTER
    )
}

fn test_runs() -> Sql {
    sql!(
        "select 'files' as system, o.source_id, cast(0 as bigint) as number, r.location as repository,
                o.commit_hash as \"commit\", o.ran_at, o.duration from test_runs o",
        REPOSITORY,
        AFTER_FILE
    )
}

fn test_results() -> Sql {
    sql!(
        "select 'files' as system, o.run_id as source_id, o.number, o.suite, o.name, o.file, o.outcome, o.duration, o.message,
                o.failed_before from test_results o
          where o.workspace_id = $1 and (cast('files' as text), o.run_id, o.number) > ($2, $3, $4)
          order by o.run_id, o.number limit $5"
    )
}

fn coverage() -> Sql {
    sql!(
        "select 'files' as system, o.source_id, cast(0 as bigint) as number, r.location as repository,
                o.commit_hash as \"commit\", o.measured_at, o.format, o.lines_covered, o.lines_known, o.branches_covered,
                o.branches_known from coverage_reports o",
        REPOSITORY,
        AFTER_FILE
    )
}
