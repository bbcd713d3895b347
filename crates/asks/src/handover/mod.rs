//! What somebody who goes on leave owes, offered to delegates, who accept it or not.
mod answer;
mod offer;
mod show;

pub use answer::{AcceptAsks, DeclineHandover};
pub use offer::OfferAsks;
pub use show::ShowHandover;

use crate::ask::{Ask, SELECT, State};
use kernel::{Id, Person, Reference, Result, Time, Tx, args, columns, list, sql, words};
use people::leave::Leave;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/leaves/{leave}/asks", show::show)
        .post("/leaves/{leave}/asks", offer::save)
        .post("/leaves/{leave}/asks/accept", answer::accept)
        .post("/leaves/{leave}/asks/decline", answer::decline)
}

words! {
    pub enum OfferState {
        Offered = "offered",
        Accepted = "accepted",
        Declined = "declined",
    }
}

/// One ask on offer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Offer {
    pub ask: Ask,
    pub to: Id<Person>,
    pub to_name: String,
    pub state: OfferState,
    /// Why it was declined.
    pub reason: String,
}

impl Offer {
    /// Whether the delegate may still read the ask. How it ended when they did not take it over is between the two of it.
    fn concerns_delegate(&self) -> bool {
        match self.state {
            OfferState::Offered => self.ask.is_open(),
            OfferState::Accepted => self.ask.state == State::HandedOn,
            OfferState::Declined => false,
        }
    }
}

struct Stored {
    ask_id: Id<Ask>,
    to_id: Id<Person>,
    to_name: String,
    accepted_at: Option<Time>,
    declined_at: Option<Time>,
    reason: String,
}
columns!(Stored { ask_id, to_id, to_name, accepted_at, declined_at, reason });

/// The asks on offer for a leave, by due time.
async fn offers(tx: &mut Tx<'_>, leave: Id<Leave>) -> Result<Vec<Offer>> {
    let select = sql!(
        "select h.ask_id, h.to_id, p.name as to_name, h.accepted_at, h.declined_at, h.reason from ask_handovers h
           join people p on p.workspace_id = h.workspace_id and p.id = h.to_id
          where h.workspace_id = $1 and h.leave_id = $2"
    );
    let stored: Vec<Stored> = tx.all(select, args![tx.workspace(), leave]).await?;
    let asks = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.id in (select value from json_each(cast($2 as text))) order by a.due_at, a.id"
    );
    let asks: Vec<Ask> = tx.all(asks, args![tx.workspace(), list(stored.iter().map(|offer| offer.ask_id))]).await?;
    let offers = asks.into_iter().filter_map(|ask| {
        let stored = stored.iter().find(|stored| stored.ask_id == ask.id)?;
        let state = match (stored.accepted_at, stored.declined_at) {
            (Some(_), _) => OfferState::Accepted,
            (None, Some(_)) => OfferState::Declined,
            (None, None) => OfferState::Offered,
        };
        Some(Offer { to: stored.to_id, to_name: stored.to_name.clone(), state, reason: stored.reason.clone(), ask })
    });
    Ok(offers.collect())
}

/// The one who is away, and those to whom asks were offered.
async fn is_delegate(tx: &mut Tx<'_>, leave: Id<Leave>) -> Result<bool> {
    let offered = sql!("select 1 from ask_handovers where workspace_id = $1 and leave_id = $2 and to_id = $3 limit 1");
    tx.exists(offered, args![tx.workspace(), leave, tx.me()]).await
}

fn about(leave: Id<Leave>) -> Reference {
    Reference::to("leave", leave)
}
