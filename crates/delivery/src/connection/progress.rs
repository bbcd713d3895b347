//! How far a connection is, as it is stored after each request.
use super::{Connection, Row, State, answer::Quota, go_on, server};
use kernel::{Id, Result, Time, Tx, args, sql};
use std::time::Duration;

/// So often one request is made before it is left.
const PATIENCE: i64 = 5;
/// The pause after the first failure; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// A server cannot make a connection wait for longer.
const LONGEST_WAIT: Duration = Duration::from_secs(2 * 3600);
/// Live pages hear of each so many requests.
const SHOWN_EVERY: i64 = 10;

/// What one request adds to its connection.
pub(super) struct Tally {
    quota: Option<Quota>,
    took: i64,
    pub records: i64,
    pub unchanged: i64,
    state: State,
    problem: String,
    failures: i64,
    wait_until: Option<Time>,
}

impl Tally {
    /// `took` is in microseconds.
    pub fn of(quota: Option<Quota>, took: i64) -> Tally {
        Tally {
            quota,
            took,
            records: 0,
            unchanged: 0,
            state: State::Reading,
            problem: String::new(),
            failures: 0,
            wait_until: None,
        }
    }

    pub fn wait(&mut self, until: Time, problem: String) {
        (self.wait_until, self.problem) = (Some(until), problem);
    }

    pub fn stop(&mut self, problem: String) {
        (self.state, self.problem) = (State::Failed, problem);
    }

    /// Waits longer after each failure in a row, and says whether there were enough of them.
    pub fn again(&mut self, now: Time, row: &Row, problem: String) -> bool {
        self.failures = row.failures + 1;
        let pause = FIRST_PAUSE * (1 << row.failures.clamp(0, 16));
        self.wait(now + pause.min(LONGEST_PAUSE), problem);
        self.failures >= PATIENCE
    }

    /// Goes on with another request; returns why this one is left.
    pub fn give_up(&mut self) -> String {
        (self.failures, self.wait_until) = (0, None);
        std::mem::take(&mut self.problem)
    }

    /// Waits if the server takes no more requests.
    fn spare(&mut self, now: Time, row: &Row) {
        let spent = self.quota.filter(|quota| quota.left == 0).and_then(|quota| quota.until);
        if let Some(until) = spent.filter(|until| self.wait_until.is_none() && *until > now) {
            self.wait(until, format!("{} takes no more requests for now.", server::host(&row.server)));
        }
        self.wait_until = self.wait_until.map(|until| until.min(now + LONGEST_WAIT));
    }

    /// Stores it, and asks for what comes next.
    pub async fn keep(mut self, tx: &mut Tx<'_>, row: &Row) -> Result<()> {
        let now = tx.now();
        self.spare(now, row);
        let update = sql!(
            "update connections
                set requests = requests + 1, unchanged = unchanged + $3, records = records + $4, busy = busy + $5,
                    quota_left = coalesce($6, quota_left), quota_of = coalesce($7, quota_of),
                    quota_until = coalesce($8, quota_until), state = case when state = 'reading' then $9 else state end,
                    problem = $10, failures = $11, wait_until = $12
              where workspace_id = $1 and id = $2 returning state, requests"
        );
        let Tally { took, records, unchanged, state, problem, failures, wait_until, quota } = self;
        let (left, of) = (quota.map(|quota| quota.left), quota.and_then(|quota| quota.of));
        let until = quota.and_then(|quota| quota.until);
        let workspace = tx.workspace();
        let (state, requests): (State, i64) = tx
            .one(
                update,
                args![
                    workspace, row.id, unchanged, records, took, left, of, until, state, problem, failures, wait_until
                ],
            )
            .await?;
        let more = state == State::Reading && waits(tx, row.id).await?;
        match state {
            State::Reading if more => go_on(tx, row.id, wait_until.unwrap_or(now)),
            State::Reading => finish(tx, row.id).await?,
            State::Done | State::Stopped | State::Failed => {}
        }
        if !more || wait_until.is_some() || requests % SHOWN_EVERY == 0 {
            tx.touch("connection");
        }
        Ok(())
    }
}

async fn waits(tx: &mut Tx<'_>, connection: Id<Connection>) -> Result<bool> {
    let select = sql!(
        "select 1 from connection_requests where workspace_id = $1 and connection_id = $2 and state = 'waiting' limit 1"
    );
    tx.exists(select, args![tx.workspace(), connection]).await
}

/// Everything was asked for. What lists that were left would have told is asked for again from the same time on.
async fn finish(tx: &mut Tx<'_>, connection: Id<Connection>) -> Result<()> {
    let update = sql!(
        "update connections set state = $3, known_until = case when exists (
                select 1 from connection_requests r where r.workspace_id = $1 and r.connection_id = $2 and r.state = 'left'
                   and r.rank < 2) then known_until else began_at end
          where workspace_id = $1 and id = $2"
    );
    tx.run(update, args![tx.workspace(), connection, State::Done]).await?;
    tx.record("connection.read", connection, kernel::json!({}));
    Ok(())
}

/// Notes that a request was answered, what the server called the answer, and the page after it. What is `open` is asked for
/// again by the next look.
pub(super) async fn done(
    tx: &mut Tx<'_>,
    connection: Id<Connection>,
    address: &str,
    open: bool,
    etag: Option<String>,
    next: Option<String>,
) -> Result<()> {
    let update = sql!(
        "update connection_requests
            set state = case when $7 then 'open' else 'done' end, note = '', done_at = $4, etag = $5, next = $6
          where workspace_id = $1 and connection_id = $2 and address = $3"
    );
    let now = tx.now();
    tx.run(update, args![tx.workspace(), connection, address, now, etag, next, open]).await.map(|_| ())
}

/// Notes that an answer is what it was, and returns the page after it.
pub(super) async fn unchanged(tx: &mut Tx<'_>, connection: Id<Connection>, address: &str) -> Result<Option<String>> {
    let update = sql!(
        "update connection_requests set state = 'done', note = '', done_at = $4
          where workspace_id = $1 and connection_id = $2 and address = $3 returning next"
    );
    let now = tx.now();
    let next: Option<Option<String>> = tx.find(update, args![tx.workspace(), connection, address, now]).await?;
    Ok(next.flatten())
}

/// Puts a request aside with the reason. The next look makes it again.
pub(super) async fn leave(tx: &mut Tx<'_>, connection: Id<Connection>, address: &str, why: &str) -> Result<()> {
    let update = sql!(
        "update connection_requests set state = 'left', note = $4, done_at = $5
          where workspace_id = $1 and connection_id = $2 and address = $3"
    );
    let now = tx.now();
    tx.run(update, args![tx.workspace(), connection, address, why, now]).await.map(|_| ())
}
