use super::Builder;
use crate::{data, history::By};
use jiff::ToSpan;
use kernel::{Error, Result, json};
use work::{
    issue::EditIssue,
    sprint::{CloseSprint, EditSprint, PlanSprint, Sprint, StartSprint},
};

impl<'a> Builder<'a> {
    pub(super) async fn plan_sprint(&mut self, by: By<'_>, row: &'a data::Sprint) -> Result<()> {
        let day = |days: i64| self.company.reference.saturating_add(days.days());
        let plan = json!({
            "team": self.team(&row.team)?,
            "name": row.name,
            "goal": row.goal,
            "first_on": day(row.first),
            "last_on": day(row.last),
        });
        let sprint = self.call::<PlanSprint>(by, plan).await?;
        let text = json!({
            "sprint": sprint.id,
            "commitment": row.commitment,
            "risks": row.risks,
            "away": row.away,
            "left_out": row.left_out,
        });
        self.call::<EditSprint>(by, text).await?;
        for slug in &row.issues {
            let into = json!({ "issue": self.issue(slug)?.id, "sprint": sprint.id });
            self.call::<EditIssue>(by, into).await?;
        }
        self.sprints.insert(&row.name, sprint);
        Ok(())
    }

    pub(super) async fn start_sprint(&self, by: By<'_>, row: &data::Sprint) -> Result<()> {
        let start = json!({ "sprint": self.sprint(row)?.id });
        self.call::<StartSprint>(by, start).await.map(drop)
    }

    pub(super) async fn change_scope(&self, by: By<'_>, row: &data::Sprint, change: &data::ScopeChange) -> Result<()> {
        let mut input = json!({ "issue": self.issue(&change.issue)?.id, "reason": change.reason });
        if change.into {
            input["sprint"] = json!(self.sprint(row)?.id);
        }
        if let Some(estimate) = &change.estimate {
            input["estimate"] = json!(estimate);
        }
        self.call::<EditIssue>(by, input).await.map(drop)
    }

    /// What is not finished goes into the sprint that is planned, if there is one.
    pub(super) async fn close_sprint(&self, by: By<'_>, row: &data::Sprint) -> Result<()> {
        let next = self.data.sprints.iter().map(|(_, other)| other);
        let next =
            next.filter(|other| other.team == row.team && other.first > row.first).min_by_key(|other| other.first);
        let to = next.and_then(|next| self.sprints.get(next.name.as_str())).map(|sprint| sprint.id);
        let close = json!({ "sprint": self.sprint(row)?.id, "to": to, "reason": row.reason });
        self.call::<CloseSprint>(by, close).await.map(drop)
    }

    fn sprint(&self, row: &data::Sprint) -> Result<&Sprint> {
        let known = self.sprints.get(row.name.as_str());
        known.ok_or_else(|| Error::conflict(format!("{} is not planned yet.", row.name)))
    }
}
