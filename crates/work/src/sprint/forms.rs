//! The forms around a sprint: planning it, starting and dropping it, and saying why its scope changed.
use super::{
    DropSprint, EditSprint, ExplainChange, ListSprints, PlanSprint, ShowSprint, Sprint, SprintView, Stage, StartSprint,
};
use kernel::{Error, Id, Method, Operation, Result, Route, Team, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// What a new sprint of a team would be.
#[derive(Deserialize, JsonSchema)]
struct ProposeSprint {
    team: Id<Team>,
}

impl Operation for ProposeSprint {
    const NAME: &str = "sprint.propose";
    const ROUTE: Route = Route(Method::Get, "/teams/{team}/sprints/proposal");
    const READS: bool = true;
    type Target = crate::team::Kept;
    type Output = (String, String, String, String);

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        crate::team::Kept::visible(tx, self.team).await
    }

    fn allows(actor: &kernel::Actor, kept: &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Self::Target) -> Result<Self::Output> {
        let one = super::plan::Proposed::of(tx, self.team).await?;
        Ok((one.name(), one.first_on.to_string(), one.last_of(one.first_on).to_string(), one.zone))
    }
}

/// `GET /teams/{team}/sprints/new`
pub async fn new(cx: Cx) -> Answer {
    let (name, first_on, last_on, _) = cx.read_here::<ProposeSprint>().await?;
    let form = Form::of([("name", name), ("first_on", first_on), ("last_on", last_on)]);
    let body = new_view(&cx, &form).await?;
    Ok(cx.page("Plan a sprint", body))
}

/// `POST /teams/{team}/sprints`
pub async fn plan(form: Submitted) -> Answer {
    match form.submit::<PlanSprint>().await {
        Ok(sprint) => {
            let flash = Flash::says(format!("{} is planned. Put issues into it, then start it.", sprint.name));
            Ok(form.go(&sprint.href(), flash.undo(format!("{}/deletion", sprint.href()))))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let body = new_view(&form.cx, &refused).await?;
            Ok(form.again("Plan a sprint", body))
        }
    }
}

async fn new_view(cx: &Cx, form: &Form) -> Result<Markup> {
    let list = cx.read_here::<ListSprints>().await?;
    let (_, _, _, zone) = cx.read_here::<ProposeSprint>().await?;
    let (home, page) = (format!("/teams/{}", list.team_id), format!("/teams/{}/sprints", list.team_id));
    let crumbs = vec![(home.as_str(), list.team_name.as_str()), (&page, "Sprints")];
    let lead = "A name and days are enough. The plan can be written until it starts.";
    Ok(html! {
        (Head { crumbs, title: "Plan a sprint", lead, ..Head::default() }.show())
        section.card { div.body { form.form method="post" action=(page) data-guard {
            (ui::token(cx)) (form.summary())
            (basics(form, &zone))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Plan it" }
                a.button.quiet href=(page) { "Cancel" }
            }
        } } }
    })
}

fn basics(form: &Form, zone: &str) -> Markup {
    html! {
        (form.text("name", "Name", ""))
        (form.optional("goal", "Goal", "One sentence: what will be true afterwards that is not true now."))
        div.field-row {
            (form.input("date", "first_on", "First day", "", false))
            (form.input("date", "last_on", "Last day", "", false))
        }
        p.hint { "Days begin and end in the zone " (zone) "." }
    }
}

/// `GET /sprints/{sprint}/plan`
pub async fn edit(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowSprint>().await?;
    if !view.may_change || view.sprint.stage != Stage::Planned {
        return Err(Error::Forbidden.into());
    }
    let (sprint, plan) = (&view.sprint, &view.plan);
    let form = Form::of([
        ("name", sprint.name.clone()),
        ("goal", sprint.goal.clone()),
        ("first_on", sprint.first_on.to_string()),
        ("last_on", sprint.last_on.to_string()),
        ("commitment", plan.commitment.clone()),
        ("risks", plan.risks.clone()),
        ("away", plan.away.clone()),
        ("left_out", plan.left_out.clone()),
    ]);
    Ok(cx.page(&format!("The plan of {}", sprint.name), edit_view(&cx, &view, &form)))
}

/// `POST /sprints/{sprint}/plan`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditSprint>().await {
        Ok(sprint) => Ok(form.go(&sprint.href(), Flash::says("The plan is saved."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let view = form.cx.read_here::<ShowSprint>().await?;
            Ok(form.again("The plan", edit_view(&form.cx, &view, &refused)))
        }
    }
}

fn edit_view(cx: &Cx, view: &SprintView, form: &Form) -> Markup {
    let sprint = &view.sprint;
    let (home, page) = (format!("/teams/{}/sprints", sprint.team_id), sprint.href());
    let crumbs = vec![(home.as_str(), "Sprints"), (&page, sprint.name.as_str())];
    let lead = "It is fixed when the sprint starts, so that one can see later what was meant.";
    html! {
        (Head { crumbs, title: "The plan, as written", lead, ..Head::default() }.show())
        div.cols {
            section.card { div.body { form.form.wide method="post" action={ (page) "/plan" } data-guard {
                (ui::token(cx)) (form.summary())
                (basics(form, &sprint.zone))
                (form.area("commitment", "What we commit to", "What somebody outside can count on. Markdown.", 6))
                (form.area("risks", "Risks", "What could keep us from it, and how we would notice.", 5))
                (form.area("away", "Who is away", "And what that means for the work.", 3))
                (form.area("left_out", "What we leave out", "What somebody may expect and will not get.", 4))
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Save" }
                    a.button.quiet href=(page) { "Cancel" }
                }
            } } }
            div.stack { (super::page::time_card(view)) (super::page::away_card(cx, view)) }
        }
    }
}

/// `POST /sprints/{sprint}/start`
pub async fn start(form: Submitted) -> Answer {
    match form.submit::<StartSprint>().await {
        Ok(sprint) => {
            Ok(form.go(&sprint.href(), Flash::says(format!("{} runs. Its commitment is fixed.", sprint.name))))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            super::page::again(&form, &refused).await
        }
    }
}

/// `POST /sprints/{sprint}/deletion`
pub async fn drop(form: Submitted) -> Answer {
    let team = form.submit::<DropSprint>().await?;
    Ok(form.go(&format!("/teams/{team}/sprints"), Flash::says("The sprint is dropped. Its issues are in the backlog.")))
}

/// `POST /sprint-changes/{change}/reason`
pub async fn explain(form: Submitted) -> Answer {
    let sprint: Sprint = form.submit::<ExplainChange>().await?;
    Ok(form.go(&format!("{}#moved", sprint.href()), Flash::says("The reason is saved.")))
}
