//! Working hours: the calendar of a person, and whether they are at work.
mod calendars;
mod exception;
mod now;
pub mod strip;

pub use calendars::{Away, Person as Clock, calendars};
pub use exception::{RemoveException, SetException};
pub use now::{Now, status_chip};
