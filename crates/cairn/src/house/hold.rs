//! After a restore no letter leaves until somebody has confirmed that this is where letters are to come from: the same ones may
//! have been sent already, or be sent by the server from which the backup is.
use kernel::{
    Actor, Id, Mail,
    Method::{Get, Post},
    Operation, Result, Route, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Markup, Submitted, ago, html, token};

/// Whether outgoing mail is held, and how many letters wait.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowMailHold {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MailHold {
    /// Since when; nothing while letters leave as they are written.
    pub held_at: Option<Time>,
    pub waiting: i64,
}
columns!(MailHold { held_at, waiting });

impl Operation for ShowMailHold {
    const NAME: &str = "mail.show_hold";
    const ROUTE: Route = Route(Get, "/admin/mails/hold");
    const READS: bool = true;
    type Target = ();
    type Output = MailHold;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<MailHold> {
        let select = sql!(
            "select w.mail_held_at as held_at, (select count(*) from mails m
                where m.workspace_id = w.id and m.sent_at is null and m.body_text is not null) as waiting
               from workspaces w where w.id = $1"
        );
        tx.one(select, args![tx.workspace()]).await
    }
}

/// Let mail leave again that was held since a restore.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseMail {
    /// Whether the letters that were written meanwhile are sent; else they are dropped.
    pub send: bool,
}

impl Operation for ReleaseMail {
    const NAME: &str = "mail.release";
    const ROUTE: Route = Route(Post, "/admin/mails/release");
    type Target = ();
    /// How many letters were sent on their way, or dropped.
    type Output = u64;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<u64> {
        let (workspace, now) = (tx.workspace(), tx.now());
        let release = sql!("update workspaces set mail_held_at = null where id = $1 and mail_held_at is not null");
        if tx.run(release, args![workspace]).await? == 0 {
            return Ok(0);
        }
        tx.record("mail.released", workspace, json!({ "send": self.send }));
        if !self.send {
            let drop = sql!(
                "update mails set body_text = null, body_html = null, body_calendar = null
                  where workspace_id = $1 and sent_at is null and body_text is not null"
            );
            return tx.run(drop, args![workspace]).await;
        }
        let held = sql!("select id from mails where workspace_id = $1 and sent_at is null and body_text is not null");
        let held: Vec<Id<Mail>> = tx.all(held, args![workspace]).await?;
        held.iter().for_each(|mail| tx.want("mail.send", mail.to_string(), json!({}), now));
        Ok(held.len() as u64)
    }
}

/// `POST /admin/mails/release`
pub async fn release(form: Submitted) -> Answer {
    let input: ReleaseMail = form.input()?;
    let count = form.change(input.clone()).await?;
    let letters = if count == 1 { "One letter".to_owned() } else { format!("{count} letters") };
    let what = if input.send { "on the way" } else { "dropped" };
    Ok(form.go("/admin", Flash::says(format!("Mail leaves again. {letters}: {what}."))))
}

pub(super) fn notice(cx: &Cx, hold: &MailHold) -> Markup {
    let Some(since) = hold.held_at else { return html! {} };
    html! {
        section.card #mail-hold {
            header { h2 { "No mail leaves" } }
            div.body { div.stack {
                p { "A backup was restored here " (ago(since, cx.now(), &cx.viewer.zone)) ". Letters wait until you say that this server is the one that sends them. "
                    (hold.waiting) " wait now; some may have been sent before." }
                form method="post" action="/admin/mails/release" {
                    (token(cx))
                    div.buttons {
                        button.button.primary name="send" value="true" { "Send them" }
                        button.button name="send" value="false" { "Drop them, and send from now on" }
                    }
                }
            } }
        }
    }
}
