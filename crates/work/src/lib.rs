//! Work: issues of teams, with states of their own, and everything that happened to them.
mod deeds;
pub mod estimate;
pub mod export;
mod facts;
pub mod import;
pub mod issue;
pub mod label;
pub mod query;
pub mod rank;
mod records;
pub mod refinement;
pub mod sprint;
pub mod team;
mod underway;
pub mod view;

use kernel::{Migration, Part, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[Migration::portable("work", include_str!("../migrations/0001_work.sql"))],
    operations: &[
        op::<issue::CreateIssue>(),
        op::<issue::ListIssues>(),
        op::<issue::CompleteQuery>(),
        op::<issue::ShowIssue>(),
        op::<issue::EditIssue>(),
        op::<issue::UndoChanges>(),
        op::<issue::MoveIssue>(),
        op::<issue::SplitIssue>(),
        op::<issue::PlaceIssue>(),
        op::<issue::ShowBoard>(),
        op::<issue::EditMany>(),
        op::<issue::ListChoices>(),
        op::<issue::TickTask>(),
        op::<issue::RelateIssues>(),
        op::<issue::UnrelateIssues>(),
        op::<issue::DeleteIssue>(),
        op::<issue::RestoreIssue>(),
        op::<view::ListViews>(),
        op::<view::ShowView>(),
        op::<view::AddView>(),
        op::<view::EditView>(),
        op::<view::DeleteView>(),
        op::<view::RestoreView>(),
        op::<view::SetFirstView>(),
        op::<sprint::ListSprints>(),
        op::<sprint::ShowSprint>(),
        op::<sprint::PlanSprint>(),
        op::<sprint::EditSprint>(),
        op::<sprint::StartSprint>(),
        op::<sprint::CloseSprint>(),
        op::<sprint::DropSprint>(),
        op::<sprint::ExplainChange>(),
        op::<refinement::ListRefinements>(),
        op::<refinement::StartRefinement>(),
        op::<refinement::ShowRefinement>(),
        op::<refinement::EndRefinement>(),
        op::<refinement::GiveEstimate>(),
        op::<refinement::AskQuestion>(),
        op::<refinement::AnswerQuestion>(),
        op::<refinement::SettleItem>(),
        op::<refinement::EstimateAgain>(),
        op::<refinement::SplitItem>(),
        op::<team::ShowWork>(),
        op::<team::EditWork>(),
        op::<team::AddState>(),
        op::<team::EditState>(),
        op::<team::ArchiveState>(),
        op::<team::RestoreState>(),
        op::<import::BeginImport>(),
        op::<import::ImportIssues>(),
        op::<import::ImportSprints>(),
        op::<import::FinishImport>(),
        op::<import::UndoImport>(),
        op::<import::ListImports>(),
        op::<import::ShowImport>(),
        op::<import::ShowFormer>(),
        op::<import::PreviewImport>(),
        op::<import::ListOutsiders>(),
        op::<import::ClaimOutsider>(),
        op::<export::ListWork>(),
        op::<export::ExportTeam>(),
        op::<export::ExportIssues>(),
        op::<export::ImportTeam>(),
        op::<label::ListLabels>(),
        op::<label::AddLabel>(),
        op::<label::EditLabel>(),
        op::<label::ArchiveLabel>(),
        op::<label::RestoreLabel>(),
    ],
    jobs: &[refinement::JOB],
    schedules: &[refinement::SCHEDULE],
    records: records::RECORDS,
    owned: Some(records::owned),
    deeds: Some(deeds::gather),
    facts: Some(facts::gather),
    underway: Some(underway::gather),
    ..Part::named("work")
};

/// The pages of this part.
pub fn pages() -> Pages {
    issue::pages()
        .merge(view::pages())
        .merge(sprint::pages())
        .merge(refinement::pages())
        .merge(import::pages())
        .merge(team::pages())
        .merge(label::pages())
}

pub const NAV: &[NavItem] = &[
    NavItem {
        place: NavPlace::Mine,
        href: "/issues/new",
        label: "New issue",
        icon: "plus",
        key: "c",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "sprints",
        label: "Sprints",
        icon: "calendar",
        key: "g u",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "board",
        label: "Board",
        icon: "kanban",
        key: "g k",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "issues",
        label: "Issues",
        icon: "list-checks",
        key: "g b",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Across,
        href: "/issues",
        label: "All issues",
        icon: "list-checks",
        key: "g w",
        shown: |actor| actor.belongs(),
    },
];
