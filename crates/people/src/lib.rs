//! People: who is here, on which team, at what hours, and how they sign in. The one part that others may use.
#[macro_use]
pub mod access;
pub mod account;
pub mod hours;
pub mod import;
pub mod person;
pub mod team;

use kernel::{Migration, Part, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[Migration::portable("people", include_str!("../migrations/0001_people.sql"))],
    operations: &[
        op::<person::AddPerson>(),
        op::<person::ListPeople>(),
        op::<person::ShowPerson>(),
        op::<person::EditProfile>(),
        op::<person::EditEmployment>(),
        op::<person::DeactivatePerson>(),
        op::<person::ReactivatePerson>(),
        op::<person::SetPhoto>(),
        op::<person::RemovePhoto>(),
        op::<person::ListActivity>(),
        op::<team::AddTeam>(),
        op::<team::ListTeams>(),
        op::<team::ShowTeam>(),
        op::<team::EditTeam>(),
        op::<team::ArchiveTeam>(),
        op::<team::RestoreTeam>(),
        op::<team::JoinTeam>(),
        op::<team::LeaveTeam>(),
        op::<team::SetManager>(),
        op::<account::SetRoles>(),
        op::<account::session::ListSessions>(),
        op::<account::session::EndSession>(),
    ],
    ..Part::named("people")
};

/// The pages of this part.
pub fn pages() -> Pages {
    Pages::new().merge(person::pages()).merge(team::pages())
}

pub const NAV: &[NavItem] = &[
    NavItem { place: NavPlace::Across, href: "/people", label: "People", icon: "users", key: "g p", shown: |_| true },
    NavItem {
        place: NavPlace::Across,
        href: "/teams",
        label: "Teams",
        icon: "network",
        key: "g e",
        shown: |actor| actor.belongs(),
    },
];
