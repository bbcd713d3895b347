//! What GitHub and GitLab say about pull requests, from whatever holds it, as neutral records. Knows nothing of Cairn.
//!
//! A [`Reader`] takes documents as [`intake::stream`] finds them in files of any form: answers of the API, recorded
//! exchanges, GraphQL answers and webhooks. What a value is, is told by its content and never by the name of its file. Each [`Record`] keeps the id of its source, and beside what was understood
//! all the rest; the [`Report`] counts both, field by field, and names what was not taken over.
//!
//! Records about one thing are joined in [`Told`], field by field by the time at which the source last changed them, so
//! that the order in which they arrive does not matter.
mod account;
mod context;
mod exchange;
mod github;
mod gitlab;
mod reader;
mod record;
mod report;
mod rules;
mod told;
mod webhook;

pub use context::{Place, place_of};
pub use reader::Reader;
pub use record::{Account, Kind, Record, System};
pub use report::{Field, Report, Role, Thing};
pub use told::Told;
