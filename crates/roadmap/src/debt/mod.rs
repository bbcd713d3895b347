//! The register of technical debt: what it costs as long as it stays, what repaying costs, who owns it, and where it lies.
mod forms;
mod list;
mod page;
mod record;
mod remove;
mod save;
mod show;
mod undo;

pub use list::{Debts, ListDebts};
pub(crate) use record::RECORD;
pub use remove::{RemoveDebt, RestoreDebt};
pub use save::{AddDebt, EditDebt};
pub use show::{DebtView, ShowDebt};
pub use undo::UndoDebt;

use kernel::{Actor, Error, Id, Person, Result, Team, Time, Tx, args, columns, sql, words};
use people::{
    access::{cares_for_people, teams_of},
    team,
};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What is to become of a debt.
    pub enum Standing {
        Open = "open",
        Repaying = "repaying",
        Repaid = "repaid",
        /// The team lives with it.
        Accepted = "accepted",
    }
}

impl Standing {
    pub fn title(self) -> &'static str {
        match self {
            Standing::Open => "Open",
            Standing::Repaying => "Being repaid",
            Standing::Repaid => "Repaid",
            Standing::Accepted => "Lived with",
        }
    }

    pub fn look(self) -> &'static str {
        match self {
            Standing::Open => "warn",
            Standing::Repaying => "info",
            Standing::Repaid => "good",
            Standing::Accepted => "line",
        }
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Debt {
    pub id: Id<Debt>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub name: String,
    pub standing: Standing,
    pub owner_id: Option<Id<Person>>,
    pub owner_name: Option<String>,
    /// What it costs as long as it stays, in hours of all a week; nothing where nobody knows.
    pub hours_a_week: Option<f64>,
    /// What repaying costs, in hours of all; nothing where nobody knows.
    pub hours_to_repay: Option<f64>,
    /// After so many weeks repaying has cost less than the debt would have; nothing where an input is missing or it costs nothing.
    pub payback_weeks: Option<f64>,
    pub created_by: Option<Id<Person>>,
    pub changed_at: Time,
}

struct Row {
    id: Id<Debt>,
    team_id: Id<Team>,
    team_name: String,
    name: String,
    standing: Standing,
    owner_id: Option<Id<Person>>,
    owner_name: Option<String>,
    hours_a_week: Option<f64>,
    hours_to_repay: Option<f64>,
    created_by: Option<Id<Person>>,
    changed_at: Time,
}
columns!(Row {
    id,
    team_id,
    team_name,
    name,
    standing,
    owner_id,
    owner_name,
    hours_a_week,
    hours_to_repay,
    created_by,
    changed_at,
});

/// Every query that shows debts, as `d` in the version `v` that holds, begins with this: the last that was not taken back.
const SELECT: &str = "
    select d.id, d.team_id, t.name as team_name, v.name, v.standing, v.owner_id, o.name as owner_name, v.hours_a_week,
           v.hours_to_repay, d.created_by, v.at as changed_at
      from debts d
      join debt_versions v on v.workspace_id = d.workspace_id and v.debt_id = d.id and v.undone_at is null
       and not exists (select 1 from debt_versions l
                        where l.workspace_id = d.workspace_id and l.debt_id = d.id and l.undone_at is null
                          and l.number > v.number)
      join teams t on t.workspace_id = d.workspace_id and t.id = d.team_id
      left join people o on o.workspace_id = d.workspace_id and o.id = v.owner_id ";

/// The reach of every query that shows debts, as `d`: colleagues see those of all teams.
const VISIBLE: &str = " d.workspace_id = $1 and $2 ";

impl Row {
    fn debt(self) -> Debt {
        let Row { id, team_id, team_name, name, standing, owner_id, owner_name, .. } = self;
        let Row { hours_a_week, hours_to_repay, created_by, changed_at, .. } = self;
        let payback_weeks = payback(hours_a_week, hours_to_repay);
        Debt {
            id,
            team_id,
            team_name,
            name,
            standing,
            owner_id,
            owner_name,
            hours_a_week,
            hours_to_repay,
            payback_weeks,
            created_by,
            changed_at,
        }
    }
}

/// In weeks: the simple payback period, `hours to repay ÷ hours a week`, without interest.
fn payback(hours_a_week: Option<f64>, hours_to_repay: Option<f64>) -> Option<f64> {
    let weekly = hours_a_week.filter(|hours| *hours > 0.0)?;
    Some(hours_to_repay? / weekly)
}

impl Debt {
    pub fn href(&self) -> String {
        format!("/debts/{}", self.id)
    }
}

/// A debt, and whether the actor is near enough to settle it.
pub struct Kept {
    pub debt: Debt,
    near: bool,
}

impl Kept {
    /// One that was removed only with `removed`.
    async fn visible(tx: &mut Tx<'_>, id: Id<Debt>, removed: bool) -> Result<Kept> {
        let select = sql!(SELECT, "where", VISIBLE, "and d.id = $3 and ($4 or d.removed_at is null)");
        let row: Row = tx.one(select, args![tx.workspace(), tx.actor().belongs(), id, removed]).await?;
        let debt = row.debt();
        let me = tx.me();
        let own = debt.owner_id == Some(me) || debt.created_by == Some(me);
        let near = own || is_near(tx, debt.team_id).await?;
        Ok(Kept { debt, near })
    }

    /// Its owner, whoever noted it, those on its team and those who lead it or one above, and those who run the workspace.
    pub fn may_change(&self, actor: &Actor) -> bool {
        actor.belongs() && (self.near || cares_for_people(actor))
    }
}

async fn is_near(tx: &mut Tx<'_>, team: Id<Team>) -> Result<bool> {
    let me = tx.me();
    Ok(teams_of(tx, me).await?.contains(&team) || team::Record::is_led_by(tx, team, me).await?)
}

/// Looks up what the input of a change names.
async fn look_up(tx: &mut Tx<'_>, team: Option<Id<Team>>, owner: Option<Id<Person>>) -> Result<()> {
    if let Some(team) = team {
        team::Record::visible(tx, team).await?;
    }
    if let Some(owner) = owner {
        people::person::Record::visible(tx, owner).await?;
    }
    if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/debts", page::list)
        .post("/debts", forms::add)
        .get("/debts/new", forms::new)
        .get("/debts/{debt}", page::show)
        .get("/debts/{debt}/edit", forms::edit)
        .post("/debts/{debt}/edit", forms::save)
        .post("/debts/{debt}/removal", forms::remove)
        .post("/debts/{debt}/restoration", forms::restore)
        .post("/debt-versions/{version}/undoing", forms::undo)
}
