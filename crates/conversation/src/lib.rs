//! What people say about any record: comments, mentions, drafts, files, reactions, and who watches.
//!
//! A record of another part is known by its kind and its id, and read through the kind's own rule: whoever sees the record
//! sees what is said about it, and nobody else.
mod activity;
mod answer;
mod comment;
mod difference;
mod draft;
mod exchange;
mod file;
mod forget;
mod known;
mod mention;
mod outlook;
mod page;
mod thread;

pub use comment::{
    AddComment, Added, Comment, Conversation, DeleteComment, EditComment, Intent, ListComments, ListVersions, Mark,
    React, Reaction, RestoreComment, Version,
};
pub use draft::{SaveDraft, ShowDraft};
pub use file::{AddFile, Attached};
pub use outlook::{Outlook, ShowOutlook};
pub use thread::{ListWatched, ReopenThread, ResolveThread, SetWatch};

use axum::body::Bytes;
use kernel::{JobKind, Later, Migration, Part, Reference, Run, Schedule, op};
use std::time::Duration;
use ui::{Cx, Markup, NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[
        Migration::portable("conversation", include_str!("../migrations/0001_conversation.sql")),
        Migration::portable("standing_files", include_str!("../migrations/0002_standing_files.sql")),
    ],
    operations: &[
        op::<AddComment>(),
        op::<ListComments>(),
        op::<EditComment>(),
        op::<DeleteComment>(),
        op::<RestoreComment>(),
        op::<ListVersions>(),
        op::<React>(),
        op::<ShowOutlook>(),
        op::<ResolveThread>(),
        op::<ReopenThread>(),
        op::<SetWatch>(),
        op::<ListWatched>(),
        op::<SaveDraft>(),
        op::<ShowDraft>(),
        op::<AddFile>(),
    ],
    jobs: &[JobKind { name: "file.forget", run: Run::Inside(file::forget) }, forget::JOB],
    schedules: &[Schedule { kind: "file.forget", every: Duration::from_secs(24 * 3600) }, forget::SCHEDULE],
    subscribers: answer::SUBSCRIBERS,
    records: &[comment::RECORD],
    busiest: Some(activity::busiest),
    decided: Some(activity::decided),
    agreed: Some(activity::agreed),
    stand: Some(file::stand),
    watched: Some(activity::watched),
    ..Part::named("conversation")
};

/// The pages of this part.
pub fn pages() -> Pages {
    comment::pages()
        .merge(draft::pages())
        .merge(file::pages())
        .merge(outlook::pages())
        .merge(page::pages())
        .merge(thread::pages())
}

/// Keeps a file for a text about a record, and returns what the text says to show it.
pub fn bring(cx: Cx, about: Reference, named: (String, Bytes)) -> Later<'static, String> {
    Box::pin(async move { file::bring(&cx, &about, named).await.map(|brought| brought.in_text()) })
}

/// What the page of a record shows of its conversation.
pub fn section(cx: Cx, about: Reference) -> Later<'static, Markup> {
    Box::pin(async move { page::section(&cx, &about).await })
}

pub const NAV: &[NavItem] = &[NavItem {
    place: NavPlace::Mine,
    href: "/watching",
    label: "Watching",
    icon: "eye",
    key: "g v",
    shown: |actor| actor.belongs(),
}];
