//! What happened in a team's repositories, for those who look back at it: by titles, and never by whom.
use crate::{
    pipeline::{ListIncidents, Outcome, Reach, rules_of, to_production},
    repository::Repository,
};
use kernel::{Fact, Happening, Id, Later, Operation, Result, Team, Time, Tx, args, columns, sql};
use std::ops::Range;

const LATEST: usize = 12;

/// Pull requests merged, deployments to production by the team's rules, and incidents. Guests see no repository.
pub fn gather<'a>(tx: &'a mut Tx<'_>, team: Id<Team>, time: Range<Time>) -> Later<'a, Vec<Fact>> {
    Box::pin(async move {
        if !tx.actor().belongs() {
            return Ok(Vec::new());
        }
        let reach = Reach::of(tx, team).await?;
        Ok(vec![
            merged(tx, &reach, &time).await?,
            deployed(tx, team, &reach, &time).await?,
            broken(tx, team, &time).await?,
        ])
    })
}

struct Landed {
    repository_id: Id<Repository>,
    number: Option<i64>,
    title: String,
    landed_at: Time,
    total: i64,
}
columns!(Landed { repository_id, number, title, landed_at, total });

async fn merged(tx: &mut Tx<'_>, reach: &Reach, time: &Range<Time>) -> Result<Fact> {
    let select = sql!(
        "select l.repository_id, l.number, l.title, l.landed_at, count(*) over () as total from landings l
           join identities i on i.workspace_id = l.workspace_id and i.id = l.author_id
          where l.workspace_id = $1 and l.repository_id in (select value from json_each(cast($2 as text)))
            and l.how in ('merged', 'squashed') and not i.bot and l.landed_at >= $3 and l.landed_at < $4
          order by l.landed_at desc, l.hash limit $5"
    );
    let most = LATEST as i64;
    let found: Vec<Landed> = tx.all(select, args![tx.workspace(), reach.ids(), time.start, time.end, most]).await?;
    let count = found.first().map_or(0, |one| one.total);
    let latest = found.into_iter().map(|one| Happening {
        title: one.number.map_or(one.title.clone(), |number| format!("#{number} {}", one.title)),
        href: format!("/repositories/{}", one.repository_id),
        at: one.landed_at,
    });
    Ok(Fact { one: "pull request merged", many: "pull requests merged", count, latest: latest.collect() })
}

async fn deployed(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach, time: &Range<Time>) -> Result<Fact> {
    let rules = rules_of(tx, team).await?;
    let all = to_production(tx, reach, &rules, time.start).await?;
    let mut ended: Vec<(Time, String)> = all
        .into_iter()
        .filter(|one| one.outcome == Outcome::Succeeded)
        .filter_map(|one| {
            let at = one.finished_at.filter(|at| time.contains(at))?;
            let to = one.environment.map(|name| format!(" to {name}")).unwrap_or_default();
            Some((at, format!("{}{to}", one.project)))
        })
        .collect();
    ended.sort_by(|one, other| other.cmp(one));
    let count = ended.len() as i64;
    let href = format!("/teams/{team}/delivery");
    let latest = ended.into_iter().take(LATEST).map(|(at, title)| Happening { title, href: href.clone(), at });
    Ok(Fact { one: "deployment", many: "deployments", count, latest: latest.collect() })
}

async fn broken(tx: &mut Tx<'_>, team: Id<Team>, time: &Range<Time>) -> Result<Fact> {
    let mut all = ListIncidents { team, since: Some(time.start) }.run(tx, ()).await?;
    all.retain(|one| time.contains(&one.opened_at));
    let count = all.len() as i64;
    let href = format!("/teams/{team}/delivery");
    let latest =
        all.into_iter().take(LATEST).map(|one| Happening { title: one.title, href: href.clone(), at: one.opened_at });
    Ok(Fact { one: "incident", many: "incidents", count, latest: latest.collect() })
}
