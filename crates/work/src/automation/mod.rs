//! Automations of a team: when something happens to an issue that fits a query, something is done about it. They run as
//! jobs after the change, once for each occasion, reach the issues of their team only, and everything they do is in a log.
mod add;
mod edit;
mod follow;
mod list;
mod page;
mod page_form;
mod pulls;
mod run;
mod sweep;
mod then;
mod trial;
mod undo;

pub use add::AddAutomation;
pub use edit::{DeleteAutomation, EditAutomation, RestoreAutomation};
pub(crate) use follow::{Cause, follow, sprint_closed};
pub use list::{AutomationList, ListAutomations, RunLine, ShowAutomation};
pub use pulls::SUBSCRIBERS;
pub use run::JOB;
pub use sweep::{SCHEDULE, SWEEP};
pub use then::Then;
pub use trial::{Occasion, Trial, TryAutomation};
pub use undo::{Run, UndoRun};

use crate::team::Kept;
use kernel::{Error, FromRow, Id, Result, Row, Team, Time, Tx, args, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What has to happen to an issue.
    pub enum When {
        Created = "created",
        StateChanged = "state_changed",
        Labelled = "labelled",
        Prioritised = "prioritised",
        DuePassed = "due_passed",
        Blocked = "blocked",
        SprintClosed = "sprint_closed",
        PullDrafted = "pull_drafted",
        PullOpened = "pull_opened",
        PullMerged = "pull_merged",
        PullClosed = "pull_closed",
    }
}

impl When {
    /// As a page says it, behind “When”.
    pub fn says(self) -> &'static str {
        match self {
            When::Created => "an issue is created",
            When::StateChanged => "its state changes",
            When::Labelled => "a label is added",
            When::Prioritised => "its priority changes",
            When::DuePassed => "its due day passes",
            When::Blocked => "it is blocked for some time",
            When::SprintClosed => "its sprint is closed",
            When::PullDrafted => "a pull request for it is drafted",
            When::PullOpened => "a pull request for it is ready for review",
            When::PullMerged => "the last open pull request for it is merged",
            When::PullClosed => "a pull request for it is closed without a merge",
        }
    }
}

/// A rule by which something is done about issues of a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Automation {
    pub id: Id<Automation>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub name: String,
    pub when: When,
    /// For how many working hours it has to be blocked.
    pub hours: Option<i64>,
    /// Which issues it is about; all of the team where it is empty.
    pub q: String,
    pub then: Then,
    pub created_at: Time,
    /// Since when it rests.
    pub paused_at: Option<Time>,
    pub deleted_at: Option<Time>,
    /// How often it has done something, and when last.
    pub runs: i64,
    pub last_run_at: Option<Time>,
    /// Why it does nothing: its condition names what is not there any more.
    pub flaw: Option<String>,
}

impl FromRow for Automation {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let then: String = row.get("acts")?;
        Ok(Automation {
            id: row.get("id")?,
            team_id: row.get("team_id")?,
            team_name: row.get("team_name")?,
            name: row.get("name")?,
            when: row.get("occasion")?,
            hours: row.get("hours")?,
            q: row.get("q")?,
            then: serde_json::from_str(&then).map_err(Error::internal)?,
            created_at: row.get("created_at")?,
            paused_at: row.get("paused_at")?,
            deleted_at: row.get("deleted_at")?,
            runs: row.get("runs")?,
            last_run_at: row.get("last_run_at")?,
            flaw: None,
        })
    }
}

/// Every query that shows automations, as `a`, begins with this.
const SELECT: &str = "
    select a.id, a.team_id, t.name as team_name, a.name, a.occasion, a.hours, a.q, a.acts, a.created_at, a.paused_at,
           a.deleted_at,
           (select count(*) from automation_runs r
             where r.workspace_id = a.workspace_id and r.automation_id = a.id) as runs,
           (select max(r.at) from automation_runs r
             where r.workspace_id = a.workspace_id and r.automation_id = a.id) as last_run_at
      from automations a join teams t on t.workspace_id = a.workspace_id and t.id = a.team_id ";

/// The reach of every query that shows automations, as `a`: colleagues see those of all teams, as they see the issues.
const VISIBLE: &str = " a.workspace_id = $1 and $2 ";

impl Automation {
    /// The rule and what the actor is to its team, if the actor can see them.
    async fn kept(tx: &mut Tx<'_>, id: Id<Automation>) -> Result<(Automation, Kept)> {
        let select = sql!(SELECT, "where", VISIBLE, "and a.id = $3");
        let found: Automation = tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await?;
        let kept = Kept::visible(tx, found.team_id).await?;
        Ok((found, kept))
    }

    /// Those of a team that are at work on an occasion, the oldest first.
    async fn at_work(tx: &mut Tx<'_>, team: Id<Team>, when: When) -> Result<Vec<Automation>> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and a.team_id = $3 and a.occasion = $4 and a.paused_at is null and a.deleted_at is null order by a.id"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), team, when]).await
    }

    pub fn href(&self) -> String {
        format!("/automations/{}", self.id)
    }
}

/// What live pages of a team's automations listen to.
fn topic(team: Id<Team>) -> String {
    format!("automations-{team}")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/automations", page::list)
        .get("/teams/{team}/automations/new", page_form::new)
        .post("/teams/{team}/automations", page_form::save)
        .post("/teams/{team}/automations/trial", page_form::try_new)
        .get("/automations/{automation}", page_form::edit)
        .post("/automations/{automation}", page_form::change)
        .post("/automations/{automation}/trial", page_form::try_changed)
        .post("/automations/{automation}/pause", page::pause)
        .post("/automations/{automation}/deletion", page::delete)
        .post("/automations/{automation}/restoration", page::restore)
        .post("/automation-runs/{run}/undo", page::undo)
}
