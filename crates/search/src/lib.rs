//! Search: every record that the reader may see, by its words, and no other.
pub mod complete;
mod entry;
pub mod extract;
pub mod find;
pub mod keep;
mod page;
mod query;
pub mod state;
mod words;

pub use page::pages;

use kernel::{Migration, Part, op};

pub static PART: Part = Part {
    migrations: &[Migration::portable("search", include_str!("../migrations/0001_search.sql"))],
    operations: &[
        op::<find::FindRecords>(),
        op::<complete::CompleteSearch>(),
        op::<keep::RebuildSearch>(),
        op::<state::ShowSearchState>(),
    ],
    jobs: &[keep::INDEX, keep::BUILD],
    schedules: &[keep::SCHEDULE],
    ..Part::named("search")
};
