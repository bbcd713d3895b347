//! Letters leave after the commit that wrote them: claimed, sent, recorded.
use kernel::{
    Actor, Error, Id, Job, Json, Later, Letter, Method::Get, Operation, Outside, Result, Route, Time, Tx, args,
    columns, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Markup, chip, html};

struct Waiting {
    recipient: String,
    subject: String,
    headers: String,
    body_text: Option<String>,
    body_html: Option<String>,
    body_calendar: Option<String>,
}
columns!(Waiting { recipient, subject, headers, body_text, body_html, body_calendar });

pub fn prepare<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let select = sql!(
            "select m.recipient, m.subject, m.headers, m.body_text, m.body_html, m.body_calendar from mails m
               join workspaces w on w.id = m.workspace_id
              where m.workspace_id = $1 and m.id = $2 and m.sent_at is null and m.body_text is not null
                and w.mail_held_at is null"
        );
        let Some(Waiting { recipient, subject, headers, body_text, body_html, body_calendar: calendar }) =
            tx.find(select, args![job.workspace, job.subject]).await?
        else {
            return Ok(None);
        };
        let (text, html) = (body_text.unwrap_or_default(), body_html.unwrap_or_default());
        let headers = serde_json::from_str(&headers).map_err(Error::internal)?;
        let letter = Letter { id: job.subject.clone(), to: recipient, subject, headers, text, html, calendar };
        Ok(Some(serde_json::to_value(letter).map_err(Error::internal)?))
    })
}

pub fn act<'a>(outside: &'a dyn Outside, letter: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let letter: Letter = serde_json::from_value(letter).map_err(Error::internal)?;
        outside.send(letter).await?;
        Ok(Json::Null)
    })
}

/// A letter that is gone keeps its address and subject; what it said may hold a secret link and is dropped.
pub fn record<'a>(tx: &'a mut Tx<'_>, job: &'a Job, _: Json) -> Later<'a, ()> {
    Box::pin(async move {
        let update = sql!(
            "update mails set sent_at = $3, body_text = null, body_html = null, body_calendar = null, headers = '[]'
              where workspace_id = $1 and id = $2"
        );
        let now = tx.now();
        tx.run(update, args![job.workspace, job.subject, now]).await?;
        Ok(())
    })
}

/// The letters of the last days, newest first, but for invitations. What they say is not shown: it may hold a secret link.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListMails {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sent {
    #[schemars(with = "String")]
    pub id: Id<kernel::Mail>,
    pub recipient: String,
    pub subject: String,
    pub created_at: Time,
    pub sent_at: Option<Time>,
    /// It will not be sent any more.
    pub dropped: bool,
}
columns!(Sent { id, recipient, subject, created_at, sent_at, dropped });

impl Operation for ListMails {
    const NAME: &str = "mail.list";
    const ROUTE: Route = Route(Get, "/admin/mails");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Sent>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Sent>> {
        let select = sql!(
            "select id, recipient, subject, created_at, sent_at, sent_at is null and body_text is null as dropped
               from mails where workspace_id = $1 and not unlisted order by id desc limit 100"
        );
        tx.all(select, args![tx.workspace()]).await
    }
}

pub(super) fn card(cx: &ui::Cx, mails: &[Sent]) -> Markup {
    html! {
        section.card #mails {
            header { h2 { "Mail" } span.right.small.muted { "The last hundred letters" } }
            @if mails.is_empty() { div.body { p.muted { "No letter was written yet." } } } @else {
                table.data.listed {
                    caption.vh { "Letters" }
                    thead { tr { th scope="col" { "To" } th scope="col" { "Subject" } th scope="col" { "State" } } }
                    tbody { @for mail in mails {
                        tr id={ "mail-" (mail.id) } {
                            td { (mail.recipient) }
                            td data-label="Subject" { (mail.subject) }
                            td data-label="State" { @match mail.sent_at {
                                Some(at) => { (chip("good", "Sent")) " " (ui::ago(at, cx.now(), &cx.viewer.zone)) },
                                None if mail.dropped => (chip("warn", "Dropped")),
                                None => (chip("", "Waits")),
                            } }
                        }
                    } }
                }
            }
        }
    }
}
