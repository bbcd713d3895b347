//! Sessions: found by the hash of a secret that only the browser has.
use super::{
    access_topic,
    factor::policy::{DEMANDED, counting},
    secret,
};
use kernel::{
    Actor, Door, Error, Id,
    Method::{Delete, Get, Post},
    Operation, Person, Result, Route, Team, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A session ends this long after it was last used, and at the latest after [`ABSOLUTE`].
pub const IDLE: Duration = Duration::from_secs(12 * 3600);
pub const ABSOLUTE: Duration = Duration::from_secs(7 * 24 * 3600);
/// What could do much harm asks for the password again when it was last entered longer ago.
const PROVEN: Duration = Duration::from_secs(10 * 60);
/// How exactly the last use is known; each note of it is a write.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);

/// A session of a person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Session {
    pub id: Id<kernel::Session>,
    /// The browser, in words.
    pub device: String,
    pub created_at: Time,
    pub seen_at: Time,
    /// It is the one that asks.
    pub here: bool,
}
columns!(Session { id, device, created_at, seen_at, here });

/// Who a session belongs to, and what the shell shows of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Resolved {
    pub person: Id<Person>,
    pub name: String,
    pub zone: String,
    pub theme: String,
    pub roles: String,
    pub epoch: i64,
    pub seen_at: Time,
    pub session: Option<Id<kernel::Session>>,
    pub workspace_name: String,
    pub team_id: Option<Id<Team>>,
    pub team_name: Option<String>,
    /// The roles for which the workspace demands a second factor, and since when there is one.
    pub demanded: String,
    pub factor_since: Option<Time>,
}
columns!(Resolved {
    person,
    name,
    zone,
    theme,
    roles,
    epoch,
    seen_at,
    session,
    workspace_name,
    team_id,
    team_name,
    demanded,
    factor_since
});

impl Resolved {
    /// The note of the last use is old enough to be made anew.
    pub fn is_stale(&self, now: Time) -> bool {
        now > self.seen_at + SEEN_EVERY
    }

    /// Whether some of the roles do not count until there is a second factor.
    pub fn lacks_factor(&self) -> Result<bool> {
        Ok(counting(&self.roles, &self.demanded, self.factor_since)? != self.roles.parse()?)
    }

    pub fn actor(&self, workspace: Id<kernel::Workspace>) -> Result<Actor> {
        let roles = counting(&self.roles, &self.demanded, self.factor_since)?;
        let (person, epoch, session) = (self.person, self.epoch, self.session);
        Ok(Actor { workspace, person, roles, door: Door::Page, epoch, scopes: None, session })
    }
}

const WHO: &str = "p.id as person, p.name, p.zone, a.theme, a.roles, a.auth_epoch as epoch, w.name as workspace_name,
    t.id as team_id, t.name as team_name";
const OF_PERSON: &str = "
    join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
    join workspaces w on w.id = a.workspace_id
    left join memberships m on m.workspace_id = a.workspace_id and m.id =
         (select f.id from memberships f
           where f.workspace_id = a.workspace_id and f.person_id = a.person_id
             and f.from_on <= $3 and (f.until_on is null or f.until_on > $3)
           order by f.from_on, f.id limit 1)
    left join teams t on t.workspace_id = m.workspace_id and t.id = m.team_id";

/// Finds the session with this secret, if it stands.
#[derive(Deserialize, JsonSchema)]
pub struct ResolveSession {
    pub secret: String,
}

impl Operation for ResolveSession {
    const NAME: &str = "session.resolve";
    const ROUTE: Route = Route(Get, "/sessions/current");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = Resolved;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Resolved> {
        let select =
            sql!(
            "select", " ", WHO, ", ", DEMANDED, ", s.seen_at, s.id as session from sessions s
               join accounts a on a.workspace_id = s.workspace_id and a.person_id = s.person_id", OF_PERSON,
            " where s.workspace_id = $1 and s.token_hash = $2 and s.auth_epoch = a.auth_epoch and a.disabled_at is null
                and p.deactivated_at is null and s.seen_at > $4 and s.expires_at > $5"
        );
        let now = tx.now();
        let hash = secret::hash(&self.secret);
        tx.one(select, args![tx.workspace(), hash, crate::access::today(tx), now - IDLE, now]).await
    }
}

/// Finds what the shell shows of a person, for a demonstration or a command on the server itself.
#[derive(Deserialize, JsonSchema)]
pub struct ResolvePerson {
    pub person: Id<Person>,
}

impl Operation for ResolvePerson {
    const NAME: &str = "session.resolve_person";
    const ROUTE: Route = Route(Get, "/sessions/person");
    const READS: bool = true;
    type Target = ();
    type Output = Resolved;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Resolved> {
        let select = sql!(
            "select",
            " ",
            WHO,
            ", ",
            DEMANDED,
            ", a.created_at as seen_at, cast(null as text) as session from accounts a",
            OF_PERSON,
            " where a.workspace_id = $1 and a.person_id = $2 and a.disabled_at is null and p.deactivated_at is null"
        );
        tx.one(select, args![tx.workspace(), self.person, crate::access::today(tx)]).await
    }
}

/// Notes that a session is in use.
#[derive(Deserialize, JsonSchema)]
pub struct TouchSession {
    pub secret: String,
}

impl Operation for TouchSession {
    const NAME: &str = "session.touch";
    const ROUTE: Route = Route(Post, "/sessions/current");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update = sql!("update sessions set seen_at = $3 where workspace_id = $1 and token_hash = $2");
        tx.run(update, args![tx.workspace(), secret::hash(&self.secret), tx.now()]).await?;
        let me = tx.me();
        seen(tx, me).await
    }
}

/// Notes for those who look after accounts that this one is in use.
async fn seen(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let update = sql!("update accounts set seen_at = $3 where workspace_id = $1 and person_id = $2");
    tx.run(update, args![tx.workspace(), person, tx.now()]).await?;
    Ok(())
}

/// Begins a session for a person who has proven who they are, and returns its secret.
pub(crate) async fn begin(tx: &mut Tx<'_>, person: Id<Person>, device: &str) -> Result<String> {
    let secret = secret::fresh()?;
    let insert = sql!(
        "insert into sessions (workspace_id, token_hash, id, person_id, auth_epoch, device, created_at, seen_at, proven_at, expires_at)
         select a.workspace_id, $3, $4, a.person_id, a.auth_epoch, $5, $6, $6, $6, $7
           from accounts a where a.workspace_id = $1 and a.person_id = $2"
    );
    let (workspace, now, id) = (tx.workspace(), tx.now(), tx.id::<kernel::Session>());
    tx.run(insert, args![workspace, person, secret::hash(&secret), id, device, now, now + ABSOLUTE]).await?;
    let expired = sql!("delete from sessions where workspace_id = $1 and (expires_at <= $2 or seen_at <= $3)");
    tx.run(expired, args![workspace, now, now - IDLE]).await?;
    seen(tx, person).await?;
    tx.record("session.started", person, json!({ "device": device }));
    Ok(secret)
}

/// Whether the actor has just proven who they are, so that a page asks for the password before it shows a form.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct IsProven {}

impl Operation for IsProven {
    const NAME: &str = "session.is_proven";
    const ROUTE: Route = Route(Get, "/sessions/current/proof");
    const READS: bool = true;
    type Target = ();
    type Output = bool;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<bool> {
        match require_proof(tx).await {
            Ok(()) => Ok(true),
            Err(Error::Unproven) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether the access of the actor still stands: what a live page asks before it tells its reader of anything more.
#[derive(Deserialize, JsonSchema)]
pub struct IsAdmitted {}

impl Operation for IsAdmitted {
    const NAME: &str = "session.is_admitted";
    const ROUTE: Route = Route(Get, "/sessions/current/standing");
    const READS: bool = true;
    type Target = ();
    type Output = bool;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<bool> {
        match super::admit(tx).await {
            Ok(()) => {}
            Err(Error::SignedOut) => return Ok(false),
            Err(error) => return Err(error),
        }
        let Some(session) = tx.actor().session else { return Ok(true) };
        let stands = sql!(
            "select 1 from sessions
              where workspace_id = $1 and person_id = $2 and id = $3 and seen_at > $4 and expires_at > $5"
        );
        let now = tx.now();
        tx.exists(stands, args![tx.workspace(), tx.me(), session, now - IDLE, now]).await
    }
}

/// Asks for the password again, unless the session of the actor has just proven it.
pub async fn require_proof(tx: &mut Tx<'_>) -> Result<()> {
    let Some(session) = tx.actor().session else {
        // Whoever runs commands on the server has its database in their hands.
        let on_server = matches!(tx.actor().door, Door::System | Door::Command);
        return if on_server { Ok(()) } else { Err(Error::Unproven) };
    };
    let fresh =
        sql!("select 1 from sessions where workspace_id = $1 and person_id = $2 and id = $3 and proven_at > $4");
    let since = tx.now() - PROVEN;
    if tx.exists(fresh, args![tx.workspace(), tx.me(), session, since]).await? { Ok(()) } else { Err(Error::Unproven) }
}

/// Ends all access of the actor but the session that asks.
pub(super) async fn survive(tx: &mut Tx<'_>) -> Result<()> {
    let me = tx.me();
    super::end_all_access(tx, me).await?;
    if let Some(session) = tx.actor().session {
        let update = sql!(
            "update sessions set auth_epoch = auth_epoch + 1 where workspace_id = $1 and person_id = $2 and id = $3"
        );
        tx.run(update, args![tx.workspace(), me, session]).await?;
    }
    Ok(())
}

/// The session of the actor has proven the password: it goes on under a new secret, which is returned.
pub(super) async fn renew(tx: &mut Tx<'_>) -> Result<String> {
    let (session, secret) = (tx.actor().session.ok_or(Error::SignedOut)?, secret::fresh()?);
    let update = sql!(
        "update sessions set token_hash = $4, proven_at = $5 where workspace_id = $1 and person_id = $2 and id = $3"
    );
    let (workspace, me, now) = (tx.workspace(), tx.me(), tx.now());
    match tx.run(update, args![workspace, me, session, secret::hash(&secret), now]).await? {
        0 => Err(Error::SignedOut),
        _ => Ok(secret),
    }
}

/// The sessions of the actor that stand.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSessions {}

impl Operation for ListSessions {
    const NAME: &str = "session.list";
    const ROUTE: Route = Route(Get, "/me/sessions");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Session>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Session>> {
        let select = sql!(
            "select s.id, s.device, s.created_at, s.seen_at, s.id = $5 as here from sessions s
               join accounts a on a.workspace_id = s.workspace_id and a.person_id = s.person_id and a.auth_epoch = s.auth_epoch
              where s.workspace_id = $1 and s.person_id = $2 and s.seen_at > $3 and s.expires_at > $4
              order by s.seen_at desc limit 100"
        );
        let (now, here) = (tx.now(), tx.actor().session.map_or_else(String::new, |id| id.to_string()));
        tx.all(select, args![tx.workspace(), tx.me(), now - IDLE, now, here]).await
    }
}

/// End one of the actor's own sessions.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSession {
    pub session: Id<kernel::Session>,
}

impl Operation for EndSession {
    const NAME: &str = "session.end";
    const ROUTE: Route = Route(Delete, "/me/sessions/{session}");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mine = sql!("select 1 from sessions where workspace_id = $1 and person_id = $2 and id = $3");
        let found = tx.exists(mine, args![tx.workspace(), tx.me(), self.session]).await?;
        if found { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let delete = sql!("delete from sessions where workspace_id = $1 and person_id = $2 and id = $3");
        tx.run(delete, args![tx.workspace(), tx.me(), self.session]).await?;
        ended(tx);
        Ok(())
    }
}

/// Says that a session of the actor is over; the live pages of it end.
fn ended(tx: &mut Tx<'_>) {
    let me = tx.me();
    tx.touch(access_topic(me));
    tx.record("session.ended", me, json!({}));
}

/// End all of the actor's own sessions but the one that asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndOtherSessions {}

impl Operation for EndOtherSessions {
    const NAME: &str = "session.end_others";
    const ROUTE: Route = Route(Delete, "/me/sessions");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let here = tx.actor().session.map_or_else(String::new, |id| id.to_string());
        let delete = sql!("delete from sessions where workspace_id = $1 and person_id = $2 and id <> $3");
        if tx.run(delete, args![tx.workspace(), tx.me(), here]).await? > 0 {
            ended(tx);
        }
        Ok(())
    }
}

/// End the session that asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOut {}

impl Operation for SignOut {
    const NAME: &str = "session.sign_out";
    const ROUTE: Route = Route(Delete, "/sessions/current");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let (me, session) = (tx.me(), tx.actor().session.ok_or(Error::SignedOut)?);
        let delete = sql!("delete from sessions where workspace_id = $1 and person_id = $2 and id = $3");
        tx.run(delete, args![tx.workspace(), me, session]).await?;
        ended(tx);
        Ok(())
    }
}
