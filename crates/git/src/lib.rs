//! Reads histories with the program `git`, and knows nothing of Cairn.
//!
//! A [`Source`] is a folder or an address; [`Repository::open`] or [`Repository::fetch`] makes it a [`Repository`], which
//! lists its refs and the commits that are new since the last time, and reads them on two cores with bounded memory. The
//! repository is not trusted: none of its hooks, filters, drivers or addresses is ever run or asked.
mod command;
mod commit;
mod error;
mod fetch;
mod key;
mod message;
mod parse;
mod read;
mod repository;
mod source;
mod text;

pub use commit::{Change, Commit, Lines, ObjectId, Signature};
pub use error::{Error, Result};
pub use key::{NamedKey, TextOf, named_keys};
pub use message::{Links, Pull, links};
pub use parse::{Contents, format, parse};
pub use read::{Batch, Progress};
pub use repository::{Completeness, Refs, Repository, Tip};
pub use source::{Remote, Source};
pub use text::printable;
