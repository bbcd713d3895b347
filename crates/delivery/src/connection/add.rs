use super::{Connection, Scope, State, begin, server};
use crate::{pull::Host, repository::may_keep, sealed::CONNECTION};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Actor, Error, Flaws, Id,
    Method::Post,
    Operation, Result, Route, Team, Time, Tx, args, json, sql,
    text::{Line, Name},
};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Connect a repository, or all of an organisation or group, of GitHub or GitLab. Cairn reads its pull requests and all that
/// belongs to them, and looks again each night.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddConnection {
    pub system: Host,
    pub scope: Scope,
    /// `owner/name`, `group/project`, the name of an organisation or group, or the address of its page.
    pub path: Name<300>,
    /// The address of a server of your own; else github.com or gitlab.com.
    #[serde(default)]
    pub address: Option<Line<300>>,
    /// What lets one read there. It is sealed, and never shown again.
    pub token: Name<500>,
    /// The team that gets repositories which belong to none.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// What was last changed before this day is left; else a year ago.
    #[serde(default)]
    pub since: Option<Date>,
}

/// A connection that was made.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Connected {
    pub id: Id<Connection>,
}

impl Operation for AddConnection {
    const NAME: &str = "connection.add";
    const ROUTE: Route = Route(Post, "/connections");
    type Target = ();
    type Output = Connected;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        match self.team {
            Some(team) => team::Record::visible(tx, team).await.map(|_| ()),
            None => Ok(()),
        }
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Connected> {
        checked(&self.token)?;
        let (server, path) = server::place(self.system, self.address.as_deref(), self.scope, &self.path)?;
        self.refuse_others(tx, &server, &path).await?;
        let (id, now): (Id<Connection>, Time) = (tx.id(), tx.now());
        let sealed = CONNECTION.seal(tx, id, &self.token)?;
        let insert = sql!(
            "insert into connections (workspace_id, id, system, server, scope, path, token, team_id, since, state, began_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
        );
        let since = self.since(now)?;
        let workspace = tx.workspace();
        tx.run(
            insert,
            args![workspace, id, self.system, server, self.scope, path, sealed, self.team, since, State::Reading, now],
        )
        .await?;
        tx.record("connection.added", id, json!({ "system": self.system }));
        begin(tx, id).await?;
        Ok(Connected { id })
    }
}

/// A token as it can stand in a request.
pub(super) fn checked(token: &str) -> Result<()> {
    let mut flaws = Flaws::default();
    let plain = token.bytes().all(|byte| byte.is_ascii_graphic());
    flaws.unless(plain, "token", "A token has only letters, digits and signs. Copy it once more.");
    flaws.check()
}

impl AddConnection {
    fn since(&self, now: Time) -> Result<Time> {
        let today = now.date(&TimeZone::UTC);
        let day = self.since.unwrap_or_else(|| today.saturating_sub(1.year()));
        if day > today {
            return Err(Error::invalid("since", "This day is still to come."));
        }
        let start = day.to_zoned(TimeZone::UTC).map_err(Error::internal)?;
        Ok(start.timestamp().into())
    }

    /// The same twice, and a second server, whose numbers would mean other things than those of the first.
    async fn refuse_others(&self, tx: &mut Tx<'_>, server: &str, path: &str) -> Result<()> {
        let select =
            sql!("select server, path from connections where workspace_id = $1 and system = $2 and removed_at is null");
        let others: Vec<(String, String)> = tx.all(select, args![tx.workspace(), self.system]).await?;
        if let Some((other, _)) = others.iter().find(|(other, _)| other != server) {
            let (system, other) = (self.system.title(), server::host(other));
            return Err(Error::invalid(
                "address",
                format!(
                    "{system} is connected at {other}. A second server of it would use the same numbers for other things."
                ),
            ));
        }
        match others.iter().any(|(_, other)| other.eq_ignore_ascii_case(path)) {
            true => Err(Error::invalid("path", "This is connected already.")),
            false => Ok(()),
        }
    }
}
