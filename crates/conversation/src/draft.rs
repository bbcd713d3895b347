//! What somebody has begun to write: it survives a reload, a crash and a change of device, and nobody else reads it.
use crate::thread::Thread;
use axum::{http::StatusCode, response::IntoResponse};
use kernel::{
    Actor,
    Method::{Get, Put},
    Operation, Reference, Result, Route, Tx, args, sql,
    text::Markdown,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Pages, Submitted};

/// Keep what one has begun to write about a record; an empty text drops it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    pub kind: String,
    pub record: String,
    pub body: Markdown,
}

impl Operation for SaveDraft {
    const NAME: &str = "draft.save";
    const ROUTE: Route = Route(Put, "/drafts");
    type Target = Thread;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs() && !actor.is_system()
    }

    /// There is no event: what somebody has not said yet has not happened.
    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<()> {
        if self.body.trim().is_empty() {
            return drop_own(tx, &thread.about).await;
        }
        let save = sql!(
            "insert into drafts (workspace_id, person_id, about_kind, about_id, body, saved_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (workspace_id, person_id, about_kind, about_id)
             do update set body = excluded.body, saved_at = excluded.saved_at"
        );
        let Reference { kind, id } = &thread.about;
        tx.run(save, args![tx.workspace(), tx.me(), kind, id, self.body, tx.now()]).await?;
        Ok(())
    }
}

/// What one has begun to write about a record.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowDraft {
    pub kind: String,
    pub record: String,
}

impl Operation for ShowDraft {
    const NAME: &str = "draft.show";
    const ROUTE: Route = Route(Get, "/drafts");
    const READS: bool = true;
    type Target = Thread;
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(_: &Actor, _: &Thread) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<String> {
        own(tx, &thread.about).await
    }
}

/// The actor's draft, empty if there is none.
pub(crate) async fn own(tx: &mut Tx<'_>, about: &Reference) -> Result<String> {
    let select = sql!(
        "select body from drafts where workspace_id = $1 and person_id = $2 and about_kind = $3 and about_id = $4"
    );
    let found = tx.find(select, args![tx.workspace(), tx.me(), about.kind, about.id]).await?;
    Ok(found.unwrap_or_default())
}

pub(crate) async fn drop_own(tx: &mut Tx<'_>, about: &Reference) -> Result<()> {
    let delete =
        sql!("delete from drafts where workspace_id = $1 and person_id = $2 and about_kind = $3 and about_id = $4");
    tx.run(delete, args![tx.workspace(), tx.me(), about.kind, about.id]).await?;
    Ok(())
}

pub fn pages() -> Pages {
    Pages::new().post("/drafts", save)
}

/// `POST /drafts`: the editor sends it while one types.
async fn save(form: Submitted) -> Answer {
    form.submit::<SaveDraft>().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
