//! The thread about a record: who may see it, how it is resolved, and who follows it.
mod resolve;
mod watch;

pub use resolve::{ReopenThread, Resolution, ResolveThread};
pub use watch::{ListWatched, SetWatch};

pub(crate) use resolve::resolutions;
pub(crate) use watch::{watch, watchers};

use kernel::{Card, Error, Id, RecordKind, Reference, Result, Tx};
use ui::Pages;

/// A record that the actor sees, and about which one can talk.
pub struct Thread {
    pub about: Reference,
    pub card: Card,
    pub(crate) kind: &'static RecordKind,
}

impl Thread {
    pub(crate) async fn visible(tx: &mut Tx<'_>, about: Reference) -> Result<Thread> {
        let mut kinds = tx.record_kinds().filter(|kind| kind.told.is_some());
        let kind = kinds.find(|kind| kind.kind == about.kind).ok_or(Error::NotFound)?;
        let card = tx.card(&about).await?;
        Ok(Thread { about, card, kind })
    }

    /// The record as the subject of an event.
    pub(crate) fn subject(&self) -> Result<Id<Reference>> {
        self.about.id.parse()
    }
}

/// Tells the pages that show the record to look again.
pub(crate) fn touch(tx: &mut Tx<'_>, about: &Reference) {
    tx.touch(about.id.as_str());
}

pub fn pages() -> Pages {
    resolve::pages().merge(watch::pages())
}
