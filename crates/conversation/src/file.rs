//! Files beside comments, and in texts of records. What they are is read from their bytes, and pictures are written anew.
mod content;
mod forget;

pub use content::{Content, ContentType};
pub use forget::forget;

use crate::{comment::Comment, thread::Thread};
use axum::{
    body::Bytes,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{
    Actor, Blob, Error, Id, Later,
    Method::{Get, Post},
    Operation, Person, Reference, Result, Route, Time, Tx, args, columns, json, list, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::Duration};
use ui::{Answer, Cx, LARGEST_FORM, Pages, Submitted, Uploads};

/// A file of a conversation, for its id.
pub enum File {}

/// So many files stand in one comment at the most.
pub const MOST: usize = 10;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// So many bytes a person brings within a day.
const MOST_IN_A_DAY: i64 = 200 * 1024 * 1024;

/// Bring a file, to stand in a comment about a record. Until then only its owner reads it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddFile {
    /// The kind of the record, such as `team`.
    pub kind: String,
    pub record: String,
    pub name: Name<200>,
    /// The file in base64, of at most 20 MB: a JPEG, PNG, WebP or GIF picture, PDF, ZIP, gzip, MP4 or UTF-8 text.
    pub content: Content,
}

/// A file as a comment shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Attached {
    #[schemars(with = "String")]
    pub id: Id<File>,
    pub name: String,
    pub content_type: ContentType,
    /// In bytes.
    pub size: i64,
}
columns!(Attached { id, name, content_type, size });

impl Attached {
    pub fn href(&self) -> String {
        format!("/files/{}/{}", self.id, escaped(&self.name))
    }

    /// What a text says to show it.
    pub fn in_text(&self) -> String {
        let name = self.name.replace(['[', ']', '\\', '`', '<', '>'], " ");
        let shown = if self.content_type.is_picture() { "!" } else { "" };
        format!("{shown}[{}]({})", name.trim(), self.href())
    }
}

/// Everything but the plainest letters of a file's name, for an address.
fn escaped(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

impl Operation for AddFile {
    const NAME: &str = "file.add";
    const ROUTE: Route = Route(Post, "/files");
    type Target = Thread;
    type Output = Attached;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<Attached> {
        let Content { content_type, blob } = &self.content;
        let name = self.content.named(&self.name)?;
        let (size, since) = (blob.bytes().len() as i64, tx.now() - DAY);
        let today = sql!(
            "select cast(coalesce(sum(size), 0) as bigint) from files
              where workspace_id = $1 and owner_id = $2 and created_at > $3"
        );
        let before: i64 = tx.one(today, args![tx.workspace(), tx.me(), since]).await?;
        if before + size > MOST_IN_A_DAY {
            return Err(Error::conflict("You have brought 200 MB of files within a day. Bring more of them tomorrow."));
        }
        let (id, blob): (Id<File>, _) = (tx.id(), tx.keep(blob).await?);
        let insert = sql!(
            "insert into files (workspace_id, id, about_kind, about_id, owner_id, name, content_type, size, blob_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let Reference { kind, id: record } = &thread.about;
        let (workspace, me, now) = (tx.workspace(), tx.me(), tx.now());
        tx.run(insert, args![workspace, id, kind, record, me, name, content_type, size, blob, now]).await?;
        tx.record("file.added", id, json!({ "kind": kind, "record": record, "size": size }));
        Ok(Attached { id, name, content_type: *content_type, size })
    }
}

/// Every one of these files is the actor's own and stands in no comment, else `NotFound`.
pub(crate) async fn own(tx: &mut Tx<'_>, about: &Reference, files: &[Id<File>]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let wanted: BTreeSet<&str> = files.iter().map(Id::as_str).collect();
    let select = sql!(
        "select count(*) from files where workspace_id = $1 and owner_id = $2 and comment_id is null
            and about_kind = $3 and about_id = $4 and id in (select value from json_each(cast($5 as text)))"
    );
    let found: i64 = tx.one(select, args![tx.workspace(), tx.me(), about.kind, about.id, list(&wanted)]).await?;
    if found == wanted.len() as i64 { Ok(()) } else { Err(Error::NotFound) }
}

/// Puts files of the actor that stand nowhere yet into a comment: those that it names, and those that its text shows.
pub(crate) async fn attach(
    tx: &mut Tx<'_>,
    about: &Reference,
    comment: Id<Comment>,
    text: &str,
    named: &[Id<File>],
) -> Result<()> {
    let ids: BTreeSet<Id<File>> = named.iter().copied().chain(in_text(text)).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let update = sql!(
        "update files set comment_id = $3 where workspace_id = $1 and owner_id = $2 and comment_id is null
            and about_kind = $4 and about_id = $5 and id in (select value from json_each(cast($6 as text)))"
    );
    tx.run(update, args![tx.workspace(), tx.me(), comment, about.kind, about.id, list(&ids)]).await?;
    let count = sql!("select count(*) from files where workspace_id = $1 and comment_id = $2");
    let all: i64 = tx.one(count, args![tx.workspace(), comment]).await?;
    match all <= MOST as i64 {
        true => Ok(()),
        false => Err(Error::invalid("files", format!("At most {MOST} files stand in one comment."))),
    }
}

/// Lets the actor's files that a text of a record shows stand in the record itself, as others do in a comment.
pub fn stand<'a>(tx: &'a mut Tx<'_>, about: &'a Reference, text: &'a str) -> Later<'a, ()> {
    Box::pin(async move {
        let ids: BTreeSet<Id<File>> = in_text(text).collect();
        if ids.len() > MOST {
            return Err(Error::invalid("file", format!("At most {MOST} files stand in one text.")));
        }
        let insert = sql!(
            "insert into standing_files (workspace_id, file_id)
             select workspace_id, id from files
              where workspace_id = $1 and owner_id = $2 and comment_id is null and about_kind = $3 and about_id = $4
                and id in (select value from json_each(cast($5 as text)))
             on conflict (workspace_id, file_id) do nothing"
        );
        tx.run(insert, args![tx.workspace(), tx.me(), about.kind, about.id, list(&ids)]).await.map(drop)
    })
}

/// The files that a text shows or leads to.
pub(crate) fn in_text(text: &str) -> impl Iterator<Item = Id<File>> {
    const LENGTH: usize = 26;
    text.split("/files/").skip(1).filter_map(|rest| rest.get(..LENGTH)?.parse().ok())
}

/// The files of these comments, oldest first.
pub(crate) async fn attached(tx: &mut Tx<'_>, comments: &str) -> Result<Vec<(Id<Comment>, Attached)>> {
    let select = sql!(
        "select comment_id, id, name, content_type, size from files
          where workspace_id = $1 and comment_id in (select value from json_each(cast($2 as text))) order by id"
    );
    let rows: Vec<Row> = tx.all(select, args![tx.workspace(), comments]).await?;
    let one =
        |Row { comment_id, id, name, content_type, size }| (comment_id, Attached { id, name, content_type, size });
    Ok(rows.into_iter().map(one).collect())
}

struct Row {
    comment_id: Id<Comment>,
    id: Id<File>,
    name: String,
    content_type: ContentType,
    size: i64,
}
columns!(Row { comment_id, id, name, content_type, size });

/// A file for those who see it.
#[derive(Deserialize, JsonSchema)]
struct ReadFile {
    file: Id<File>,
}

struct Place {
    about_kind: String,
    about_id: String,
    owner_id: Id<Person>,
    comment_id: Option<Id<Comment>>,
    deleted_at: Option<Time>,
    /// In the record itself.
    stands: bool,
}
columns!(Place { about_kind, about_id, owner_id, comment_id, deleted_at, stands });

struct Stored {
    name: String,
    content_type: ContentType,
    blob_id: Id<Blob>,
}
columns!(Stored { name, content_type, blob_id });

impl Operation for ReadFile {
    const NAME: &str = "file.read";
    const ROUTE: Route = Route(Get, "/files/{file}");
    const READS: bool = true;
    type Target = ();
    type Output = (String, ContentType, kernel::Content);

    /// Whoever sees the record, once the file stands in it or in a comment that is not deleted; until then its owner.
    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let select = sql!(
            "select f.about_kind, f.about_id, f.owner_id, f.comment_id, c.deleted_at,
                    exists (select 1 from standing_files s
                             where s.workspace_id = f.workspace_id and s.file_id = f.id) as stands
               from files f left join comments c on c.workspace_id = f.workspace_id and c.id = f.comment_id
              where f.workspace_id = $1 and f.id = $2"
        );
        let place: Place = tx.one(select, args![tx.workspace(), self.file]).await?;
        Thread::visible(tx, Reference::to(&place.about_kind, place.about_id)).await?;
        let shown = place.stands || (place.comment_id.is_some() && place.deleted_at.is_none());
        if shown || place.owner_id == tx.me() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Self::Output> {
        let select = sql!("select name, content_type, blob_id from files where workspace_id = $1 and id = $2");
        let Stored { name, content_type, blob_id } = tx.one(select, args![tx.workspace(), self.file]).await?;
        Ok((name, content_type, tx.content(blob_id).await?))
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/files/{file}", show)
        .get("/files/{file}/{name}", show)
        .post("/files", save.layer(DefaultBodyLimit::max(LARGEST_FORM)))
}

/// `GET /files/{file}/{name}`. Only pictures that we wrote ourselves are shown in the page; whatever else somebody brought
/// is for saving, and would run in a sandbox if a browser opened it all the same.
async fn show(cx: Cx) -> Answer {
    let file = cx.text("file").parse().map_err(|_| Error::NotFound)?;
    let (name, content_type, content) = cx.read(ReadFile { file }).await?;
    let bytes = cx.bytes(content).await?;
    let place = if content_type.is_picture() { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, content_type.word().to_owned()),
        (header::CONTENT_DISPOSITION, format!("{place}; filename*=UTF-8''{}", escaped(&name))),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'".into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
    ];
    let response: Response = (headers, bytes).into_response();
    Ok(response)
}

/// What the editor puts into the text for a file that was dropped or pasted.
#[derive(Serialize)]
struct Brought {
    text: String,
}

/// `POST /files`: the editor sends what is dropped or pasted.
async fn save(uploads: Uploads) -> Answer {
    let Uploads { form, files } = uploads;
    let mut texts = Vec::new();
    for file in files {
        texts.push(bring(&form.cx, &about(&form), file).await?.in_text());
    }
    let text = serde_json::to_string(&Brought { text: texts.join("\n") }).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// About what a form says that its files are.
pub(crate) fn about(form: &Submitted) -> Reference {
    Reference::to(form.text("kind"), form.text("record"))
}

/// Reads a file and keeps it.
pub(crate) async fn bring(cx: &Cx, about: &Reference, (name, bytes): (String, Bytes)) -> Result<Attached> {
    let wrong = |sentence: String| Error::invalid("file", format!("{name}: {sentence}"));
    let content = tokio::task::spawn_blocking(move || Content::of(&bytes)).await.map_err(Error::internal)?;
    let content = content.map_err(wrong)?;
    let name = Name::try_from(name.clone()).map_err(wrong)?;
    let (kind, record) = (about.kind.clone(), about.id.clone());
    cx.site.app.call(cx.actor(), AddFile { kind, record, name, content }).await
}
