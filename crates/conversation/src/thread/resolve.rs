use super::Thread;
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Reference, Result, Route, Time, Tx, args, columns, json, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Flash, Pages, Submitted};

/// Say in one sentence what came of a thread.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveThread {
    /// The kind of the record, such as `team`.
    pub kind: String,
    pub record: String,
    pub outcome: Name<500>,
}

/// Open a resolved thread again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenThread {
    pub kind: String,
    pub record: String,
}

/// What came of a thread, as somebody said it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Resolution {
    #[schemars(with = "String")]
    pub id: Id<Resolution>,
    pub outcome: String,
    pub by_id: Id<Person>,
    pub by_name: String,
    pub at: Time,
    pub reopened_by_name: Option<String>,
    pub reopened_at: Option<Time>,
}
columns!(Resolution { id, outcome, by_id, by_name, at, reopened_by_name, reopened_at });

const MOST: i64 = 50;

/// The last times that the thread was resolved, newest first; the one that holds is the first that was not reopened.
pub(crate) async fn resolutions(tx: &mut Tx<'_>, about: &Reference) -> Result<Vec<Resolution>> {
    let select = sql!(
        "select r.id, r.outcome, r.resolved_by as by_id, p.name as by_name, r.resolved_at as at,
                o.name as reopened_by_name, r.reopened_at
           from resolutions r
           join people p on p.workspace_id = r.workspace_id and p.id = r.resolved_by
           left join people o on o.workspace_id = r.workspace_id and o.id = r.reopened_by
          where r.workspace_id = $1 and r.about_kind = $2 and r.about_id = $3 order by r.id desc limit $4"
    );
    tx.all(select, args![tx.workspace(), about.kind, about.id, MOST]).await
}

async fn holding(tx: &mut Tx<'_>, about: &Reference) -> Result<Option<Id<Resolution>>> {
    let select = sql!(
        "select id from resolutions where workspace_id = $1 and about_kind = $2 and about_id = $3 and reopened_at is null"
    );
    tx.find(select, args![tx.workspace(), about.kind, about.id]).await
}

impl Operation for ResolveThread {
    const NAME: &str = "thread.resolve";
    const ROUTE: Route = Route(Post, "/threads/resolve");
    type Target = Thread;
    type Output = Resolution;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<Resolution> {
        if holding(tx, &thread.about).await?.is_some() {
            return Err(Error::conflict("This is resolved already. Open it again to say something else."));
        }
        let id: Id<Resolution> = tx.id();
        let insert = sql!(
            "insert into resolutions (workspace_id, id, about_kind, about_id, outcome, resolved_by, resolved_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        let Reference { kind, id: record } = &thread.about;
        tx.run(insert, args![tx.workspace(), id, kind, record, self.outcome, tx.me(), tx.now()]).await?;
        tx.record("thread.resolved", thread.subject()?, json!({ "kind": kind }));
        let all = resolutions(tx, &thread.about).await?;
        all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
    }
}

impl Operation for ReopenThread {
    const NAME: &str = "thread.reopen";
    const ROUTE: Route = Route(Post, "/threads/reopen");
    type Target = Thread;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Thread> {
        Thread::visible(tx, Reference::to(&self.kind, &self.record)).await
    }

    fn allows(actor: &Actor, _: &Thread) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, thread: Thread) -> Result<()> {
        let update = sql!(
            "update resolutions set reopened_by = $4, reopened_at = $5
              where workspace_id = $1 and about_kind = $2 and about_id = $3 and reopened_at is null"
        );
        let Reference { kind, id } = &thread.about;
        if tx.run(update, args![tx.workspace(), kind, id, tx.me(), tx.now()]).await? > 0 {
            tx.record("thread.reopened", thread.subject()?, json!({ "kind": kind }));
        }
        Ok(())
    }
}

pub fn pages() -> Pages {
    Pages::new().post("/threads/resolved", resolve).post("/threads/reopened", reopen)
}

/// `POST /threads/resolved`
async fn resolve(form: Submitted) -> Answer {
    match form.submit::<ResolveThread>().await {
        Ok(_) => {
            let undo = format!("/threads/reopened?{}", query(&form));
            Ok(form.go(&crate::page::back(&form, "conversation").await?, Flash::says("Resolved.").undo(undo)))
        }
        Err(error) => crate::page::again(&form, error).await,
    }
}

/// `POST /threads/reopened`
async fn reopen(form: Submitted) -> Answer {
    match form.submit::<ReopenThread>().await {
        Ok(()) => Ok(form.go(&crate::page::back(&form, "conversation").await?, Flash::says("This is open again."))),
        Err(error) => crate::page::again(&form, error).await,
    }
}

fn query(form: &Submitted) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("kind", form.text("kind")).append_pair("record", form.text("record")).finish()
}
