//! Guests of a board: people without an account, to whom somebody gave a link. Of the company they see that board alone.
//! What they do are operations of their own, which their pages call and no other door: a guest is no actor, so nothing
//! that asks who somebody is can take them for a person.
mod attend;
mod board;
mod enter;
mod link;
mod link_page;
mod page;
mod remark;
mod take_part;

pub use attend::{AttendBoard, Attendance};
pub use board::{GuestBoard, ShowGuestBoard};
pub use enter::{Arrived, Door, EnterBoard, FindDoor};
pub use link::{EndAllLinks, EndLink, GuestLinks, Link, ListLinks, MadeLink, MakeLink};
pub use page::secret;
pub(super) use remark::talk;
pub use remark::{AddRemark, Remark, remarks};
pub use take_part::{AddGuestCard, DropGuestCard, RemarkAsGuest, VoteAsGuest};

use super::{Retrospective, SELECT};
use crate::sharing::teams_of;
use kernel::{Error, Id, Person, Result, Time, Tx, args, columns, sql};
use people::{
    access::actor_of,
    account::{attempt, secret},
};
use ui::Pages;

/// Somebody who came with a link.
pub struct Guest {
    id: Id<Guest>,
    link_id: Id<Link>,
    /// Empty on a board without names.
    name: String,
}
columns!(Guest { id, link_id, name });

/// What a link opens, and on whose behalf.
struct Standing {
    retrospective_id: Id<Retrospective>,
    made_by: Id<Person>,
    ends_at: Time,
}
columns!(Standing { retrospective_id, made_by, ends_at });

/// So often in a quarter of an hour a guest may vote, speak, or write a card that has their name.
const PACE: i64 = 150;

impl Guest {
    /// Whoever has this secret, at their board, while the link stands with which they came.
    async fn at(tx: &mut Tx<'_>, board: Id<Retrospective>, secret: &str) -> Result<(Retrospective, Guest)> {
        let select =
            sql!("select id, link_id, name from retrospective_guests where workspace_id = $1 and secret_hash = $2");
        let guest: Guest = tx.one(select, args![tx.workspace(), secret::hash(secret)]).await?;
        match opened(tx, guest.link_id).await? {
            (opened, _) if opened.id == board => Ok((opened, guest)),
            _ => Err(Error::NotFound),
        }
    }

    /// Counts one thing that they do. Not for a card of a board without names, as this notes the time.
    async fn paced(&self, tx: &mut Tx<'_>) -> Result<()> {
        attempt::count(tx, &secret::hash(&format!("guest {}", self.id)), PACE).await?;
        Ok(())
    }
}

/// The board that a link opens and when it ends, if it stands: nobody ended it, its time is not over, and whoever made it
/// would still see the board.
async fn opened(tx: &mut Tx<'_>, link: Id<Link>) -> Result<(Retrospective, Time)> {
    let select = sql!(
        "select retrospective_id, made_by, ends_at from retrospective_links
          where workspace_id = $1 and id = $2 and ended_at is null and ends_at > $3"
    );
    let now = tx.now();
    let link: Standing = tx.one(select, args![tx.workspace(), link, now]).await?;
    let select = sql!(SELECT, "where r.workspace_id = $1 and r.id = $2");
    let board: Retrospective = tx.one(select, args![tx.workspace(), link.retrospective_id]).await?;
    let works_here = actor_of(tx, link.made_by).await?.is_some_and(|maker| maker.belongs());
    match works_here && teams_of(tx, link.made_by).await?.contains(&board.team_id) {
        true => Ok((board, link.ends_at)),
        false => Err(Error::NotFound),
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/retrospectives/{retrospective}/guests", link_page::show)
        .post("/retrospectives/{retrospective}/guests", link_page::make)
        .post("/retrospective-links/{link}/end", link_page::end)
        .post("/retrospective-topics/{topic}/remarks", link_page::remark)
        .get("/guests/{secret}", page::arrive)
        .get("/guest-boards/{retrospective}", page::show)
        .post("/guest-boards/{retrospective}/name", page::enter)
        .post("/guest-boards/{retrospective}/cards", page::add)
        .post("/guest-boards/{retrospective}/cards/{card}/removal", page::remove)
        .post("/guest-boards/{retrospective}/topics/{topic}/votes", page::vote)
        .post("/guest-boards/{retrospective}/topics/{topic}/remarks", page::remark)
}
