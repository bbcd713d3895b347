use super::{
    Issue, Which, body_of,
    change::{self, Wanted},
};
use kernel::{Actor, Error, Method::Post, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Tick a task of the checklist in the description, or take the tick away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TickTask {
    pub issue: Which,
    /// Which task of the text; the first one is 0.
    pub task: usize,
    pub done: bool,
}

impl Operation for TickTask {
    const NAME: &str = "issue.tick";
    const ROUTE: Route = Route(Post, "/issues/{issue}/tasks");
    type Target = Issue;
    type Output = Issue;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Issue> {
        Issue::visible(tx, &self.issue, false).await
    }

    fn allows(actor: &Actor, _: &Issue) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issue: Issue) -> Result<Issue> {
        let body = body_of(tx, issue.id).await?;
        let ticked = markdown::toggle_task(&body, self.task, self.done);
        let ticked = ticked.ok_or_else(|| Error::conflict("The text has changed meanwhile and has no such task."))?;
        let batch = tx.id();
        change::apply(tx, &issue, &Wanted { body: Some(ticked), ..Wanted::default() }, batch).await?;
        Issue::visible(tx, &Which::Id(issue.id), false).await
    }
}

/// `POST /issues/{issue}/tasks`
pub async fn save(form: Submitted) -> Answer {
    let issue = form.submit::<TickTask>().await?;
    let (done, not) = if form.text("done") == "true" { ("done", "false") } else { ("open again", "true") };
    let undo = format!("/issues/{}/tasks?task={}&done={not}", issue.id, form.text("task"));
    Ok(form.go(&issue.href(), Flash::says(format!("The task is {done}.")).undo(undo)))
}
