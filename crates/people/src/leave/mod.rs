//! Leave: when people are away, why, and who takes over meanwhile. The dates, the note and the hand-over are for all
//! colleagues; the kind is between the person, their manager line and those who keep the records of people.
mod absence;
mod calendar;
mod change;
mod document;
mod enter;
mod form;
mod handover;
mod import;
mod list;
mod month;
mod preview;
mod show;
pub(crate) mod signals;
mod stretch;
mod withdraw;

pub use absence::{Absence, Handover, HandoverState, Leave};
pub use calendar::{CalendarPage, LeaveCalendar};
pub use change::ChangeLeave;
pub(crate) use document::LEAVES;
pub use enter::EnterLeave;
pub use handover::{AcceptHandover, DeclineHandover};
pub use import::ImportLeaves;
pub use list::{LeavesPage, ListLeaves, card};
pub use preview::{Outlook, PreviewLeave};
pub use show::{LeaveView, ShowLeave};
pub use stretch::Stretch;
pub use withdraw::{RestoreLeave, WithdrawLeave};

use kernel::words;
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/leaves", month::month)
        .get("/leaves/{leave}", show::show)
        .get("/leaves/{leave}/edit", change::edit)
        .post("/leaves/{leave}", change::save)
        .post("/leaves/{leave}/withdraw", withdraw::withdraw_page)
        .post("/leaves/{leave}/restore", withdraw::restore_page)
        .get("/leaves/{leave}/handover", handover::edit)
        .post("/leaves/{leave}/handover", handover::save)
        .post("/leaves/{leave}/handover/accept", handover::accept)
        .post("/leaves/{leave}/handover/decline", handover::decline)
        .get("/people/{person}/leaves", list::list)
        .post("/people/{person}/leaves", enter::save)
        .get("/people/{person}/leaves/new", enter::new)
        .get("/people/{person}/leaves/import", import::start)
        .post("/people/{person}/leaves/import", import::preview)
        .post("/people/{person}/leaves/import/apply", import::apply)
}

words! {
    /// Why a person is on leave.
    pub enum Kind {
        Holiday = "holiday",
        Parental = "parental",
        Sick = "sick",
        Training = "training",
        PublicDuty = "public_duty",
        Sabbatical = "sabbatical",
        Unpaid = "unpaid",
        Other = "other",
    }
}

impl Kind {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Holiday => "Holiday",
            Kind::Parental => "Parental leave",
            Kind::Sick => "Sick leave",
            Kind::Training => "Training",
            Kind::PublicDuty => "Public duty",
            Kind::Sabbatical => "Sabbatical",
            Kind::Unpaid => "Unpaid leave",
            Kind::Other => "Other",
        }
    }
}
