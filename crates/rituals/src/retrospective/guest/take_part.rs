//! What a guest does on a board: cards, votes, and what they say about a topic.
use super::{Guest, remark};
use crate::retrospective::{
    CARD_SELECT, Card, Column, Phase, Retrospective, TOPIC_SELECT, Topic, add,
    cards::{self, Author},
    vote,
};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post, Put},
    Operation, Result, Route, Tx, args, sql,
    text::Markdown,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// So many cards one guest writes; where nobody knows whose they are, guests write none once the board is half full.
const MOST_CARDS: i64 = 50;

/// Writes a card of a guest. On a board without names nothing tells that it is one of a guest.
#[derive(Deserialize, JsonSchema)]
pub struct AddGuestCard {
    pub retrospective: Id<Retrospective>,
    pub secret: String,
    pub column: Id<Column>,
    pub body: Markdown,
}

impl Operation for AddGuestCard {
    const NAME: &str = "guest.add_card";
    const ROUTE: Route = Route(Post, "/guests/cards");
    const FOR_STRANGERS: bool = true;
    type Target = (Retrospective, Guest);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (board, guest) = Guest::at(tx, self.retrospective, &self.secret).await?;
        add::has_column(tx, &board, self.column).await?;
        Ok((board, guest))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, guest): Self::Target) -> Result<()> {
        board.expect(&[Phase::Collect])?;
        let body = add::readable(&self.body)?;
        if board.anonymous {
            return cards::slip_in(tx, board.id, self.column, body, cards::MOST / 2).await;
        }
        guest.paced(tx).await?;
        let own = sql!(
            "select count(*) from retrospective_cards where workspace_id = $1 and retrospective_id = $2 and guest_id = $3"
        );
        let own: i64 = tx.one(own, args![tx.workspace(), board.id, guest.id]).await?;
        if own >= MOST_CARDS {
            return Err(Error::conflict("You wrote fifty cards; that is all one guest can write."));
        }
        cards::write(tx, board.id, self.column, body, Author::Guest(guest.id)).await?;
        tx.touch(board.id.to_string());
        Ok(())
    }
}

/// Takes back a card of one's own before others have seen it.
#[derive(Deserialize, JsonSchema)]
pub struct DropGuestCard {
    pub retrospective: Id<Retrospective>,
    pub secret: String,
    pub card: Id<Card>,
}

impl Operation for DropGuestCard {
    const NAME: &str = "guest.drop_card";
    const ROUTE: Route = Route(Delete, "/guests/cards");
    const FOR_STRANGERS: bool = true;
    type Target = Retrospective;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Retrospective> {
        let (board, guest) = Guest::at(tx, self.retrospective, &self.secret).await?;
        let own = sql!(
            CARD_SELECT,
            "where c.workspace_id = $1 and c.id = $2 and c.retrospective_id = $3 and c.guest_id = $4"
        );
        let _: Card = tx.one(own, args![tx.workspace(), self.card, board.id, guest.id]).await?;
        Ok(board)
    }

    fn allows(_: &Actor, _: &Retrospective) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, board: Retrospective) -> Result<()> {
        board.expect(&[Phase::Collect])?;
        let delete = sql!("delete from retrospective_cards where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), self.card]).await?;
        tx.touch(board.id.to_string());
        Ok(())
    }
}

/// Gives a topic so many of a guest's votes.
#[derive(Deserialize, JsonSchema)]
pub struct VoteAsGuest {
    pub retrospective: Id<Retrospective>,
    pub secret: String,
    pub topic: Id<Topic>,
    pub votes: i64,
}

impl Operation for VoteAsGuest {
    const NAME: &str = "guest.vote";
    const ROUTE: Route = Route(Put, "/guests/votes");
    const FOR_STRANGERS: bool = true;
    type Target = (Retrospective, Guest);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        with_topic(tx, self.retrospective, &self.secret, self.topic).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, guest): Self::Target) -> Result<()> {
        guest.paced(tx).await?;
        vote::cast(tx, &board, self.topic, guest.id.as_str(), self.votes).await
    }
}

/// Says something about a topic to the team.
#[derive(Deserialize, JsonSchema)]
pub struct RemarkAsGuest {
    pub retrospective: Id<Retrospective>,
    pub secret: String,
    pub topic: Id<Topic>,
    pub body: Markdown,
}

impl Operation for RemarkAsGuest {
    const NAME: &str = "guest.remark";
    const ROUTE: Route = Route(Post, "/guests/remarks");
    const FOR_STRANGERS: bool = true;
    type Target = (Retrospective, Guest);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        with_topic(tx, self.retrospective, &self.secret, self.topic).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, guest): Self::Target) -> Result<()> {
        guest.paced(tx).await?;
        let author = if board.anonymous { Author::Nobody } else { Author::Guest(guest.id) };
        remark::say(tx, &board, self.topic, &self.body, author).await
    }
}

async fn with_topic(
    tx: &mut Tx<'_>,
    board: Id<Retrospective>,
    secret: &str,
    topic: Id<Topic>,
) -> Result<(Retrospective, Guest)> {
    let (board, guest) = Guest::at(tx, board, secret).await?;
    let select = sql!(TOPIC_SELECT, "where t.workspace_id = $1 and t.id = $2 and t.retrospective_id = $3");
    let _: Topic = tx.one(select, args![tx.workspace(), topic, board.id]).await?;
    Ok((board, guest))
}
