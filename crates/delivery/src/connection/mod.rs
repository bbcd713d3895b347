//! Connections to code hosts and to what builds: Cairn asks for pull requests, builds and all that belongs to them, page by
//! page, and again each night.
//! What an answer tells and what is to be asked next are stored in one transaction, so it goes on wherever it was stopped.
mod add;
mod answer;
mod app;
mod built;
mod control;
mod fetch;
mod list;
mod page;
mod plan;
mod progress;
mod server;
mod service;
mod take;
mod token;

pub use add::{AddConnection, Connected};
pub use control::{RemoveConnection, SetConnectionToken, StartConnection, StopConnection};
pub use fetch::{JOB, SCHEDULE, WAKE};
pub use list::{Connection, Left, ListConnections};
pub use page::pages;
pub use service::Service;
pub use token::Token;

use crate::repository::Repository;
use app::App;
use kernel::{Id, Result, Team, Time, Tx, args, columns, json, sql, words};
use plan::Ask;
use std::time::Duration;

words! {
    /// How much is read by one connection.
    pub enum Scope {
        Repository = "repository",
        /// All repositories of an organisation or a group, or all jobs of a server.
        Group = "group",
    }
}

words! {
    /// How far a connection is.
    pub enum State {
        Reading = "reading",
        /// All is read; it looks again a day after it began.
        Done = "done",
        /// Somebody stopped it.
        Stopped = "stopped",
        /// It cannot go on before somebody mends what its problem says.
        Failed = "failed",
    }
}

/// What was changed so shortly before a look may have come too late for it.
const OVERLAP: Duration = Duration::from_secs(3600);

struct Row {
    id: Id<Connection>,
    system: Service,
    server: String,
    scope: Scope,
    path: String,
    login: String,
    app: String,
    installation: String,
    token: String,
    team_id: Option<Id<Team>>,
    repository_id: Option<Id<Repository>>,
    since: Time,
    state: State,
    failures: i64,
    wait_until: Option<Time>,
    known_until: Option<Time>,
}
columns!(Row {
    id,
    system,
    server,
    scope,
    path,
    login,
    app,
    installation,
    token,
    team_id,
    repository_id,
    since,
    state,
    failures,
    wait_until,
    known_until
});

const SELECT: &str =
    "select id, system, server, scope, path, login, app, installation, token, team_id, repository_id, since, state,
            failures, wait_until, known_until
       from connections where workspace_id = $1 and removed_at is null ";

impl Row {
    async fn find(tx: &mut Tx<'_>, id: Id<Connection>) -> Result<Option<Row>> {
        let select = sql!(SELECT, "and id = $2");
        tx.find(select, args![tx.workspace(), id]).await
    }

    fn app(&self) -> Option<App> {
        let (id, installation) = (self.app.clone(), self.installation.clone());
        (!id.is_empty()).then_some(App { id, installation })
    }

    /// From when on there may be news.
    fn from(&self) -> Time {
        self.known_until.map_or(self.since, |until| until - OVERLAP)
    }
}

/// `NotFound` unless the connection stands and the actor may keep repositories.
async fn standing(tx: &mut Tx<'_>, connection: Id<Connection>) -> Result<()> {
    let select = sql!("select id from connections where workspace_id = $1 and id = $2 and removed_at is null and $3");
    let keeps = crate::repository::may_keep(tx.actor());
    tx.one::<String>(select, args![tx.workspace(), connection, keeps]).await.map(|_| ())
}

/// Begins a look: what was changed since the one before is asked for.
async fn begin(tx: &mut Tx<'_>, connection: Id<Connection>) -> Result<()> {
    let Some(row) = Row::find(tx, connection).await? else { return Ok(()) };
    let update = sql!(
        "update connections set state = $3, problem = '', failures = 0, wait_until = null, began_at = $4
          where workspace_id = $1 and id = $2"
    );
    let now = tx.now();
    tx.run(update, args![tx.workspace(), connection, State::Reading, now]).await?;
    // Lists of runs name the times between which they are, so each look has its own.
    let forget = sql!("delete from connection_requests where workspace_id = $1 and connection_id = $2 and step = $3");
    tx.run(forget, args![tx.workspace(), connection, plan::Step::Builds]).await?;
    let left = sql!(
        "update connection_requests set state = 'waiting', note = ''
          where workspace_id = $1 and connection_id = $2 and state in ('left', 'open')"
    );
    tx.run(left, args![tx.workspace(), connection]).await?;
    want(tx, connection, &[plan::root(row.system, row.scope, &row.path)]).await?;
    go_on(tx, connection, now);
    Ok(())
}

/// Notes what is to be asked, unless it was asked already and nothing has changed since.
async fn want(tx: &mut Tx<'_>, connection: Id<Connection>, asks: &[Ask]) -> Result<()> {
    let upsert = sql!(
        "insert into connection_requests (workspace_id, connection_id, address, step, rank, as_of, state, wanted_at)
         values ($1, $2, $3, $4, $5, $6, 'waiting', $7)
         on conflict (workspace_id, connection_id, address) do update
            set state = 'waiting', as_of = excluded.as_of, note = '', wanted_at = excluded.wanted_at
          where connection_requests.as_of is distinct from excluded.as_of or excluded.as_of is null
             or connection_requests.state = 'left'"
    );
    let (workspace, now) = (tx.workspace(), tx.now());
    let ranked: Vec<(&Ask, i64)> = asks.iter().map(|ask| (ask, ask.step.rank())).collect();
    let rows: Vec<_> = ranked
        .iter()
        .map(|one| args![workspace, connection, one.0.address, one.0.step, one.1, one.0.as_of, now].to_vec())
        .collect();
    tx.run_many(upsert, &rows).await.map(|_| ())
}

/// Asks for the job that makes the next request.
fn go_on(tx: &mut Tx<'_>, connection: Id<Connection>, at: Time) {
    tx.want_once(JOB.name, key(connection), json!({ "connection": connection }), at);
}

/// The key of the job of a connection: there is one at a time.
fn key(connection: Id<Connection>) -> String {
    format!("connection {connection}")
}

#[cfg(test)]
mod tests;
