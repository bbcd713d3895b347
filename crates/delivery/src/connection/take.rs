//! What an answer tells, read by the very code that reads files.
use super::{
    Row, built,
    plan::{Answered, Step, place},
    server,
};
use crate::{
    pull::known,
    source::{Source, Told},
};
use forge::Place;
use intake::stream::{Content, Document};
use kernel::{Result, Tx, args, json, sql};
use serde_json::Map;

/// Makes the repositories known that an answer names, and gives them to the team of the connection if they have none.
pub(super) async fn projects(tx: &mut Tx<'_>, row: &Row, answered: &Answered<'_>) -> Result<()> {
    let Some(host) = row.system.host().filter(|_| answered.step.is_root()) else { return Ok(()) };
    let times = ["pushed_at", "updated_at", "last_activity_at"];
    let give = sql!("update repositories set team_id = $3 where workspace_id = $1 and id = $2 and team_id is null");
    for project in answered.documents {
        if answered.step == Step::Projects && !answered.is_new(project, &times) {
            continue;
        }
        let Some(repository) = known(tx, host, &place(host, project)).await? else { continue };
        if let Some(team) = row.team_id
            && tx.run(give, args![tx.workspace(), repository, team]).await? > 0
        {
            tx.record("repository.changed", repository, json!({ "team": team }));
        }
    }
    Ok(())
}

/// Stores what an answer tells, and returns how many records that were.
pub(super) async fn records(tx: &mut Tx<'_>, row: &Row, answered: &Answered<'_>) -> Result<i64> {
    let system = row.system.system();
    let mut source = Source::new(system, Place::default());
    let mut told = Told::default();
    for document in answered.documents {
        let more = source.read(Document {
            file: answered.address.to_owned(),
            place: None,
            content: Content::Json(document.clone()),
            address: Some(format!("{}{}", server::api(row.system, &row.server), answered.address)),
            around: Map::new(),
            read: 0,
        });
        told.pulls.extend(more.pulls);
        told.builds.extend(more.builds);
    }
    let records = told.pulls.len() + told.builds.len();
    match row.system.host() {
        Some(_) => told.store(tx, system, None, None).await?,
        None => built::store(tx, row, answered, told).await?,
    }
    Ok(records as i64)
}
