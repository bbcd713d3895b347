//! What keeps the house: outgoing mail, the queue of jobs, and the pages on which an admin sees them.
mod admin;
mod forget;
mod jobs;
mod mail;

use crate::http::ShowToday;
use kernel::{Actor, JobKind, Part, Run, Schedule, op};
use std::time::Duration;
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    operations: &[op::<ShowToday>(), op::<jobs::ListJobs>(), op::<jobs::RetryJob>(), op::<mail::ListMails>()],
    jobs: &[
        JobKind {
            name: "mail.send",
            run: Run::Outside { prepare: mail::prepare, act: mail::act, record: mail::record },
        },
        JobKind { name: "house.forget", run: Run::Inside(forget::forget) },
    ],
    schedules: &[Schedule { kind: "house.forget", every: Duration::from_secs(3600) }],
    ..Part::named("house")
};

pub fn pages() -> Pages {
    Pages::new().get("/admin", admin::admin).post("/admin/jobs/{job}/retry", jobs::retry)
}

pub const NAV: &[NavItem] = &[NavItem {
    place: NavPlace::Run,
    href: "/admin",
    label: "Admin",
    icon: "shield",
    key: "g a",
    shown: Actor::runs_workspace,
}];
