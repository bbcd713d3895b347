//! How far a pull request is, and the news that it is further: others act on that, such as the rules of a team.
use super::heard::Said;
use crate::repository::Repository;
use forge::Told;
use kernel::{CodeState, Error, Id, Result, Time, Tx, json};
use std::time::Duration;

/// What happened longer ago was a part of the past when it was heard of, and is no news.
const NEWS: Duration = Duration::from_secs(7 * 24 * 3600);

pub(super) fn of(said: &Said) -> CodeState {
    if said.number("merged_at").is_some() {
        CodeState::Merged
    } else if said.text("state") == Some("closed") {
        CodeState::Closed
    } else if said.flag("draft") == Some(true) {
        CodeState::Draft
    } else {
        CodeState::Open
    }
}

/// By what was told of it before.
pub(super) fn before(told: &str) -> Result<CodeState> {
    let told: Told = serde_json::from_str(told).map_err(Error::internal)?;
    Ok(of(&Said(told.fields())))
}

/// Says that a pull request that names issues is further now than it was, if it was known before.
pub(super) fn tell(tx: &mut Tx<'_>, repository: Id<Repository>, number: i64, said: &Said, before: Option<CodeState>) {
    let now = of(said);
    if before == Some(now) {
        return;
    }
    let since = match (now, before) {
        (CodeState::Merged, _) => "merged_at",
        (CodeState::Closed, _) => "closed_at",
        (_, None) => "created_at",
        _ => "updated_at",
    };
    let at = said.number(since).map_or(tx.now(), Time);
    if at >= tx.now() - NEWS {
        tx.record("pull.moved", repository, json!({ "number": number, "state": now, "at": at }));
    }
}
