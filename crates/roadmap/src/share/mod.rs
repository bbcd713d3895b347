//! Shares of a team's capacity in a quarter, such as product, platform, debt and support: what was planned beside what was
//! finished. The team says by labels and projects what counts where; what no rule matches is shown as such.
mod actual;
mod form;
mod page;
mod plan;
mod set;
mod show;
mod undo;

pub use actual::{Actual, Done};
pub use plan::{Share, SharePlan};
pub use set::{SetShares, Shared};
pub use show::{Shares, ShowShares};
pub use undo::UndoShares;

use kernel::{Error, Id, Result, Team, Tx};
use people::{access::cares_for_people, team};
use ui::Pages;

/// A team that the actor sees, and whether they set its shares: those who lead it or one above, and those who run the workspace.
pub struct Reach {
    team: team::Record,
    may_set: bool,
}

impl Reach {
    async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Reach> {
        if !tx.actor().belongs() {
            return Err(Error::NotFound);
        }
        let record = team::Record::visible(tx, team).await?;
        let me = tx.me();
        let leads = team::Record::is_led_by(tx, team, me).await?;
        Ok(Reach { team: record, may_set: leads || cares_for_people(tx.actor()) })
    }
}

/// The address of the page of a quarter.
fn place(team: Id<Team>, quarter: impl std::fmt::Display) -> String {
    format!("/teams/{team}/shares?quarter={quarter}")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/shares", page::show)
        .post("/teams/{team}/shares", form::save)
        .get("/teams/{team}/shares/edit", form::edit)
        .post("/share-plans/{plan}/undoing", form::undo)
}

#[cfg(test)]
mod tests;
