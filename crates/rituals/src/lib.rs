//! Rituals: what a team does again and again, without anyone being there in the same hour.
pub mod calendar;
pub mod checkin;
mod clock;
pub mod hand_over;
pub mod note;
pub mod one_on_one;
mod plain;
pub mod promise;
pub mod retrospective;
mod sharing;

use kernel::{Later, Migration, Occasion, Part, Subscriber, Time, Tx, op};
use std::ops::Range;
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[
        Migration::portable("rituals", include_str!("../migrations/0001_rituals.sql")),
        Migration::portable("attendance", include_str!("../migrations/0002_attendance.sql")),
    ],
    operations: &[
        op::<one_on_one::StartOneOnOne>(),
        op::<one_on_one::ListOneOnOnes>(),
        op::<one_on_one::ShowOneOnOne>(),
        op::<one_on_one::PrepareOneOnOne>(),
        op::<one_on_one::ShowRhythm>(),
        op::<one_on_one::ListSlots>(),
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
        op::<checkin::StartCheckin>(),
        op::<checkin::ListCheckins>(),
        op::<checkin::ShowCheckin>(),
        op::<checkin::EditCheckin>(),
        op::<checkin::EndCheckin>(),
        op::<checkin::ResumeCheckin>(),
        op::<checkin::ShowRollUp>(),
        op::<checkin::ListEntries>(),
        op::<checkin::ShowEntry>(),
        op::<checkin::AnswerCheckin>(),
        op::<checkin::SolveBlocker>(),
        op::<retrospective::StartRetrospective>(),
        op::<retrospective::ListRetrospectives>(),
        op::<retrospective::ShowBoard>(),
        op::<retrospective::ShowFacts>(),
        op::<retrospective::ShowOutcome>(),
        op::<retrospective::MoveOn>(),
        op::<retrospective::AddCard>(),
        op::<retrospective::DropCard>(),
        op::<retrospective::JoinTopic>(),
        op::<retrospective::VoteForTopic>(),
        op::<retrospective::RateColumn>(),
        op::<retrospective::ShowTopic>(),
        op::<retrospective::ConcludeTopic>(),
        op::<retrospective::AddAction>(),
        op::<retrospective::EndAction>(),
        op::<retrospective::guest::MakeLink>(),
        op::<retrospective::guest::ListLinks>(),
        op::<retrospective::guest::EndLink>(),
        op::<retrospective::guest::AddRemark>(),
        op::<hand_over::ListHandOvers>(),
        op::<hand_over::DraftHandOver>(),
        op::<hand_over::WriteHandOver>(),
        op::<hand_over::TakeBack>(),
        op::<calendar::ShowCalendar>(),
        op::<calendar::MakeAddress>(),
        op::<calendar::EndAddress>(),
        op::<calendar::SetCalendar>(),
        op::<calendar::ShowBusy>(),
        op::<calendar::SubscribeBusy>(),
        op::<calendar::EndBusy>(),
    ],
    subscribers: SUBSCRIBERS,
    jobs: &[
        note::JOB,
        checkin::JOB,
        retrospective::JOB,
        one_on_one::JOB,
        one_on_one::call_off::JOB,
        calendar::busy::SWEEP,
        calendar::busy::JOB,
    ],
    schedules: &[
        note::SCHEDULE,
        checkin::SCHEDULE,
        retrospective::SCHEDULE,
        one_on_one::call_off::SCHEDULE,
        calendar::busy::SCHEDULE,
    ],
    records: &[
        one_on_one::RECORD,
        one_on_one::DATE,
        promise::RECORD,
        checkin::ENTRY,
        checkin::ROUND,
        checkin::BLOCKER,
        retrospective::BOARD,
        retrospective::TOPIC,
        retrospective::ACTION,
        hand_over::RECORD,
    ],
    one_on_ones: Some(one_on_one::gather),
    occasions: Some(occasions),
    calendar_replies: Some(one_on_one::take_reply),
    ..Part::named("rituals")
};

/// One-on-ones, and the hours that somebody has for check-ins and for the phases of boards.
fn occasions<'a>(tx: &'a mut Tx<'_>, time: Range<Time>) -> Later<'a, Vec<Occasion>> {
    Box::pin(async move {
        let mut all = one_on_one::occasions(tx, &time).await?;
        all.extend(checkin::occasions(tx, &time).await?);
        all.extend(retrospective::occasions(tx, &time).await?);
        Ok(all)
    })
}

/// What becomes of the asks that this part raises.
const SUBSCRIBERS: &[Subscriber] = &[
    Subscriber { name: "promise.done", pattern: "ask.done", run: |tx, job| Box::pin(promise::done(tx, job)) },
    Subscriber {
        name: "promise.withdrawn",
        pattern: "ask.withdrawn",
        run: |tx, job| Box::pin(promise::withdrawn(tx, job)),
    },
    Subscriber {
        name: "promise.declined",
        pattern: "ask.declined",
        run: |tx, job| Box::pin(promise::declined(tx, job)),
    },
    Subscriber {
        name: "promise.reopened",
        pattern: "ask.reopened",
        run: |tx, job| Box::pin(promise::reopened(tx, job)),
    },
    Subscriber { name: "checkin.told", pattern: "ask.done", run: |tx, job| Box::pin(checkin::told(tx, job)) },
    Subscriber { name: "blocker.helped", pattern: "ask.done", run: |tx, job| Box::pin(checkin::helped(tx, job)) },
    Subscriber {
        name: "retro_action.done",
        pattern: "ask.done",
        run: |tx, job| Box::pin(retrospective::helped(tx, job)),
    },
];

/// The pages of this part.
pub fn pages() -> Pages {
    one_on_one::pages()
        .merge(promise::pages())
        .merge(note::pages())
        .merge(checkin::pages())
        .merge(retrospective::pages())
        .merge(hand_over::pages())
        .merge(calendar::pages())
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
        place: NavPlace::Mine,
        href: "/check-ins",
        label: "Check-ins",
        icon: "check",
        key: "g 2",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Mine,
        href: "/retrospectives",
        label: "Retrospectives",
        icon: "undo",
        key: "g 3",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Mine,
        href: "/hand-over",
        label: "Hand-over",
        icon: "moon",
        key: "g 4",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/retrospectives/new",
        label: "Look back together",
        icon: "plus",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/check-ins/new",
        label: "Start a check-in",
        icon: "plus",
        key: "",
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
        href: "/me/calendar",
        label: "Your calendar",
        icon: "calendar",
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
