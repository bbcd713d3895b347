//! Templates of a team: issues that are filed again and again with the same text, fields and issues below them.
mod add;
mod list;
mod page;
mod recurrence;

pub use add::{AddTemplate, DeleteTemplate, EditTemplate, RestoreTemplate};
pub use list::{ListTemplates, ShowTemplate, TemplateList};
pub use recurrence::{
    AddRecurrence, DayOfWeek, EditRecurrence, JOB, ListRecurrences, Occurrence, Recurrence, RecurrenceList, Rhythm,
    SCHEDULE, SkipOccurrence,
};

use crate::{
    estimate::Estimate,
    issue::{CreateIssue, Priority},
    label::Label,
    team::{Kept, State, states_of},
};
use jiff::{Span, civil::Date};
use kernel::{
    Error, FromRow, Id, Person, Result, Row, Team, Time, Tx, args, sql,
    text::{Markdown, Name},
};
use people::person::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Form, Pages};

/// What an issue that is made of a template begins with. What is left out is as usual.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "TemplateContent")]
pub struct Content {
    /// The title, which can be changed as the issue is filed.
    pub title: String,
    /// Markdown.
    pub body: Markdown,
    /// A state of the team.
    pub state: Option<Id<State>>,
    pub assignee: Option<Id<Person>>,
    pub priority: Option<Priority>,
    pub estimate: Option<Estimate>,
    pub labels: Vec<Id<Label>>,
    /// So many days from the day on which it is made, 0 to 365.
    pub due_in_days: Option<i64>,
    /// The titles of issues that are made below it, at most 20.
    pub pieces: Vec<String>,
}

/// A template of a team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Template {
    pub id: Id<Template>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub name: String,
    pub content: Content,
    pub created_at: Time,
    pub deleted_at: Option<Time>,
}

impl FromRow for Template {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let content: String = row.get("content")?;
        Ok(Template {
            id: row.get("id")?,
            team_id: row.get("team_id")?,
            team_name: row.get("team_name")?,
            name: row.get("name")?,
            content: serde_json::from_str(&content).map_err(Error::internal)?,
            created_at: row.get("created_at")?,
            deleted_at: row.get("deleted_at")?,
        })
    }
}

/// Every query that shows templates, as `x`, begins with this.
const SELECT: &str = "
    select x.id, x.team_id, t.name as team_name, x.name, x.content, x.created_at, x.deleted_at
      from issue_templates x join teams t on t.workspace_id = x.workspace_id and t.id = x.team_id ";

/// The reach of every query that shows templates, as `x`: colleagues see those of all teams, as they see the issues.
const VISIBLE: &str = " x.workspace_id = $1 and $2 ";

impl Template {
    /// The template, if the actor can see it; one that was deleted only with `deleted`.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Template>, deleted: bool) -> Result<Template> {
        let select = sql!(SELECT, "where", VISIBLE, "and x.id = $3 and ($4 or x.deleted_at is null)");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id, deleted]).await
    }

    async fn kept(tx: &mut Tx<'_>, id: Id<Template>) -> Result<(Template, Kept)> {
        let template = Template::visible(tx, id, true).await?;
        let kept = Kept::visible(tx, template.team_id).await?;
        Ok((template, kept))
    }

    /// The form of a new issue that begins with it.
    pub(crate) fn form(&self, today: Date) -> Form {
        let Content { title, body, state, assignee, priority, estimate, labels, pieces, .. } = &self.content;
        let texts = [
            ("team", Some(self.team_id.to_string())),
            ("title", Some(title.clone())),
            ("body", Some(body.to_string())),
            ("state", state.map(|id| id.to_string())),
            ("assignee", assignee.map(|id| id.to_string())),
            ("priority", priority.map(|one| one.word().to_owned())),
            ("estimate", estimate.map(|one| one.to_string())),
            ("due_on", self.content.due_on(today).map(|day| day.to_string())),
            ("below", Some(pieces.join("\n"))),
        ];
        let labels = labels.iter().map(|label| ("labels".to_owned(), label.to_string()));
        let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text.unwrap_or_default()));
        Form::refused(texts.chain(labels).collect(), Vec::new())
    }

    pub fn href(&self) -> String {
        format!("/issue-templates/{}", self.id)
    }
}

const MOST_PIECES: usize = 20;

impl Content {
    /// Looks up what it names, so that nobody learns of what they cannot see.
    async fn look_up(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(person) = self.assignee {
            Record::visible(tx, person).await?;
        }
        for label in &self.labels {
            Label::visible(tx, *label).await?;
        }
        Ok(())
    }

    async fn check(&self, tx: &mut Tx<'_>, team: Id<Team>) -> Result<()> {
        let mut flaws = kernel::Flaws::default();
        let titles = self.pieces.iter().chain(Some(&self.title).filter(|title| !title.is_empty()));
        let fit = titles.into_iter().all(|title| title.parse::<Name<300>>().is_ok());
        flaws.unless(fit, "title", "A title is one line of at most 300 characters.");
        flaws.unless(self.pieces.len() <= MOST_PIECES, "pieces", "At most 20 issues are made below it.");
        let fits = self.due_in_days.is_none_or(|days| (0..=365).contains(&days));
        flaws.unless(fits, "due_in_days", "Choose 0 to 365 days.");
        let states = states_of(tx, team).await?;
        let known = |id| states.iter().any(|state| state.id == id && state.archived_at.is_none());
        flaws.unless(self.state.is_none_or(known), "state", "This is no state of this team.");
        for label in &self.labels {
            let label = Label::visible(tx, *label).await?;
            flaws.unless(label.team_id.is_none_or(|of| of == team), "labels", "This is a label of another team.");
        }
        flaws.check()
    }

    /// The due day of what is made on a day.
    pub(crate) fn due_on(&self, day: Date) -> Option<Date> {
        self.due_in_days.map(|days| day.saturating_add(Span::new().days(days)))
    }

    /// What is filed, where what somebody has said stands before what the template says. A state or a label that is used
    /// no more, and an assignee who has left, are left out.
    pub(crate) async fn fill(&self, tx: &mut Tx<'_>, mut new: CreateIssue, day: Date) -> Result<CreateIssue> {
        if new.body.is_empty() {
            new.body = self.body.clone();
        }
        let states = states_of(tx, new.team).await?;
        let used = |id: &Id<State>| states.iter().any(|state| state.id == *id && state.archived_at.is_none());
        new.state = new.state.or(self.state.filter(used));
        if new.assignee.is_none()
            && let Some(person) = self.assignee
            && people::access::actor_of(tx, person).await?.is_some_and(|actor| actor.belongs())
        {
            new.assignee = Some(person);
        }
        new.priority = new.priority.or(self.priority);
        new.estimate = new.estimate.or(self.estimate);
        new.due_on = new.due_on.or(self.due_on(day));
        if new.labels.is_empty() {
            for label in &self.labels {
                let label = Label::visible(tx, *label).await?;
                new.labels.extend(label.archived_at.is_none().then_some(label.id));
            }
        }
        if new.below.is_empty() {
            let titles = self.pieces.iter().map(|title| title.parse());
            new.below = titles.collect::<Result<_, _>>().map_err(Error::internal)?;
        }
        Ok(new)
    }
}

/// What live pages of a team's templates listen to.
fn topic(team: Id<Team>) -> String {
    format!("templates-{team}")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/issue-templates", page::list)
        .post("/teams/{team}/issue-templates", page::save)
        .get("/teams/{team}/issue-templates/new", page::new)
        .get("/issue-templates/{template}", page::edit)
        .post("/issue-templates/{template}", page::change)
        .post("/issue-templates/{template}/deletion", page::delete)
        .post("/issue-templates/{template}/restoration", page::restore)
        .merge(recurrence::pages())
}
