//! Reads a file that is to be brought over, and lays what is in it into pieces that are stored one after the other.
use super::{Plan, Stage, Tracker, Upload, file, from_text, json_text, progress, store};
use crate::import::bunches;
use base64::{Engine, engine::general_purpose::STANDARD};
use intake::Report;
use kernel::{Error, Id, Job, JobKind, Json, Later, Outside, Result, Run, Team, Tx, args, columns, json, sql, words};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub const READ: JobKind = JobKind { name: "issue_upload.read", run: Run::Outside { prepare, act, record } };

words! {
    pub enum Kind {
        Issues = "issues",
        Sprints = "sprints",
    }
}

/// What is stored in one transaction.
#[derive(Serialize, Deserialize)]
struct Piece {
    kind: Kind,
    team: Id<Team>,
    /// A list in JSON.
    content: String,
}

#[derive(Serialize, Deserialize)]
struct Given {
    source: Tracker,
    file_name: String,
    base64: String,
    plan: Plan,
}

/// What was read, or why it could not be.
#[derive(Serialize, Deserialize)]
enum Read {
    Pieces(Vec<Piece>, Report),
    Failed(String),
}

pub(super) fn want(tx: &mut Tx<'_>, upload: Id<Upload>) {
    let now = tx.now();
    tx.want_once(READ.name, subject(upload), json!({ "upload": upload }), now);
}

pub(super) fn subject(upload: Id<Upload>) -> String {
    format!("upload {upload}")
}

pub(super) fn upload(job: &Job) -> Result<Id<Upload>> {
    serde_json::from_value(job.args["upload"].clone()).map_err(Error::internal)
}

struct Row {
    source: Tracker,
    file_name: String,
    bytes: Vec<u8>,
    plan: String,
}
columns!(Row { source, file_name, bytes, plan });

fn prepare<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let select = sql!(
            "select source, file_name, bytes, plan from issue_uploads
              where workspace_id = $1 and id = $2 and stage = 'reading'"
        );
        let row: Option<Row> = tx.find(select, args![tx.workspace(), upload(job)?]).await?;
        let given = row.map(|Row { source, file_name, bytes, plan }| {
            let given = Given { source, file_name, base64: STANDARD.encode(bytes), plan: from_text(&plan)? };
            serde_json::to_value(given).map_err(Error::internal)
        });
        given.transpose()
    })
}

fn act<'a>(_: &'a dyn Outside, given: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let given: Given = serde_json::from_value(given).map_err(Error::internal)?;
        let read = tokio::task::spawn_blocking(move || pieces(given)).await.map_err(Error::internal)?;
        let read = match read {
            Err(Error::Invalid(flaws)) => {
                Read::Failed(flaws.into_iter().next().map(|flaw| flaw.sentence).unwrap_or_default())
            }
            other => other?,
        };
        serde_json::to_value(read).map_err(Error::internal)
    })
}

fn pieces(given: Given) -> Result<Read> {
    let bytes = STANDARD.decode(given.base64).map_err(Error::internal)?;
    let mut reading = file::read(given.source, &given.file_name, &bytes, given.plan.mapping)?;
    let mut pieces = Vec::new();
    while let Some((project, issues)) = reading.bunch().map_err(Error::internal)? {
        let team = *given.plan.teams.get(&project).ok_or(Error::NotFound)?;
        pieces.push(Piece { kind: Kind::Issues, team, content: json_text(&issues)? });
    }
    let mut of_team: BTreeMap<Id<Team>, BTreeSet<&str>> = BTreeMap::new();
    for (project, team) in &given.plan.teams {
        of_team.entry(*team).or_default().insert(project);
    }
    for (team, projects) in of_team {
        for sprints in bunches(reading.sprints(&projects)) {
            let content = json_text(&sprints)?;
            pieces.push(Piece { kind: Kind::Sprints, team, content });
        }
    }
    Ok(Read::Pieces(pieces, reading.report))
}

fn record<'a>(tx: &'a mut Tx<'_>, job: &'a Job, read: Json) -> Later<'a, ()> {
    Box::pin(async move {
        let upload = upload(job)?;
        let (pieces, report) = match serde_json::from_value(read).map_err(Error::internal)? {
            Read::Pieces(pieces, report) => (pieces, report),
            Read::Failed(sentence) => return progress::fail(tx, upload, &sentence).await,
        };
        let select = sql!("select plan from issue_uploads where workspace_id = $1 and id = $2 and stage = 'reading'");
        let plan: Option<String> = tx.find(select, args![tx.workspace(), upload]).await?;
        let Some(plan) = plan else { return Ok(()) };
        let plan = json_text(&Plan { report, ..from_text(&plan)? })?;
        let insert = sql!(
            "insert into issue_upload_pieces (workspace_id, upload_id, place, team_id, kind, content)
             values ($1, $2, $3, $4, $5, $6)"
        );
        let workspace = tx.workspace();
        let places: Vec<i64> = (0..).take(pieces.len()).collect();
        let mut rows = Vec::new();
        for (piece, place) in pieces.iter().zip(&places) {
            rows.push(args![workspace, upload, *place, piece.team, piece.kind, piece.content].to_vec());
        }
        tx.run_many(insert, &rows).await?;
        let update =
            sql!("update issue_uploads set stage = $3, plan = $4, bytes = $5 where workspace_id = $1 and id = $2");
        tx.run(update, args![workspace, upload, Stage::Storing, plan, Vec::<u8>::new()]).await?;
        progress::tell(tx, upload).await?;
        store::want(tx, upload);
        Ok(())
    })
}
