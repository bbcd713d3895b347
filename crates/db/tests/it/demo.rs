//! A part in small: check-ins ask a question, people answer, and a subscriber counts.
use kernel::{
    Actor, Error, Id, Job, JobKind, Method::Post, Migration, Operation, Part, Person, Result, Route, Run, Subscriber,
    Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub static PART: Part = Part {
    migrations: &[Migration::portable(
        "checkins",
        "create table checkins (
            workspace_id text not null, id text not null, asked_by text not null, question text not null,
            closed_at bigint, answers bigint not null default 0, primary key (workspace_id, id)
         );
         create table checkin_answers (
            workspace_id text not null, id text not null, checkin_id text not null, author_id text not null,
            body text not null, picture bytea, share double precision, answered_at bigint not null, anonymous boolean not null default false,
            primary key (workspace_id, id), unique (workspace_id, checkin_id, author_id),
            foreign key (workspace_id, checkin_id) references checkins (workspace_id, id)
         );",
    )],
    subscribers: &[Subscriber {
        name: "checkin.count_answers",
        pattern: "checkin.answered",
        run: |tx, job| Box::pin(count_answers(tx, job)),
    }],
    jobs: &[JobKind { name: SPELL, run: Run::Inside(|tx, job| Box::pin(spell(tx, job))) }],
    ..Part::named("demo")
};

pub static PARTS: &[&Part] = &[&db::CORE, &PART];

#[derive(Debug, Serialize, JsonSchema)]
pub struct Checkin {
    pub id: Id<Checkin>,
    pub asked_by: Id<Person>,
    pub question: String,
    pub closed_at: Option<Time>,
    pub answers: i64,
}
columns!(Checkin { id, asked_by, question, closed_at, answers });

impl Checkin {
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Checkin>) -> Result<Checkin> {
        let select =
            sql!("select id, asked_by, question, closed_at, answers from checkins where workspace_id = $1 and id = $2");
        tx.one(select, args![tx.workspace(), id]).await
    }
}

/// What the operations of these tests share: they act on nothing, or on a check-in that is there.
macro_rules! about {
    ($name:literal, target: $target:ty, output: $output:ty $(, reads: $reads:literal)?) => {
        const NAME: &str = $name;
        const ROUTE: Route = Route(Post, "/");
        $(const READS: bool = $reads;)?
        type Target = $target;
        type Output = $output;
    };
}
pub(crate) use about;

#[derive(Deserialize, JsonSchema)]
pub struct Ask {
    pub question: String,
}

impl Operation for Ask {
    about!("checkin.ask", target: (), output: Checkin);
    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
    fn allows(_: &Actor, _: &()) -> bool {
        true
    }
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Checkin> {
        let id = tx.id();
        let insert = sql!("insert into checkins (workspace_id, id, asked_by, question) values ($1, $2, $3, $4)");
        tx.run(insert, args![tx.workspace(), id, tx.me(), self.question]).await?;
        tx.record("checkin.asked", id, json!({}));
        Checkin::visible(tx, id).await
    }
}

#[derive(Deserialize, JsonSchema)]
pub struct Answer {
    pub checkin: Id<Checkin>,
    pub body: String,
}

impl Operation for Answer {
    about!("checkin.answer", target: Checkin, output: ());
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }
    fn allows(_: &Actor, _: &Checkin) -> bool {
        true
    }
    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<()> {
        if checkin.closed_at.is_some() {
            return Err(Error::conflict("This check-in is closed."));
        }
        let save = sql!(
            "insert into checkin_answers (workspace_id, id, checkin_id, author_id, body, picture, share, answered_at, anonymous)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (workspace_id, checkin_id, author_id) do update set body = excluded.body"
        );
        let (id, workspace, me, now): (Id<Answer>, _, _, _) = (tx.id(), tx.workspace(), tx.me(), tx.now());
        let picture: Vec<u8> = self.body.bytes().rev().collect();
        tx.run(save, args![workspace, id, checkin.id, me, self.body, picture, 0.25, now, true]).await?;
        tx.record("checkin.answered", checkin.id, json!({ "answer": id }));
        Ok(())
    }
}

/// Running twice gives the same number, so the job may be repeated.
async fn count_answers(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    let count = sql!(
        "update checkins set answers = (select count(*) from checkin_answers where workspace_id = $1 and checkin_id = $2)
          where workspace_id = $1 and id = $2"
    );
    tx.run(count, args![job.workspace, job.subject]).await?;
    Ok(())
}

const SPELL: &str = "checkin.spell";

/// Wants a job for each letter, all at one instant.
#[derive(Deserialize, JsonSchema)]
pub struct Spell {
    pub checkin: Id<Checkin>,
    pub letters: String,
}

impl Operation for Spell {
    about!("checkin.spell", target: Checkin, output: ());
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }
    fn allows(_: &Actor, _: &Checkin) -> bool {
        true
    }
    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<()> {
        let now = tx.now();
        self.letters.chars().for_each(|letter| tx.want(SPELL, checkin.id.to_string(), json!(letter), now));
        Ok(())
    }
}

async fn spell(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    let append = sql!("update checkins set question = question || $3 where workspace_id = $1 and id = $2");
    tx.run(append, args![job.workspace, job.subject, job.args.as_str()]).await?;
    Ok(())
}

#[derive(Deserialize, JsonSchema)]
pub struct Close {
    pub checkin: Id<Checkin>,
}

impl Operation for Close {
    about!("checkin.close", target: Checkin, output: ());
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }
    fn allows(actor: &Actor, checkin: &Checkin) -> bool {
        actor.person == checkin.asked_by
    }
    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<()> {
        let close = sql!("update checkins set closed_at = $3 where workspace_id = $1 and id = $2");
        tx.run(close, args![tx.workspace(), checkin.id, tx.now()]).await?;
        Ok(())
    }
}

#[derive(Deserialize, JsonSchema)]
pub struct Show {
    pub checkin: Id<Checkin>,
}

impl Operation for Show {
    about!("checkin.show", target: Checkin, output: Checkin, reads: true);
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }
    fn allows(_: &Actor, _: &Checkin) -> bool {
        true
    }
    async fn run(&self, _: &mut Tx<'_>, checkin: Checkin) -> Result<Checkin> {
        Ok(checkin)
    }
}
