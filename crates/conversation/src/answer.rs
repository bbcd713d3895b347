//! What somebody answers in their inbox to a question from a comment becomes a comment below it.
use crate::{
    comment::{Mark, Row, SELECT, insert, keep_version, mark},
    thread::watch,
};
use kernel::{Id, Job, Later, Person, Reference, Result, Subscriber, Tx, args, columns, sql};

pub const SUBSCRIBERS: &[Subscriber] = &[
    Subscriber { name: "conversation.answered", pattern: "ask.done", run: answered },
    Subscriber { name: "conversation.reopened", pattern: "ask.reopened", run: reopened },
];

/// An ask that a comment raised, as it ended.
struct Ended {
    receiver_id: Id<Person>,
    outcome: String,
    /// The record about which was commented.
    kind: String,
    record: String,
}
columns!(Ended { receiver_id, outcome, kind, record });

impl Ended {
    fn about(&self) -> Reference {
        Reference::to(&self.kind, &self.record)
    }
}

fn answered<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select a.receiver_id, a.outcome, c.about_kind as kind, c.about_id as record from asks_public_asks a
               join comments c on c.workspace_id = a.workspace_id and c.id = a.about_id and c.deleted_at is null
              where a.workspace_id = $1 and a.id = $2 and a.about_kind = 'comment' and a.state = 'done' and a.outcome <> ''"
        );
        let Some(ended) = tx.find::<Ended>(select, args![tx.workspace(), job.subject]).await? else { return Ok(()) };
        match given(tx, &job.subject).await? {
            Some(before) => again(tx, before, &ended).await,
            None => first(tx, &job.subject, &ended).await,
        }
    })
}

async fn first(tx: &mut Tx<'_>, ask: &str, ended: &Ended) -> Result<()> {
    let about = &ended.about();
    let id = insert(tx, about, ended.receiver_id, Mark::Answer, &ended.outcome).await?;
    let update = sql!("update comments set ask_id = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), id, ask]).await?;
    watch(tx, about, ended.receiver_id, true).await
}

/// The ask was opened again after it was answered, and is answered anew.
async fn again(tx: &mut Tx<'_>, before: Row, ended: &Ended) -> Result<()> {
    if before.body != ended.outcome {
        keep_version(tx, &before).await?;
        let update = sql!("update comments set body = $3, edited_at = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), before.id, ended.outcome, tx.now()]).await?;
    }
    mark(tx, &before, None).await
}

fn reopened<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let Some(row) = given(tx, &job.subject).await?.filter(|row| row.deleted_at.is_none()) else { return Ok(()) };
        let now = tx.now();
        mark(tx, &row, Some(now)).await
    })
}

/// The comment that is the answer to an ask.
async fn given(tx: &mut Tx<'_>, ask: &str) -> Result<Option<Row>> {
    let select = sql!(SELECT, "where c.workspace_id = $1 and c.ask_id = $2");
    tx.find(select, args![tx.workspace(), ask]).await
}
