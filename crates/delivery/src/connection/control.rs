//! A connection is stopped, goes on, gets another token, and is removed.
use super::{Connection, Row, State, Token, begin, go_on, key, standing};
use crate::{repository::may_keep, sealed::CONNECTION};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Stop asking. What was read stays, and it can go on where it was stopped.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopConnection {
    pub connection: Id<Connection>,
}

impl Operation for StopConnection {
    const NAME: &str = "connection.stop";
    const ROUTE: Route = Route(Post, "/connections/{connection}/stop");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.connection).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        let update = sql!(
            "update connections set state = $3, problem = '', failures = 0, wait_until = null where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), self.connection, State::Stopped]).await?;
        tx.record("connection.stopped", self.connection, json!({}));
        Ok(())
    }
}

/// Go on where it was stopped, do not wait any longer, or look again before the night.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartConnection {
    pub connection: Id<Connection>,
}

impl Operation for StartConnection {
    const NAME: &str = "connection.start";
    const ROUTE: Route = Route(Post, "/connections/{connection}/start");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.connection).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        start(tx, self.connection).await?;
        tx.record("connection.started", self.connection, json!({}));
        Ok(())
    }
}

/// Give a connection another token, in the place of one that has ended or may read too little.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetConnectionToken {
    pub connection: Id<Connection>,
    /// The private key, if an app asks. It is sealed, and never shown again.
    pub token: Token,
}

impl Operation for SetConnectionToken {
    const NAME: &str = "connection.set_token";
    const ROUTE: Route = Route(Post, "/connections/{connection}/token");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.connection).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        let row = Row::find(tx, self.connection).await?.ok_or(Error::NotFound)?;
        self.token.checked(row.system, row.app().is_some())?;
        let sealed = CONNECTION.seal(tx, self.connection, &self.token)?;
        let update = sql!("update connections set token = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.connection, sealed]).await?;
        tx.record("connection.token_set", self.connection, json!({}));
        start(tx, self.connection).await
    }
}

/// What waits is asked for now; where nothing waits, a look begins.
async fn start(tx: &mut Tx<'_>, connection: Id<Connection>) -> Result<()> {
    let Some(row) = Row::find(tx, connection).await? else { return Ok(()) };
    if row.state == State::Done {
        begin(tx, connection).await?;
    } else {
        let update = sql!(
            "update connections set state = $3, problem = '', failures = 0, wait_until = null where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), connection, State::Reading]).await?;
    }
    let now = tx.now();
    go_on(tx, connection, now);
    tx.hasten(&key(connection)).await
}

/// End a connection, and forget its token. What it brought stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveConnection {
    pub connection: Id<Connection>,
}

impl Operation for RemoveConnection {
    const NAME: &str = "connection.remove";
    const ROUTE: Route = Route(Delete, "/connections/{connection}");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.connection).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        let update = sql!("update connections set removed_at = $3, token = '' where workspace_id = $1 and id = $2");
        let forget = sql!("delete from connection_requests where workspace_id = $1 and connection_id = $2");
        let now = tx.now();
        tx.run(update, args![tx.workspace(), self.connection, now]).await?;
        tx.run(forget, args![tx.workspace(), self.connection]).await?;
        tx.record("connection.removed", self.connection, json!({}));
        Ok(())
    }
}
