use super::Builder;
use crate::{data, history::By};
use kernel::{Error, Id, Json, Result, json};
use work::{
    automation::AddAutomation,
    custom::{AddField, ListFields},
    intake_form::AddForm,
    issue::{CreateIssue, EditIssue, Issue, RelateIssues},
    label::{AddLabel, Label, ListLabels},
    team::ShowWork,
    template::{AddRecurrence, AddTemplate},
    triage::SetTriage,
    view::AddView,
};

impl<'a> Builder<'a> {
    pub(super) async fn create_issue(&mut self, by: By<'_>, row: &'a data::Issue) -> Result<()> {
        let mut labels = Vec::new();
        for name in &row.labels {
            labels.push(self.label(by, name).await?);
        }
        let input = json!({
            "team": self.team(&row.team)?,
            "title": row.title,
            "body": row.body,
            "assignee": row.assignee.as_deref().map(|key| self.person(key)).transpose()?,
            "estimate": row.estimate,
            "priority": row.priority,
            "labels": labels,
            "parent": row.below.as_deref().map(|slug| self.issue(slug)).transpose()?.map(|above| above.id),
        });
        let issue = self.call::<CreateIssue>(by, input).await?;
        self.issues.insert(&row.slug, issue);
        Ok(())
    }

    pub(super) async fn relate_issue(&self, by: By<'_>, row: &data::Issue) -> Result<()> {
        for slug in &row.blocked_by {
            let (issue, other) = (self.issue(&row.slug)?.id, self.issue(slug)?.id);
            let input = json!({ "issue": issue, "direction": "blocked_by", "other": other });
            self.call::<RelateIssues>(by, input).await?;
        }
        Ok(())
    }

    pub(super) async fn move_issue(&self, by: By<'_>, row: &data::Issue, one: &data::IssueMove) -> Result<()> {
        let issue = self.issue(&row.slug)?;
        let work = self.call::<ShowWork>(by, json!({ "team": issue.team_id })).await?;
        let state = work.states.iter().find(|state| state.name == one.state);
        let state = state.ok_or_else(|| Error::conflict(format!("The team has no state `{}`.", one.state)))?;
        self.call::<EditIssue>(by, json!({ "issue": issue.id, "state": state.id })).await.map(drop)
    }

    pub(super) async fn save_view(&self, by: By<'_>, row: &data::View) -> Result<()> {
        let input = json!({
            "team": self.team(&row.team)?,
            "name": row.name,
            "q": row.q,
            "shared": row.shared,
            "layout": row.layout,
            "group": row.group,
            "subgroup": row.subgroup,
            "columns": row.columns,
        });
        self.call::<AddView>(by, input).await.map(drop)
    }

    pub(super) async fn settle_triage(&self, by: By<'_>, row: &data::Triage) -> Result<()> {
        let people = row.people.iter().map(|key| self.person(key)).collect::<Result<Vec<_>>>()?;
        let promise = |one: &data::TriagePromise| json!({ "priority": one.priority, "look_hours": one.look_hours, "done_hours": one.done_hours });
        let input = json!({
            "team": self.team(&row.team)?,
            "zone": row.zone,
            "from_others": row.from_others,
            "people": people,
            "promises": row.promises.iter().map(promise).collect::<Vec<_>>(),
        });
        self.call::<SetTriage>(by, input).await
    }

    pub(super) async fn take_up(&self, by: By<'_>, row: &data::Habit) -> Result<()> {
        let with_team = |input: &Json| -> Result<Json> {
            let mut input = input.clone();
            input["team"] = json!(self.team(&row.team)?);
            Ok(input)
        };
        if let Some(rule) = &row.automation {
            self.call::<AddAutomation>(by, with_team(rule)?).await?;
        }
        if let Some(field) = &row.field {
            let field = self.call::<AddField>(by, with_team(field)?).await?;
            for (slug, value) in &row.holds {
                let input = json!({ "issue": self.issue(slug)?.id, "fields": { field.id.as_str(): value } });
                self.call::<EditIssue>(by, input).await?;
            }
        }
        if let Some(form) = &row.form {
            let mut form = with_team(form)?;
            form["content"]["fields"] = self.asked_fields(by, row).await?;
            self.call::<AddForm>(by, form).await?;
        }
        let Some(template) = &row.template else { return Ok(()) };
        let template = self.call::<AddTemplate>(by, with_team(template)?).await?;
        if let Some(rhythm) = &row.rhythm {
            let input = json!({ "template": template.id, "rhythm": rhythm });
            self.call::<AddRecurrence>(by, input).await?;
        }
        Ok(())
    }

    async fn asked_fields(&self, by: By<'_>, row: &data::Habit) -> Result<Json> {
        let fields = self.call::<ListFields>(by, json!({ "team": self.team(&row.team)? })).await?;
        let asked = fields.into_iter().filter(|view| row.asks.contains(&view.field.name));
        Ok(asked.map(|view| json!({ "field": view.field.id })).collect())
    }

    /// The label of this name, made if there is none.
    pub(super) async fn label(&self, by: By<'_>, name: &str) -> Result<Id<Label>> {
        let all = self.call::<ListLabels>(by, json!({})).await?;
        match all.into_iter().find(|label| label.name == name) {
            Some(label) => Ok(label.id),
            None => Ok(self.call::<AddLabel>(by, json!({ "name": name })).await?.id),
        }
    }

    pub(super) fn issue(&self, slug: &str) -> Result<&Issue> {
        self.issues.get(slug).ok_or_else(|| Error::conflict(format!("No issue before has the word `{slug}`.")))
    }
}
