//! The vocabulary of Cairn: ids, time, errors, SQL, transactions, events, jobs and operations.
//!
//! This crate knows no driver and no HTTP. `db` implements [`Store`] and [`Conn`]; parts implement [`Operation`].
mod actor;
mod app;
mod ask;
mod blob;
pub mod calendar;
mod change;
mod contribution;
mod document;
mod error;
mod event;
mod guard;
mod id;
mod idempotency;
mod job;
mod operation;
mod outside;
mod part;
mod reference;
mod reply_to;
mod row;
mod sql;
pub mod text;
mod time;
mod tx;
mod value;
mod vault;

pub use actor::{Actor, Door, Role, Roles, Scope};
pub use app::{App, Done, Later, Mode, Store, Work};
pub use ask::{Due, NewAsk, Silence, Verb};
pub use blob::{Blob, BlobName, Content, sha256};
pub use change::Change;
pub use contribution::{
    Activity, Aside, Attendance, CalendarReply, CodeChange, CodeState, Course, Decided, Deed, Fact, Gather,
    GatherAbout, GatherIn, GatherNamed, GatherOf, GatherWithin, Happening, KeptAgreement, Occasion, OneOnOne, Signal,
    Sure, TakeReply, Taken, Tone, Underway,
};
pub use document::{Document, Documents, Reader};
pub use error::{Error, Flaw, Flaws, Result};
pub use event::{Event, Subscriber};
pub use guard::finish_now;
pub use id::{Id, Mail, Milestone, Person, Project, Session, Team, Token, Workspace};
pub use idempotency::fingerprint;
pub use job::{Act, Job, JobKind, Prepare, Record, Run, Schedule, WantedJob};
pub use operation::{Method, Op, Operation, Request, Route, op, parse};
pub use outside::{BlobStore, Checkpoint, Fetch, Fetched, Letter, Outside};
pub use part::{Migration, Part, Stand};
pub use reference::{Card, INDEX_JOB, RecordKind, Reference, Told};
pub use reply_to::ReplyTo;
pub use row::{Columns, FromRow, Row};
pub use sql::{Sql, Statement, join, joined_len, question_marks};
pub use time::{Clock, Time};
pub use tx::{Conn, Each, Reply, Tx};
pub use value::{Bind, FromValue, Value, list};
pub use vault::Vault;

#[doc(hidden)]
pub use inventory;
pub use serde_json::{Value as Json, json};
