//! What somebody without an account does with a form: they see it, and send it.
use super::{IntakeForm, Need, limit, question::Question};
use crate::{
    custom::{CustomField, Given},
    issue::{CreateIssue, Issue, Priority},
    label::Label,
    team::{Category, State, states_of},
    template::Template,
};
use kernel::{
    Actor, Change, Error, Flaws, Id,
    Method::{Get, Post},
    Operation, Result, Route, Tx, args, list, sql,
    text::{Email, Line, Markdown, Name},
};
use people::account::secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Finds the form that the link with this secret opens.
#[derive(Deserialize, JsonSchema)]
pub struct FindForm {
    pub secret: String,
}

/// A form as whoever fills it in sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OpenIntakeForm")]
pub struct OpenForm {
    pub name: String,
    /// Markdown.
    pub about: String,
    pub description: Need,
    pub priority: bool,
    pub sender_name: Need,
    pub sender_mail: Need,
    pub questions: Vec<Question>,
}

impl Operation for FindForm {
    const NAME: &str = "intake_form.find";
    const ROUTE: Route = Route(Get, "/forms/open");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = IntakeForm;
    type Output = OpenForm;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<IntakeForm> {
        IntakeForm::opened(tx, &self.secret).await
    }

    fn allows(_: &Actor, _: &IntakeForm) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, form: IntakeForm) -> Result<OpenForm> {
        let questions = form.questions(tx).await?;
        let content = form.content;
        Ok(OpenForm {
            name: form.name,
            about: content.about.to_string(),
            description: content.description,
            priority: content.priority,
            sender_name: content.sender_name,
            sender_mail: content.sender_mail,
            questions,
        })
    }
}

/// Sends a form. What it does not ask for is left out.
#[derive(Deserialize, JsonSchema)]
pub struct SendForm {
    pub secret: String,
    pub title: Name<300>,
    pub description: Markdown,
    pub priority: Option<Priority>,
    /// By the ids of the fields.
    pub fields: BTreeMap<Id<CustomField>, Given>,
    pub name: Line<120>,
    pub mail: Option<Email>,
    /// What stands in the field that people do not see.
    pub trap: String,
    /// The network they come from.
    pub address: String,
}

/// What was sent.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IntakeReceipt")]
pub struct Receipt {
    /// With which the sender asks how it stands. It is told once, and not stored.
    pub secret: String,
}

/// In characters.
const LONGEST: usize = 10_000;

impl Operation for SendForm {
    const NAME: &str = "intake_form.send";
    const ROUTE: Route = Route(Post, "/forms/sent");
    const FOR_STRANGERS: bool = true;
    type Target = IntakeForm;
    type Output = Receipt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<IntakeForm> {
        IntakeForm::opened(tx, &self.secret).await
    }

    fn allows(_: &Actor, _: &IntakeForm) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, form: IntakeForm) -> Result<Receipt> {
        if !self.trap.is_empty() {
            return Err(Error::conflict("A field that is there for programs was filled in. Send it again without."));
        }
        self.check(&form, &form.questions(tx).await?)?;
        limit::count(tx, &form, &self.address).await?;
        let issue = self.file(tx, &form).await.map_err(told_outside)?;
        let secret = secret::fresh()?;
        let insert = sql!(
            "insert into intake_sendings (workspace_id, issue_id, form_id, sender_name, sender_mail, status_hash, sent_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        let name = if form.content.sender_name.is_asked() { &*self.name } else { "" };
        let mail = self.mail.as_deref().filter(|_| form.content.sender_mail.is_asked()).unwrap_or_default();
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, issue.id, form.id, name, mail, secret::hash(&secret), now]).await?;
        tx.touch(super::topic(form.team_id));
        Ok(Receipt { secret })
    }
}

impl SendForm {
    fn check(&self, form: &IntakeForm, questions: &[Question]) -> Result<()> {
        let mut flaws = Flaws::default();
        let content = &form.content;
        let given = |need: Need, given: bool| need != Need::Required || given;
        flaws.unless(given(content.description, !self.description.trim().is_empty()), "description", "Describe it.");
        let short = self.description.chars().count() <= LONGEST;
        flaws.unless(short, "description", "Describe it in at most 10,000 characters.");
        flaws.unless(given(content.sender_name, !self.name.is_empty()), "name", "Write your name.");
        flaws.unless(given(content.sender_mail, self.mail.is_some()), "mail", "Write your mail address.");
        for question in questions.iter().filter(|question| question.required) {
            let filled = self.fields.get(&question.field_id).is_some_and(|given| !given.0.is_empty());
            flaws.unless(filled, &format!("fields.{}", question.field_id), "Fill this in.");
        }
        flaws.check()
    }

    /// The issue is made by Cairn: whoever sends it is nobody here, so nothing in its text reaches anybody.
    async fn file(&self, tx: &mut Tx<'_>, form: &IntakeForm) -> Result<Issue> {
        let content = &form.content;
        let asked = |id: &Id<CustomField>| content.fields.iter().any(|asked| asked.field == *id);
        let fields = self.fields.iter().filter(|(id, given)| asked(id) && !given.0.is_empty());
        let asks_text = content.description.is_asked();
        let new = CreateIssue {
            body: if asks_text { self.description.clone() } else { Markdown::default() },
            priority: self.priority.filter(|_| content.priority),
            fields: fields.map(|(id, given)| (*id, Change::Set(given.clone()))).collect(),
            state: form.beginning(tx).await?,
            labels: form.labels(tx).await?,
            template: form.template(tx).await?,
            ..CreateIssue::named(form.team_id, self.title.clone())
        };
        let cairn = Actor::system(tx.workspace());
        tx.call_as(&cairn, &new).await
    }
}

impl IntakeForm {
    /// The state that it says as long as that is used, else that of triage.
    async fn beginning(&self, tx: &mut Tx<'_>) -> Result<Option<Id<State>>> {
        let states = states_of(tx, self.team_id).await?;
        let used = || states.iter().filter(|state| state.archived_at.is_none());
        let said = used().find(|state| Some(state.id) == self.content.state);
        Ok(said.or_else(|| used().find(|state| state.category == Category::Triage)).map(|state| state.id))
    }

    /// Those that are still used.
    async fn labels(&self, tx: &mut Tx<'_>) -> Result<Vec<Id<Label>>> {
        let select = sql!(
            "select id from labels where workspace_id = $1 and archived_at is null
                and id in (select value from json_each(cast($2 as text)))"
        );
        tx.all(select, args![tx.workspace(), list(&self.content.labels)]).await
    }

    /// Nothing if it was deleted.
    async fn template(&self, tx: &mut Tx<'_>) -> Result<Option<Id<Template>>> {
        let select = sql!("select id from issue_templates where workspace_id = $1 and id = $2 and deleted_at is null");
        tx.find(select, args![tx.workspace(), self.content.template]).await
    }
}

/// What is wrong with a field that the sender sees is told to them, and nothing else that an issue may be refused for.
fn told_outside(error: Error) -> Error {
    let seen = |field: &str| field == "title" || field.starts_with("fields.");
    match error {
        Error::Invalid(flaws) if flaws.iter().all(|flaw| seen(&flaw.field)) => Error::Invalid(flaws),
        Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden => {
            Error::conflict("This form cannot be sent just now. Tell whoever gave you its link.")
        }
        other => other,
    }
}
