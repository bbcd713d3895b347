use super::{
    CARD_SELECT, Card, Column, Phase, Retrospective,
    cards::{self, Author},
};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Tx, args, sql,
    text::Markdown,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Write a card. Others see it when the phase ends. Only from a session, as what is kept of a program's requests would
/// tell whose card it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCard {
    pub retrospective: Id<Retrospective>,
    pub column: Id<Column>,
    pub body: Markdown,
}

const LONGEST: usize = 1_000;

impl Operation for AddCard {
    const NAME: &str = "retrospective_card.add";
    const ROUTE: Route = Route(Post, "/retrospectives/{retrospective}/cards");
    const SESSION_ONLY: bool = true;
    type Target = Retrospective;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Retrospective> {
        let board = Retrospective::visible(tx, self.retrospective).await?;
        has_column(tx, &board, self.column).await?;
        Ok(board)
    }

    fn allows(actor: &Actor, _: &Retrospective) -> bool {
        actor.belongs() && !actor.is_system()
    }

    /// Nothing is recorded: an event would tell who wrote at this moment.
    async fn run(&self, tx: &mut Tx<'_>, board: Retrospective) -> Result<()> {
        board.expect(&[Phase::Collect])?;
        let (body, me) = (readable(&self.body)?, tx.me());
        match board.anonymous {
            true => cards::slip_in(tx, board.id, self.column, body, cards::MOST).await?,
            false => {
                cards::write(tx, board.id, self.column, body, Author::Person(me)).await?;
                tx.touch(board.id.to_string());
            }
        }
        Ok(())
    }
}

/// Refuses a column that is not of this board.
pub(super) async fn has_column(tx: &mut Tx<'_>, board: &Retrospective, column: Id<Column>) -> Result<()> {
    let select =
        sql!("select 1 from retrospective_columns where workspace_id = $1 and id = $2 and retrospective_id = $3");
    match tx.exists(select, args![tx.workspace(), column, board.id]).await? {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}

/// What is written on a card, if that can be read there.
pub(super) fn readable(body: &str) -> Result<&str> {
    match body.trim() {
        "" => Err(Error::invalid("body", "Write something on the card.")),
        body if body.chars().count() > LONGEST => {
            Err(Error::invalid("body", "Say it in a thousand characters, or on two cards."))
        }
        body => Ok(body),
    }
}

/// Take back one's own card before others have seen it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropCard {
    pub card: Id<Card>,
}

impl Operation for DropCard {
    const NAME: &str = "retrospective_card.drop";
    const ROUTE: Route = Route(Delete, "/retrospective-cards/{card}");
    type Target = (Retrospective, Card);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (board, card) = visible(tx, self.card).await?;
        let me = Some(tx.me());
        match board.phase == Phase::Collect && card.author_id != me {
            true => Err(Error::NotFound),
            false => Ok((board, card)),
        }
    }

    fn allows(actor: &Actor, (_, card): &Self::Target) -> bool {
        card.author_id == Some(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, card): Self::Target) -> Result<()> {
        board.expect(&[Phase::Collect])?;
        let delete = sql!("delete from retrospective_cards where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), card.id]).await?;
        tx.touch(board.id.to_string());
        Ok(())
    }
}

/// A card that lies on a board which the actor sees.
pub(super) async fn visible(tx: &mut Tx<'_>, id: Id<Card>) -> Result<(Retrospective, Card)> {
    let board = sql!("select retrospective_id from retrospective_cards where workspace_id = $1 and id = $2");
    let board: Id<Retrospective> = tx.one(board, args![tx.workspace(), id]).await?;
    let board = Retrospective::visible(tx, board).await?;
    let card = sql!(CARD_SELECT, "where c.workspace_id = $1 and c.id = $2");
    Ok((board, tx.one(card, args![tx.workspace(), id]).await?))
}
