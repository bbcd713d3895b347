use super::{Scope, Service, State};
use crate::repository::{Repository, may_keep};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A connection, without its token, and how far it is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Connection {
    pub id: Id<Connection>,
    pub system: Service,
    /// The origin of the server, such as `https://github.com`, and for Jenkins the path below which it is.
    pub server: String,
    pub scope: Scope,
    pub path: String,
    /// The user whose token it is, where the system wants to know.
    pub login: String,
    /// The GitHub App that asks, if one does.
    pub app: String,
    pub team: Option<Id<Team>>,
    pub team_name: Option<String>,
    /// The repository to which all builds belong.
    pub repository: Option<Id<Repository>>,
    pub repository_name: Option<String>,
    /// What was last changed before this is not read.
    pub since: Time,
    pub state: State,
    /// Why it waits or cannot go on, in a sentence.
    pub problem: String,
    /// Until when it asks nothing.
    pub wait_until: Option<Time>,
    /// When the present look began, or the last one.
    pub began_at: Time,
    /// Up to when everything is known.
    pub known_until: Option<Time>,
    /// How many requests the server still takes, of how many, until it counts anew.
    pub quota_left: Option<i64>,
    pub quota_of: Option<i64>,
    pub quota_until: Option<Time>,
    /// Requests made, and how many of them brought nothing new.
    pub requests: i64,
    pub unchanged: i64,
    pub records: i64,
    /// Of the present look: requests that were answered, and those that are known to be needed yet.
    pub done: i64,
    pub waiting: i64,
    /// Whether lists are among those, so that more will be needed.
    pub counting: bool,
    /// Seconds that the rest takes at the pace so far, with the pauses that the server's limit makes; nothing before the first
    /// request and where nothing waits.
    pub seconds_left: Option<i64>,
    /// What the server did not give, newest first.
    pub left: Vec<Left>,
    pub left_in_all: i64,
}

/// A request that was put aside.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Left {
    /// Below the address of the API.
    pub address: String,
    /// Why, in a sentence.
    pub note: String,
}
columns!(Left { address, note });

struct Row {
    id: Id<Connection>,
    system: Service,
    server: String,
    scope: Scope,
    path: String,
    login: String,
    app: String,
    team_id: Option<Id<Team>>,
    team_name: Option<String>,
    repository_id: Option<Id<Repository>>,
    repository_name: Option<String>,
    since: Time,
    state: State,
    problem: String,
    wait_until: Option<Time>,
    began_at: Time,
    known_until: Option<Time>,
    quota_left: Option<i64>,
    quota_of: Option<i64>,
    quota_until: Option<Time>,
    requests: i64,
    unchanged: i64,
    records: i64,
    busy: i64,
    done: i64,
    waiting: i64,
    lists: i64,
    left_in_all: i64,
}
columns!(Row {
    id,
    system,
    server,
    scope,
    path,
    login,
    app,
    team_id,
    team_name,
    repository_id,
    repository_name,
    since,
    state,
    problem,
    wait_until,
    began_at,
    known_until,
    quota_left,
    quota_of,
    quota_until,
    requests,
    unchanged,
    records,
    busy,
    done,
    waiting,
    lists,
    left_in_all
});

/// The connections that stand and how far they are, for those who may import.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListConnections {}

const MOST_LEFT: i64 = 5;
/// GitHub's limit, and the usual one of GitLab, are of an hour or less.
const HOUR: i64 = 3600;

impl Operation for ListConnections {
    const NAME: &str = "connection.list";
    const ROUTE: Route = Route(Get, "/connections");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Connection>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<Connection>> {
        let select = sql!(
            "select c.id, c.system, c.server, c.scope, c.path, c.login, c.app, c.team_id, t.name as team_name, c.repository_id,
                    p.name as repository_name, c.since, c.state, c.problem, c.wait_until, c.began_at, c.known_until, c.quota_left, c.quota_of, c.quota_until, c.requests, c.unchanged,
                    c.records, c.busy, coalesce(r.done, 0) as done, coalesce(r.waiting, 0) as waiting,
                    coalesce(r.lists, 0) as lists, coalesce(r.left_in_all, 0) as left_in_all
               from connections c
               left join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id
               left join repositories p on p.workspace_id = c.workspace_id and p.id = c.repository_id
               left join (select q.connection_id, count(*) filter (where q.state in ('done', 'open') and q.done_at >= o.began_at) as done,
                                 count(*) filter (where q.state = 'waiting') as waiting,
                                 count(*) filter (where q.state = 'waiting' and q.rank < 2) as lists,
                                 count(*) filter (where q.state = 'left') as left_in_all
                            from connection_requests q
                            join connections o on o.workspace_id = q.workspace_id and o.id = q.connection_id
                           where q.workspace_id = $1 group by q.connection_id) r
                 on r.connection_id = c.id
              where c.workspace_id = $1 and c.removed_at is null order by c.created_at, c.id"
        );
        let left = sql!(
            "select address, note from connection_requests
              where workspace_id = $1 and connection_id = $2 and state = 'left' order by rank, done_at desc, address limit $3"
        );
        let rows: Vec<Row> = tx.all(select, args![tx.workspace()]).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let left = match row.left_in_all {
                0 => Vec::new(),
                _ => tx.all(left, args![tx.workspace(), row.id, MOST_LEFT]).await?,
            };
            all.push(row.with(left));
        }
        Ok(all)
    }
}

impl Row {
    fn seconds_left(&self) -> Option<i64> {
        let reading = self.state == State::Reading && self.waiting > 0 && self.requests > 0;
        let asking = self.waiting * self.busy / self.requests.max(1) / 1_000_000;
        let beyond = self.quota_left.map_or(0, |left| (self.waiting - left).max(0));
        let pauses = self.quota_of.filter(|of| *of > 0).map_or(0, |of| (beyond + of - 1) / of);
        reading.then_some(asking.max(pauses * HOUR))
    }

    fn with(self, left: Vec<Left>) -> Connection {
        Connection {
            seconds_left: self.seconds_left(),
            id: self.id,
            system: self.system,
            server: self.server,
            scope: self.scope,
            path: self.path,
            login: self.login,
            app: self.app,
            team: self.team_id,
            team_name: self.team_name,
            repository: self.repository_id,
            repository_name: self.repository_name,
            since: self.since,
            state: self.state,
            problem: self.problem,
            wait_until: self.wait_until,
            began_at: self.began_at,
            known_until: self.known_until,
            quota_left: self.quota_left,
            quota_of: self.quota_of,
            quota_until: self.quota_until,
            requests: self.requests,
            unchanged: self.unchanged,
            records: self.records,
            done: self.done,
            waiting: self.waiting,
            counting: self.lists > 0,
            left,
            left_in_all: self.left_in_all,
        }
    }
}
