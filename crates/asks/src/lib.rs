//! Asks: what people want from each other, on the receiver's own clock, and how it is delivered and ends.
mod ask;
mod catch_up;
pub mod delivery;
pub mod handover;
pub mod health;
pub mod inbox;
pub mod norms;
mod past;
mod recount;
mod sweep;

pub use ask::{
    Ask, AskPage, DeclineAsks, FinishAsks, HandOnAsks, ListAsks, Pile, PreviewAsk, RaiseAsk, ReopenAsks, ShowAsk,
    SnoozeAsks, State, WithdrawAsks,
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
        op::<handover::ShowHandover>(),
        op::<handover::OfferAsks>(),
        op::<handover::AcceptAsks>(),
        op::<handover::DeclineHandover>(),
        op::<health::ShowHealth>(),
        op::<CatchUp>(),
    ],
    subscribers: recount::SUBSCRIBERS,
    jobs: &[ask::RAISE, ask::SETTLE, sweep::JOB, delivery::DIGEST],
    schedules: &[sweep::SCHEDULE],
    records: &[ask::RECORD],
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
}

pub const NAV: &[NavItem] = &[
    NavItem { place: NavPlace::Mine, href: "/inbox", label: "Inbox", icon: "inbox", key: "g i", shown: |_| true },
    NavItem {
        place: NavPlace::Palette,
        href: "/asks/new",
        label: "Ask somebody",
        icon: "plus",
        key: "",
        shown: |actor| actor.belongs(),
    },
];
