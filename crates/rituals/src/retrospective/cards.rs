//! Where the cards of an anonymous board are until all are laid out: in one sealed text, each time in another order. So
//! neither the rows nor their order, ids or times tell who wrote what or when. Cards of other boards are rows at once.
use super::{Card, Column, Retrospective, guest::Guest, shuffled};
use kernel::{Error, Id, Person, Result, Tx, args, columns, sql};
use people::account::sealed::cipher::{Key, Place};
use serde::{Deserialize, Serialize};

/// A card that has no row yet.
#[derive(Serialize, Deserialize)]
struct Written {
    column: Id<Column>,
    body: String,
}

struct Sealed {
    sealed_cards: Option<Vec<u8>>,
    sealed_with: Option<Vec<u8>>,
}
columns!(Sealed { sealed_cards, sealed_with });

/// So many cards one board takes.
pub(super) const MOST: usize = 1_000;

fn place(board: &Id<Retrospective>) -> Place<'_> {
    Place { table: "retrospectives", row: board.as_str(), column: "sealed_cards", owner: "", revision: 0 }
}

/// Whose card it is.
#[derive(Clone, Copy)]
pub(super) enum Author {
    Nobody,
    Person(Id<Person>),
    Guest(Id<Guest>),
}

impl Author {
    /// The person and the guest, of which one at most is known.
    pub(super) fn ids(self) -> (Option<Id<Person>>, Option<Id<Guest>>) {
        match self {
            Author::Nobody => (None, None),
            Author::Person(person) => (Some(person), None),
            Author::Guest(guest) => (None, Some(guest)),
        }
    }
}

/// Puts a card among the others of an anonymous board, if that holds fewer than `most`.
pub(super) async fn slip_in(
    tx: &mut Tx<'_>,
    board: Id<Retrospective>,
    column: Id<Column>,
    body: &str,
    most: usize,
) -> Result<()> {
    let mut cards = read(tx, board).await?;
    if cards.len() >= most {
        return Err(Error::conflict("So many cards are on this board that it takes no more."));
    }
    cards.push(Written { column, body: body.to_owned() });
    shuffle(&mut cards)?;
    let text = serde_json::to_vec(&cards).map_err(Error::internal)?;
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret).map_err(|error| Error::internal(error.to_string()))?;
    let sealed = Key::of(secret).seal(place(&board), &text)?;
    let update =
        sql!("update retrospectives set sealed_cards = $3, sealed_with = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), board, sealed, secret.to_vec()]).await?;
    Ok(())
}

/// Lays out what was collected, in an order by chance, and forgets the sealed text and its key.
pub(super) async fn lay_out(tx: &mut Tx<'_>, board: Id<Retrospective>) -> Result<()> {
    for card in read(tx, board).await? {
        write(tx, board, card.column, &card.body, Author::Nobody).await?;
    }
    let forget =
        sql!("update retrospectives set sealed_cards = null, sealed_with = null where workspace_id = $1 and id = $2");
    tx.run(forget, args![tx.workspace(), board]).await?;
    let loose = sql!(
        "select id from retrospective_cards
          where workspace_id = $1 and retrospective_id = $2 and topic_id is null order by id"
    );
    let loose: Vec<Id<Card>> = tx.all(loose, args![tx.workspace(), board]).await?;
    for card in loose {
        super::group::alone(tx, board, card).await?;
    }
    Ok(())
}

async fn read(tx: &mut Tx<'_>, board: Id<Retrospective>) -> Result<Vec<Written>> {
    let select = sql!("select sealed_cards, sealed_with from retrospectives where workspace_id = $1 and id = $2");
    let Sealed { sealed_cards: Some(sealed), sealed_with: Some(secret) } =
        tx.one(select, args![tx.workspace(), board]).await?
    else {
        return Ok(Vec::new());
    };
    let secret: [u8; 32] = secret.try_into().map_err(|_| Error::internal("a board's key has another length"))?;
    let text = Key::of(secret).open(place(&board), &sealed)?;
    let text = text.ok_or_else(|| Error::internal("the cards of a board do not open"))?;
    serde_json::from_slice(&text).map_err(Error::internal)
}

/// Writes a card as a row.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    board: Id<Retrospective>,
    column: Id<Column>,
    body: &str,
    author: Author,
) -> Result<()> {
    let insert = sql!(
        "insert into retrospective_cards (workspace_id, id, retrospective_id, column_id, body, author_id, guest_id)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let id: Id<Card> = shuffled()?;
    let (person, guest) = author.ids();
    tx.run(insert, args![tx.workspace(), id, board, column, body, person, guest]).await?;
    Ok(())
}

/// Fisher and Yates; a remainder of 64 bits of chance is even enough for a thousand cards.
fn shuffle<T>(all: &mut [T]) -> Result<()> {
    for last in (1..all.len()).rev() {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        let at = u64::from_le_bytes(bytes) % (last as u64 + 1);
        all.swap(last, at as usize);
    }
    Ok(())
}
