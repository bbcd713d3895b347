//! What happened in the work of a team, for those who look back at it: issues by their titles, and never by whom.
use crate::sprint::Kind;
use kernel::{Fact, Happening, Id, Later, Result, Team, Time, Tx, args, columns, sql};
use std::ops::Range;

const LATEST: i64 = 12;

/// Issues finished, and changes of what a running sprint held. Colleagues see all issues, others learn nothing here.
pub fn gather<'a>(tx: &'a mut Tx<'_>, team: Id<Team>, time: Range<Time>) -> Later<'a, Vec<Fact>> {
    Box::pin(async move {
        match tx.actor().belongs() {
            true => Ok(vec![finished(tx, team, &time).await?, scope(tx, team, &time).await?]),
            false => Ok(Vec::new()),
        }
    })
}

struct Finished {
    key: String,
    number: i64,
    title: String,
    at: Time,
    total: i64,
}
columns!(Finished { key, number, title, at, total });

/// Those with issues below them are counted there.
async fn finished(tx: &mut Tx<'_>, team: Id<Team>, time: &Range<Time>) -> Result<Fact> {
    let select = sql!(
        "select team_key as key, number, title, finished_at as at, count(*) over () as total from work_public_items
          where workspace_id = $1 and team_id = $2 and category = 'done' and leaf
            and finished_at >= $3 and finished_at < $4
          order by finished_at desc, issue_id limit $5"
    );
    let found: Vec<Finished> = tx.all(select, args![tx.workspace(), team, time.start, time.end, LATEST]).await?;
    let count = found.first().map_or(0, |one| one.total);
    let latest = found.into_iter().map(|one| {
        let key = format!("{}-{}", one.key, one.number);
        Happening { title: format!("{key} {}", one.title), href: format!("/issues/{key}"), at: one.at }
    });
    Ok(Fact { one: "issue finished", many: "issues finished", count, latest: latest.collect() })
}

struct Changed {
    key: String,
    title: String,
    kind: Kind,
    at: Time,
    total: i64,
}
columns!(Changed { key, title, kind, at, total });

async fn scope(tx: &mut Tx<'_>, team: Id<Team>, time: &Range<Time>) -> Result<Fact> {
    let select = sql!(
        "select c.issue_key as key, c.title, c.kind, c.at, count(*) over () as total from sprint_changes c
           join sprints s on s.workspace_id = c.workspace_id and s.id = c.sprint_id
          where c.workspace_id = $1 and s.team_id = $2 and c.kind <> 'rolled_over' and c.at >= $3 and c.at < $4
          order by c.at desc, c.id limit $5"
    );
    let found: Vec<Changed> = tx.all(select, args![tx.workspace(), team, time.start, time.end, LATEST]).await?;
    let count = found.first().map_or(0, |one| one.total);
    let latest = found.into_iter().map(|one| Happening {
        title: format!("{} {}: {} while the sprint ran", one.key, one.title, one.kind.says()),
        href: format!("/issues/{}", one.key),
        at: one.at,
    });
    Ok(Fact { one: "change of scope", many: "changes of scope", count, latest: latest.collect() })
}
