//! Comments: written, edited, taken back, read.
mod add;
mod delete;
mod edit;
mod history;
mod list;
mod react;

pub use add::{AddComment, Added, Intent};
pub use delete::{DeleteComment, RestoreComment};
pub use edit::EditComment;
pub use history::{ListVersions, Version};
pub use list::{Conversation, Happening, ListComments};
pub use react::{React, Reaction};

pub(crate) use add::insert;
pub(crate) use delete::mark;
pub(crate) use edit::keep_version;

use crate::{file::Attached, thread::Thread};
use kernel::{
    Card, Document, Documents, Error, Id, Later, Person, RecordKind, Reference, Result, Time, Tx, Verb, args, columns,
    sql, words,
};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What a comment is.
    pub enum Mark {
        Comment = "comment",
        /// The answer to what was asked in another comment, given in the inbox.
        Answer = "answer",
        /// What came of a call.
        Call = "call",
    }
}

/// What somebody said about a record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Comment {
    pub id: Id<Comment>,
    pub author_id: Id<Person>,
    pub author_name: String,
    pub author_photo: Option<String>,
    pub mark: Mark,
    /// Markdown, as it was typed; empty once it is deleted.
    pub body: String,
    pub created_at: Time,
    pub edited_at: Option<Time>,
    pub deleted_at: Option<Time>,
    pub reactions: Vec<Reacted>,
    pub mentions: Vec<Mention>,
    pub files: Vec<Attached>,
}

/// A reaction, and who gave it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reacted {
    pub word: Reaction,
    pub names: Vec<String>,
    /// Whether the reader gave it too.
    pub mine: bool,
}

/// Somebody who is named in a comment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Mention {
    pub person: Id<Person>,
    pub name: String,
    /// What was wanted of them; nothing where it was for their information.
    pub verb: Option<Verb>,
}

/// The row of a comment.
pub(crate) struct Row {
    pub id: Id<Comment>,
    pub about_kind: String,
    pub about_id: String,
    pub author_id: Id<Person>,
    pub author_name: String,
    pub author_photo: Option<String>,
    pub mark: Mark,
    pub body: String,
    pub created_at: Time,
    pub edited_at: Option<Time>,
    pub deleted_at: Option<Time>,
}
columns!(Row {
    id,
    about_kind,
    about_id,
    author_id,
    author_name,
    author_photo,
    mark,
    body,
    created_at,
    edited_at,
    deleted_at,
});

/// Every query that reads comments begins with this.
pub(crate) const SELECT: &str = "select c.id, c.about_kind, c.about_id, c.author_id, p.name as author_name,
            p.photo as author_photo, c.mark, c.body, c.created_at, c.edited_at, c.deleted_at
       from comments c join people p on p.workspace_id = c.workspace_id and p.id = c.author_id ";

impl Row {
    pub(crate) fn about(&self) -> Reference {
        Reference::to(&self.about_kind, &self.about_id)
    }
}

/// A comment together with the thread in which it stands.
pub struct Found {
    pub(crate) row: Row,
    pub(crate) thread: Thread,
}

impl Found {
    /// The comment, if the actor sees its record. One that is deleted is seen by its author only.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Comment>) -> Result<Found> {
        let select = sql!(SELECT, "where c.workspace_id = $1 and c.id = $2");
        let row: Row = tx.one(select, args![tx.workspace(), id]).await?;
        let thread = Thread::visible(tx, row.about()).await?;
        match row.deleted_at.is_none() || row.author_id == tx.me() {
            true => Ok(Found { row, thread }),
            false => Err(Error::NotFound),
        }
    }

    pub(crate) async fn comment(self, tx: &mut Tx<'_>) -> Result<Comment> {
        let mut all = list::complete(tx, vec![self.row]).await?;
        all.pop().ok_or(Error::NotFound)
    }
}

pub const RECORD: RecordKind = RecordKind {
    kind: "comment",
    path: "/comments/",
    told: None,
    find: card,
    documents: Some(Documents { title: "Comments", read: document, list: after }),
};

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(parsed) = id.parse() else { return Ok(None) };
        match Found::visible(tx, parsed).await {
            Ok(Found { row, thread }) => {
                let title = format!("{} on {}", row.author_name, thread.card.title);
                Ok(Some(Card { title, href: format!("/comments/{id}") }))
            }
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

const LONGEST_FOUND: usize = 20_000;

/// What is found of a comment, by those who find its record. Where the record's readers cannot be said in words, the
/// comment is not found either.
fn document<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Document>> {
    Box::pin(async move {
        let select = sql!(SELECT, "where c.workspace_id = $1 and c.id = $2 and c.deleted_at is null");
        let Some(row) = tx.find::<Row>(select, args![tx.workspace(), id]).await? else { return Ok(None) };
        let kind = tx.record_kinds().find(|kind| kind.kind == row.about_kind);
        let Some(documents) = kind.and_then(|kind| kind.documents) else { return Ok(None) };
        let record = (documents.read)(tx, &row.about_id).await?;
        Ok(record.map(|record| Document {
            // A comment has no name. Its record's stands in the text, so that the record comes before what is said of it.
            title: String::new(),
            body: format!("{}\n{}", markdown::plain(&row.body, LONGEST_FOUND), record.title),
            mark: "",
            author: Some(row.author_id),
            team: record.team,
            at: row.created_at,
            readers: record.readers,
        }))
    })
}

fn after<'a>(tx: &'a mut Tx<'_>, after: &'a str) -> Later<'a, Vec<String>> {
    Box::pin(async move {
        let select = sql!("select id from comments where workspace_id = $1 and id > $2 order by id limit 100");
        tx.all(select, args![tx.workspace(), after]).await
    })
}

pub fn pages() -> Pages {
    add::pages().merge(edit::pages()).merge(delete::pages()).merge(history::pages()).merge(react::pages())
}
