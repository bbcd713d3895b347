//! Milestones: what a project reaches on the way, in an order, each with a target of its own.
mod add;
mod edit;
mod forms;
mod remove;
mod show;

pub use add::AddMilestone;
pub use edit::EditMilestone;
pub use remove::{RemoveMilestone, RestoreMilestone};
pub use show::{MilestonePage, ShowMilestone};

use crate::{
    period::Period,
    project::{Kept, Listed},
};
use kernel::{Error, Id, Result, Tx, args, columns, list, sql};
use people::person::folded;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Milestone {
    pub id: Id<kernel::Milestone>,
    pub project_id: Id<kernel::Project>,
    pub name: String,
    pub target: Option<Period>,
    /// Its place among the milestones of the project: the higher, the later.
    pub position: i64,
}
columns!(Milestone { id, project_id, name, target, position });

const SELECT: &str = "select m.id, m.project_id, m.name, m.target, m.position from milestones m ";

impl Milestone {
    /// The milestone and its project, if the actor can see that; one that was removed only with `removed`.
    async fn visible(tx: &mut Tx<'_>, id: Id<kernel::Milestone>, removed: bool) -> Result<(Milestone, Kept)> {
        let select = sql!(SELECT, "where m.workspace_id = $1 and m.id = $2 and ($3 or m.removed_at is null)");
        let milestone: Milestone = tx.one(select, args![tx.workspace(), id, removed]).await?;
        let kept = Kept::visible(tx, milestone.project_id).await?;
        Ok((milestone, kept))
    }

    /// Those of a project that the actor sees, in their order.
    pub(crate) async fn of(tx: &mut Tx<'_>, project: Id<kernel::Project>) -> Result<Vec<Milestone>> {
        let select = sql!(
            SELECT,
            "where m.workspace_id = $1 and m.project_id = $2 and m.removed_at is null order by m.position, m.id"
        );
        tx.all(select, args![tx.workspace(), project]).await
    }

    /// Those of several projects that the actor sees, each project's in their order.
    pub(crate) async fn of_each(tx: &mut Tx<'_>, projects: &[Listed]) -> Result<Vec<Milestone>> {
        let select = sql!(
            SELECT,
            "where m.workspace_id = $1 and m.project_id in (select value from json_each(cast($2 as text)))
               and m.removed_at is null order by m.position, m.id"
        );
        tx.all(select, args![tx.workspace(), list(projects.iter().map(|one| one.project.id))]).await
    }

    pub fn href(&self) -> String {
        format!("/milestones/{}", self.id)
    }
}

/// Names of milestones are told apart within their project.
fn unique_name(project: Id<kernel::Project>, name: &str) -> String {
    format!("{project}:{}", folded(name))
}

fn taken(error: Error) -> Error {
    let sentence = "This project has a milestone of this name already.";
    error.when_field("milestones_workspace_id_unique_name_key", "name", sentence)
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/projects/{project}/milestones/new", forms::new)
        .post("/projects/{project}/milestones", forms::add)
        .get("/milestones/{milestone}", show::page)
        .get("/milestones/{milestone}/edit", forms::edit)
        .post("/milestones/{milestone}/edit", forms::save)
        .post("/milestones/{milestone}/removal", forms::remove)
        .post("/milestones/{milestone}/restoration", forms::restore)
}
