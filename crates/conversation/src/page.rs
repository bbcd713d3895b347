//! The conversation on the page of its record, and the pages that its forms lead to.
mod editor;
mod said;

use crate::{
    comment::{Comment, Conversation, Found, ListComments, Row, SELECT},
    exchange, known,
    thread::Thread,
};
use axum::{
    http::header,
    response::{IntoResponse, Redirect},
};
use kernel::{Actor, Error, Id, Json, Method::Get, Operation, Reference, Result, Route, Tx, args, json, sql};
use people::{person::FindPeople, team::ListTeams};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Failure, Form, Head, Markup, Pages, Submitted, html};

/// What the page of a record shows of its conversation: at most 50 comments, the newest if the address does not say
/// otherwise, and a box to write in.
pub(crate) async fn section(cx: &Cx, about: &Reference) -> Result<Markup> {
    let until = cx.text("comments").parse().ok();
    let view = cx.read(ListComments { kind: about.kind.clone(), record: about.id.clone(), until }).await?;
    let body = editor::begun(cx, &view).await?;
    let state = Form::of([("body", body)]);
    let html = rendered(cx, &view).await?;
    let pair = exchange::two_in_turn(&view.comments, cx.now()).filter(|_| until.is_none());
    Ok(html! {
        section.card.conversation #conversation {
            (said::header(cx, &view))
            div.body.stack {
                (said::resolved(cx, &view))
                @if let Some(earlier) = view.earlier { (said::earlier(&view, earlier)) }
                (said::stream(cx, &view, &html))
                @if until.is_some() { p { a.link href={ (view.href) "#conversation" } { "Show the newest" } } }
                (said::waiting(&view))
                @if cx.actor().belongs() {
                    @if let Some(pair) = pair.filter(|pair| pair.contains(&cx.actor().person)) { (editor::call(cx, &view, pair)) }
                    (editor::form(cx, &view.about, &view, &state))
                    (said::resolve(cx, &view))
                }
            }
            (said::watchers(&view))
        }
    })
}

/// The texts of the comments as HTML, in their order.
async fn rendered(cx: &Cx, view: &Conversation) -> Result<Vec<std::sync::Arc<markdown::Html>>> {
    let text = |comment: &Comment| (format!("c-{}-", comment.id), comment.body.clone());
    let texts = view.comments.iter().map(text).collect();
    known::render(texts, cx.site.base_url.clone(), view.names.clone()).await
}

pub fn pages() -> Pages {
    Pages::new().get("/comments/{comment}", lead).get("/conversation/names.json", names)
}

/// The page of the record that a form is about, at this place.
pub(crate) async fn back(form: &Submitted, place: &str) -> Result<String> {
    let (kind, record) = (form.text("kind").to_owned(), form.text("record").to_owned());
    let href = form.cx.read(FindThread { kind, record }).await?;
    Ok(format!("{href}#{place}"))
}

/// What was typed once more, on a page of its own, with what is wrong about it.
pub(crate) async fn again(form: &Submitted, error: Error) -> Answer {
    let about = Reference::to(form.text("kind"), form.text("record"));
    let view = form.cx.read(ListComments { kind: about.kind.clone(), record: about.id.clone(), until: None }).await?;
    let state = form.refused(error)?;
    let title = "Nothing is saved yet";
    let resolves = form.texts.iter().any(|(name, _)| name == "outcome");
    let body = html! {
        (Head { crumbs: vec![(&view.href, &view.title)], title, ..Head::default() }.show())
        @if resolves { (state.summary()) (said::resolve(&form.cx, &view)) }
        @else { (editor::form(&form.cx, &about, &view, &state)) }
    };
    Ok(form.again(title, body))
}

/// Where the page of a record is, for whoever sees it.
#[derive(Deserialize, JsonSchema)]
struct FindThread {
    kind: String,
    record: String,
}

impl Operation for FindThread {
    const NAME: &str = "thread.find";
    const ROUTE: Route = Route(Get, "/threads/find");
    const READS: bool = true;
    type Target = Thread;
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(_: &Actor, _: &Thread) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, thread: Thread) -> Result<String> {
        Ok(thread.card.href)
    }
}

/// Where a comment stands.
#[derive(Deserialize, JsonSchema)]
struct FindComment {
    comment: Id<Comment>,
}

impl Operation for FindComment {
    const NAME: &str = "comment.find";
    const ROUTE: Route = Route(Get, "/comments/{comment}/place");
    const READS: bool = true;
    type Target = Found;
    type Output = String;

    /// The place of a comment that is deleted can be found like that of another one.
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Found> {
        let select = sql!(SELECT, "where c.workspace_id = $1 and c.id = $2");
        let row: Row = tx.one(select, args![tx.workspace(), self.comment]).await?;
        let thread = Thread::visible(tx, row.about()).await?;
        Ok(Found { row, thread })
    }

    fn allows(_: &Actor, _: &Found) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, found: Found) -> Result<String> {
        const NEAR: i64 = 49;
        let after = sql!(
            "select count(*) from comments where workspace_id = $1 and about_kind = $2 and about_id = $3 and id > $4"
        );
        let Reference { kind, id } = &found.thread.about;
        let after: i64 = tx.one(after, args![tx.workspace(), kind, id, self.comment]).await?;
        let (href, id) = (&found.thread.card.href, self.comment);
        Ok(match after > NEAR {
            true => format!("{href}?comments={id}#comment-{id}"),
            false => format!("{href}#comment-{id}"),
        })
    }
}

/// `GET /comments/{comment}`: a link for ever, to wherever the comment stands now.
async fn lead(cx: Cx) -> Answer {
    let to = cx.read_here::<FindComment>().await?;
    Ok(Redirect::to(&to).into_response())
}

/// `GET /conversation/names.json?q=`: people and teams for whoever types `@`.
async fn names(cx: Cx) -> Answer {
    const MOST: usize = 8;
    let q = cx.text("q").trim().to_lowercase();
    if !cx.actor().belongs() {
        return Err(Failure(Error::Forbidden));
    }
    let people = match q.is_empty() {
        true => Vec::new(),
        false => cx.read(FindPeople { q: q.clone() }).await?.people,
    };
    let teams = cx.read(ListTeams {}).await?;
    let fits = |name: &str| {
        let name = name.to_lowercase();
        name.starts_with(&q) || name.contains(&format!(" {q}"))
    };
    let people = people
        .iter()
        .map(|one| json!({ "name": one.name, "detail": one.title, "path": format!("/people/{}", one.id) }));
    let teams = teams.iter().filter(|team| fits(&team.name));
    let teams = teams.map(|team| json!({ "name": team.name, "detail": "Team", "path": format!("/teams/{}", team.id) }));
    let all: Vec<Json> = people.take(MOST).chain(teams.take(MOST / 2)).collect();
    let text = Json::Array(all).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}
