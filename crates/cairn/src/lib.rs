//! Composes the parts and opens their doors.
pub mod command;
pub mod config;
pub mod files;
mod house;
pub mod http;
pub mod keys;
pub mod ledger;
pub mod mail;
mod memory;
pub mod outside;
pub mod web;
pub mod world;

use kernel::Part;
use std::sync::LazyLock;
use ui::{NavItem, NavPlace, Pages};

/// Everything that this program knows, in the order in which the tables are made.
pub static PARTS: &[&Part] = &[
    &db::CORE,
    &people::PART,
    &asks::PART,
    &conversation::PART,
    &work::PART,
    &roadmap::PART,
    &delivery::PART,
    &rituals::PART,
    &forecasting::PART,
    &search::PART,
    &audit::PART,
    &house::PART,
];

/// The pages of all parts.
pub fn pages() -> Pages {
    people::pages()
        .merge(asks::pages())
        .merge(conversation::pages())
        .merge(work::pages())
        .merge(roadmap::pages())
        .merge(delivery::pages())
        .merge(rituals::pages())
        .merge(forecasting::pages())
        .merge(search::pages())
        .merge(house::pages())
}

/// The sidebar, part after part.
pub static NAV: LazyLock<Vec<NavItem>> = LazyLock::new(|| {
    [
        &[TODAY],
        asks::NAV,
        rituals::NAV,
        conversation::NAV,
        work::NAV,
        roadmap::NAV,
        people::NAV,
        delivery::NAV,
        forecasting::NAV,
        house::NAV,
    ]
    .concat()
});

const TODAY: NavItem =
    NavItem { place: NavPlace::Mine, href: "/today", label: "Today", icon: "clock", key: "g t", shown: |_| true };
