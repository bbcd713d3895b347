use super::{Comment, Mark, Mention, Reacted, Reaction, Row, SELECT};
use crate::{
    draft, file,
    known::{self, Name},
    thread::{Resolution, Thread, resolutions, watchers},
};
use kernel::{
    Actor, Id, Method::Get, Operation, Person, Reference, Result, Route, Time, Tx, Verb, args, columns, list, sql,
};
use people::person;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is said about a record: at most 50 comments, and what happened beside them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListComments {
    /// The kind of the record, such as `team`.
    pub kind: String,
    pub record: String,
    /// The newest comment of the page; if left out, the newest of all.
    #[serde(default)]
    pub until: Option<Id<Comment>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Conversation {
    pub about: Reference,
    pub title: String,
    pub href: String,
    /// The oldest first.
    pub comments: Vec<Comment>,
    /// The newest comment of the page before, if there is one.
    pub earlier: Option<Id<Comment>>,
    /// What happened to the record meanwhile, the oldest first.
    pub events: Vec<Happening>,
    /// The newest first.
    pub resolutions: Vec<Resolution>,
    pub watchers: Vec<person::Named<Person>>,
    /// What the reader was asked in these comments and has not answered.
    pub waiting: Vec<Waiting>,
    /// What the reader has begun to write.
    pub draft: String,
    /// What the texts name, as far as the reader sees it.
    pub names: Vec<Name>,
}

/// An event of the record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Happening {
    #[schemars(with = "String")]
    pub id: Id<kernel::Event>,
    pub at: Time,
    pub actor_id: Option<Id<Person>>,
    pub actor_name: Option<String>,
    /// What they did: `archived the team`.
    pub words: String,
}

/// Something that the reader was asked in a comment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Waiting {
    pub comment: Id<Comment>,
    pub asker_name: String,
    pub verb: Verb,
}
columns!(Waiting { comment, asker_name, verb });

const PAGE: usize = 50;

impl Operation for ListComments {
    const NAME: &str = "comment.list";
    const ROUTE: Route = Route(Get, "/comments");
    const READS: bool = true;
    type Target = Thread;
    type Output = Conversation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(_: &Actor, _: &Thread) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<Conversation> {
        let about = &thread.about;
        let mut rows = self.rows(tx, about).await?;
        let earlier = (rows.len() > PAGE).then(|| rows.remove(PAGE).id);
        rows.reverse();
        let from = earlier.and(rows.first()).map_or("", |row| row.id.as_str()).to_owned();
        let to = self.until.map_or("z".to_owned(), |id| id.to_string());
        let comments = complete(tx, rows).await?;
        let bodies: Vec<&str> = comments.iter().map(|comment| comment.body.as_str()).collect();
        Ok(Conversation {
            names: known::names(tx, &bodies).await?,
            events: happenings(tx, &thread, &from, &to).await?,
            resolutions: resolutions(tx, about).await?,
            watchers: watchers(tx, about).await?,
            waiting: waiting(tx, &comments).await?,
            draft: draft::own(tx, about).await?,
            comments,
            earlier,
            title: thread.card.title,
            href: thread.card.href,
            about: thread.about,
        })
    }
}

impl ListComments {
    /// The newest first, and one more than a page.
    async fn rows(&self, tx: &mut Tx<'_>, about: &Reference) -> Result<Vec<Row>> {
        let select = sql!(
            SELECT,
            "where c.workspace_id = $1 and c.about_kind = $2 and c.about_id = $3 and c.id <= $4 order by c.id desc limit $5"
        );
        let until = self.until.map_or("z".to_owned(), |id| id.to_string());
        tx.all(select, args![tx.workspace(), about.kind, about.id, until, PAGE as i64 + 1]).await
    }
}

/// The comments with all that hangs on them. Of one that is deleted only the place remains.
pub(crate) async fn complete(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Comment>> {
    let shown = rows.iter().filter(|row| row.deleted_at.is_none());
    let ids = list(shown.map(|row| row.id));
    let (mut reactions, mut mentions, mut files) = match rows.is_empty() {
        true => (Vec::new(), Vec::new(), Vec::new()),
        false => (reactions(tx, &ids).await?, mentions(tx, &ids).await?, file::attached(tx, &ids).await?),
    };
    let one = |row: Row| Comment {
        reactions: taken(&mut reactions, row.id),
        mentions: taken(&mut mentions, row.id),
        files: taken(&mut files, row.id),
        id: row.id,
        author_id: row.author_id,
        author_name: row.author_name,
        author_photo: row.author_photo,
        mark: row.mark,
        body: if row.deleted_at.is_none() { row.body } else { String::new() },
        created_at: row.created_at,
        edited_at: row.edited_at,
        deleted_at: row.deleted_at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Takes out what belongs to one comment.
fn taken<T>(all: &mut Vec<(Id<Comment>, T)>, id: Id<Comment>) -> Vec<T> {
    all.extract_if(.., |(of, _)| *of == id).map(|(_, one)| one).collect()
}

async fn reactions(tx: &mut Tx<'_>, ids: &str) -> Result<Vec<(Id<Comment>, Reacted)>> {
    let select = sql!(
        "select r.comment_id, r.word, r.person_id, p.name from reactions r
           join people p on p.workspace_id = r.workspace_id and p.id = r.person_id
          where r.workspace_id = $1 and r.comment_id in (select value from json_each(cast($2 as text)))
          order by r.comment_id, r.word, r.at, p.sort_name"
    );
    let me = tx.me();
    let rows: Vec<(Id<Comment>, Reaction, Id<Person>, String)> = tx.all(select, args![tx.workspace(), ids]).await?;
    let mut all: Vec<(Id<Comment>, Reacted)> = Vec::new();
    for (comment, word, person, name) in rows {
        match all.last_mut().filter(|(of, last)| *of == comment && last.word == word) {
            Some((_, last)) => {
                last.names.push(name);
                last.mine |= person == me;
            }
            None => all.push((comment, Reacted { word, names: vec![name], mine: person == me })),
        }
    }
    Ok(all)
}

async fn mentions(tx: &mut Tx<'_>, ids: &str) -> Result<Vec<(Id<Comment>, Mention)>> {
    let select = sql!(
        "select m.comment_id, m.person_id, p.name, m.verb from mentions m
           join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
          where m.workspace_id = $1 and m.comment_id in (select value from json_each(cast($2 as text)))
          order by m.comment_id, p.sort_name, p.id"
    );
    let rows: Vec<Named> = tx.all(select, args![tx.workspace(), ids]).await?;
    let one = |Named { comment_id, person_id, name, verb }| (comment_id, Mention { person: person_id, name, verb });
    Ok(rows.into_iter().map(one).collect())
}

struct Named {
    comment_id: Id<Comment>,
    person_id: Id<Person>,
    name: String,
    verb: Option<Verb>,
}
columns!(Named { comment_id, person_id, name, verb });

async fn waiting(tx: &mut Tx<'_>, comments: &[Comment]) -> Result<Vec<Waiting>> {
    let asks = |comment: &&Comment| {
        comment.mark == Mark::Comment && comment.mentions.iter().any(|mention| mention.verb.is_some())
    };
    let ids: Vec<Id<Comment>> = comments.iter().filter(asks).map(|comment| comment.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select a.about_id as comment, p.name as asker_name, a.verb from asks_public_asks a
           join people p on p.workspace_id = a.workspace_id and p.id = a.asker_id
          where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.about_kind = 'comment'
            and a.about_id in (select value from json_each(cast($3 as text))) order by a.id"
    );
    tx.all(select, args![tx.workspace(), tx.me(), list(&ids)]).await
}

struct Stored {
    id: Id<kernel::Event>,
    at: Time,
    actor_id: Option<Id<Person>>,
    actor_name: Option<String>,
    verb: String,
    data: Option<String>,
}
columns!(Stored { id, at, actor_id, actor_name, verb, data });

/// The events that the record's owner lets its readers know, between the first and the last comment of the page.
async fn happenings(tx: &mut Tx<'_>, thread: &Thread, from: &str, to: &str) -> Result<Vec<Happening>> {
    let select = sql!(
        "select e.id, e.at, a.id as actor_id, a.name as actor_name, e.verb, e.data
           from events e left join people a on a.workspace_id = e.workspace_id and a.id = e.actor
          where e.workspace_id = $1 and e.subject = $2 and e.id > $3 and e.id < $4
            and e.verb in (select value from json_each(cast($5 as text)))
          order by e.id desc limit $6"
    );
    let verbs = list(thread.kind.told.unwrap_or_default().iter().map(|(verb, _)| *verb));
    let stored: Vec<Stored> =
        tx.all(select, args![tx.workspace(), thread.about.id, from, to, verbs, PAGE as i64]).await?;
    let one = |one: Stored| Happening {
        words: thread.kind.in_words(&one.verb, one.data.as_deref()).unwrap_or_default(),
        id: one.id,
        at: one.at,
        actor_id: one.actor_id,
        actor_name: one.actor_name,
    };
    Ok(stored.into_iter().rev().map(one).collect())
}
