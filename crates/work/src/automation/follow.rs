use super::{Automation, When};
use crate::{issue::Issue, sprint::Sprint};
use kernel::{Id, Result, Team, Tx, args, json, sql};

/// Through what an issue changes, as far as rules care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cause {
    #[default]
    Somebody,
    /// A rule, which was the so-manieth of a row in which one set off the next.
    Rule(u8),
    /// What is taken back sets off no rule, or it would come again at once.
    Undo,
}

/// So many rules may set each other off in a row.
pub(super) const DEEPEST: u8 = 4;

impl Cause {
    /// How many rules in a row have led to this; nothing where none is to follow.
    pub(super) fn depth(self) -> Option<u8> {
        match self {
            Cause::Somebody => Some(0),
            Cause::Rule(depth) => Some(depth),
            Cause::Undo => None,
        }
    }
}

/// Lets the rules of the issue's team run after the commit, if there are some for what has happened.
pub(crate) async fn follow(tx: &mut Tx<'_>, issue: &Issue, happened: &[When], cause: Cause) -> Result<()> {
    let Some(depth) = cause.depth().filter(|_| !happened.is_empty()) else { return Ok(()) };
    let at_work = at_work(tx, issue.team_id).await?;
    for when in happened.iter().filter(|when| at_work.contains(when)) {
        run_after(tx, issue.id, *when, depth);
    }
    Ok(())
}

/// The same for each issue that a sprint held when it was closed.
pub(crate) async fn sprint_closed(tx: &mut Tx<'_>, sprint: &Sprint, held: &[Id<Issue>]) -> Result<()> {
    if at_work(tx, sprint.team_id).await?.contains(&When::SprintClosed) {
        for issue in held {
            run_after(tx, *issue, When::SprintClosed, 0);
        }
    }
    Ok(())
}

/// What happens twice before the rules have run, they see once.
fn run_after(tx: &mut Tx<'_>, issue: Id<Issue>, when: When, depth: u8) {
    let args = json!({ "issue": issue, "when": when, "depth": depth });
    tx.want_once("automation.run", format!("automation {issue} {} {depth}", when.word()), args, tx.now());
}

async fn at_work(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<When>> {
    let select = sql!(
        "select distinct occasion from automations
          where workspace_id = $1 and team_id = $2 and paused_at is null and deleted_at is null"
    );
    tx.all(select, args![tx.workspace(), team]).await
}

impl Automation {
    /// The row of the log that says that this rule ran on this occasion; nothing if it has already.
    pub(super) async fn begin_run(
        &self,
        tx: &mut Tx<'_>,
        issue: Id<Issue>,
        occasion: &str,
        did: &str,
    ) -> Result<Option<Id<super::Run>>> {
        let id: Id<super::Run> = tx.id();
        let insert = sql!(
            "insert into automation_runs (workspace_id, id, automation_id, issue_id, occasion, at, did)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, automation_id, issue_id, occasion) do nothing"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        let added = tx.run(insert, args![workspace, id, self.id, issue, occasion, now, did]).await?;
        Ok((added > 0).then_some(id))
    }
}
