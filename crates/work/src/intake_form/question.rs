//! What a form asks for besides a title.
use super::{Content, IntakeForm};
use crate::{
    custom::{CustomField, Kind, choices_of},
    label::Label,
    team::states_of,
    template::Template,
};
use kernel::{Id, Result, Team, Tx, args, list, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// Whether a form asks for something.
    #[derive(Default)]
    pub enum Need {
        #[default]
        No = "no",
        Optional = "optional",
        Required = "required",
    }
}

impl Need {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Need::No => "Not asked for",
            Need::Optional => "Asked for, may stay empty",
            Need::Required => "Has to be filled in",
        }
    }

    pub fn is_asked(self) -> bool {
        self != Need::No
    }
}

/// A field that was added to issues, as a form asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedField {
    pub field: Id<CustomField>,
    #[serde(default)]
    pub required: bool,
}

/// One of these as whoever fills in the form sees it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "IntakeQuestion")]
pub struct Question {
    pub field_id: Id<CustomField>,
    pub name: String,
    pub kind: Kind,
    pub required: bool,
    /// The names of what can be chosen.
    pub choices: Vec<String>,
}

const LONGEST_ABOUT: usize = 10_000;
const MOST_FIELDS: usize = 20;
const MOST_LABELS: usize = 20;

/// What is told of a field to whoever asks on behalf of a form.
struct Offered {
    id: Id<CustomField>,
    name: String,
    kind: Kind,
}
kernel::columns!(Offered { id, name, kind });

/// Those of these fields that issues of the team can be given now, but for people, whom no outsider sees.
async fn offered(tx: &mut Tx<'_>, team: Id<Team>, fields: &[AskedField]) -> Result<Vec<Offered>> {
    let ids: Vec<Id<CustomField>> = fields.iter().map(|one| one.field).collect();
    let select = sql!(
        "select id, name, kind from custom_fields
          where workspace_id = $1 and (team_id is null or team_id = $2) and archived_at is null and kind <> 'person'
            and id in (select value from json_each(cast($3 as text)))"
    );
    tx.all(select, args![tx.workspace(), team, list(&ids)]).await
}

impl IntakeForm {
    /// The fields that it asks for, in its order. What was put away since is asked for no more.
    pub(super) async fn questions(&self, tx: &mut Tx<'_>) -> Result<Vec<Question>> {
        if self.content.fields.is_empty() {
            return Ok(Vec::new());
        }
        let mut offered = offered(tx, self.team_id, &self.content.fields).await?;
        let ids: Vec<Id<CustomField>> = offered.iter().map(|field| field.id).collect();
        let choices = choices_of(tx, &ids).await?;
        let mut questions = Vec::new();
        for asked in &self.content.fields {
            let Some(place) = offered.iter().position(|field| field.id == asked.field) else { continue };
            let Offered { id, name, kind } = offered.swap_remove(place);
            let open = choices.iter().filter(|(of, choice)| *of == id && choice.archived_at.is_none());
            let choices = open.map(|(_, choice)| choice.name.clone()).collect();
            questions.push(Question { field_id: id, name, kind, required: asked.required, choices });
        }
        Ok(questions)
    }
}

impl Content {
    /// Looks up what it names, so that nobody learns of what they cannot see.
    pub(super) async fn look_up(&self, tx: &mut Tx<'_>) -> Result<()> {
        for asked in &self.fields {
            CustomField::visible(tx, asked.field).await?;
        }
        for label in &self.labels {
            Label::visible(tx, *label).await?;
        }
        if let Some(template) = self.template {
            Template::visible(tx, template, true).await?;
        }
        Ok(())
    }

    pub(super) async fn check(&self, tx: &mut Tx<'_>, team: Id<Team>) -> Result<()> {
        let mut flaws = kernel::Flaws::default();
        let short = self.about.chars().count() <= LONGEST_ABOUT;
        flaws.unless(short, "about", "The text above the form has at most 10,000 characters.");
        flaws.unless(self.fields.len() <= MOST_FIELDS, "fields", "A form asks for at most 20 of these.");
        flaws.unless(self.labels.len() <= MOST_LABELS, "labels", "Choose at most 20 labels.");
        let twice = |one: &AskedField| self.fields.iter().filter(|other| other.field == one.field).count() > 1;
        flaws.unless(!self.fields.iter().any(twice), "fields", "Each of these is asked for once.");
        let known = offered(tx, team, &self.fields).await?;
        let fits = |one: &AskedField| known.iter().any(|field| field.id == one.field);
        let sentence = "A form asks for fields that issues of this team can have, and for none that holds a person.";
        flaws.unless(self.fields.iter().all(fits), "fields", sentence);
        for label in &self.labels {
            let label = Label::visible(tx, *label).await?;
            flaws.unless(label.team_id.is_none_or(|of| of == team), "labels", "This is a label of another team.");
        }
        if let Some(template) = self.template {
            let template = Template::visible(tx, template, true).await?;
            flaws.unless(template.team_id == team, "template", "This is a template of another team.");
        }
        let states = states_of(tx, team).await?;
        let is_used = |id| states.iter().any(|state| state.id == id && state.archived_at.is_none());
        flaws.unless(self.state.is_none_or(is_used), "state", "This is no state of this team.");
        flaws.check()
    }
}
