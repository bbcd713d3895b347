use super::{
    Issue, Priority, ShowIssue, Which, change,
    change::{Batch, Wanted},
    project,
};
use crate::{
    automation::Cause,
    custom::{self, Values},
    estimate::Estimate,
    label::Label,
    sprint::{Sprint, ledger::Why},
    team::State,
};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Id,
    Method::Patch,
    Milestone, Operation, Person, Project, Result, Route, Tx,
    text::{Line, Markdown, Name},
};
use people::person::choices::with_ids;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Change fields of an issue. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditIssue {
    /// A key such as `PAY-482`, or an id.
    pub issue: Which,
    pub title: Option<Name<300>>,
    pub body: Option<Markdown>,
    pub state: Option<Id<State>>,
    #[serde(default)]
    pub assignee: Change<Id<Person>>,
    pub priority: Option<Priority>,
    #[serde(default)]
    pub estimate: Change<Estimate>,
    #[serde(default)]
    pub due_on: Change<Date>,
    #[serde(default)]
    pub parent: Change<Which>,
    /// A sprint of its team that is planned or runs.
    #[serde(default)]
    pub sprint: Change<Id<Sprint>>,
    /// Another project takes it out of its milestone.
    #[serde(default)]
    pub project: Change<Id<Project>>,
    /// A milestone takes it into its project.
    #[serde(default)]
    pub milestone: Change<Id<Milestone>>,
    /// Why the scope of a running sprint changes by this; its ledger says so.
    #[serde(default)]
    pub reason: Line<300>,
    /// All labels that it is to have.
    pub labels: Option<Vec<Id<Label>>>,
    /// What it is to hold in fields that were added to issues, by the ids of the fields.
    #[serde(default)]
    pub fields: Values,
}

/// The issue after the change, and by what the change is undone; nothing if nothing was different.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Edited {
    #[serde(flatten)]
    pub issue: Issue,
    pub batch: Option<Id<Batch>>,
}

impl Operation for EditIssue {
    const NAME: &str = "issue.edit";
    const ROUTE: Route = Route(Patch, "/issues/{issue}");
    type Target = (Issue, Change<Id<Issue>>);
    type Output = Edited;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let issue = Issue::visible(tx, &self.issue, false).await?;
        change::look_up(tx, &self.assignee, &self.sprint, self.labels.as_deref().unwrap_or_default()).await?;
        project::look_up(tx, &self.project, &self.milestone).await?;
        custom::look_up(tx, &self.fields).await?;
        let parent = match &self.parent {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(parent) => Change::Set(Issue::visible(tx, parent, false).await?.id),
        };
        Ok((issue, parent))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (issue, parent): Self::Target) -> Result<Edited> {
        let wanted = Wanted {
            title: self.title.as_deref().map(str::to_owned),
            body: self.body.as_deref().map(str::to_owned),
            state: self.state,
            assignee: self.assignee.clone(),
            priority: self.priority,
            estimate: self.estimate.clone(),
            due_on: self.due_on.clone(),
            parent,
            sprint: self.sprint.clone(),
            project: self.project.clone(),
            milestone: self.milestone.clone(),
            labels: self.labels.clone(),
            custom: self.fields.clone(),
            cause: Cause::Somebody,
        };
        let batch = tx.id();
        let why = Why { kind: None, reason: self.reason.to_string() };
        let changed = change::apply_because(tx, &issue, &wanted, batch, &why).await?;
        let issue = Issue::visible(tx, &Which::Id(issue.id), false).await?;
        Ok(Edited { issue, batch: changed.then_some(batch) })
    }
}

/// `POST /issues/{issue}/fields`
pub async fn save_fields(form: Submitted) -> Answer {
    let done = async {
        let form = with_ids(&project::parted(&form), &["assignee"]).await?;
        let fields = custom::parted(&form).await?;
        form.change(EditIssue { fields, ..form.input()? }).await
    }
    .await;
    match done {
        Ok(edited) => Ok(form.go(&edited.issue.href(), said(&edited))),
        Err(error) => super::page::again(&form, error).await,
    }
}

fn said(edited: &Edited) -> Flash {
    let flash = Flash::says(format!("{} is saved.", edited.issue.key));
    match edited.batch {
        Some(batch) => flash.undo(format!("/issue-changes/{batch}/undo")),
        None => flash,
    }
}

/// `GET /issues/{issue}/edit`
pub async fn text(cx: Cx) -> Answer {
    let full = cx.read_here::<ShowIssue>().await?;
    let form = Form::of([("title", full.issue.title.clone()), ("body", full.body.clone())]);
    let body = view(&cx, &full.issue, &form);
    Ok(cx.page(&full.issue.title, body))
}

/// `POST /issues/{issue}/edit`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditIssue>().await {
        Ok(edited) => Ok(form.go(&edited.issue.href(), said(&edited))),
        Err(error) => {
            let state = form.refused(error)?;
            let full = form.cx.read_here::<ShowIssue>().await?;
            Ok(form.again(&full.issue.title, view(&form.cx, &full.issue, &state)))
        }
    }
}

fn view(cx: &Cx, issue: &Issue, form: &Form) -> Markup {
    let href = issue.href();
    let crumbs = vec![("/issues", "Issues"), (&href, issue.key.as_str())];
    html! {
        (Head { crumbs, title: "Edit the text", ..Head::default() }.show())
        section.card { div.body { form.form.wide method="post" action={ (href) "/edit" } data-guard {
            (ui::token(cx)) (form.summary())
            (form.text("title", "Title", ""))
            (form.area("body", "Description", "Markdown. A list with [ ] before each line is a checklist.", 18))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(href) { "Cancel" }
            }
        } } }
    }
}
