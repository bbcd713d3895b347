//! Work: issues of teams, with states of their own, and everything that happened to them.
pub mod automation;
pub mod custom;
mod deeds;
pub mod estimate;
pub mod export;
mod facts;
pub mod import;
pub mod intake_form;
pub mod issue;
pub mod label;
pub mod planning;
pub mod query;
pub mod rank;
mod records;
pub mod refinement;
pub mod review;
mod round;
pub mod sprint;
pub mod team;
pub mod template;
pub mod triage;
mod underway;
pub mod view;

use kernel::{Migration, Part, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[
        Migration::portable("work", include_str!("../migrations/0001_work.sql")),
        Migration::portable("planning", include_str!("../migrations/0002_planning.sql")),
        Migration::portable("sprint_starts", include_str!("../migrations/0003_sprint_starts.sql")),
        Migration::portable("review", include_str!("../migrations/0004_review.sql")),
        Migration::portable("issue_uploads", include_str!("../migrations/0005_issue_uploads.sql")),
        Migration::portable("keys", include_str!("../migrations/0006_keys.sql")),
    ],
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
        op::<planning::ListPlannings>(),
        op::<planning::StartPlanning>(),
        op::<planning::ShowPlanning>(),
        op::<planning::Propose>(),
        op::<planning::TakeBackProposal>(),
        op::<planning::WriteDraft>(),
        op::<planning::SayOffer>(),
        op::<planning::AnswerDraft>(),
        op::<planning::DecideAgainst>(),
        op::<planning::CallOffPlanning>(),
        op::<review::ListReviews>(),
        op::<review::StartReview>(),
        op::<review::ShowReview>(),
        op::<review::PresentItem>(),
        op::<review::JudgeItem>(),
        op::<review::FollowUp>(),
        op::<review::EndReview>(),
        op::<triage::ShowTriage>(),
        op::<triage::SetTriage>(),
        op::<triage::GiveTurn>(),
        op::<triage::AcceptIssues>(),
        op::<triage::MergeIssues>(),
        op::<triage::DeclineIssues>(),
        op::<triage::PutOffIssues>(),
        op::<triage::UndoTriage>(),
        op::<automation::ListAutomations>(),
        op::<automation::ShowAutomation>(),
        op::<automation::AddAutomation>(),
        op::<automation::EditAutomation>(),
        op::<automation::DeleteAutomation>(),
        op::<automation::RestoreAutomation>(),
        op::<automation::TryAutomation>(),
        op::<automation::UndoRun>(),
        op::<template::ListTemplates>(),
        op::<template::ShowTemplate>(),
        op::<template::AddTemplate>(),
        op::<template::EditTemplate>(),
        op::<template::DeleteTemplate>(),
        op::<template::RestoreTemplate>(),
        op::<template::ListRecurrences>(),
        op::<template::AddRecurrence>(),
        op::<template::EditRecurrence>(),
        op::<template::SkipOccurrence>(),
        op::<intake_form::ListForms>(),
        op::<intake_form::ShowForm>(),
        op::<intake_form::AddForm>(),
        op::<intake_form::EditForm>(),
        op::<intake_form::CloseForm>(),
        op::<intake_form::ReopenForm>(),
        op::<intake_form::ReplaceLink>(),
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
        op::<export::ExportSprints>(),
        op::<export::ImportTeam>(),
        op::<custom::ListFields>(),
        op::<custom::ListFieldUses>(),
        op::<custom::AddField>(),
        op::<custom::EditField>(),
        op::<custom::RenameChoice>(),
        op::<custom::ArchiveField>(),
        op::<custom::RestoreField>(),
        op::<custom::DeleteField>(),
        op::<custom::ListForeign>(),
        op::<custom::TakeForeign>(),
        op::<label::ListLabels>(),
        op::<label::AddLabel>(),
        op::<label::EditLabel>(),
        op::<label::ArchiveLabel>(),
        op::<label::RestoreLabel>(),
    ],
    jobs: &[
        refinement::JOB,
        planning::JOB,
        review::JOB,
        triage::JOB,
        automation::JOB,
        automation::SWEEP,
        template::JOB,
        intake_form::JOB,
        import::upload::READ,
        import::upload::STORE,
        import::upload::FORGET,
    ],
    subscribers: automation::SUBSCRIBERS,
    schedules: &[
        refinement::SCHEDULE,
        planning::SCHEDULE,
        review::SCHEDULE,
        triage::SCHEDULE,
        automation::SCHEDULE,
        template::SCHEDULE,
        intake_form::SCHEDULE,
        import::upload::SCHEDULE,
    ],
    records: records::RECORDS,
    owned: Some(records::owned),
    deeds: Some(deeds::gather),
    facts: Some(facts::gather),
    underway: Some(underway::gather),
    signals: Some(sprint::gather),
    ..Part::named("work")
};

/// The pages of this part.
pub fn pages() -> Pages {
    issue::pages()
        .merge(view::pages())
        .merge(sprint::pages())
        .merge(refinement::pages())
        .merge(planning::pages())
        .merge(review::pages())
        .merge(triage::pages())
        .merge(automation::pages())
        .merge(template::pages())
        .merge(intake_form::pages())
        .merge(import::pages())
        .merge(team::pages())
        .merge(label::pages())
        .merge(custom::pages())
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
        place: NavPlace::Team,
        href: "triage",
        label: "Triage",
        icon: "inbox",
        key: "g q",
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
