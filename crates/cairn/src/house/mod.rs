//! What keeps the house: outgoing mail, the queue of jobs, and the pages on which an admin sees them.
mod admin;
pub(crate) mod blobs;
mod forget;
pub(crate) mod hold;
mod jobs;
mod mail;

use crate::http::ShowToday;
use kernel::{Actor, JobKind, Part, Run, Schedule, op};
use std::time::Duration;
use ui::{NavItem, NavPlace, Pages};

const HOUR: Duration = Duration::from_secs(3600);

pub static PART: Part = Part {
    operations: &[
        op::<ShowToday>(),
        op::<jobs::ListJobs>(),
        op::<jobs::RetryJob>(),
        op::<mail::ListMails>(),
        op::<hold::ShowMailHold>(),
        op::<hold::ReleaseMail>(),
    ],
    jobs: &[
        JobKind {
            name: "mail.send",
            run: Run::Outside { prepare: mail::prepare, act: mail::act, record: mail::record },
        },
        JobKind {
            name: "blob.move",
            run: Run::Outside { prepare: blobs::prepare_move, act: blobs::act_move, record: blobs::record_move },
        },
        JobKind {
            name: "blob.drop",
            run: Run::Outside { prepare: blobs::prepare_drop, act: blobs::act_drop, record: blobs::record_drop },
        },
        JobKind { name: "blob.look", run: Run::Inside(blobs::look) },
        JobKind { name: "house.forget", run: Run::Inside(forget::forget) },
    ],
    schedules: &[Schedule { kind: "blob.look", every: HOUR }, Schedule { kind: "house.forget", every: HOUR }],
    ..Part::named("house")
};

pub fn pages() -> Pages {
    Pages::new()
        .get("/admin", admin::admin)
        .post("/admin/jobs/{job}/retry", jobs::retry)
        .post("/admin/mails/release", hold::release)
}

pub const NAV: &[NavItem] = &[NavItem {
    place: NavPlace::Run,
    href: "/admin",
    label: "Admin",
    icon: "shield",
    key: "g a",
    shown: Actor::runs_workspace,
}];
