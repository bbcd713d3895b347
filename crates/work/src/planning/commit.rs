//! What stands at the end is put into the sprint, and the plan is written.
use super::{
    Planning, PlanningPhase, Proposal,
    call_off::end,
    draft::{Draft, standing},
    propose::unfit,
    summary,
};
use crate::{
    issue::{Issue, Wanted, apply},
    sprint::{EditSprint, Sprint},
};
use kernel::{Change, Error, Result, Tx, json};
use std::fmt::Write;
use trackers::escaped;

pub(super) async fn commit(tx: &mut Tx<'_>, round: &Planning) -> Result<()> {
    let sprint = Sprint::visible(tx, round.sprint_id).await?;
    let proposals = Proposal::of(tx, round.id).await?;
    let draft = Draft::of(&proposals);
    let named = Issue::with_ids(tx, &proposals.iter().map(|one| one.issue_id).collect::<Vec<_>>()).await?;
    let (batch, mut notes) = (tx.id(), Vec::new());
    for issue in &named {
        let wanted = draft.taken.contains(&issue.id);
        let change = match (wanted, issue.sprint_id == Some(sprint.id)) {
            (true, false) => Change::Set(sprint.id),
            (false, true) if issue.deleted_at.is_none() => Change::Clear,
            _ => continue,
        };
        match unfit(tx, round, issue).await?.filter(|_| wanted) {
            Some(why) => notes.push(format!("{} {} was not put in: it {why}.", issue.key, issue.title)),
            None => drop(apply(tx, issue, &Wanted { sprint: change, ..Wanted::default() }, batch).await?),
        }
    }
    for other in sprint.issues(tx).await?.iter().filter(|one| named.iter().all(|issue| issue.id != one.id)) {
        notes.push(format!("{} {} is in the sprint without a proposal.", other.key, other.title));
    }
    let text = summary::of(tx, round, &notes).await?;
    write_plan(tx, round, sprint, &left_out(&named, &proposals, &draft)).await?;
    end(tx, round, PlanningPhase::Committed, &text).await?;
    tx.record("planning.committed", round.id, json!({ "name": round.sprint_name, "issues": draft.taken.len() }));
    Ok(())
}

/// What is left out stands below what the plan says of it already.
async fn write_plan(tx: &mut Tx<'_>, round: &Planning, sprint: Sprint, left_out: &str) -> Result<()> {
    let before = sprint.plan(tx).await?.left_out;
    let both = match (before.trim_end(), left_out) {
        (_, "") => before,
        ("", more) => more.to_owned(),
        (before, more) => format!("{before}\n\n{more}"),
    };
    let plan = EditSprint {
        sprint: sprint.id,
        name: None,
        first_on: None,
        last_on: None,
        goal: Some(round.goal.clone().try_into().map_err(Error::internal)?),
        commitment: None,
        risks: Some(round.risks.clone().try_into().map_err(Error::internal)?),
        away: None,
        // A text that became too long stays as it was; the record of the planning names the issues.
        left_out: both.try_into().ok(),
    };
    plan.write(tx, sprint).await.map(drop)
}

fn left_out(named: &[Issue], proposals: &[Proposal], draft: &Draft) -> String {
    let mut text = String::new();
    for issue in draft.left.iter().filter_map(|id| named.iter().find(|issue| issue.id == *id)) {
        let reason = standing(proposals, issue.id).map_or("", |one| one.reason.as_str());
        let _ = write!(text, "- {} {}", issue.key, escaped(&issue.title));
        let _ = if reason.is_empty() { writeln!(text) } else { writeln!(text, ": {}", escaped(reason)) };
    }
    text.trim_end().to_owned()
}
