//! Whether the scope of a running sprint grew more than that of the sprints before it at the same time.
use super::Sprint;
use crate::estimate::Sum;
use kernel::{Id, Later, Result, Signal, Sure, Tone, Tx, args, columns, list, sql};
use measures::as_large;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Of so many sprints that are like those before, one at most seems to have grown more.
const ONE_IN: usize = 10;
/// Sprints before it that are looked at, at most, and so many at least: fewer tell nothing at this rate.
const MOST: usize = 19;
const FEWEST: usize = ONE_IN - 1;

/// That a scope grew more than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Growth {
    /// Of the commitment, by estimates or, where there are none, by issues.
    pub percent: i64,
    /// Sprints of the team before it that had grown less at the same time since their start.
    pub beyond: usize,
    pub of: usize,
}

impl Growth {
    /// Without a stop.
    pub fn basis(&self) -> String {
        let Growth { beyond, of, .. } = self;
        format!(
            "At the same time {beyond} of the {of} sprints before had grown less; of ten that are like them one is told of"
        )
    }
}

struct Row {
    running_id: Id<Sprint>,
    id: Id<Sprint>,
    committed: Sum,
    committed_issues: i64,
    estimate_more: i64,
    issues_more: i64,
}
columns!(Row { running_id, id, committed, committed_issues, estimate_more, issues_more });

impl Row {
    /// By how much it grew, as a part of the commitment; nothing where nothing was committed to.
    fn grown(&self, by_estimates: bool) -> Option<f64> {
        let (more, base) = if by_estimates {
            (self.estimate_more, self.committed.0)
        } else {
            (self.issues_more, self.committed_issues)
        };
        (base > 0).then(|| more as f64 / base as f64)
    }
}

/// Those of these running sprints whose scope grew more than usual, up to the time that has passed since their start.
pub(super) async fn of(tx: &mut Tx<'_>, running: &[Id<Sprint>]) -> Result<BTreeMap<Id<Sprint>, Growth>> {
    let select = sql!(
        "select r.id as running_id, s.id, s.committed, s.committed_issues,
                cast(coalesce(sum(c.estimate_more), 0) as bigint) as estimate_more,
                cast(coalesce(sum(c.issues_more), 0) as bigint) as issues_more
           from sprints r
           join sprints s on s.workspace_id = r.workspace_id and s.team_id = r.team_id and s.started_at <= r.started_at
            and (s.id = r.id or s.closed_at is not null)
           left join sprint_changes c on c.workspace_id = s.workspace_id and c.sprint_id = s.id
            and c.at - s.started_at <= $3 - r.started_at
          where r.workspace_id = $1 and r.id in (select value from json_each(cast($2 as text)))
            and r.started_at is not null and r.closed_at is null
          group by r.id, s.id, s.committed, s.committed_issues, s.started_at
          order by r.id, s.started_at desc, s.id"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), list(running), tx.now()]).await?;
    let mut each: BTreeMap<Id<Sprint>, Vec<Row>> = BTreeMap::new();
    rows.into_iter().for_each(|row| each.entry(row.running_id).or_default().push(row));
    Ok(each.into_iter().filter_map(|(id, rows)| Some((id, growth(id, &rows)?))).collect())
}

/// Of a sprint and those before it, the latest first.
fn growth(running: Id<Sprint>, rows: &[Row]) -> Option<Growth> {
    let own = rows.iter().find(|row| row.id == running)?;
    let by_estimates = own.committed > Sum(0);
    let now = own.grown(by_estimates).filter(|grown| *grown > 0.0)?;
    let others = rows.iter().filter(|row| row.id != running);
    let before: Vec<f64> = others.filter_map(|row| row.grown(by_estimates)).take(MOST).collect();
    let clear = before.len() >= FEWEST && as_large(now, &before) * ONE_IN as f64 <= 1.0 + 1e-9;
    clear.then(|| Growth {
        percent: (now * 100.0).round() as i64,
        beyond: before.iter().filter(|other| **other < now).count(),
        of: before.len(),
    })
}

struct Led {
    id: Id<Sprint>,
    name: String,
    team_name: String,
}
columns!(Led { id, name, team_name });

/// Of so many sprints one is told at the most.
const MOST_TOLD: i64 = 20;

/// The sprints of teams that the actor leads whose scope grew more than usual.
pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Signal>> {
    Box::pin(async move {
        let select = sql!(
            "select s.id, s.name, t.name as team_name
               from sprints s join teams t on t.workspace_id = s.workspace_id and t.id = s.team_id
              where s.workspace_id = $1 and t.lead_id = $2 and t.archived_at is null
                and s.started_at is not null and s.closed_at is null
              order by lower(t.name), s.id limit $3"
        );
        let led: Vec<Led> = tx.all(select, args![tx.workspace(), tx.me(), MOST_TOLD]).await?;
        let grown = of(tx, &led.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
        Ok(led.iter().filter_map(|one| Some(one.says(grown.get(&one.id)?))).collect())
    })
}

impl Led {
    fn says(&self, growth: &Growth) -> Signal {
        Signal {
            tone: Tone::Warn,
            mark: "Scope",
            sentence: format!("{}: the scope of {} grew by {} %", self.team_name, self.name, growth.percent),
            basis: growth.basis(),
            sure: Sure::Likely,
            evidence: format!("/sprints/{}#moved", self.id),
        }
    }
}
