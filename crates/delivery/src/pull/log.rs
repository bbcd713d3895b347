//! What came of each import: how much was read, what was kept aside, and what was not taken over.
use crate::{
    repository::may_keep,
    source::{Report, System},
};
use forge::Role;
use intake::Fate;
use kernel::{
    Actor, Error, Id, Json,
    Method::{Get, Post},
    Operation, Result, Route, Time, Tx, args, columns, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, html};

/// One import of files, with its report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ForgeImport {
    pub id: Id<ForgeImport>,
    pub system: System,
    pub imported_at: Time,
    pub files: i64,
    pub records: i64,
    /// Rows about pull requests that were new or said something else than before.
    pub changed: i64,
    /// What was found, kind by kind and field by field.
    #[schemars(with = "Json")]
    pub report: Report,
}

/// Keep what came of an import. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct LogImport {
    pub system: System,
    pub files: i64,
    pub records: i64,
    pub changed: i64,
    #[schemars(with = "Json")]
    pub report: Report,
}

impl Operation for LogImport {
    const NAME: &str = "pull.log_import";
    const ROUTE: Route = Route(Post, "/delivery/imports");
    type Target = ();
    type Output = Id<ForgeImport>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Id<ForgeImport>> {
        let id: Id<ForgeImport> = tx.id();
        let report = serde_json::to_string(&self.report).map_err(Error::internal)?.replace("\\u0000", "");
        let insert = sql!(
            "insert into delivery_imports (workspace_id, id, system, imported_at, files, records, changed, report)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let now = tx.now();
        tx.run(insert, args![tx.workspace(), id, self.system, now, self.files, self.records, self.changed, report])
            .await?;
        Ok(id)
    }
}

/// The newest imports from files, with their reports, for those who may import.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListImports {}

struct Stored {
    id: Id<ForgeImport>,
    system: System,
    imported_at: Time,
    files: i64,
    records: i64,
    changed: i64,
    report: String,
}
columns!(Stored { id, system, imported_at, files, records, changed, report });

const MOST: i64 = 20;

impl Operation for ListImports {
    const NAME: &str = "pull.imports";
    const ROUTE: Route = Route(Get, "/delivery/imports");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<ForgeImport>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<ForgeImport>> {
        let select = sql!(
            "select id, system, imported_at, files, records, changed, report from delivery_imports
              where workspace_id = $1 order by imported_at desc, id desc limit $2"
        );
        let stored: Vec<Stored> = tx.all(select, args![tx.workspace(), MOST]).await?;
        stored.into_iter().map(ForgeImport::of).collect()
    }
}

impl ForgeImport {
    fn of(row: Stored) -> Result<ForgeImport> {
        Ok(ForgeImport {
            id: row.id,
            system: row.system,
            imported_at: row.imported_at,
            files: row.files,
            records: row.records,
            changed: row.changed,
            report: serde_json::from_str(&row.report).map_err(Error::internal)?,
        })
    }
}

/// `GET /code-imports`
pub async fn page(cx: Cx) -> Answer {
    let all = cx.read_here::<ListImports>().await?;
    let lead = "What was read from files of code hosts, build servers and incident systems, what was kept beside it, and \
                what was not taken over.";
    let crumbs = vec![("/repositories", "Repositories")];
    let body = html! {
        (Head { crumbs, title: "Imports from files", lead, ..Head::default() }.show())
        @if all.is_empty() {
            (ui::empty("Nothing was imported yet. Run cairn import with the name of a system, and files or folders.", None))
        }
        div.stack { @for (place, one) in all.iter().enumerate() { (card(&cx, one, place == 0)) } }
    };
    Ok(cx.page("Imports from files", body))
}

fn card(cx: &Cx, one: &ForgeImport, open: bool) -> Markup {
    html! {
        section.card {
            header {
                h2 { (one.system.title()) ", " (one.files) " files" }
                span.right.small.muted { (ui::ago(one.imported_at, cx.now(), &cx.viewer.zone)) }
            }
            div.body {
                p { (one.records) " records; " (one.changed) " told something new about pull requests." }
                @for sentence in &one.report.problems { p { (sentence) } }
                details open[open] {
                    summary { "What was read, and what was not" }
                    (kinds(&one.report)) (left(&one.report))
                }
            }
        }
    }
}

/// A kind, how many there were, and the names of its fields that were kept beside or left out, and that are not known.
type Line<'r> = (&'r str, u64, Vec<&'r str>, Vec<&'r str>);

fn lines(report: &Report) -> Vec<Line<'_>> {
    let pulls = report.pulls.taken.iter().map(|(kind, thing)| {
        let named = |role| thing.fields.iter().filter(move |(_, one)| one.role == role).map(|(name, _)| name.as_str());
        (kind.as_str(), thing.count, named(Role::Aside).collect(), named(Role::Unknown).collect())
    });
    let builds = report.builds.kinds.iter().map(|(kind, thing)| {
        let named = |fate| thing.fields.iter().filter(move |(_, one)| one.fate == fate).map(|(name, _)| name.as_str());
        (kind.as_str(), thing.records, named(Fate::LeftOut).collect(), named(Fate::Unknown).collect())
    });
    pulls.chain(builds).collect()
}

fn kinds(report: &Report) -> Markup {
    let named = |names: &[&str]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    html! {
        table.data.listed {
            caption.vh { "Records by kind" }
            thead { tr {
                th scope="col" { "Kind" } th.n scope="col" { "Records" } th scope="col" { "Not needed" }
                th scope="col" { "Not known" }
            } }
            tbody { @for (kind, count, aside, unknown) in lines(report) { tr {
                td { (kind) }
                td.n data-label="Records" { (count) }
                td.small data-label="Not needed" { (named(&aside)) }
                td.small data-label="Not known" { (named(&unknown)) }
            } } }
        }
    }
}

fn left(report: &Report) -> Markup {
    let (pulls, builds) = (&report.pulls, &report.builds);
    let named = builds.unrecognised.iter().chain(&builds.incomplete);
    let nothing = pulls.not_taken.is_empty() && pulls.passed_over.is_empty() && named.clone().next().is_none();
    html! {
        @if !nothing {
            h3 { "Not taken over" }
            ul {
                @for (name, thing) in &pulls.not_taken { li { (thing.count) " × " (name) span.muted { ", first in " (thing.example) } } }
                @for (name, (count, first)) in named { li { (count) " × " (name) span.muted { ", first in " (first) } } }
                @for file in &pulls.passed_over { li { "The file " (file) ", which holds no JSON" } }
            }
        }
    }
}
