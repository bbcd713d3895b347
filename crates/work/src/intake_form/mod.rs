//! Forms of a team that people without an account fill in. Whoever has the link of one sends an issue with it, and learns
//! later how that stands; nothing else of the company is told to them. What they do are operations of their own, which
//! their pages call and no other door.
mod limit;
mod link;
mod list;
mod outside;
mod page;
mod question;
mod send;
mod sent;
mod settle;
mod sheet;

pub use limit::{JOB, SCHEDULE};
pub use link::{CloseAllForms, CloseForm, ReopenForm, ReplaceLink};
pub use list::{FormList, FormView, ListForms, ShowForm};
pub use question::{AskedField, Need};
pub use send::{FindForm, OpenForm, SendForm};
pub use sent::{FindSent, Sent, Stand};
pub(crate) use sent::{forget_sender, line, sent_with};
pub use settle::{AddForm, EditForm};

use crate::{
    issue::Priority,
    label::Label,
    team::{Kept, State},
    template::Template,
    triage,
};
use jiff::civil::Date;
use kernel::{Error, FromRow, Id, Result, Row, Team, Time, Tx, args, sql, text::Markdown};
use people::account::secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// What a form says, asks for, and makes of it. A title is always asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "IntakeFormContent")]
pub struct Content {
    /// Stands above the fields, in Markdown, at most 10,000 characters.
    pub about: Markdown,
    pub description: Need,
    /// Whether the sender chooses a priority.
    pub priority: bool,
    pub sender_name: Need,
    pub sender_mail: Need,
    /// Fields that were added to issues, at most 20. What can be chosen in them is seen by whoever has the link.
    pub fields: Vec<AskedField>,
    /// The issue takes from it what is not asked for.
    pub template: Option<Id<Template>>,
    /// The issue has these; those of the template if there are none.
    pub labels: Vec<Id<Label>>,
    /// In which state the issue begins; in triage if left out.
    pub state: Option<Id<State>>,
}

/// A form of a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IntakeForm {
    pub id: Id<IntakeForm>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub name: String,
    pub content: Content,
    /// The last day on which it is open, in the zone of the team's triage.
    pub ends_on: Option<Date>,
    pub created_at: Time,
    pub closed_at: Option<Time>,
    /// How many issues came with it.
    pub sent: i64,
}

impl FromRow for IntakeForm {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let content: String = row.get("content")?;
        Ok(IntakeForm {
            id: row.get("id")?,
            team_id: row.get("team_id")?,
            team_name: row.get("team_name")?,
            name: row.get("name")?,
            content: serde_json::from_str(&content).map_err(Error::internal)?,
            ends_on: row.get("ends_on")?,
            created_at: row.get("created_at")?,
            closed_at: row.get("closed_at")?,
            sent: row.get("sent")?,
        })
    }
}

/// Every query that shows forms, as `f`, begins with this.
const SELECT: &str = "
    select f.id, f.team_id, t.name as team_name, f.name, f.content, f.ends_on, f.created_at, f.closed_at,
           (select count(*) from intake_sendings s where s.workspace_id = f.workspace_id and s.form_id = f.id) as sent
      from intake_forms f join teams t on t.workspace_id = f.workspace_id and t.id = f.team_id ";

impl IntakeForm {
    /// The form and its team, if the actor can see it: colleagues see those of all teams, as they see the issues.
    async fn kept(tx: &mut Tx<'_>, id: Id<IntakeForm>) -> Result<(IntakeForm, Kept)> {
        let select = sql!(SELECT, "where f.workspace_id = $1 and $2 and f.id = $3");
        let form: IntakeForm = tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await?;
        let kept = Kept::visible(tx, form.team_id).await?;
        Ok((form, kept))
    }

    /// The form that the link with this secret opens, while it is open.
    async fn opened(tx: &mut Tx<'_>, secret: &str) -> Result<IntakeForm> {
        let select = sql!(
            SELECT,
            "where f.workspace_id = $1 and f.link_hash = $2 and f.closed_at is null and t.archived_at is null"
        );
        let form: IntakeForm = tx.one(select, args![tx.workspace(), secret::hash(secret)]).await?;
        let today = form.today(tx).await?;
        if form.ends_on.is_some_and(|last| last < today) { Err(Error::NotFound) } else { Ok(form) }
    }

    async fn today(&self, tx: &mut Tx<'_>) -> Result<Date> {
        let zone = triage::zone_of(tx, self.team_id).await?;
        Ok(tx.now().date(&zone))
    }

    pub fn href(&self) -> String {
        format!("/intake-forms/{}", self.id)
    }
}

/// The priorities as a form offers them: the value, and what is said.
fn priorities() -> Vec<(String, String)> {
    Priority::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect()
}

/// What live pages of a team's forms listen to.
fn topic(team: Id<Team>) -> String {
    format!("intake-forms-{team}")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/intake-forms", page::list)
        .post("/teams/{team}/intake-forms", page::save)
        .get("/teams/{team}/intake-forms/new", page::new)
        .get("/intake-forms/{form}", page::edit)
        .post("/intake-forms/{form}", page::change)
        .post("/intake-forms/{form}/closing", page::close)
        .post("/intake-forms/{form}/reopening", page::reopen)
        .post("/intake-forms/{form}/link", page::replace)
        .get("/forms/{secret}", outside::show)
        .post("/forms/{secret}", outside::send)
        .get("/sent/{secret}", outside::sent)
}
