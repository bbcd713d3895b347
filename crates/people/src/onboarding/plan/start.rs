use super::{Plan, place};
use crate::{
    access::{Nearness, cares_for_people, today},
    onboarding::{
        Calendars, Owner, manages, prepares,
        template::{self, ListTemplates, Template},
    },
    person::{
        self, Named,
        choices::{Picker, with_ids},
    },
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id,
    Method::{Get, Post},
    Operation, Person, Result, Route, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, date_long, empty, html, token};

/// Start a plan for a newcomer. It copies the template and sets the dates in the newcomer's calendar.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartPlan {
    pub person: Id<Person>,
    pub template: Id<Template>,
    /// The colleague who helps with everything that one does not ask a manager.
    #[serde(default)]
    pub buddy: Option<Id<Person>>,
    /// The first day; the newcomer's start date if left out, and today without one.
    #[serde(default)]
    pub starts_on: Option<Date>,
}

/// Who and what a new plan is about.
pub struct Start {
    person: person::Record,
    template: Template,
    near: Nearness,
    /// The manager of the first day.
    manager: Option<Id<Person>>,
    leads: bool,
    starts_on: Date,
}

impl Operation for StartPlan {
    const NAME: &str = "onboarding.start";
    const ROUTE: Route = Route(Post, "/onboarding");
    type Target = Start;
    type Output = Plan;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Start> {
        let person = person::Record::visible(tx, self.person).await?;
        let template = Template::visible(tx, self.template).await?;
        if let Some(buddy) = self.buddy {
            person::Record::visible(tx, buddy).await?;
        }
        let near = Nearness::of(tx, self.person).await?;
        let starts_on = self.starts_on.or(person.starts_on).unwrap_or_else(|| today(tx));
        let manager = manager_on(tx, self.person, starts_on).await?;
        let me = tx.me();
        let leads = near.leads || manager == Some(me);
        Ok(Start { person, template, near, manager, leads, starts_on })
    }

    fn allows(actor: &Actor, start: &Start) -> bool {
        !start.near.own && start.leads || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, start: Start) -> Result<Plan> {
        self.check(tx, &start).await?;
        let calendars = Calendars::read(tx, self.person, start.manager, self.buddy, start.starts_on).await?;
        let id: Id<Plan> = tx.id();
        let insert = sql!(
            "insert into onboarding_plans
               (workspace_id, id, person_id, template_id, buddy_id, starts_on, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let (workspace, me, now) = (tx.workspace(), tx.me(), tx.now());
        let template = start.template.id;
        tx.run(insert, args![workspace, id, self.person, template, self.buddy, start.starts_on, me, now]).await?;
        for phase in Template::phases(tx, template).await? {
            let ends_on = calendars.due(start.starts_on, phase.day, Owner::Newcomer)?;
            insert_phase(tx, id, phase, ends_on).await?;
        }
        for step in Template::steps(tx, template).await? {
            let due_on = calendars.due(start.starts_on, step.due_day, step.owner)?;
            insert_step(tx, id, step, due_on).await?;
        }
        tx.record("onboarding.started", id, json!({ "person": self.person }));
        Plan::visible(tx, id).await
    }
}

impl StartPlan {
    async fn check(&self, tx: &mut Tx<'_>, start: &Start) -> Result<()> {
        if start.template.archived_at.is_some() {
            return Err(Error::invalid("template", "This template is archived. Choose another one, or bring it back."));
        }
        if start.person.deactivated_at.is_some() {
            return Err(Error::invalid("person", format!("{} does not work here any more.", start.person.name)));
        }
        if self.buddy == Some(self.person) {
            return Err(Error::invalid("buddy", "The buddy is somebody else than the newcomer."));
        }
        let running =
            sql!("select 1 from onboarding_plans where workspace_id = $1 and person_id = $2 and ended_at is null");
        match tx.exists(running, args![tx.workspace(), self.person]).await? {
            true => {
                Err(Error::invalid("person", format!("A plan for {} runs already. End it first.", start.person.name)))
            }
            false => Ok(()),
        }
    }
}

/// The manager on a date, which may be one to come.
async fn manager_on(tx: &mut Tx<'_>, person: Id<Person>, date: Date) -> Result<Option<Id<Person>>> {
    let select = sql!(
        "select l.manager_id from manager_lines l
          where l.workspace_id = $1 and l.person_id = $2 and l.manager_id is not null and",
        holds!("l", "$3")
    );
    let day = date.max(today(tx));
    tx.find(select, args![tx.workspace(), person, day]).await
}

async fn insert_phase(tx: &mut Tx<'_>, plan: Id<Plan>, phase: template::Phase, ends_on: Date) -> Result<()> {
    let insert =
        sql!("insert into onboarding_phases (workspace_id, plan_id, day, name, ends_on) values ($1, $2, $3, $4, $5)");
    tx.run(insert, args![tx.workspace(), plan, phase.day, phase.name, ends_on]).await?;
    Ok(())
}

async fn insert_step(tx: &mut Tx<'_>, plan: Id<Plan>, step: template::Step, due_on: Date) -> Result<()> {
    let insert = sql!(
        "insert into onboarding_steps
           (workspace_id, id, plan_id, phase, kind, rank, title, body, owner, due_day, due_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let id: Id<super::Step> = tx.id();
    let template::Step { phase, kind, rank, title, body, owner, due_day, .. } = step;
    tx.run(insert, args![tx.workspace(), id, plan, phase, kind, rank, title, body, owner, due_day, due_on]).await?;
    Ok(())
}

/// Whether there may be someone for whom the actor can start a plan.
#[derive(Deserialize, JsonSchema)]
pub(super) struct MayStart {}

impl Operation for MayStart {
    const NAME: &str = "onboarding.may_start";
    const ROUTE: Route = Route(Get, "/onboarding/rights");
    const READS: bool = true;
    type Target = ();
    type Output = bool;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<bool> {
        Ok(prepares(tx.actor(), manages(tx).await?))
    }
}

/// `GET /onboarding/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.read(MayStart {}).await? {
        return Err(Error::Forbidden.into());
    }
    let person = match cx.text("person") {
        "" => None,
        id => Some(cx.read(person::ShowPerson { person: id.parse()? }).await?),
    };
    let named = person.map(|person| Named { id: person.id, name: person.name });
    let choices = Choices::load(&cx, &Form::default()).await?;
    let state =
        Form::of([("person", choices.people.text(named.as_ref())), ("template", cx.text("template").to_owned())]);
    Ok(cx.page("Start an onboarding plan", choices.view(&cx, &state, named.as_ref())))
}

/// `POST /onboarding/new`
pub async fn start(form: Submitted) -> Answer {
    let started = match with_ids(&form, &["person", "buddy"]).await {
        Ok(form) => form.submit::<StartPlan>().await,
        Err(error) => Err(error),
    };
    match started {
        Ok(plan) => {
            let flash = format!("The plan is ready. {} begins on {}.", plan.person_name, date_long(plan.starts_on));
            Ok(form.go(&place(plan.id), Flash::says(flash)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let choices = Choices::load(&form.cx, &state).await?;
            Ok(form.again("Start an onboarding plan", choices.view(&form.cx, &state, None)))
        }
    }
}

/// What the form lets one choose from.
struct Choices {
    templates: Vec<(String, String)>,
    people: Picker,
    buddies: Picker,
}

impl Choices {
    async fn load(cx: &Cx, form: &Form) -> Result<Choices> {
        let templates = cx.read(ListTemplates { archived: false }).await?;
        Ok(Choices {
            templates: templates.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
            people: Picker::load(cx, form.value("person")).await?,
            buddies: Picker::load(cx, form.value("buddy")).await?,
        })
    }

    fn view(&self, cx: &Cx, form: &Form, person: Option<&Named<Person>>) -> Markup {
        let crumbs = vec![("/onboarding", "Onboarding")];
        html! {
            (Head { crumbs, title: "Start an onboarding plan", ..Head::default() }.show())
            @if self.templates.is_empty() {
                (empty("A plan is made from a template, and there is none yet.", Some(("/onboarding/templates/new", "Write a template"))))
            } @else {
                form.form method="post" action="/onboarding/new" data-guard novalidate {
                    (token(cx)) (form.summary())
                    (self.people.field(form, "person", "Newcomer", "", Some("Choose a person"), person))
                    (form.select("template", "Template", "The plan is a copy: later changes to the template leave it as it is.", None, &self.templates))
                    (buddy_field(&self.buddies, form, None))
                    (form.input("date", "starts_on", "First day", "Their start date if left empty. A day off moves to the next working day.", true))
                    footer.form-foot {
                        button.button.primary data-key="mod+enter" { "Start the plan" }
                        a.button.quiet href="/onboarding" { "Cancel" }
                    }
                }
            }
        }
    }
}

pub(super) fn buddy_field(people: &Picker, form: &Form, now: Option<&Named<Person>>) -> Markup {
    let hint = "A colleague who is glad to be asked anything, best with hours that overlap.";
    people.field(form, "buddy", "Buddy", hint, Some("Nobody yet"), now)
}
