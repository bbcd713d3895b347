use super::{Comment, Found};
use crate::{file, mention, thread::touch};
use kernel::{Actor, Error, Id, Method::Patch, Operation, Result, Route, Tx, args, json, sql, text::Markdown};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted, html};

/// Change one's own comment; what it said before is kept and shown. Nobody is asked by that.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditComment {
    pub comment: Id<Comment>,
    pub body: Markdown,
}

impl Operation for EditComment {
    const NAME: &str = "comment.edit";
    const ROUTE: Route = Route(Patch, "/comments/{comment}");
    type Target = Found;
    type Output = Comment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(actor: &Actor, found: &Found) -> bool {
        found.row.author_id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<Comment> {
        if found.row.deleted_at.is_some() {
            return Err(Error::conflict("This comment is deleted. Bring it back first."));
        }
        if self.body.trim().is_empty() {
            return Err(Error::invalid("body", "Write something here, or delete the comment."));
        }
        if *self.body != *found.row.body {
            let Found { row, thread } = &found;
            keep_version(tx, row).await?;
            let update = sql!("update comments set body = $3, edited_at = $4 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), row.id, self.body, tx.now()]).await?;
            file::attach(tx, &thread.about, row.id, &self.body, &[]).await?;
            let heard = mention::heard(tx, &thread.about, &self.body, &[]).await?;
            mention::keep(tx, &thread.about, row.id, &heard, None).await?;
            tx.record("comment.edited", row.id, json!({ "kind": thread.about.kind, "record": thread.about.id }));
            touch(tx, &thread.about);
        }
        Found::visible(tx, self.comment).await?.comment(tx).await
    }
}

/// Keeps what the comment says now.
pub(crate) async fn keep_version(tx: &mut Tx<'_>, row: &super::Row) -> Result<()> {
    let count = sql!("select count(*) from comment_versions where workspace_id = $1 and comment_id = $2");
    let before: i64 = tx.one(count, args![tx.workspace(), row.id]).await?;
    let insert = sql!(
        "insert into comment_versions (workspace_id, comment_id, version, body, written_at) values ($1, $2, $3, $4, $5)"
    );
    let written_at = row.edited_at.unwrap_or(row.created_at);
    tx.run(insert, args![tx.workspace(), row.id, before + 1, row.body, written_at]).await?;
    Ok(())
}

pub fn pages() -> Pages {
    Pages::new().get("/comments/{comment}/edit", form).post("/comments/{comment}/edit", save)
}

const TITLE: &str = "Edit your comment";

/// `GET /comments/{comment}/edit`
async fn form(cx: Cx) -> Answer {
    let comment: Id<Comment> = cx.text("comment").parse().map_err(|_| Error::NotFound)?;
    let body = cx.read(ReadBody { comment }).await?;
    let state = Form::of([("body", body)]);
    Ok(cx.page(TITLE, view(&cx, comment, &state)))
}

/// `POST /comments/{comment}/edit`
async fn save(form: Submitted) -> Answer {
    match form.submit::<EditComment>().await {
        Ok(comment) => Ok(form.go(&format!("/comments/{}", comment.id), Flash::says("Your comment is changed."))),
        Err(error) => {
            let comment: Id<Comment> = form.text("comment").parse().map_err(|_| Error::NotFound)?;
            let state = form.refused(error)?;
            Ok(form.again(TITLE, view(&form.cx, comment, &state)))
        }
    }
}

fn view(cx: &Cx, comment: Id<Comment>, state: &Form) -> Markup {
    let place = format!("/comments/{comment}");
    html! {
        (Head { crumbs: vec![(&place, "The conversation")], title: TITLE, lead: "What it said before stays in its history.", ..Head::default() }.show())
        form.form.wide method="post" action={ (place) "/edit" } data-guard {
            (ui::token(cx)) (state.summary())
            mention-box data-src="/conversation/names.json" { (state.area("body", "Comment", "Markdown. Write @ to name a person or a team.", 10)) }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}

/// The text of one's own comment, for the form that changes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct ReadBody {
    comment: Id<Comment>,
}

impl Operation for ReadBody {
    const NAME: &str = "comment.read_body";
    const ROUTE: Route = Route(kernel::Method::Get, "/comments/{comment}/body");
    const READS: bool = true;
    type Target = Found;
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        Found::visible(tx, self.comment).await
    }

    fn allows(actor: &Actor, found: &Found) -> bool {
        EditComment::allows(actor, found)
    }

    async fn run(&self, _: &mut Tx<'_>, found: Found) -> Result<String> {
        Ok(found.row.body)
    }
}
