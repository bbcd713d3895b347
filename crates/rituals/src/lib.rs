//! Rituals: what a team does again and again, without anyone being there in the same hour.
pub mod note;
pub mod one_on_one;
pub mod promise;

use kernel::{Migration, Part, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[Migration::portable("rituals", include_str!("../migrations/0001_rituals.sql"))],
    operations: &[
        op::<one_on_one::StartOneOnOne>(),
        op::<one_on_one::ListOneOnOnes>(),
        op::<one_on_one::ShowOneOnOne>(),
        op::<one_on_one::EditOneOnOne>(),
        op::<one_on_one::EndOneOnOne>(),
        op::<one_on_one::ResumeOneOnOne>(),
        op::<one_on_one::MoveMeeting>(),
        op::<one_on_one::HoldMeeting>(),
        op::<one_on_one::WriteNotes>(),
        op::<one_on_one::ListQuestions>(),
        op::<one_on_one::UseTemplate>(),
        op::<one_on_one::AddPoint>(),
        op::<one_on_one::EditPoint>(),
        op::<one_on_one::ClosePoint>(),
        op::<one_on_one::DropPoint>(),
        op::<one_on_one::ReopenPoint>(),
        op::<one_on_one::ReplyToPoint>(),
        op::<promise::MakePromise>(),
        op::<promise::KeepPromise>(),
        op::<promise::ReleasePromise>(),
        op::<promise::ReopenPromise>(),
    ],
    subscribers: promise::SUBSCRIBERS,
    jobs: &[note::JOB],
    schedules: &[note::SCHEDULE],
    records: &[one_on_one::RECORD, promise::RECORD],
    one_on_ones: Some(one_on_one::gather),
    ..Part::named("rituals")
};

/// The pages of this part.
pub fn pages() -> Pages {
    one_on_one::pages().merge(promise::pages()).merge(note::pages())
}

pub const NAV: &[NavItem] = &[
    NavItem {
        place: NavPlace::Mine,
        href: "/one-on-ones",
        label: "One-on-ones",
        icon: "message",
        key: "g 1",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/notes",
        label: "Notes for you alone",
        icon: "lock",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/one-on-ones/new",
        label: "Start a one-on-one",
        icon: "plus",
        key: "",
        shown: |actor| actor.belongs(),
    },
];
