//! Working hours: the calendar of a person, and whether they are at work.
mod calendars;
mod now;
pub mod strip;

pub use calendars::{Person as Clock, calendars};
pub use now::{Now, status_chip};
