use super::{Issue, Which, topic};
use crate::{
    intake_form::forget_sender,
    sprint::{
        Kind,
        ledger::{self, Stand, Why},
    },
};
use kernel::{Actor, Method, Operation, Result, Route, Time, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Delete an issue. It can be brought back; its key is never given again. Who sent it through a form is forgotten for good.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteIssue {
    pub issue: Which,
}

/// Bring back an issue that was deleted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreIssue {
    pub issue: Which,
}

impl Operation for DeleteIssue {
    const NAME: &str = "issue.delete";
    const ROUTE: Route = Route(Method::Delete, "/issues/{issue}");
    type Target = Issue;
    type Output = Issue;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Issue> {
        Issue::visible(tx, &self.issue, false).await
    }

    fn allows(actor: &Actor, _: &Issue) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issue: Issue) -> Result<Issue> {
        let now = tx.now();
        set_deleted(tx, &issue, Some(now)).await?;
        forget_sender(tx, issue.id).await?;
        tx.record("issue.deleted", issue.id, json!({}));
        Issue::visible(tx, &Which::Id(issue.id), true).await
    }
}

impl Operation for RestoreIssue {
    const NAME: &str = "issue.restore";
    const ROUTE: Route = Route(Method::Post, "/issues/{issue}/restoration");
    type Target = Issue;
    type Output = Issue;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Issue> {
        Issue::visible(tx, &self.issue, true).await
    }

    fn allows(actor: &Actor, _: &Issue) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issue: Issue) -> Result<Issue> {
        set_deleted(tx, &issue, None).await?;
        tx.record("issue.restored", issue.id, json!({}));
        Issue::visible(tx, &Which::Id(issue.id), false).await
    }
}

async fn set_deleted(tx: &mut Tx<'_>, issue: &Issue, at: Option<Time>) -> Result<()> {
    let update = sql!("update issues set deleted_at = $3, updated_at = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), issue.id, at, tx.now()]).await?;
    tx.touch(topic(issue.team_id));
    let gone = Stand { counts: false, ..issue.stand() };
    let there = Issue { deleted_at: None, ..issue.clone() }.stand();
    match at {
        Some(_) => ledger::follow(tx, issue, issue.stand(), gone, &Why::is(Kind::Deleted)).await,
        None => ledger::follow(tx, issue, issue.stand(), there, &Why::is(Kind::Restored)).await,
    }
}

/// `POST /issues/{issue}/deletion`
pub async fn delete(form: Submitted) -> Answer {
    let issue = form.submit::<DeleteIssue>().await?;
    let flash = Flash::says(format!("{} is deleted.", issue.key)).undo(format!("/issues/{}/restoration", issue.id));
    Ok(form.go(&format!("/teams/{}/issues", issue.team_id), flash))
}

/// `POST /issues/{issue}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let issue = form.submit::<RestoreIssue>().await?;
    Ok(form.go(&issue.href(), Flash::says(format!("{} is back.", issue.key))))
}
