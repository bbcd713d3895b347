//! Applies what came through doors, in the order of its coming, though any other would do.
use super::{Hook, State, list::KEPT};
use crate::{
    repository::Repository,
    source::{Source, System, Told},
};
use intake::stream::{Content, Document};
use kernel::{Error, Id, Job, JobKind, Json, Later, Result, Run, Schedule, Team, Tx, args, columns, json, sql};
use serde_json::Map;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "hook.apply", run: Run::Inside(apply) };
/// Looks for what waits though no job was wanted for it, and forgets what was applied long ago.
pub const SWEEP: JobKind = JobKind { name: "hook.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "hook.sweep", every: Duration::from_secs(60) };

const AT_ONCE: i64 = 50;
/// After so many attempts the delivery that is in the way is put aside.
const PATIENCE: i64 = 3;

/// Asks for a job that applies what waits.
pub(super) fn want(tx: &mut Tx<'_>, hook: Id<Hook>) {
    let now = tx.now();
    tx.want_once(JOB.name, format!("hook {hook}"), json!({ "hook": hook }), now);
}

struct Waiting {
    key: String,
    system: System,
    repository_id: Option<Id<Repository>>,
    team_id: Option<Id<Team>>,
    body: Vec<u8>,
}
columns!(Waiting { key, system, repository_id, team_id, body });

fn apply<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let hook: Id<Hook> = serde_json::from_value(job.args["hook"].clone()).map_err(Error::internal)?;
        let select = sql!(
            "select d.key, h.system, h.repository_id, h.team_id, d.body
               from hook_deliveries d join hooks h on h.workspace_id = d.workspace_id and h.id = d.hook_id
              where d.workspace_id = $1 and d.hook_id = $2 and d.state = 'waiting'
              order by d.received_at, d.key limit $3"
        );
        // After a failure one at a time, so that only the one that cannot be applied is in the way.
        let most = if job.attempts > 1 { 1 } else { AT_ONCE };
        let waiting: Vec<Waiting> = tx.all(select, args![tx.workspace(), hook, most]).await?;
        let Some(last) = waiting.last().map(|one| one.key.clone()) else { return Ok(()) };
        for one in waiting {
            let told = read(&one);
            let (state, note) = match told {
                _ if job.attempts > PATIENCE && one.key == last => {
                    (State::Failed, "It could not be stored.".to_owned())
                }
                Ok((told, note)) => {
                    told.store(tx, one.system, one.repository_id, one.team_id).await?;
                    (State::Applied, note)
                }
                Err(sentence) => (State::Failed, sentence),
            };
            note_down(tx, hook, &one.key, state, &note).await?;
        }
        // The key of this job is taken until it ends, so what still waits is asked for under another.
        let more = sql!(
            "select 1 from hook_deliveries where workspace_id = $1 and hook_id = $2 and state = 'waiting' limit 1"
        );
        if tx.exists(more, args![tx.workspace(), hook]).await? {
            let now = tx.now();
            tx.want(JOB.name, job.subject.clone(), json!({ "hook": hook }), now);
        }
        tx.touch("hook");
        Ok(())
    })
}

/// What a body tells, and what of it was not understood.
fn read(one: &Waiting) -> Result<(Told, String), String> {
    let value = parsed(&one.body)?;
    let mut source = Source::new(one.system, forge::Place::default());
    let document = Document {
        file: "webhook".to_owned(),
        place: None,
        content: Content::Json(value),
        address: None,
        around: Map::new(),
        read: one.body.len() as u64,
    };
    let told = source.read(document);
    let report = source.report();
    let left: Vec<&str> =
        report.pulls.not_taken.keys().chain(report.builds.unrecognised.keys()).map(String::as_str).collect();
    let note = if told.pulls.is_empty() && told.builds.is_empty() { left.join("; ") } else { String::new() };
    Ok((told, note.chars().take(300).collect()))
}

/// JSON as it is, or in the field `payload` of a form, as GitHub sends it if it is told to.
fn parsed(body: &[u8]) -> Result<Json, String> {
    let form = || form_urlencoded::parse(body).find(|(name, _)| name == "payload").map(|(_, text)| text.into_owned());
    let value = match body.strip_prefix(b"payload=") {
        Some(_) => serde_json::from_str(&form().unwrap_or_default()),
        None => serde_json::from_slice(body),
    };
    value.map_err(|error| format!("This is no JSON: {error}."))
}

async fn note_down(tx: &mut Tx<'_>, hook: Id<Hook>, key: &str, state: State, note: &str) -> Result<()> {
    let done = sql!(
        "update hook_deliveries set state = $4, note = $5, body = $6 where workspace_id = $1 and hook_id = $2 and key = $3"
    );
    let failed =
        sql!("update hook_deliveries set state = $4, note = $5 where workspace_id = $1 and hook_id = $2 and key = $3");
    let workspace = tx.workspace();
    match state {
        State::Failed => tx.run(failed, args![workspace, hook, key, state, note]).await?,
        _ => tx.run(done, args![workspace, hook, key, state, note, Vec::<u8>::new()]).await?,
    };
    Ok(())
}

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let waiting =
            sql!("select distinct hook_id from hook_deliveries where workspace_id = $1 and state = 'waiting'");
        let hooks: Vec<Id<Hook>> = tx.all(waiting, args![tx.workspace()]).await?;
        hooks.into_iter().for_each(|hook| want(tx, hook));
        let forget =
            sql!("delete from hook_deliveries where workspace_id = $1 and state = 'applied' and received_at < $2");
        let since = tx.now() - KEPT;
        tx.run(forget, args![tx.workspace(), since]).await?;
        Ok(())
    })
}
