use super::{Comment, Found, Row, add::question};
use crate::thread::touch;
use kernel::{
    Actor, Id,
    Method::{Delete, Post},
    Operation, Reference, Result, Route, Time, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Pages, Submitted};

/// Take one's own comment back. Its place stays, its words are gone for everyone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteComment {
    pub comment: Id<Comment>,
}

impl Operation for DeleteComment {
    const NAME: &str = "comment.delete";
    const ROUTE: Route = Route(Delete, "/comments/{comment}");
    type Target = Found;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(actor: &Actor, found: &Found) -> bool {
        found.row.author_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<()> {
        match found.row.deleted_at {
            None => {
                let now = tx.now();
                mark(tx, &found.row, Some(now)).await?;
                tx.withdraw_asks(&Reference::to("comment", self.comment));
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }
}

/// Bring one's own deleted comment back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreComment {
    pub comment: Id<Comment>,
}

impl Operation for RestoreComment {
    const NAME: &str = "comment.restore";
    const ROUTE: Route = Route(Post, "/comments/{comment}/restore");
    type Target = Found;
    type Output = Comment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(actor: &Actor, found: &Found) -> bool {
        found.row.author_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<Comment> {
        let deleted_at = found.row.deleted_at;
        if deleted_at.is_some() {
            mark(tx, &found.row, None).await?;
        }
        let found = Found::visible(tx, self.comment).await?;
        let (words, title) = (found.row.body.clone(), found.thread.card.title.clone());
        let comment = found.comment(tx).await?;
        if let Some(since) = deleted_at {
            let asked = comment.mentions.iter().filter(|one| one.verb.is_some());
            let names: Vec<String> = asked.map(|one| one.name.clone()).collect();
            tx.restore_asks(&Reference::to("comment", self.comment), since, &question(&words, &names, title));
        }
        Ok(comment)
    }
}

/// Takes a comment away or brings it back, and says so.
pub(crate) async fn mark(tx: &mut Tx<'_>, row: &Row, deleted_at: Option<Time>) -> Result<()> {
    let update = sql!("update comments set deleted_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), row.id, deleted_at]).await?;
    let verb = if deleted_at.is_some() { "comment.deleted" } else { "comment.restored" };
    tx.record(verb, row.id, json!({ "kind": row.about_kind, "record": row.about_id }));
    touch(tx, &row.about());
    Ok(())
}

pub fn pages() -> Pages {
    Pages::new().post("/comments/{comment}/deletion", delete).post("/comments/{comment}/restoration", restore)
}

/// `POST /comments/{comment}/deletion`
async fn delete(form: Submitted) -> Answer {
    form.submit::<DeleteComment>().await?;
    let comment = format!("/comments/{}", form.text("comment"));
    Ok(form.go(&comment, Flash::says("Your comment is deleted.").undo(format!("{comment}/restoration"))))
}

/// `POST /comments/{comment}/restoration`
async fn restore(form: Submitted) -> Answer {
    form.submit::<RestoreComment>().await?;
    Ok(form.go(&format!("/comments/{}", form.text("comment")), Flash::says("Your comment is back.")))
}
