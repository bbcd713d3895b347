use super::{Plan, Step, place, start::buddy_field};
use crate::{
    onboarding::{Calendars, Owner},
    person::{
        self, Named,
        choices::{Picker, with_ids},
    },
};
use jiff::civil::Date;
use kernel::{Actor, Change, Error, Id, Method::Patch, Operation, Person, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Change the buddy or the first day of a plan. What is left out stays. Open steps whose dates were counted are counted
/// anew; what is done keeps its date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePlan {
    pub plan: Id<Plan>,
    #[serde(default)]
    pub buddy: Change<Id<Person>>,
    #[serde(default)]
    pub starts_on: Option<Date>,
}

impl Operation for ChangePlan {
    const NAME: &str = "onboarding.change";
    const ROUTE: Route = Route(Patch, "/onboarding/{plan}");
    type Target = Plan;
    type Output = Plan;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        if let Change::Set(buddy) = &self.buddy {
            person::Record::visible(tx, *buddy).await?;
        }
        Plan::visible(tx, self.plan).await
    }

    fn allows(actor: &Actor, plan: &Plan) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<Plan> {
        plan.check_open()?;
        let buddy = self.buddy.clone().apply(plan.buddy_id);
        let starts_on = self.starts_on.unwrap_or(plan.starts_on);
        if buddy == Some(plan.person_id) {
            return Err(Error::invalid("buddy", "The buddy is somebody else than the newcomer."));
        }
        if (buddy, starts_on) == (plan.buddy_id, plan.starts_on) {
            return Ok(plan);
        }
        let update =
            sql!("update onboarding_plans set buddy_id = $3, starts_on = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), plan.id, buddy, starts_on]).await?;
        count_anew(tx, &plan, buddy, starts_on).await?;
        let changed = [("buddy", buddy != plan.buddy_id), ("starts_on", starts_on != plan.starts_on)];
        let fields: Vec<&str> = changed.iter().filter(|(_, differs)| *differs).map(|(field, _)| *field).collect();
        tx.record("onboarding.changed", plan.id, json!({ "fields": fields }));
        Plan::visible(tx, plan.id).await
    }
}

async fn count_anew(tx: &mut Tx<'_>, plan: &Plan, buddy: Option<Id<Person>>, starts_on: Date) -> Result<()> {
    let calendars = Calendars::read(tx, plan.person_id, plan.manager_id, buddy, starts_on).await?;
    let ends = sql!("update onboarding_phases set ends_on = $4 where workspace_id = $1 and plan_id = $2 and day = $3");
    for phase in Plan::phases(tx, plan.id).await? {
        let ends_on = calendars.due(starts_on, phase.day, Owner::Newcomer)?;
        tx.run(ends, args![tx.workspace(), plan.id, phase.day, ends_on]).await?;
    }
    let due = sql!("update onboarding_steps set due_on = $4 where workspace_id = $1 and plan_id = $2 and id = $3");
    for step in Plan::steps(tx, plan.id).await? {
        if let Step { id, due_day: Some(day), done_at: None, owner, .. } = step {
            let due_on = calendars.due(starts_on, day, owner)?;
            tx.run(due, args![tx.workspace(), plan.id, id, due_on]).await?;
        }
    }
    Ok(())
}

/// `GET /onboarding/{plan}/edit`
pub async fn form(cx: Cx) -> Answer {
    let plan = cx.read_here::<super::ShowPlan>().await?.plan;
    if !plan.is_kept_by(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let people = Picker::load(&cx, "").await?;
    let state = Form::of([("buddy", people.text(buddy(&plan).as_ref())), ("starts_on", plan.starts_on.to_string())]);
    Ok(cx.page("Change the plan", page(&cx, &plan, &people, &state)))
}

/// `POST /onboarding/{plan}/edit`
pub async fn save(form: Submitted) -> Answer {
    let changed = match with_ids(&form, &["buddy"]).await {
        Ok(form) => form.submit::<ChangePlan>().await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(plan) => Ok(form.go(&place(plan.id), Flash::says("The plan is changed, and its dates are counted anew."))),
        Err(error) => {
            let state = form.refused(error)?;
            let plan = form.cx.read_here::<super::ShowPlan>().await?.plan;
            let people = Picker::load(&form.cx, state.value("buddy")).await?;
            Ok(form.again("Change the plan", page(&form.cx, &plan, &people, &state)))
        }
    }
}

fn buddy(plan: &Plan) -> Option<Named<Person>> {
    Some(Named { id: plan.buddy_id?, name: plan.buddy_name.clone()? })
}

fn page(cx: &Cx, plan: &Plan, people: &Picker, form: &Form) -> Markup {
    let place = place(plan.id);
    let crumbs = vec![("/onboarding", "Onboarding"), (place.as_str(), plan.person_name.as_str())];
    html! {
        (Head { crumbs, title: "Change the plan", ..Head::default() }.show())
        form.form method="post" action={ (place) "/edit" } data-guard novalidate {
            (token(cx)) (form.summary())
            (buddy_field(people, form, buddy(plan).as_ref()))
            (form.input("date", "starts_on", "First day", "The dates of open steps move with it. What is done keeps its date.", false))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(place) { "Cancel" }
                @if plan.ended_at.is_none() { a.button.danger.right href={ (place) "/end" } { "End the plan early" } }
            }
        }
    }
}
