//! Templates: phases, the steps in them, and what is expected at their end.
mod add;
mod archive;
mod edit;
mod list;
mod phase;
mod show;
mod step;

pub use add::{AddTemplate, DuplicateTemplate};
pub use archive::{ArchiveTemplate, RestoreTemplate};
pub use edit::EditTemplate;
pub use list::{ListTemplates, Summary};
pub use phase::{AddPhase, EditPhase, RemovePhase};
pub(super) use show::buttons;
pub use show::{ShowTemplate, TemplateView};
pub use step::{AddTemplateStep, EditTemplateStep, MoveTemplateStep, RemoveTemplateStep, RestoreTemplateStep};
pub(super) use step::{kinds, owners};

use super::{Kind, Owner};

use kernel::{Actor, Error, Id, Result, Time, Tx, args, columns, json, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/onboarding/templates", list::list)
        .get("/onboarding/templates/new", add::new)
        .post("/onboarding/templates/new", add::add)
        .get("/onboarding/templates/{template}", show::show)
        .get("/onboarding/templates/{template}/edit", edit::form)
        .post("/onboarding/templates/{template}/edit", edit::save)
        .post("/onboarding/templates/{template}/duplicate", add::duplicate)
        .post("/onboarding/templates/{template}/archive", archive::archive)
        .post("/onboarding/templates/{template}/restore", archive::restore)
        .get("/onboarding/templates/{template}/phases/new", phase::new)
        .post("/onboarding/templates/{template}/phases/new", phase::add)
        .get("/onboarding/templates/{template}/phases/{day}/edit", phase::form)
        .post("/onboarding/templates/{template}/phases/{day}/edit", phase::save)
        .post("/onboarding/templates/{template}/phases/{day}/remove", phase::remove)
        .post("/onboarding/templates/{template}/phases/{day}/restore/{name}", phase::restore)
        .get("/onboarding/templates/{template}/steps/new", step::new)
        .post("/onboarding/templates/{template}/steps/new", step::add)
        .get("/onboarding/templates/{template}/steps/{step}/edit", step::form)
        .post("/onboarding/templates/{template}/steps/{step}/edit", step::save)
        .post("/onboarding/templates/{template}/steps/{step}/move", step::shift)
        .post("/onboarding/templates/{template}/steps/{step}/remove", step::remove)
        .post("/onboarding/templates/{template}/steps/{step}/restore", step::restore)
}

/// What is stored of a template.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Template {
    pub id: Id<Template>,
    pub name: String,
    /// Whom it is for, and what it aims at.
    pub about: String,
    pub created_at: Time,
    pub archived_at: Option<Time>,
}
columns!(Template { id, name, about, created_at, archived_at });

/// A stretch of a plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Phase {
    /// The working day of the newcomer with which it ends, counted from the first one, which is 0.
    pub day: i64,
    pub name: String,
}
columns!(Phase { day, name });

/// A step or an expectation of a template.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    pub id: Id<Step>,
    /// The day of its phase.
    pub phase: i64,
    pub kind: Kind,
    pub rank: i64,
    pub title: String,
    pub body: String,
    pub owner: Owner,
    /// The working day on which it is due, counted from the first one, which is 0; a negative one lies before it.
    pub due_day: i64,
}
columns!(Step { id, phase, kind, rank, title, body, owner, due_day });

/// The reach of every query that shows templates, as `t`: the company's own people read them all.
pub(super) const VISIBLE: &str = " t.workspace_id = $1 and $2 ";

impl Template {
    /// The template, if the actor can see it.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Template>) -> Result<Template> {
        let select = sql!(
            "select t.id, t.name, t.about, t.created_at, t.archived_at from onboarding_templates t where",
            VISIBLE,
            "and t.id = $3"
        );
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    pub(super) async fn phases(tx: &mut Tx<'_>, id: Id<Template>) -> Result<Vec<Phase>> {
        let select = sql!(
            "select day, name from onboarding_template_phases where workspace_id = $1 and template_id = $2 order by day"
        );
        tx.all(select, args![tx.workspace(), id]).await
    }

    /// The steps in their order, phase by phase.
    pub(super) async fn steps(tx: &mut Tx<'_>, id: Id<Template>) -> Result<Vec<Step>> {
        let select = sql!(
            "select id, phase, kind, rank, title, body, owner, due_day from onboarding_template_steps
              where workspace_id = $1 and template_id = $2 and removed_at is null order by phase, rank, id"
        );
        tx.all(select, args![tx.workspace(), id]).await
    }
}

/// A template that is to be changed, and whether the actor manages someone.
pub struct Editing {
    pub template: Template,
    manages: bool,
}

impl Editing {
    async fn of(tx: &mut Tx<'_>, id: Id<Template>) -> Result<Editing> {
        Ok(Editing { template: Template::visible(tx, id).await?, manages: super::manages(tx).await? })
    }

    /// The template with one of its steps, removed or not.
    async fn with_step(tx: &mut Tx<'_>, id: Id<Template>, step: Id<Step>) -> Result<(Editing, Step)> {
        let editing = Editing::of(tx, id).await?;
        let select = sql!(
            "select id, phase, kind, rank, title, body, owner, due_day from onboarding_template_steps
              where workspace_id = $1 and template_id = $2 and id = $3"
        );
        Ok((editing, tx.one(select, args![tx.workspace(), id, step]).await?))
    }

    fn allowed(&self, actor: &Actor) -> bool {
        super::prepares(actor, self.manages)
    }
}

/// Says that what a template holds has changed.
fn changed(tx: &mut Tx<'_>, template: Id<Template>, what: &str) {
    tx.record("onboarding_template.changed", template, json!({ "what": what }));
}

/// The phase of that day, or what to do about it.
async fn check_phase(tx: &mut Tx<'_>, template: Id<Template>, day: i64) -> Result<()> {
    let phase =
        sql!("select 1 from onboarding_template_phases where workspace_id = $1 and template_id = $2 and day = $3");
    match tx.exists(phase, args![tx.workspace(), template, day]).await? {
        true => Ok(()),
        false => {
            Err(Error::invalid("phase", "This template has no phase that ends on this day. Choose one that it has."))
        }
    }
}

fn place(template: Id<Template>) -> String {
    format!("/onboarding/templates/{template}")
}
