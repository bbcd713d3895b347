//! Teams as a tree, who is in them, and who reports to whom.
mod add;
mod edit;
pub mod line;
pub mod member;
mod show;
mod tree;

pub use add::AddTeam;
pub use edit::{ArchiveTeam, EditTeam, RestoreTeam};
pub use line::SetManager;
pub use member::{JoinTeam, LeaveTeam, Member};
pub use show::{ShowTeam, TeamView, day};
pub(crate) use tree::names;
pub use tree::{Branch, ListTeams};

use crate::access::TEAM_VISIBLE;
use kernel::{Id, Person, Result, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams", tree::tree)
        .post("/teams", add::save)
        .get("/teams/new", add::new)
        .get("/teams/{team}", show::show)
        .get("/teams/{team}/edit", edit::edit)
        .post("/teams/{team}/edit", edit::save)
        .post("/teams/{team}/archive", edit::archive)
        .post("/teams/{team}/restoration", edit::restore)
        .get("/teams/{team}/members/new", member::new)
        .post("/teams/{team}/members", member::save)
        .get("/teams/{team}/members/{person}/edit", member::edit)
        .post("/teams/{team}/members/{person}/edit", member::save_position)
        .post("/teams/{team}/members/{person}/end", member::end)
        .post("/teams/{team}/members/{person}/return", member::back)
}

/// What is stored of a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Record {
    pub id: Id<Team>,
    pub parent_id: Option<Id<Team>>,
    pub name: String,
    pub mission: String,
    pub about: String,
    pub lead_id: Option<Id<Person>>,
    pub archived_at: Option<Time>,
}
columns!(Record { id, parent_id, name, mission, about, lead_id, archived_at });

impl Record {
    /// The team, if the actor can see it.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Team>) -> Result<Record> {
        let select = sql!(
            "select t.id, t.parent_id, t.name, t.mission, t.about, t.lead_id, t.archived_at
               from teams t where",
            TEAM_VISIBLE,
            "and t.id = $3"
        );
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// Whether this person leads the team or one above it.
    pub async fn is_led_by(tx: &mut Tx<'_>, team: Id<Team>, person: Id<Person>) -> Result<bool> {
        let above = sql!(
            "with recursive above (id, depth) as (
               select $2, 0
               union all
               select t.parent_id, above.depth + 1 from above
                 join teams t on t.workspace_id = $1 and t.id = above.id
                where t.parent_id is not null and above.depth < 20
             )
             select 1 from above cross join teams t where t.workspace_id = $1 and t.id = above.id and t.lead_id = $3"
        );
        tx.exists(above, args![tx.workspace(), team, person]).await
    }
}
