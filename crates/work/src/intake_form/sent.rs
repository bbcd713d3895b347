//! What came through a form: who says that they sent it, and what they learn of it.
use super::IntakeForm;
use crate::{issue::Issue, team::Category};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql, words};
use people::account::secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Markup, html};

/// Through which form an issue came. Whoever sent it wrote their name and mail address themselves; nobody has verified them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SentThroughForm")]
pub struct Sent {
    pub form_id: Id<IntakeForm>,
    pub form_name: String,
    /// Empty if it was not given, or is forgotten.
    pub sender_name: String,
    pub sender_mail: String,
    pub sent_at: Time,
}
columns!(Sent { form_id, form_name, sender_name, sender_mail, sent_at });

/// Nothing where it did not come through a form.
pub(crate) async fn sent_with(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<Option<Sent>> {
    let select = sql!(
        "select s.form_id, f.name as form_name, s.sender_name, s.sender_mail, s.sent_at
           from intake_sendings s join intake_forms f on f.workspace_id = s.workspace_id and f.id = s.form_id
          where s.workspace_id = $1 and s.issue_id = $2"
    );
    tx.find(select, args![tx.workspace(), issue]).await
}

/// Forgets who sent an issue; it does not come back with the issue.
pub(crate) async fn forget_sender(tx: &mut Tx<'_>, issue: Id<Issue>) -> Result<()> {
    let forget =
        sql!("update intake_sendings set sender_name = '', sender_mail = '' where workspace_id = $1 and issue_id = $2");
    tx.run(forget, args![tx.workspace(), issue]).await.map(drop)
}

/// The line above an issue that came through a form.
pub(crate) fn line(sent: &Sent) -> Markup {
    let (name, mail) = (sent.sender_name.as_str(), sent.sender_mail.as_str());
    html! {
        div.ask.warn #sent { p.grow {
            "Sent by "
            @if name.is_empty() && mail.is_empty() { "somebody without a name" }
            @if !name.is_empty() { strong { (name) } }
            @if !name.is_empty() && !mail.is_empty() { " " }
            @if !mail.is_empty() { "<" (mail) ">" }
            " through the form “" (sent.form_name) "”. Who that is was not verified."
        } }
    }
}

words! {
    /// What whoever sent an issue learns of it.
    pub enum Stand {
        Received = "received",
        InProgress = "in_progress",
        Done = "done",
        Declined = "declined",
    }
}

impl Stand {
    fn of(category: Category) -> Stand {
        match category {
            Category::Triage | Category::Backlog | Category::Unstarted => Stand::Received,
            Category::Started => Stand::InProgress,
            Category::Done => Stand::Done,
            Category::Cancelled => Stand::Declined,
        }
    }

    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Stand::Received => "Received",
            Stand::InProgress => "In progress",
            Stand::Done => "Done",
            Stand::Declined => "Declined",
        }
    }

    pub(super) fn says(self) -> &'static str {
        match self {
            Stand::Received => "What you sent has arrived.",
            Stand::InProgress => "Somebody works on what you sent.",
            Stand::Done => "What you sent is done.",
            Stand::Declined => "What you sent will not be done.",
        }
    }
}

/// How that stands which was sent with this secret as its receipt.
#[derive(Deserialize, JsonSchema)]
pub struct FindSent {
    pub secret: String,
}

impl Operation for FindSent {
    const NAME: &str = "intake_form.find_sent";
    const ROUTE: Route = Route(Get, "/forms/stand");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = Stand;
    type Output = Stand;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Stand> {
        let select = sql!(
            "select i.category from intake_sendings s
               join issues i on i.workspace_id = s.workspace_id and i.id = s.issue_id
              where s.workspace_id = $1 and s.status_hash = $2 and i.deleted_at is null"
        );
        let category: Category = tx.one(select, args![tx.workspace(), secret::hash(&self.secret)]).await?;
        Ok(Stand::of(category))
    }

    fn allows(_: &Actor, _: &Stand) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, stand: Stand) -> Result<Stand> {
        Ok(stand)
    }
}
