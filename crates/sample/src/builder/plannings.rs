use super::Builder;
use crate::{data, history::By};
use asks::SettlePast;
use kernel::{Error, Id, Json, Result, json};
use work::planning::{AnswerDraft, DecideAgainst, Planning, Propose, SayOffer, ShowPlanning, StartPlanning};

impl<'a> Builder<'a> {
    pub(super) async fn begin_planning(&mut self, by: By<'_>, row: &'a data::Planning) -> Result<()> {
        let sprint = self.sprints.get(row.sprint.as_str()).ok_or_else(missing)?.id;
        let started = self.call::<StartPlanning>(by, json!({ "sprint": sprint, "hours": row.hours })).await?;
        self.plannings.insert(&row.sprint, started);
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn in_planning(&self, by: By<'_>, row: &data::Planning, step: &data::PlanningStep) -> Result<()> {
        let planning = self.plannings.get(row.sprint.as_str()).ok_or_else(missing)?.id;
        for (slug, leave_out) in [(&step.take_in, false), (&step.leave_out, true)] {
            let Some(slug) = slug else { continue };
            let issue = self.issue(slug)?.key.clone();
            let input = json!({ "planning": planning, "issue": issue, "leave_out": leave_out, "reason": step.reason });
            self.call::<Propose>(by, input).await?;
        }
        if let Some(offer) = &step.offer {
            self.call::<SayOffer>(by, json!({ "planning": planning, "offer": offer })).await?;
        }
        if let Some(stance) = &step.answer {
            let input = json!({ "planning": planning, "stance": stance, "reason": step.reason, "wants": step.wants });
            self.call::<AnswerDraft>(by, input).await?;
        }
        if let Some(author) = &step.decide_against {
            let objection = self.objection_of(by, planning, author).await?;
            self.call::<DecideAgainst>(by, json!({ "objection": objection, "answer": step.reason })).await?;
        }
        self.call::<SettlePast>(By::System, json!({})).await
    }

    async fn objection_of(&self, by: By<'_>, planning: Id<Planning>, author: &str) -> Result<Json> {
        let view = self.call::<ShowPlanning>(by, json!({ "planning": planning })).await?;
        let author = self.person(author)?;
        let found = view.objections.iter().find(|one| one.person_id == author).ok_or_else(missing)?;
        Ok(json!(found.id))
    }
}

fn missing() -> Error {
    Error::conflict("This planning, its sprint or its objection is not there yet.")
}
