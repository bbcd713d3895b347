//! The roadmap: projects of several teams with their milestones, the initiatives that hold them, how far they are, and how they
//! stand in the words of those who know.
pub mod health;
mod held;
pub mod initiative;
pub mod milestone;
pub mod period;
pub mod project;
mod records;

use kernel::{Migration, Part, op};
use ui::{Cx, Markup, NavItem, NavPlace, Pages, html};

pub static PART: Part = Part {
    migrations: &[Migration::portable("roadmap", include_str!("../migrations/0001_roadmap.sql"))],
    operations: &[
        op::<project::ListProjects>(),
        op::<project::ShowProject>(),
        op::<project::AddProject>(),
        op::<project::EditProject>(),
        op::<health::PostHealth>(),
        op::<initiative::ListInitiatives>(),
        op::<initiative::ShowInitiative>(),
        op::<initiative::AddInitiative>(),
        op::<initiative::EditInitiative>(),
        op::<milestone::ShowMilestone>(),
        op::<milestone::AddMilestone>(),
        op::<milestone::EditMilestone>(),
        op::<milestone::RemoveMilestone>(),
        op::<milestone::RestoreMilestone>(),
    ],
    jobs: &[health::JOB],
    schedules: &[health::SCHEDULE],
    records: records::RECORDS,
    owned: Some(records::owned),
    ..Part::named("roadmap")
};

/// The pages of this part.
pub fn pages() -> Pages {
    project::pages().merge(milestone::pages()).merge(health::pages()).merge(initiative::pages())
}

/// The pages of the roadmap, beside each other.
fn tabs(cx: &Cx) -> Markup {
    html! {
        nav.tabs aria-label="Pages of the roadmap" {
            @for (href, label) in [("/projects", "Projects"), ("/initiatives", "Initiatives")] {
                a href=(href) aria-current=[(cx.path == href).then_some("page")] { (label) }
            }
        }
    }
}

pub const NAV: &[NavItem] = &[NavItem {
    place: NavPlace::Across,
    href: "/projects",
    label: "Projects",
    icon: "map",
    key: "g j",
    shown: |actor| actor.belongs(),
}];
