//! Initiatives: what several projects together are for.
mod add;
mod edit;
mod forms;
mod list;
mod show;

pub use add::AddInitiative;
pub use edit::EditInitiative;
pub use list::{ListInitiatives, Listed};
pub use show::{InitiativeView, ShowInitiative};

use crate::{period::Period, project::State};
use kernel::{Actor, Error, Id, Person, Result, Time, Tx, args, columns, sql};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Initiative {
    pub id: Id<Initiative>,
    pub name: String,
    pub owner_id: Option<Id<Person>>,
    pub owner_name: Option<String>,
    pub state: State,
    pub target: Option<Period>,
    pub created_at: Time,
    pub created_by: Option<Id<Person>>,
}
columns!(Initiative { id, name, owner_id, owner_name, state, target, created_at, created_by });

const SELECT: &str = "
    select n.id, n.name, n.owner_id, o.name as owner_name, n.state, n.target, n.created_at, n.created_by
      from initiatives n left join people o on o.workspace_id = n.workspace_id and o.id = n.owner_id ";

/// The reach of every query that shows initiatives, as `n`: colleagues see all of them.
const VISIBLE: &str = " n.workspace_id = $1 and $2 ";

impl Initiative {
    /// The initiative, if the actor can see it.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Initiative>) -> Result<Initiative> {
        let select = sql!(SELECT, "where", VISIBLE, "and n.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    pub fn href(&self) -> String {
        format!("/initiatives/{}", self.id)
    }

    /// Its owner, whoever made it, and those who run the workspace.
    pub fn may_change(&self, actor: &Actor) -> bool {
        let me = Some(actor.person);
        actor.belongs() && (self.owner_id == me || self.created_by == me || cares_for_people(actor))
    }
}

fn taken(error: Error) -> Error {
    error.when_field("initiatives_workspace_id_unique_name_key", "name", "There is an initiative of this name already.")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/initiatives", list::page)
        .post("/initiatives", forms::add)
        .get("/initiatives/new", forms::new)
        .get("/initiatives/{initiative}", show::page)
        .get("/initiatives/{initiative}/edit", forms::edit)
        .post("/initiatives/{initiative}/edit", forms::save)
}
