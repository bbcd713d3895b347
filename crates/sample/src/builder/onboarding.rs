use super::Builder;
use crate::{data, history::By};
use kernel::{Error, Id, Result, json};
use people::onboarding::{
    Kind,
    plan::{AssessExpectation, CompleteStep, Plan, PlanView, ShowPlan, StartPlan, Step},
    template::{AddPhase, AddTemplate, AddTemplateStep, EditPhase, ShowTemplate, Template},
};
use std::collections::BTreeMap;

/// What was made so far, by its key or by the key of the newcomer.
#[derive(Default)]
pub struct Onboarding<'a> {
    templates: BTreeMap<&'a str, Id<Template>>,
    plans: BTreeMap<&'a str, (Id<Plan>, Vec<Step>)>,
}

impl<'a> Builder<'a> {
    /// The phases that a new template begins with get the names of the file, where they end on the same day.
    pub(super) async fn write_template(&mut self, by: By<'_>, template: &'a data::Template) -> Result<()> {
        let input = json!({ "name": template.name, "about": template.about });
        let id = self.call::<AddTemplate>(by, input).await?.id;
        let begun = self.call::<ShowTemplate>(by, json!({ "template": id })).await?;
        for phase in &template.phases {
            let input = json!({ "template": id, "day": phase.until, "name": phase.name });
            match begun.phases.iter().any(|there| there.day == phase.until) {
                true => self.call::<EditPhase>(by, input).await?,
                false => self.call::<AddPhase>(by, input).await?,
            }
            self.write_phase(by, id, phase).await?;
        }
        self.onboarding.templates.insert(&template.key, id);
        Ok(())
    }

    async fn write_phase(&self, by: By<'_>, template: Id<Template>, phase: &data::Phase) -> Result<()> {
        for step in &phase.steps {
            let input = json!({
                "template": template,
                "phase": phase.until,
                "title": step.title,
                "body": step.body,
                "owner": step.owner,
                "due_day": step.due,
            });
            self.call::<AddTemplateStep>(by, input).await?;
        }
        for check in &phase.checks {
            let input =
                json!({ "template": template, "phase": phase.until, "kind": Kind::Expectation, "title": check });
            self.call::<AddTemplateStep>(by, input).await?;
        }
        Ok(())
    }

    pub(super) async fn start_plan(&mut self, by: By<'_>, plan: &'a data::Plan) -> Result<()> {
        let template = self.onboarding.templates.get(plan.template.as_str());
        let template = template.ok_or_else(|| missing("template", &plan.template))?;
        let input = json!({
            "person": self.person(&plan.person)?,
            "template": template,
            "buddy": self.person(&plan.buddy)?,
            "starts_on": self.date(plan.started),
        });
        let id = self.call::<StartPlan>(by, input).await?.id;
        let PlanView { steps, .. } = self.call::<ShowPlan>(by, json!({ "plan": id })).await?;
        self.onboarding.plans.insert(&plan.person, (id, steps));
        Ok(())
    }

    pub(super) async fn complete_step(&self, by: By<'_>, plan: &data::Plan, done: &data::Done) -> Result<()> {
        let template = self.data.template(&plan.template).ok_or_else(|| missing("template", &plan.template))?;
        let mut all = template.phases.iter().flat_map(|phase| &phase.steps);
        let wanted = all.find(|step| step.key == done.step).ok_or_else(|| missing("step", &done.step))?;
        let (id, steps) = self.plan(plan)?;
        let step = steps.iter().find(|step| step.title == wanted.title);
        let step = step.ok_or_else(|| missing("step", &done.step))?.id;
        self.call::<CompleteStep>(by, json!({ "plan": id, "step": step, "note": done.note })).await
    }

    pub(super) async fn meet_expectations(&self, by: By<'_>, plan: &data::Plan, met: &data::Met) -> Result<()> {
        let template = self.data.template(&plan.template).ok_or_else(|| missing("template", &plan.template))?;
        let phase = template.phases.iter().find(|phase| phase.key == met.phase);
        let phase = phase.ok_or_else(|| missing("phase", &met.phase))?;
        let (id, steps) = self.plan(plan)?;
        for step in steps.iter().filter(|step| step.kind == Kind::Expectation && step.phase == phase.until) {
            self.call::<AssessExpectation>(by, json!({ "plan": id, "step": step.id, "verdict": "met" })).await?;
        }
        Ok(())
    }

    fn plan(&self, plan: &data::Plan) -> Result<&(Id<Plan>, Vec<Step>)> {
        self.onboarding.plans.get(plan.person.as_str()).ok_or_else(|| missing("plan", &plan.person))
    }

    /// The plan of a newcomer.
    pub(super) fn plan_of(&self, newcomer: &str) -> Result<Id<Plan>> {
        let found = self.onboarding.plans.get(newcomer).map(|(plan, _)| *plan);
        found.ok_or_else(|| missing("plan", newcomer))
    }
}

fn missing(what: &str, key: &str) -> Error {
    Error::conflict(format!("There is no {what} with the key `{key}` at this time."))
}
