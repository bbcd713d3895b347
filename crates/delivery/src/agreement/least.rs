//! What a team agreed on and did not always keep, for those who look back at it.
use super::{Stored, of, read::Read};
use crate::{code::FEWEST, pipeline::Reach};
use jiff::tz::TimeZone;
use kernel::{Id, KeptAgreement, Later, Team, Time, Tx};
use std::ops::Range;

/// The working agreements of a team with exceptions in this time, each from the day on which it was made. None where fewer
/// than three people are behind it, and none for guests, who see no repository.
pub fn gather<'a>(tx: &'a mut Tx<'_>, team: Id<Team>, time: Range<Time>) -> Later<'a, Vec<KeptAgreement>> {
    Box::pin(async move {
        let stored = of(tx, team).await?;
        if stored.is_empty() || !tx.actor().belongs() {
            return Ok(Vec::new());
        }
        let reach = Reach::of(tx, team).await?;
        let read = Read::of(tx, team, &reach, time.start).await?;
        Ok(stored.iter().filter_map(|one| kept(&read, one, team, &time)).collect())
    })
}

fn kept(read: &Read, one: &Stored, team: Id<Team>, time: &Range<Time>) -> Option<KeptAgreement> {
    let made: Time = one.agreed_on.to_zoned(TimeZone::UTC).ok()?.timestamp().into();
    let time = (time.start.max(made), time.end);
    let most = one.most.unwrap_or(0);
    let replay = read.replay(one.kind, most, time);
    let shown = replay.kept < replay.of && read.contributors(time) >= FEWEST;
    shown.then(|| KeptAgreement {
        sentence: one.kind.sentence(most),
        kept: replay.kept as i64,
        of: replay.of as i64,
        href: format!("/teams/{team}/agreements#{}-exceptions", one.kind.word()),
    })
}
