//! How a project stands, in the words of those who know: on track, at risk or off track, and why. What was said stays.
mod ask;
mod page;
mod post;

pub(crate) use ask::ask_no_longer;
pub use ask::{JOB, SCHEDULE};
pub(crate) use page::{brief, card};
pub use post::PostHealth;

use crate::project::Project;
use kernel::{Id, Person, Reference, Result, Time, Tx, args, columns, list, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    pub enum Health {
        OnTrack = "on_track",
        AtRisk = "at_risk",
        OffTrack = "off_track",
    }
}

impl Health {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Health::OnTrack => "On track",
            Health::AtRisk => "At risk",
            Health::OffTrack => "Off track",
        }
    }

    pub fn look(self) -> &'static str {
        match self {
            Health::OnTrack => "good",
            Health::AtRisk => "warn",
            Health::OffTrack => "bad",
        }
    }
}

/// What somebody said of a project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Update {
    pub id: Id<Update>,
    pub project_id: Id<kernel::Project>,
    pub health: Health,
    pub why: String,
    pub at: Time,
    pub by_id: Id<Person>,
    pub by_name: String,
    /// Since then the project goes on and nobody has said anything: for longer than its rhythm, or two weeks where it has
    /// none, and four days in which to answer.
    pub is_old: bool,
}

struct Row {
    id: Id<Update>,
    project_id: Id<kernel::Project>,
    health: Health,
    why: String,
    at: Time,
    by_id: Id<Person>,
    by_name: String,
    rhythm_weeks: Option<i64>,
    open: bool,
}
columns!(Row { id, project_id, health, why, at, by_id, by_name, rhythm_weeks, open });

impl Row {
    fn update(self, now: Time) -> Update {
        let days = 7 * self.rhythm_weeks.unwrap_or(USUAL_RHYTHM) + DAYS_TO_ANSWER;
        let is_old = self.open && now.0 - self.at.0 > days * DAY;
        let Row { id, project_id, health, why, at, by_id, by_name, .. } = self;
        Update { id, project_id, health, why, at, by_id, by_name, is_old }
    }
}

/// In weeks.
const USUAL_RHYTHM: i64 = 2;
const DAYS_TO_ANSWER: i64 = 4;
/// In microseconds.
const DAY: i64 = 24 * 3600 * 1_000_000;

const SELECT: &str = "
    select u.id, u.project_id, u.health, u.why, u.at, u.by_id, b.name as by_name, p.rhythm_weeks,
           p.state not in ('done', 'cancelled') as open
      from health_updates u
      join projects p on p.workspace_id = u.workspace_id and p.id = u.project_id
      join people b on b.workspace_id = u.workspace_id and b.id = u.by_id ";

const MOST: i64 = 50;

/// What was said of a project that the actor sees, the latest first.
pub(crate) async fn of(tx: &mut Tx<'_>, project: Id<kernel::Project>) -> Result<Vec<Update>> {
    let select = sql!(SELECT, "where u.workspace_id = $1 and u.project_id = $2 order by u.at desc, u.id desc limit $3");
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), project, MOST]).await?;
    let now = tx.now();
    Ok(rows.into_iter().map(|row| row.update(now)).collect())
}

/// The latest of each of these projects that the actor sees.
pub(crate) async fn latest(tx: &mut Tx<'_>, projects: &[Id<kernel::Project>]) -> Result<Vec<Update>> {
    let select = sql!(
        SELECT,
        "where u.workspace_id = $1 and u.project_id in (select value from json_each(cast($2 as text)))
           and not exists (select 1 from health_updates l
                            where l.workspace_id = u.workspace_id and l.project_id = u.project_id
                              and (l.at, l.id) > (u.at, u.id))"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), list(projects)]).await?;
    let now = tx.now();
    Ok(rows.into_iter().map(|row| row.update(now)).collect())
}

/// What the owner of a project is asked about.
fn reference(project: Id<kernel::Project>) -> Reference {
    Reference::to("project_health", project)
}

/// Where it is said.
fn place(project: &Project) -> String {
    format!("/project-health/{}", project.id)
}

pub fn pages() -> Pages {
    Pages::new().get("/project-health/{project}", page::new).post("/project-health/{project}", page::save)
}
