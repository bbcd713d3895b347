//! Working hours: the calendar of a person, and whether they are at work.
mod calendars;
mod exception;
mod holiday_calendar;
mod now;
mod show;
pub mod strip;
mod window;

pub use calendars::{Away, Person as Clock, calendars};
pub use exception::{ClearException, SetException};
pub use holiday_calendar::{DeleteHolidayCalendar, ImportHolidayCalendar, ListHolidayCalendars, ShowHolidayCalendar};
pub use now::{Now, status_chip};
pub use show::ShowHours;
pub use window::fair_end;

use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/people/{person}/hours", show::show)
        .post("/people/{person}/hours", exception::save)
        .post("/people/{person}/hours/{date}", exception::save)
        .post("/people/{person}/hours/{date}/clear", exception::clear)
        .merge(holiday_calendar::pages())
}
