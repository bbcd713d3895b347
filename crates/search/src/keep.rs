//! Keeps the search up to date: after each event about a record, and record by record when it is made anew.
use crate::entry::Entry;
use kernel::Method::Post;
use kernel::{
    Actor, Documents, INDEX_JOB, Job, JobKind, Later, Operation, Result, Route, Run, Schedule, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeSet, time::Duration};

pub const INDEX: JobKind = JobKind { name: INDEX_JOB, run: Run::Inside(index) };
pub const BUILD: JobKind = JobKind { name: "search.build", run: Run::Inside(build) };
pub const SCHEDULE: Schedule = Schedule { kind: BUILD.name, every: Duration::from_secs(60) };

/// A higher one makes every installation read all records once more: to be raised when tokens are made differently.
pub(crate) const VERSION: i64 = 1;

fn index<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let kind = job.args["kind"].as_str().unwrap_or_default();
        match kinds(tx).into_iter().find(|(name, _)| *name == kind) {
            Some((kind, documents)) => refresh(tx, kind, documents, &job.subject).await,
            None => Ok(()),
        }
    })
}

/// The kinds that can be found.
pub fn kinds(tx: &Tx<'_>) -> Vec<(&'static str, Documents)> {
    tx.record_kinds().filter_map(|kind| Some((kind.kind, kind.documents?))).collect()
}

/// Brings one record up to date, and writes nothing if it is.
async fn refresh(tx: &mut Tx<'_>, kind: &str, documents: Documents, id: &str) -> Result<()> {
    let document = (documents.read)(tx, id).await?;
    let new = document.map(|document| Entry::of(tx.workspace(), kind, id, &document));
    let select =
        sql!("select number, fingerprint from search_documents where workspace_id = $1 and kind = $2 and id = $3");
    let old: Option<(i64, i64)> = tx.find(select, args![tx.workspace(), kind, id]).await?;
    if old.map(|(_, fingerprint)| fingerprint) == new.as_ref().map(|new| new.fingerprint) {
        return Ok(());
    }
    if let Some((number, _)) = old {
        db::search::remove(tx, number).await?;
        let delete = sql!("delete from search_documents where workspace_id = $1 and number = $2");
        tx.run(delete, args![tx.workspace(), number]).await?;
    }
    match new {
        Some(new) => put(tx, kind, id, &new).await,
        None => Ok(()),
    }
}

async fn put(tx: &mut Tx<'_>, kind: &str, id: &str, entry: &Entry) -> Result<()> {
    let insert = sql!(
        "insert into search_documents (workspace_id, number, kind, id, fingerprint) values ($1, $2, $3, $4, $5)
         on conflict (number) do nothing"
    );
    let mut number = entry.number;
    while tx.run(insert, args![tx.workspace(), number, kind, id, entry.fingerprint]).await? == 0 {
        number += 1;
    }
    use db::search::Index::{Near, Texts, Titles};
    for (index, tokens) in [(Titles, &entry.titles), (Texts, &entry.texts), (Near, &entry.near)] {
        db::search::put(tx, index, number, tokens).await?;
    }
    Ok(())
}

/// Reads a page of the records that were not read since the search was last made anew, and asks for the next one: so it
/// can be stopped at any time and goes on where it was.
fn build<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        for (kind, documents) in kinds(tx) {
            let select = sql!(
                "select after_id, done from search_progress where workspace_id = $1 and kind = $2 and version = $3"
            );
            let (after, done) =
                tx.find(select, args![tx.workspace(), kind, VERSION]).await?.unwrap_or((String::new(), false));
            if !done {
                read_page(tx, kind, documents, &after).await?;
                let now = tx.now();
                tx.want_once(BUILD.name, format!("{} on", BUILD.name), json!({}), now);
                return Ok(());
            }
        }
        Ok(())
    })
}

async fn read_page(tx: &mut Tx<'_>, kind: &str, documents: Documents, after: &str) -> Result<()> {
    let page = (documents.list)(tx, after).await?;
    let last = page.last().map(String::as_str);
    let mut ids: BTreeSet<String> = indexed(tx, kind, after, last).await?.into_iter().collect();
    ids.extend(page.iter().cloned());
    for id in ids {
        refresh(tx, kind, documents, &id).await?;
    }
    let keep = sql!(
        "insert into search_progress (workspace_id, kind, version, after_id, done, done_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, kind) do update
         set version = excluded.version, after_id = excluded.after_id, done = excluded.done,
             done_at = excluded.done_at"
    );
    let (after, done) = (last.unwrap_or_default(), last.is_none());
    let done_at = done.then_some(tx.now());
    tx.run(keep, args![tx.workspace(), kind, VERSION, after, done, done_at]).await?;
    Ok(())
}

/// What is there already between two ids: records that are gone are among them.
async fn indexed(tx: &mut Tx<'_>, kind: &str, after: &str, last: Option<&str>) -> Result<Vec<String>> {
    let select = sql!(
        "select id from search_documents
          where workspace_id = $1 and kind = $2 and id > $3 and (cast($4 as text) is null or id <= $4)"
    );
    tx.all(select, args![tx.workspace(), kind, after, last]).await
}

/// Reads all records anew: for when the search does not find what is there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RebuildSearch {}

impl Operation for RebuildSearch {
    const NAME: &str = "search.rebuild";
    const ROUTE: Route = Route(Post, "/search/rebuild");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        tx.run(sql!("delete from search_progress where workspace_id = $1"), args![tx.workspace()]).await?;
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.record("search.rebuilt", workspace, json!({}));
        tx.want_once(BUILD.name, format!("{} on", BUILD.name), json!({}), now);
        Ok(())
    }
}
