//! Delivery: from the histories of a team's repositories to how the team delivers. Teams and repositories are measured,
//! people are not.
pub mod agreement;
pub mod annotation;
pub mod build;
mod changes;
pub mod code;
pub mod connection;
mod deeds;
mod facts;
pub mod hook;
pub mod identity;
pub mod investment;
mod kept;
pub mod keys;
mod landing;
mod named;
pub mod pipeline;
pub mod pull;
pub mod repository;
pub mod review;
mod revision;
mod sealed;
pub mod signal;
pub mod source;
mod underway;

pub use landing::How;

use kernel::{Migration, Part, RecordKind, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[
        Migration::portable("delivery", include_str!("../migrations/0001_delivery.sql")),
        Migration::portable("delivery_pipelines", include_str!("../migrations/0002_pipelines.sql")),
        Migration::portable("pulls", include_str!("../migrations/0003_pulls.sql")),
        Migration::portable("hooks", include_str!("../migrations/0004_hooks.sql")),
        Migration::portable("connections", include_str!("../migrations/0005_connections.sql")),
        Migration::portable("agreements", include_str!("../migrations/0006_agreements.sql")),
        Migration::portable("investment", include_str!("../migrations/0007_investment.sql")),
        Migration::portable("delivery_revisions", include_str!("../migrations/0008_revisions.sql")),
        Migration::portable("named", include_str!("../migrations/0009_named.sql")),
        Migration::portable("nudges", include_str!("../migrations/0010_nudges.sql")),
    ],
    operations: &[
        op::<repository::AddRepository>(),
        op::<repository::ListRepositories>(),
        op::<repository::ShowRepository>(),
        op::<repository::EditRepository>(),
        op::<repository::ImportCommits>(),
        op::<repository::FinishImport>(),
        op::<identity::ListIdentities>(),
        op::<identity::ClaimIdentity>(),
        op::<identity::ReleaseIdentity>(),
        op::<code::ShowCode>(),
        op::<pipeline::ImportPipelines>(),
        op::<pipeline::AddDeployment>(),
        op::<pipeline::ListDeployments>(),
        op::<pipeline::ShowDeploymentRules>(),
        op::<pipeline::SetDeploymentRules>(),
        op::<pipeline::AddIncident>(),
        op::<pipeline::ListIncidents>(),
        op::<pull::ListImports>(),
        op::<review::ShowReviews>(),
        op::<review::ShowReviewLens>(),
        op::<review::ShowReviewLoad>(),
        op::<agreement::ShowAgreements>(),
        op::<agreement::SetAgreement>(),
        op::<agreement::EndAgreement>(),
        op::<agreement::SetNudges>(),
        op::<annotation::ListAnnotations>(),
        op::<annotation::AddAnnotation>(),
        op::<annotation::RemoveAnnotation>(),
        op::<signal::ShowSignals>(),
        op::<investment::ShowInvestment>(),
        op::<investment::ShowInvestmentRules>(),
        op::<investment::SetInvestmentRules>(),
        op::<keys::ShowKeys>(),
        op::<keys::ShowLens>(),
        op::<build::ShowBuilds>(),
        op::<hook::AddHook>(),
        op::<hook::ListHooks>(),
        op::<hook::RotateHook>(),
        op::<hook::RemoveHook>(),
        op::<hook::RetryDeliveries>(),
        op::<connection::AddConnection>(),
        op::<connection::ListConnections>(),
        op::<connection::StartConnection>(),
        op::<connection::StopConnection>(),
        op::<connection::SetConnectionToken>(),
        op::<connection::RemoveConnection>(),
    ],
    jobs: &[hook::JOB, hook::SWEEP, connection::JOB, connection::WAKE, signal::JOB, signal::WAKE],
    schedules: &[hook::SCHEDULE, connection::SCHEDULE, signal::SCHEDULE],
    records: &[RecordKind {
        kind: "repository",
        path: "/repositories/",
        told: None,
        find: repository::card,
        documents: Some(repository::REPOSITORIES),
    }],
    signals: Some(signal::gather),
    deeds: Some(deeds::gather),
    facts: Some(facts::gather),
    agreements: Some(agreement::gather),
    underway: Some(underway::gather),
    watched: Some(agreement::watched),
    asides: Some(code::asides),
    code: Some(named::gather),
    ..Part::named("delivery")
};

/// The pages of this part.
pub fn pages() -> Pages {
    repository::pages()
        .merge(identity::pages())
        .merge(code::pages())
        .merge(pull::pages())
        .merge(review::pages())
        .merge(agreement::pages())
        .merge(annotation::pages())
        .merge(investment::pages())
        .merge(keys::pages())
        .merge(hook::pages())
        .merge(connection::pages())
        .merge(build::pages())
}

pub const NAV: &[NavItem] = &[
    NavItem {
        place: NavPlace::Team,
        href: "delivery",
        label: "Delivery",
        icon: "activity",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Across,
        href: "/repositories",
        label: "Repositories",
        icon: "activity",
        key: "g r",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "code",
        label: "Code",
        icon: "file",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "builds",
        label: "Builds",
        icon: "check",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "reviews",
        label: "Reviews",
        icon: "check",
        key: "",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Team,
        href: "agreements",
        label: "Agreements",
        icon: "check",
        key: "",
        shown: |actor| actor.belongs(),
    },
];
