use super::{
    Field, Issue, Priority, Which,
    change::{self, Batch, Wanted},
    labels_of, project,
};
use crate::{
    automation::Cause,
    custom::{CustomField, can_go_back, held_of},
    sprint::ledger,
};
use kernel::{Actor, Change, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use ui::{Answer, Flash, Submitted};

/// Undo what one call has changed, one issue or many. What somebody has changed again since then stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoChanges {
    pub batch: Id<Batch>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Undone {
    /// The keys of the issues that are as they were before.
    pub issues: Vec<String>,
    /// How many changes stay, as somebody has changed the same field since then.
    pub kept: usize,
}

/// A change as it was kept.
pub struct Kept {
    issue_id: Id<Issue>,
    field: Field,
    before_value: Option<String>,
    after_value: Option<String>,
    /// The field, where it was added to issues.
    custom_id: Option<Id<CustomField>>,
}
columns!(Kept { issue_id, field, before_value, after_value, custom_id });

impl Operation for UndoChanges {
    const NAME: &str = "issue.undo";
    const ROUTE: Route = Route(Post, "/issue-changes/{batch}/undo");
    /// The changes, and whether they are the actor's own.
    type Target = (Vec<Kept>, bool);
    type Output = Undone;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let select = sql!(
            "select issue_id, field, before_value, after_value, custom_id from issue_changes
              where workspace_id = $1 and $2 and batch = $3 order by id desc"
        );
        let changes: Vec<Kept> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.batch]).await?;
        let by = sql!("select by_id from issue_changes where workspace_id = $1 and batch = $2 limit 1");
        let by: Option<Id<Person>> = tx.find(by, args![tx.workspace(), self.batch]).await?.flatten();
        if changes.is_empty() { Err(Error::NotFound) } else { Ok((changes, by == Some(tx.me()))) }
    }

    fn allows(actor: &Actor, (_, own): &Self::Target) -> bool {
        *own || actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (changes, _): Self::Target) -> Result<Undone> {
        let (mut done, mut kept, batch) = (Vec::new(), 0, tx.id());
        let mut rest = changes.as_slice();
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|change| change.issue_id == first.issue_id).count();
            let (of_one, others) = rest.split_at(count);
            rest = others;
            let issue = Issue::visible(tx, &Which::Id(first.issue_id), false).await?;
            let (wanted, stays) = back(tx, &issue, of_one).await?;
            kept += stays;
            if change::apply(tx, &issue, &wanted, batch).await? {
                done.push(issue.key);
            }
        }
        Ok(Undone { issues: done, kept })
    }
}

/// The issue as it was before these changes, but for fields that have changed since; and how many those are.
async fn back(tx: &mut Tx<'_>, issue: &Issue, changes: &[Kept]) -> Result<(Wanted, usize)> {
    let (mut wanted, mut stays) = (Wanted { cause: Cause::Undo, ..Wanted::default() }, 0);
    let mut labels: Vec<Id<_>> = labels_of(tx, &[issue.id]).await?.into_iter().map(|(_, label)| label.id).collect();
    let held = held_of(tx, &[issue.id]).await?;
    for change in changes {
        let (before, after) = (&change.before_value, &change.after_value);
        if change.field == Field::Label {
            let (gone, come) = (before.as_deref().map(parsed).transpose()?, after.as_deref().map(parsed).transpose()?);
            labels.retain(|label| Some(*label) != come);
            labels.extend(gone.filter(|label| !labels.contains(label)));
            wanted.labels = Some(labels.clone());
        } else if change.field == Field::Sprint && !ledger::can_go_back(tx, issue, before.as_deref()).await? {
            stays += 1;
        } else if let Some(id) = change.custom_id {
            let now = held.iter().find(|(_, held)| held.field_id == id).map(|(_, held)| &held.value);
            match now == after.as_ref() && can_go_back(tx, issue, id, before.as_deref()).await? {
                true => drop(wanted.custom.insert(id, changed(before.as_deref())?)),
                false => stays += 1,
            }
        } else if current(tx, issue, change.field).await? == *after {
            set(&mut wanted, change.field, before.as_deref())?;
        } else {
            stays += 1;
        }
    }
    if !project::can_go_back(tx, issue, &wanted).await? {
        wanted.milestone = Change::Keep;
        stays += 1;
    }
    Ok((wanted, stays))
}

async fn current(tx: &mut Tx<'_>, issue: &Issue, field: Field) -> Result<Option<String>> {
    Ok(match field {
        Field::Title => Some(issue.title.clone()),
        Field::Body => Some(super::body_of(tx, issue.id).await?),
        Field::State => Some(issue.state_id.to_string()),
        Field::Assignee => issue.assignee_id.map(|id| id.to_string()),
        Field::Priority => Some(issue.priority.word().to_owned()),
        Field::Estimate => issue.estimate.map(|estimate| estimate.to_string()),
        Field::Due => issue.due_on.map(|date| date.to_string()),
        Field::Parent => issue.parent_id.map(|id| id.to_string()),
        Field::Sprint => issue.sprint_id.map(|id| id.to_string()),
        Field::Project => issue.project_id.map(|id| id.to_string()),
        Field::Milestone => issue.milestone_id.map(|id| id.to_string()),
        Field::Label | Field::Team | Field::Custom | Field::Former => None,
    })
}

fn set(wanted: &mut Wanted, field: Field, value: Option<&str>) -> Result<()> {
    match field {
        Field::Title => wanted.title = value.map(str::to_owned),
        Field::Body => wanted.body = value.map(str::to_owned),
        Field::State => wanted.state = value.map(parsed).transpose()?,
        Field::Assignee => wanted.assignee = changed(value)?,
        Field::Priority => wanted.priority = Priority::ALL.into_iter().find(|one| Some(one.word()) == value),
        Field::Estimate => wanted.estimate = changed(value)?,
        Field::Due => wanted.due_on = changed(value)?,
        Field::Parent => wanted.parent = changed(value)?,
        Field::Sprint => wanted.sprint = changed(value)?,
        Field::Project => wanted.project = changed(value)?,
        Field::Milestone => wanted.milestone = changed(value)?,
        Field::Label | Field::Team | Field::Custom | Field::Former => {}
    }
    Ok(())
}

fn parsed<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::internal(format!("`{text}` was kept of an issue and cannot be read")))
}

fn changed<T: FromStr>(value: Option<&str>) -> Result<Change<T>> {
    Ok(match value {
        Some(text) => Change::Set(parsed(text)?),
        None => Change::Clear,
    })
}

/// `POST /issue-changes/{batch}/undo`
pub async fn undo(form: Submitted) -> Answer {
    let undone = form.submit::<UndoChanges>().await?;
    let to = match undone.issues.as_slice() {
        [one] => format!("/issues/{one}"),
        _ => "/issues".to_owned(),
    };
    let stays = if undone.kept > 0 { " What somebody has changed since then stays." } else { "" };
    Ok(form.go(&to, Flash::says(format!("It is as it was before.{stays}"))))
}
