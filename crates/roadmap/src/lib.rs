//! The roadmap: projects of several teams with their milestones, the initiatives that hold them, how far they are, and how they
//! stand in the words of those who know.
pub mod debt;
pub mod health;
mod held;
pub mod initiative;
pub mod milestone;
pub mod period;
pub mod priority;
pub mod project;
pub mod quiet;
mod records;
pub mod share;
pub mod timeline;

use kernel::{Migration, Part, op};
use ui::{Cx, Markup, NavItem, NavPlace, Pages, html};

pub static PART: Part = Part {
    migrations: &[
        Migration::portable("roadmap", include_str!("../migrations/0001_roadmap.sql")),
        Migration::portable("roadmap_initiatives", include_str!("../migrations/0002_initiatives.sql")),
    ],
    operations: &[
        op::<timeline::ShowRoadmap>(),
        op::<priority::ListPriorities>(),
        op::<priority::ListJudgements>(),
        op::<priority::JudgeProject>(),
        op::<priority::UndoJudgement>(),
        op::<priority::ListWeightings>(),
        op::<priority::SetWeighting>(),
        op::<priority::UndoWeighting>(),
        op::<debt::ListDebts>(),
        op::<debt::ShowDebt>(),
        op::<debt::AddDebt>(),
        op::<debt::EditDebt>(),
        op::<debt::UndoDebt>(),
        op::<debt::RemoveDebt>(),
        op::<debt::RestoreDebt>(),
        op::<share::ShowShares>(),
        op::<share::SetShares>(),
        op::<share::UndoShares>(),
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
    signals: Some(quiet::gather),
    ..Part::named("roadmap")
};

/// The pages of this part.
pub fn pages() -> Pages {
    project::pages()
        .merge(milestone::pages())
        .merge(health::pages())
        .merge(initiative::pages())
        .merge(timeline::pages())
        .merge(priority::pages())
        .merge(share::pages())
        .merge(debt::pages())
}

const TABS: [(&str, &str); 5] = [
    ("/roadmap", "Timeline"),
    ("/projects", "Projects"),
    ("/initiatives", "Initiatives"),
    ("/priorities", "Priorities"),
    ("/debts", "Debt"),
];

/// The pages of the roadmap, beside each other.
fn tabs(cx: &Cx) -> Markup {
    html! {
        nav.tabs aria-label="Pages of the roadmap" {
            @for (href, label) in TABS {
                a href=(href) aria-current=[cx.path.starts_with(href).then_some("page")] { (label) }
            }
        }
    }
}

pub const NAV: &[NavItem] = &[
    NavItem {
        place: NavPlace::Team,
        href: "shares",
        label: "Shares",
        icon: "activity",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Across,
        href: "/roadmap",
        label: "Roadmap",
        icon: "map",
        key: "g j",
        shown: |actor| actor.belongs(),
    },
];
