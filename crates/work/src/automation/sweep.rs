//! What happens by the passing of time alone: a due day is over, or an issue has been blocked for long.
use super::{Automation, SELECT, VISIBLE, When, run::perform};
use crate::{
    issue::Issue,
    triage::{Hours, zone_of},
};
use jiff::SignedDuration;
use kernel::{Id, Job, JobKind, Later, Result, Run, Schedule, Time, Tx, args, list, sql};
use std::{collections::HashSet, time::Duration};

pub const SWEEP: JobKind = JobKind { name: "automation.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "automation.sweep", every: Duration::from_secs(10 * 60) };

/// Issues of one rule that are looked at together.
const PAGE: usize = 500;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and a.occasion in ('due_passed', 'blocked') and a.paused_at is null and a.deleted_at is null order by a.id"
        );
        let rules: Vec<Automation> = tx.all(select, args![tx.workspace(), tx.actor().belongs()]).await?;
        for rule in rules {
            let ripe = ripe(tx, &rule).await?;
            for page in ripe.chunks(PAGE) {
                let ids: Vec<Id<Issue>> = page.iter().map(|(issue, _)| *issue).collect();
                let fitting: HashSet<Id<Issue>> = rule.among(tx, &ids).await?.into_iter().collect();
                for (issue, occasion) in page.iter().filter(|(issue, _)| fitting.contains(issue)) {
                    perform(tx, &rule, *issue, occasion, 0).await?;
                }
            }
        }
        Ok(())
    })
}

/// The issues to which it has happened, and what the log calls that, without those of which it tells already.
async fn ripe(tx: &mut Tx<'_>, rule: &Automation) -> Result<Vec<(Id<Issue>, String)>> {
    let ripe = match rule.when {
        When::DuePassed => overdue(tx, rule).await?,
        _ => blocked(tx, rule).await?,
    };
    let select = sql!(
        "select issue_id, occasion from automation_runs
          where workspace_id = $1 and automation_id = $2
            and issue_id in (select value from json_each(cast($3 as text)))"
    );
    let ids = list(ripe.iter().map(|(issue, _)| *issue));
    let told: Vec<(Id<Issue>, String)> = tx.all(select, args![tx.workspace(), rule.id, ids]).await?;
    let told: HashSet<(Id<Issue>, String)> = told.into_iter().collect();
    Ok(ripe.into_iter().filter(|one| !told.contains(one)).collect())
}

/// Open issues whose due day is over where the team is, and was not yet when the rule was made.
async fn overdue(tx: &mut Tx<'_>, rule: &Automation) -> Result<Vec<(Id<Issue>, String)>> {
    let zone = zone_of(tx, rule.team_id).await?;
    let (today, since) = (tx.now().date(&zone), rule.created_at.date(&zone));
    let select = sql!(
        "select i.id, i.due_on from issues i
          where i.workspace_id = $1 and i.team_id = $2 and i.due_on >= $3 and i.due_on < $4 and i.finished_at is null
            and i.deleted_at is null
          order by i.due_on, i.id"
    );
    let found: Vec<(Id<Issue>, String)> = tx.all(select, args![tx.workspace(), rule.team_id, since, today]).await?;
    Ok(found.into_iter().map(|(issue, due)| (issue, format!("due {due}"))).collect())
}

/// Issues that have been blocked for so many working hours since the rule was made.
async fn blocked(tx: &mut Tx<'_>, rule: &Automation) -> Result<Vec<(Id<Issue>, String)>> {
    let select = sql!(
        "select i.id, min(case when r.created_at > b.opened_at then r.created_at else b.opened_at end) as since_at
           from issues i
           join issue_relations r on r.workspace_id = i.workspace_id and r.other_id = i.id and r.kind = 'blocks'
           join issues b on b.workspace_id = r.workspace_id and b.id = r.issue_id and b.finished_at is null
            and b.deleted_at is null
          where i.workspace_id = $1 and i.team_id = $2 and i.finished_at is null and i.deleted_at is null
          group by i.id order by i.id"
    );
    let found: Vec<(Id<Issue>, Time)> = tx.all(select, args![tx.workspace(), rule.team_id]).await?;
    let hours = Hours::of(tx, rule.team_id).await?;
    let (now, wanted) = (tx.now(), SignedDuration::from_hours(rule.hours.unwrap_or(1)));
    let long = |since: Time| hours.between(since.max(rule.created_at), now) >= wanted;
    let ripe = found.into_iter().filter(|(_, since)| long(*since));
    Ok(ripe.map(|(issue, since)| (issue, format!("blocked {since}"))).collect())
}
