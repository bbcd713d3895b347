//! Forecasts of sprints in the log. Cairn issues one when a sprint has begun and each week while it runs; each states how many
//! of the issues that are open in it then are done by its last day. It is scored once, when the sprint is closed and that day
//! is over, by those same issues: what comes later makes nothing true, and what is taken out and not done counts as not done.
use super::{Entry, Issued, LEVELS, Question, issue::plain, keep::settle, score, score::Score, stated};
use crate::{
    capacity::{Past, day, start},
    history::{Finished, ItemKind, Known},
    outlook::too_small,
    source::{Source, SourceKind},
    sprint::{Ahead, Sprint, stands},
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Time, Tx, args, columns, json, list, sql,
};
use people::access::today;
use schemars::JsonSchema;
use serde::Deserialize;

/// Issue the forecast of a sprint: how many of its open issues are done by its last day. It stays in the log as it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueSprint {
    pub sprint: String,
}

impl Operation for IssueSprint {
    const NAME: &str = "forecast.issue_sprint";
    const ROUTE: Route = Route(Post, "/sprints/{sprint}/forecasts");
    type Target = Sprint;
    type Output = Issued;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Sprint> {
        Sprint::visible(tx, &self.sprint).await
    }

    fn allows(actor: &Actor, _: &Sprint) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, sprint: Sprint) -> Result<Issued> {
        issue(tx, &sprint, true).await?.map_err(Error::conflict)
    }
}

async fn issue(tx: &mut Tx<'_>, sprint: &Sprint, by_actor: bool) -> Result<Result<Issued, String>> {
    let (outlook, ahead) = match stands(tx, sprint).await? {
        Ok(found) => found,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let Some(days) = ahead.days else { return Ok(Err("Its last day is over, so there is nothing to issue.".into())) };
    let source = Source { kind: SourceKind::Sprint, id: sprint.sprint_id.clone() };
    let rows = source.open(tx).await?;
    let issues: Vec<&str> = rows.iter().filter(|row| row.leaf).map(|row| row.issue_id.as_str()).collect();
    let history = outlook.finished.history();
    let entry = Entry {
        items: Some(ahead.open as u32),
        levels: ahead.levels(days),
        plain_levels: history.map_or(Vec::new(), |history| ahead.shared(&plain(&history, outlook.as_of(), days))),
        chance: Some(score::millionths(ahead.chance(days))),
        ..Entry::of(&outlook, Question::Sprint, days)
    };
    let issued = entry.log(tx, sprint.team_id, by_actor).await?;
    let insert =
        sql!("insert into sprint_forecasts (workspace_id, forecast_id, sprint_id, issues) values ($1, $2, $3, $4)");
    let issues = json!(issues).to_string();
    tx.run(insert, args![tx.workspace(), issued.id, sprint.sprint_id, issues]).await?;
    Ok(Ok(issued))
}

/// Scores what can be scored, issues what Cairn issues by itself, and forecasts the sprints that were closed before.
pub(super) async fn keep(tx: &mut Tx<'_>, team: Id<Team>, known: &Known) -> Result<()> {
    settle_closed(tx, team).await?;
    weekly(tx, team).await?;
    match known.kinds.iter().find(|one| one.kind == ItemKind::Issues) {
        Some(finished) if too_small(tx, team).await?.is_none() => backtest(tx, team, finished).await,
        _ => Ok(()),
    }
}

/// For each sprint that runs, unless that was done in the week before.
async fn weekly(tx: &mut Tx<'_>, team: Id<Team>) -> Result<()> {
    let select = sql!(
        "select s.sprint_id from work_public_sprints s
          where s.workspace_id = $1 and s.team_id = $2 and s.started_at is not null and s.closed_at is null
            and s.last_on >= $3
            and not exists (select 1 from sprint_forecasts l
                              join issued_forecasts f on f.workspace_id = l.workspace_id and f.id = l.forecast_id
                             where l.workspace_id = $1 and l.sprint_id = s.sprint_id and f.issued_by is null and f.as_of > $4)"
    );
    let today = today(tx);
    let since = today.saturating_sub(7.days());
    let running: Vec<String> = tx.all(select, args![tx.workspace(), team, today, since]).await?;
    for id in running {
        let sprint = Sprint::visible(tx, &id).await?;
        // Nothing is issued where nothing can be said.
        let _ = issue(tx, &sprint, false).await?;
    }
    Ok(())
}

struct Open {
    id: String,
    as_of: Date,
    days: i64,
    levels: String,
    plain_levels: String,
    issues: String,
}
columns!(Open { id, as_of, days, levels, plain_levels, issues });

async fn settle_closed(tx: &mut Tx<'_>, team: Id<Team>) -> Result<()> {
    let select = sql!(
        "select f.id, f.as_of, f.days, f.levels, f.plain_levels, l.issues
           from issued_forecasts f
           join sprint_forecasts l on l.workspace_id = f.workspace_id and l.forecast_id = f.id
           join work_public_sprints s on s.workspace_id = f.workspace_id and s.sprint_id = l.sprint_id
           left join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and f.team_id = $2 and s.closed_at is not null and o.forecast_id is null
          order by f.as_of, f.id"
    );
    let open: Vec<Open> = tx.all(select, args![tx.workspace(), team]).await?;
    let today = today(tx);
    for one in open {
        let end = day(one.as_of, usize::try_from(one.days).unwrap_or(0));
        if today < end {
            continue;
        }
        let issues: Vec<String> = serde_json::from_str(&one.issues).map_err(Error::internal)?;
        let outcome = done_before(tx, &issues, end).await?;
        let levels: Vec<u64> = serde_json::from_str(&one.levels).map_err(Error::internal)?;
        let plain: Vec<u64> = serde_json::from_str(&one.plain_levels).map_err(Error::internal)?;
        if let Some(ours) = score::counts(&levels, outcome) {
            settle(tx, &one.id, outcome, ours, score::counts(&plain, outcome)).await?;
        }
    }
    Ok(())
}

/// How many of these issues were done before a day.
async fn done_before(tx: &mut Tx<'_>, issues: &[String], end: Date) -> Result<u64> {
    let select = sql!(
        "select count(*) from work_public_items i
          where i.workspace_id = $1 and i.category = 'done' and i.finished_at < $3
            and i.issue_id in (select value from json_each(cast($2 as text)))"
    );
    let done: i64 = tx.one(select, args![tx.workspace(), list(issues), start(end)]).await?;
    Ok(done.unsigned_abs())
}

/// A closed sprint, with what it was to hold when it began.
struct Closed {
    sprint_id: String,
    last_on: Date,
    started_at: Time,
    closed_at: Time,
    done_issues: i64,
    tried: bool,
}
columns!(Closed { sprint_id, last_on, started_at, closed_at, done_issues, tried });

/// Sprints that are looked at, the latest ones.
const MOST_CLOSED: i64 = 60;

/// Forecasts each closed sprint once as of the day on which it began: how much of its commitment would be done by its last
/// day, from what was known of pace, people and share then.
async fn backtest(tx: &mut Tx<'_>, team: Id<Team>, finished: &Finished) -> Result<()> {
    let select = sql!(
        "select s.sprint_id, s.last_on, s.started_at, s.closed_at, s.done_issues,
                exists (select 1 from sprint_backtests b
                         where b.workspace_id = s.workspace_id and b.sprint_id = s.sprint_id) as tried
           from work_public_sprints s
          where s.workspace_id = $1 and s.team_id = $2 and s.closed_at is not null and s.started_at is not null
          order by s.closed_at desc limit $3"
    );
    let closed: Vec<Closed> = tx.all(select, args![tx.workspace(), team, MOST_CLOSED]).await?;
    let Ok(forecaster) = finished.forecaster() else { return Ok(()) };
    let Some(history) = finished.history() else { return Ok(()) };
    let Some(earliest) = closed.iter().filter(|one| !one.tried).map(Closed::began).min() else { return Ok(()) };
    let capacity = Past::of(tx, team, earliest, finished.as_of).await?;
    for (place, one) in closed.iter().enumerate().filter(|(_, one)| !one.tried) {
        let (as_of, end) = (one.began(), day(one.last_on, 1));
        let days = usize::try_from((end - as_of).get_days()).unwrap_or(0);
        let issues = one.committed(tx).await?;
        let Ok(forecast) = forecaster.at(as_of) else { continue };
        if issues.is_empty() || days == 0 || end > finished.as_of {
            continue;
        }
        let focus = share(&closed[place + 1..], one, finished);
        let coming: Vec<f64> = capacity.coming(as_of).iter().map(|day| day * f64::from(focus) / 100.0).collect();
        let (forecast, open) = (forecast.with_capacity(&coming), issues.len() as u64);
        let ahead = Ahead { forecast, open, begun: 0, days: Some(days), focus };
        let outcome = done_before(tx, &issues, end).await?;
        let ours = score::counts(&ahead.levels(days), outcome);
        let plain = score::counts(&ahead.shared(&plain(&history, as_of, days)), outcome);
        if let (Some(ours), Some(plain)) = (ours, plain) {
            one.store(tx, team, &ahead, outcome, ours, plain).await?;
        }
    }
    Ok(())
}

impl Ahead {
    fn levels(&self, days: usize) -> Vec<u64> {
        (0..LEVELS).map(|level| self.at_least(stated(level), days)).collect()
    }
}

impl Closed {
    fn began(&self) -> Date {
        self.started_at.date(&TimeZone::UTC)
    }

    /// The issues that it was to hold, but for those with others below them.
    async fn committed(&self, tx: &mut Tx<'_>) -> Result<Vec<String>> {
        let select = sql!(
            "select c.issue_id from work_public_sprint_starts c
               join work_public_items i on i.workspace_id = c.workspace_id and i.issue_id = c.issue_id
              where c.workspace_id = $1 and c.sprint_id = $2 and i.leaf"
        );
        tx.all(select, args![tx.workspace(), self.sprint_id]).await
    }

    async fn store(
        &self,
        tx: &mut Tx<'_>,
        team: Id<Team>,
        ahead: &Ahead,
        outcome: u64,
        ours: Score,
        plain: Score,
    ) -> Result<()> {
        let insert = sql!(
            "insert into sprint_backtests
                    (workspace_id, sprint_id, team_id, as_of, days, open, outcome, held, plain_held, crps, plain_crps, width,
                     plain_width)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        );
        let (workspace, as_of, days) = (tx.workspace(), self.began(), ahead.days.unwrap_or(0) as i64);
        let (open, outcome) = (ahead.open as i64, outcome as i64);
        let start = args![workspace, self.sprint_id, team, as_of, days, open, outcome, ours.held, plain.held];
        let scores = args![ours.crps, plain.crps, ours.width, plain.width];
        tx.run(insert, &[&start[..], &scores[..]].concat()).await.map(drop)
    }
}

/// The share of what the team finished that was of its last sprints before this one, in percent.
fn share(older: &[Closed], one: &Closed, finished: &Finished) -> u32 {
    let before: Vec<&Closed> = older.iter().filter(|other| other.closed_at.0 <= one.started_at.0).take(6).collect();
    let of_sprints: i64 = before.iter().map(|other| other.done_issues).sum();
    let days = |other: &&Closed| finished.within(other.began(), day(other.closed_at.date(&TimeZone::UTC), 1));
    let all: u64 = before.iter().map(days).sum();
    crate::sprint::learned(before.len() as i64, of_sprints, all as i64).unwrap_or(100)
}

/// How well forecasts of sprints of a team came true, in a sentence that stands beside each new one.
pub(crate) async fn sprint_line(tx: &mut Tx<'_>, team: Id<Team>) -> Result<String> {
    let select = sql!(
        "select count(*) as n, cast(coalesce(sum(case when o.held >= 3 then 1 else 0 end), 0) as bigint) as held, 0 as place
           from issued_forecasts f
           join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and f.team_id = $2 and f.question = 'sprint'
         union all
         select count(*) as n, cast(coalesce(sum(case when b.held >= 3 then 1 else 0 end), 0) as bigint) as held, 1 as place
           from sprint_backtests b where b.workspace_id = $1 and b.team_id = $2
          order by place"
    );
    let rows: Vec<(i64, i64)> = tx.all(select, args![tx.workspace(), team]).await?;
    let [issued, past] = [rows.first(), rows.get(1)].map(|row| row.copied().unwrap_or_default());
    Ok(match (issued.0, past.0) {
        (0, 0) => "No forecast of a sprint of this team has come to its end yet.".to_owned(),
        (0, _) => format!(
            "Along the past, of {} at 85 %, {} came true. None that was issued has come to its end yet.",
            of_sprints(past.0),
            past.1
        ),
        (_, 0) => format!("Of {} at 85 % that were issued, {} came true.", of_sprints(issued.0), issued.1),
        _ => format!(
            "Of {} at 85 % that were issued, {} came true; along the past, {} of {}.",
            of_sprints(issued.0),
            issued.1,
            past.1,
            past.0
        ),
    })
}

fn of_sprints(count: i64) -> String {
    if count == 1 { "1 forecast of a sprint".to_owned() } else { format!("{count} forecasts of sprints") }
}
