use super::{Plan, ShowPlan, place, settle};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Tx, args, json, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// End a plan before everything in it is done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPlan {
    pub plan: Id<Plan>,
    /// Why; everyone who sees the plan reads it.
    pub reason: Name<300>,
}

impl Operation for EndPlan {
    const NAME: &str = "onboarding.end";
    const ROUTE: Route = Route(Post, "/onboarding/{plan}/end");
    type Target = Plan;
    type Output = Plan;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        Plan::visible(tx, self.plan).await
    }

    fn allows(actor: &Actor, plan: &Plan) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<Plan> {
        if plan.ended_at.is_some() {
            return Err(Error::conflict("This plan has ended already."));
        }
        let update = sql!(
            "update onboarding_plans set ended_at = $3, ended_by = $4, end_reason = $5
              where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), plan.id, tx.now(), tx.me(), self.reason]).await?;
        tx.record("onboarding.ended", plan.id, json!({}));
        Plan::visible(tx, plan.id).await
    }
}

/// Take up a plan again that was ended early.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumePlan {
    pub plan: Id<Plan>,
}

impl Operation for ResumePlan {
    const NAME: &str = "onboarding.resume";
    const ROUTE: Route = Route(Delete, "/onboarding/{plan}/end");
    type Target = Plan;
    type Output = Plan;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        Plan::visible(tx, self.plan).await
    }

    fn allows(actor: &Actor, plan: &Plan) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<Plan> {
        if plan.end_reason.is_none() {
            return Err(Error::conflict("This plan was not ended early. To take it up again, open one of its steps."));
        }
        let other = sql!(
            "select 1 from onboarding_plans where workspace_id = $1 and person_id = $2 and id <> $3 and ended_at is null"
        );
        if tx.exists(other, args![tx.workspace(), plan.person_id, plan.id]).await? {
            return Err(Error::conflict("Another plan for this person runs already. End it first."));
        }
        let update = sql!(
            "update onboarding_plans set ended_at = null, ended_by = null, end_reason = null
              where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), plan.id]).await?;
        tx.record("onboarding.resumed", plan.id, json!({}));
        let plan = Plan::visible(tx, plan.id).await?;
        settle(tx, &plan).await?;
        Plan::visible(tx, plan.id).await
    }
}

/// `GET /onboarding/{plan}/end`
pub async fn form(cx: Cx) -> Answer {
    let plan = cx.read_here::<ShowPlan>().await?.plan;
    if !plan.is_kept_by(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    Ok(cx.page("End the plan early", page(&cx, &plan, &Form::default())))
}

/// `POST /onboarding/{plan}/end`
pub async fn end(form: Submitted) -> Answer {
    match form.submit::<EndPlan>().await {
        Ok(plan) => {
            let undo = format!("{}/resume", place(plan.id));
            Ok(form.go(&place(plan.id), Flash::says("The plan is ended.").undo(undo)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let plan = form.cx.read_here::<ShowPlan>().await?.plan;
            Ok(form.again("End the plan early", page(&form.cx, &plan, &state)))
        }
    }
}

/// `POST /onboarding/{plan}/resume`
pub async fn resume(form: Submitted) -> Answer {
    let plan = form.submit::<ResumePlan>().await?;
    Ok(form.go(&place(plan.id), Flash::says("The plan goes on.")))
}

fn page(cx: &Cx, plan: &Plan, form: &Form) -> Markup {
    let place = place(plan.id);
    let crumbs = vec![("/onboarding", "Onboarding"), (place.as_str(), plan.person_name.as_str())];
    html! {
        (Head { crumbs, title: "End the plan early", lead: "Open steps stay open, and everyone in the plan can still read it.", ..Head::default() }.show())
        form.form method="post" action={ (place) "/end" } data-guard novalidate {
            (token(cx)) (form.summary())
            (form.text("reason", "Reason", "Everyone who sees the plan reads it, the newcomer too."))
            footer.form-foot {
                button.button.danger data-key="mod+enter" { "End the plan" }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}
