//! Signs the head of the chain every few minutes, and sends the note once a day to people outside the machine.
use crate::verdict::count;
use kernel::{Checkpoint, Error, Job, Json, Later, Outside, Result, Tx, args, columns, sql};
use maud::html;
use serde::{Deserialize, Serialize};
use std::time::Duration;

pub const KIND: &str = "audit.checkpoint";

const BETWEEN_LETTERS: Duration = Duration::from_secs(24 * 3600);

#[derive(Serialize, Deserialize)]
struct Published {
    size: i64,
    note: String,
}

struct Owner {
    name: String,
    email: String,
}
columns!(Owner { name, email });

pub fn prepare<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let grown = sql!(
            "select s.position, s.hash from event_seals s
              where s.workspace_id = $1
                and s.position > (select coalesce(max(c.size), 0) from checkpoints c where c.workspace_id = $1)
              order by s.position desc limit 1"
        );
        let Some((size, head)) = tx.find::<(i64, String)>(grown, args![tx.workspace()]).await? else {
            return Ok(None);
        };
        let checkpoint = Checkpoint { workspace: tx.workspace().to_string(), size, head };
        Ok(Some(serde_json::to_value(checkpoint).map_err(Error::internal)?))
    })
}

pub fn act<'a>(outside: &'a dyn Outside, checkpoint: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let checkpoint: Checkpoint = serde_json::from_value(checkpoint).map_err(Error::internal)?;
        let size = checkpoint.size;
        let note = outside.publish(checkpoint).await?;
        serde_json::to_value(Published { size, note }).map_err(Error::internal)
    })
}

pub fn record<'a>(tx: &'a mut Tx<'_>, _: &'a Job, published: Json) -> Later<'a, ()> {
    Box::pin(async move {
        let Published { size, note } = serde_json::from_value(published).map_err(Error::internal)?;
        let keep = sql!(
            "insert into checkpoints (workspace_id, size, note, signed_at) values ($1, $2, $3, $4)
             on conflict (workspace_id, size) do nothing"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        let kept = tx.run(keep, args![workspace, size, note, now]).await? == 1;
        if kept && !mailed_lately(tx).await? && mail_owners(tx, size, &note).await? {
            let mailed = sql!("update checkpoints set mailed_at = $3 where workspace_id = $1 and size = $2");
            tx.run(mailed, args![workspace, size, now]).await?;
        }
        Ok(())
    })
}

async fn mailed_lately(tx: &mut Tx<'_>) -> Result<bool> {
    let lately = sql!("select 1 from checkpoints where workspace_id = $1 and mailed_at > $2");
    let day_ago = tx.now() - BETWEEN_LETTERS;
    tx.exists(lately, args![tx.workspace(), day_ago]).await
}

/// Returns whether there was anyone to write to.
async fn mail_owners(tx: &mut Tx<'_>, size: i64, note: &str) -> Result<bool> {
    let workspace = sql!("select name from workspaces where id = $1");
    let workspace: String = tx.one(workspace, args![tx.workspace()]).await?;
    let owners = sql!("select name, email from people_public_owners where workspace_id = $1 order by person_id");
    let owners: Vec<Owner> = tx.all(owners, args![tx.workspace()]).await?;
    let subject = format!("Checkpoint of {workspace}: {}", count(size, "event"));
    for owner in &owners {
        let letter = Letter { owner: &owner.name, workspace: &workspace, size, note };
        tx.mail(&owner.email, &subject, &letter.text(), &letter.html()).await?;
    }
    Ok(!owners.is_empty())
}

struct Letter<'a> {
    owner: &'a str,
    workspace: &'a str,
    size: i64,
    note: &'a str,
}

const KEEP: &str = "Please keep it: if anyone changes, removes or adds an earlier event, even someone who runs the \
                    server, the history no longer agrees with it.";
const CHECK: &str = "To check the history, save this letter's text as a file and run this on the server:";
const COMMAND: &str = "cairn verify --checkpoint FILE";

impl Letter<'_> {
    fn opening(&self) -> String {
        let events = count(self.size, "event");
        format!("this is a signed checkpoint of the history of {}, which now has {events}.", self.workspace)
    }

    fn closing(&self) -> String {
        format!("You get at most one such letter a day, because you are an owner of {}.", self.workspace)
    }

    fn text(&self) -> String {
        let (owner, note, opening, closing) = (self.owner, self.note, self.opening(), self.closing());
        format!("Hello {owner},\n\n{opening} {KEEP}\n\n{note}\n{CHECK}\n\n    {COMMAND}\n\n{closing}\n")
    }

    fn html(&self) -> String {
        let page = html! {
            p { "Hello " (self.owner) "," }
            p { (self.opening()) " " (KEEP) }
            pre { (self.note) }
            p { (CHECK) }
            pre { (COMMAND) }
            p { (self.closing()) }
        };
        page.into_string()
    }
}
