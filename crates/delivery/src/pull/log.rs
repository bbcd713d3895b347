//! What came of each import: how much was read, what was kept aside, and what was not taken over.
use super::Host;
use crate::repository::may_keep;
use forge::{Report, Role};
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
    pub host: Host,
    pub imported_at: Time,
    pub records: i64,
    /// Rows that were new or said something else than before.
    pub changed: i64,
    /// What was found, kind by kind and field by field.
    #[schemars(with = "Json")]
    pub report: Report,
    /// What could not be read, a sentence each.
    pub problems: Vec<String>,
}

/// Keep what came of an import. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct LogImport {
    pub host: Host,
    pub records: i64,
    pub changed: i64,
    #[schemars(with = "Json")]
    pub report: Report,
    pub problems: Vec<String>,
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
        let text = |value: serde_json::Result<String>| value.map_err(Error::internal);
        let (report, problems) =
            (text(serde_json::to_string(&self.report))?, text(serde_json::to_string(&self.problems))?);
        let insert = sql!(
            "insert into forge_imports (workspace_id, id, host, imported_at, records, changed, report, problems)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let now = tx.now();
        tx.run(insert, args![tx.workspace(), id, self.host, now, self.records, self.changed, report, problems]).await?;
        Ok(id)
    }
}

/// The newest imports from code hosts, with their reports, for those who may import.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListImports {}

struct Stored {
    id: Id<ForgeImport>,
    host: Host,
    imported_at: Time,
    records: i64,
    changed: i64,
    report: String,
    problems: String,
}
columns!(Stored { id, host, imported_at, records, changed, report, problems });

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
            "select id, host, imported_at, records, changed, report, problems from forge_imports
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
            host: row.host,
            imported_at: row.imported_at,
            records: row.records,
            changed: row.changed,
            report: serde_json::from_str(&row.report).map_err(Error::internal)?,
            problems: serde_json::from_str(&row.problems).map_err(Error::internal)?,
        })
    }
}

/// `GET /code-imports`
pub async fn page(cx: Cx) -> Answer {
    let all = cx.read_here::<ListImports>().await?;
    let lead = "What was read from files of code hosts, what was kept beside it, and what was not taken over.";
    let crumbs = vec![("/repositories", "Repositories")];
    let body = html! {
        (Head { crumbs, title: "Imports from code hosts", lead, ..Head::default() }.show())
        @if all.is_empty() {
            (ui::empty("Nothing was imported yet. Run cairn import github or cairn import gitlab with files or folders.", None))
        }
        div.stack { @for (place, one) in all.iter().enumerate() { (card(&cx, one, place == 0)) } }
    };
    Ok(cx.page("Imports from code hosts", body))
}

fn card(cx: &Cx, one: &ForgeImport, open: bool) -> Markup {
    html! {
        section.card {
            header {
                h2 { (one.host.title()) ", " (one.report.files) " files" }
                span.right.small.muted { (ui::ago(one.imported_at, cx.now(), &cx.viewer.zone)) }
            }
            div.body {
                p { (one.records) " records, of which " (one.changed) " told something new." }
                @for sentence in &one.problems { p { (sentence) } }
                details open[open] {
                    summary { "What was read, and what was not" }
                    (kinds(&one.report)) (left(&one.report))
                }
            }
        }
    }
}

fn kinds(report: &Report) -> Markup {
    let named = |thing: &forge::Thing, role: Role| {
        let names = thing.fields.iter().filter(|(_, field)| field.role == role).map(|(name, _)| name.as_str());
        let names: Vec<&str> = names.collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    html! {
        table.data.listed {
            caption.vh { "Records by kind" }
            thead { tr {
                th scope="col" { "Kind" } th.n scope="col" { "Records" } th scope="col" { "Kept beside, not needed" }
                th scope="col" { "Kept beside, not known" }
            } }
            tbody { @for (kind, thing) in &report.taken { tr {
                td { (kind) }
                td.n data-label="Records" { (thing.count) }
                td.small data-label="Kept beside" { (named(thing, Role::Aside)) }
                td.small data-label="Not known" { (named(thing, Role::Unknown)) }
            } } }
        }
    }
}

fn left(report: &Report) -> Markup {
    html! {
        @if !report.not_taken.is_empty() || !report.passed_over.is_empty() {
            h3 { "Not taken over" }
            ul {
                @for (name, thing) in &report.not_taken { li { (thing.count) " × " (name) span.muted { ", first in " (thing.example) } } }
                @for file in &report.passed_over { li { "The file " (file) ", which holds no JSON" } }
            }
        }
    }
}
