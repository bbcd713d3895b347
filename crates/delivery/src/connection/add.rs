use super::{Connection, Scope, Service, State, Token, begin, server};
use crate::{
    repository::{Repository, may_keep},
    sealed::CONNECTION,
};
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

/// Connect a repository, or all of an organisation or group, of GitHub or GitLab; a project or an organisation of CircleCI; or a
/// job, a folder or all of a server of Jenkins. Cairn reads pull requests, builds and all that belongs to them, and looks again
/// each night.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddConnection {
    pub system: Service,
    pub scope: Scope,
    /// `owner/name`, `group/project`, `folder/job`, the name of an organisation or group, `/` for all of a server of Jenkins, or
    /// the address of its page.
    pub path: Name<300>,
    /// The address of a server of your own; else github.com, gitlab.com or circleci.com.
    #[serde(default)]
    pub address: Option<Line<300>>,
    /// The user whose token it is, which Jenkins wants to know.
    #[serde(default)]
    pub login: Option<Line<100>>,
    /// The GitHub App that asks, by its number or its client id. The token is then its private key.
    #[serde(default)]
    pub app: Option<Line<40>>,
    /// The number of its installation: the address of its page ends with it.
    #[serde(default)]
    pub installation: Option<Line<20>>,
    /// What lets one read there. It is sealed, and never shown again.
    pub token: Token,
    /// The team that gets repositories which belong to none.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// The repository to which all builds of CircleCI or Jenkins belong; else each says which it built.
    #[serde(default)]
    pub repository: Option<Id<Repository>>,
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
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if let Some(repository) = self.repository {
            Repository::visible(tx, repository).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Connected> {
        self.fits()?;
        let (server, path) = server::place(self.system, self.address.as_deref(), self.scope, &self.path)?;
        self.refuse_others(tx, &server, &path).await?;
        let (id, now): (Id<Connection>, Time) = (tx.id(), tx.now());
        let sealed = CONNECTION.seal(tx, id, &self.token)?;
        let insert = sql!(
            "insert into connections (workspace_id, id, system, server, scope, path, login, app, installation, token, team_id,
                                      repository_id, since, state, began_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)"
        );
        let since = self.since(now)?;
        let workspace = tx.workspace();
        let [login, app, installation] = [word(&self.login), word(&self.app), word(&self.installation)];
        let (system, scope, team, repository) = (self.system, self.scope, self.team, self.repository);
        tx.run(
            insert,
            args![
                workspace,
                id,
                system,
                server,
                scope,
                path,
                login,
                app,
                installation,
                sealed,
                team,
                repository,
                since,
                State::Reading,
                now
            ],
        )
        .await?;
        tx.record("connection.added", id, json!({ "system": self.system }));
        begin(tx, id).await?;
        Ok(Connected { id })
    }
}

fn word<const MOST: usize>(given: &Option<Line<MOST>>) -> &str {
    given.as_deref().unwrap_or_default()
}

impl AddConnection {
    /// What is given belongs to the system.
    fn fits(&self) -> Result<()> {
        let (builds, jenkins) = (self.system.host().is_none(), self.system == Service::Jenkins);
        let [login, app, installation] = [word(&self.login), word(&self.app), word(&self.installation)];
        self.token.checked(self.system, !app.is_empty())?;
        let mut flaws = Flaws::default();
        let plain = app.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        flaws.unless(plain, "app", "Write its number or its client id.");
        flaws.unless(app.is_empty() || self.system == Service::GitHub, "app", "Only GitHub has apps. Leave it empty.");
        let number = !installation.is_empty() && installation.bytes().all(|byte| byte.is_ascii_digit());
        flaws.unless(app.is_empty() || number, "installation", "Write the number of the installation.");
        flaws.unless(!jenkins || !login.is_empty(), "login", "Say whose token it is.");
        flaws.unless(!login.contains(':'), "login", "The name of a user has no colon.");
        flaws.unless(!builds || self.team.is_none(), "team", "Only a code host brings repositories. Leave it empty.");
        let told = builds || self.repository.is_none();
        flaws.unless(told, "repository", "A code host says itself which repositories it has. Leave it empty.");
        flaws.check()
    }

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
