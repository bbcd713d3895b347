//! Forecasts of teams: their history and capacity, the questions, the log of what was issued with its track record,
//! commitments and what moves their chance. What is computed is in the pure crate `forecast`.
mod access;
pub mod answer;
pub mod capacity;
pub mod commitment;
mod course;
pub mod history;
pub mod item;
pub mod log;
mod outlook;
pub mod roadmap;
pub mod source;
pub mod sprint;

use kernel::{Aside, Later, Migration, Part, Reference, Tx, op};
use source::SourceKind;
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[
        Migration::portable("forecasting", include_str!("../migrations/0001_forecasting.sql")),
        Migration::portable("forecasting_counted", include_str!("../migrations/0002_counted.sql")),
        Migration::portable("sprint_forecasts", include_str!("../migrations/0003_sprint_forecasts.sql")),
    ],
    operations: &[
        op::<answer::AskForecast>(),
        op::<item::AskIssue>(),
        op::<item::ShowAgeing>(),
        op::<sprint::AskSprint>(),
        op::<roadmap::AskProject>(),
        op::<roadmap::AskMilestone>(),
        op::<roadmap::AskInitiative>(),
        op::<history::ShowHistory>(),
        op::<history::ImportFinishes>(),
        op::<history::RemoveFinishes>(),
        op::<history::RestoreFinishes>(),
        op::<history::ChooseItems>(),
        op::<log::IssueForecast>(),
        op::<log::IssueSprint>(),
        op::<log::ShowRecord>(),
        op::<commitment::ListCommitments>(),
        op::<commitment::ListSources>(),
        op::<commitment::ShowCommitment>(),
        op::<commitment::AddCommitment>(),
        op::<commitment::EditCommitment>(),
        op::<commitment::AddPart>(),
        op::<commitment::RecountPart>(),
        op::<commitment::RemovePart>(),
        op::<commitment::EndCommitment>(),
        op::<commitment::ReopenCommitment>(),
    ],
    subscribers: log::SUBSCRIBERS,
    jobs: &[log::DAILY, log::KEEP, commitment::JOB],
    schedules: &[log::SCHEDULE],
    records: &[commitment::RECORD],
    signals: Some(commitment::gather),
    asides: Some(asides),
    agreed: Some(commitment::agreed),
    ..Part::named("forecasting")
};

/// The pages of this part.
pub fn pages() -> Pages {
    let asked = answer::pages().merge(item::pages()).merge(sprint::pages()).merge(roadmap::pages());
    asked.merge(history::pages()).merge(log::pages()).merge(commitment::pages())
}

pub const NAV: &[NavItem] = &[
    NavItem {
        place: NavPlace::Team,
        href: "forecast",
        label: "Forecast",
        icon: "activity",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Across,
        href: "/commitments",
        label: "Commitments",
        icon: "calendar",
        key: "g c",
        shown: |actor| actor.belongs(),
    },
];

fn asides<'a>(tx: &'a mut Tx<'_>, about: &'a Reference) -> Later<'a, Vec<Aside>> {
    Box::pin(async move {
        match about.kind.as_str() {
            "issue" => item::aside::of(tx, &about.id).await,
            "sprint" => sprint::aside(tx, &about.id).await,
            "project" => Ok(vec![roadmap::aside_of(SourceKind::Project, &about.id)]),
            "initiative" => Ok(vec![roadmap::aside_of(SourceKind::Initiative, &about.id)]),
            "milestone" => roadmap::aside_of_milestone(tx, &about.id).await,
            _ => Ok(Vec::new()),
        }
    })
}
