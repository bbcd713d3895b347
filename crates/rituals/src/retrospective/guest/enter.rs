//! How a guest comes in: with the secret of a link, which is exchanged for one of their own.
use super::{Guest, Link, opened};
use crate::retrospective::Retrospective;
use kernel::{
    Actor, Error, Id,
    Method::{Get, Post},
    Operation, Result, Route, Time, Tx, args, json, sql,
    text::Line,
};
use people::account::{attempt, secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// So many guests come with one link.
const MOST: i64 = 20;
/// So many from one network in a quarter of an hour.
const PER_ADDRESS: i64 = 20;

/// Finds the board that the link with this secret opens.
#[derive(Deserialize, JsonSchema)]
pub struct FindDoor {
    pub secret: String,
}

/// What stands on the door of a board.
#[derive(Serialize, JsonSchema)]
pub struct Door {
    pub retrospective: Retrospective,
    pub ends_at: Time,
}

impl Operation for FindDoor {
    const NAME: &str = "guest.find_door";
    const ROUTE: Route = Route(Get, "/guests/door");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = Door;
    type Output = Door;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Door> {
        let link = linked(tx, &self.secret).await?;
        let (retrospective, ends_at) = opened(tx, link).await?;
        Ok(Door { retrospective, ends_at })
    }

    fn allows(_: &Actor, _: &Door) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, door: Door) -> Result<Door> {
        Ok(door)
    }
}

async fn linked(tx: &mut Tx<'_>, secret: &str) -> Result<Id<Link>> {
    let select = sql!("select id from retrospective_links where workspace_id = $1 and secret_hash = $2");
    tx.one(select, args![tx.workspace(), secret::hash(secret)]).await
}

/// Comes in, under a name that the others see. Where cards have no names, none is asked for and none is kept.
#[derive(Deserialize, JsonSchema)]
pub struct EnterBoard {
    pub secret: String,
    #[serde(default)]
    pub name: Line<60>,
    /// The network they come from.
    pub address: String,
}

/// Somebody who has just come in.
#[derive(Serialize, JsonSchema)]
pub struct Arrived {
    /// What their browser shows from now on.
    pub secret: String,
    pub ends_at: Time,
}

impl Operation for EnterBoard {
    const NAME: &str = "guest.enter";
    const ROUTE: Route = Route(Post, "/guests");
    const FOR_STRANGERS: bool = true;
    type Target = (Id<Link>, Retrospective, Time);
    type Output = Arrived;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let link = linked(tx, &self.secret).await?;
        let (board, ends_at) = opened(tx, link).await?;
        Ok((link, board, ends_at))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (link, board, ends_at): Self::Target) -> Result<Arrived> {
        attempt::count(tx, &secret::hash(&format!("guest from {}", self.address)), PER_ADDRESS).await?;
        let name = if board.anonymous { "" } else { self.name.trim() };
        if name.is_empty() && !board.anonymous {
            return Err(Error::invalid("name", "Enter the name that the others see."));
        }
        let here = sql!("select count(*) from retrospective_guests where workspace_id = $1 and link_id = $2");
        let here: i64 = tx.one(here, args![tx.workspace(), link]).await?;
        if here >= MOST {
            return Err(Error::conflict(
                "Twenty people came with this link, and it takes no more. Ask for another one.",
            ));
        }
        let secret = secret::fresh()?;
        let (id, now): (Id<Guest>, Time) = (tx.id(), tx.now());
        let insert = sql!(
            "insert into retrospective_guests (workspace_id, id, link_id, name, secret_hash, entered_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, link, name, secret::hash(&secret), now]).await?;
        tx.record("retrospective.guest_came", board.id, json!({}));
        Ok(Arrived { secret, ends_at })
    }
}
