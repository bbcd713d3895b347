//! Asks: what people want from each other, on the receiver's own clock, and how it is delivered and ends.
mod ask;
mod catch_up;
pub mod delivery;
mod forget;
pub mod handover;
pub mod health;
pub mod inbox;
pub mod norms;
pub mod on_call;
mod past;
mod recount;
pub mod reply;
mod signals;
mod sweep;

pub use ask::{
    Ask, AskPage, AskView, CountAsks, Counts, DeclineAsks, FinishAsks, HandOnAsks, ListAsks, Pile, PreviewAsk,
    RaiseAsk, ReopenAsks, ShowAsk, SnoozeAsks, State, WithdrawAsks,
};

pub use catch_up::{CatchUp, Missed};
pub use past::SettlePast;

use kernel::{Migration, Part, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[Migration::portable("asks", include_str!("../migrations/0001_asks.sql"))],
    operations: &[
        op::<RaiseAsk>(),
        op::<PreviewAsk>(),
        op::<ListAsks>(),
        op::<CountAsks>(),
        op::<ShowAsk>(),
        op::<FinishAsks>(),
        op::<DeclineAsks>(),
        op::<HandOnAsks>(),
        op::<SnoozeAsks>(),
        op::<WithdrawAsks>(),
        op::<ReopenAsks>(),
        op::<norms::ShowNorms>(),
        op::<norms::SetNorms>(),
        op::<delivery::ShowDelivery>(),
        op::<delivery::SetDelivery>(),
        op::<reply::ReceiveMail>(),
        op::<handover::ShowHandover>(),
        op::<handover::OfferAsks>(),
        op::<handover::AcceptAsks>(),
        op::<handover::DeclineHandover>(),
        op::<health::ShowHealth>(),
        op::<CatchUp>(),
        op::<on_call::EnterShift>(),
        op::<on_call::RemoveShift>(),
        op::<on_call::ListShifts>(),
    ],
    subscribers: recount::SUBSCRIBERS,
    jobs: &[ask::RAISE, ask::SETTLE, ask::WITHDRAW, ask::RESTORE, sweep::JOB, delivery::DIGEST, forget::JOB],
    schedules: &[sweep::SCHEDULE, forget::SCHEDULE],
    records: &[ask::RECORD],
    signals: Some(signals::gather),
    ..Part::named("asks")
};

/// The pages of this part.
pub fn pages() -> Pages {
    ask::pages()
        .merge(inbox::pages())
        .merge(norms::pages())
        .merge(delivery::pages())
        .merge(handover::pages())
        .merge(health::pages())
        .merge(catch_up::pages())
        .merge(on_call::pages())
}

pub const NAV: &[NavItem] = &[
    NavItem { place: NavPlace::Mine, href: "/inbox", label: "Inbox", icon: "inbox", key: "g i", shown: |_| true },
    NavItem {
        place: NavPlace::Team,
        href: "norms",
        label: "How we work",
        icon: "list-checks",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "async-health",
        label: "Asks",
        icon: "activity",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "on-call",
        label: "On call",
        icon: "bell",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/asks/new",
        label: "Ask somebody",
        icon: "plus",
        key: "",
        shown: |actor| actor.belongs(),
    },
];
