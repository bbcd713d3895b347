//! People: who is here, on which team, at what hours, and how they sign in. The one part that others may use.
#[macro_use]
pub mod access;
pub mod account;
pub mod documents;
pub mod hours;
pub mod import;
pub mod leave;
pub mod onboarding;
pub mod org;
pub mod palette;
pub mod person;
pub mod picture;
mod records;
pub mod settings;
pub mod team;

use kernel::{Migration, Part, op};
use ui::{NavItem, NavPlace, Pages};

pub static PART: Part = Part {
    migrations: &[Migration::portable("people", include_str!("../migrations/0001_people.sql"))],
    operations: &[
        op::<person::AddPerson>(),
        op::<import::ImportPeople>(),
        op::<person::ListPeople>(),
        op::<person::FindPeople>(),
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
        op::<org::ShowOrg>(),
        op::<hours::ShowHours>(),
        op::<hours::SetException>(),
        op::<hours::ClearException>(),
        op::<hours::ImportHolidayCalendar>(),
        op::<hours::ListHolidayCalendars>(),
        op::<hours::ShowHolidayCalendar>(),
        op::<hours::DeleteHolidayCalendar>(),
        op::<leave::EnterLeave>(),
        op::<leave::PreviewLeave>(),
        op::<leave::ListLeaves>(),
        op::<leave::LeaveCalendar>(),
        op::<leave::ShowLeave>(),
        op::<leave::ChangeLeave>(),
        op::<leave::WithdrawLeave>(),
        op::<leave::RestoreLeave>(),
        op::<leave::AcceptHandover>(),
        op::<leave::DeclineHandover>(),
        op::<leave::ImportLeaves>(),
        op::<account::RenameWorkspace>(),
        op::<account::SetRoles>(),
        op::<account::ShowAccount>(),
        op::<account::DisableAccount>(),
        op::<account::EnableAccount>(),
        op::<account::SetTheme>(),
        op::<account::invitation::SendInvitation>(),
        op::<account::invitation::ListInvitations>(),
        op::<account::invitation::RevokeInvitation>(),
        op::<account::reset::SendReset>(),
        op::<account::session::ListSessions>(),
        op::<account::session::EndSession>(),
        op::<account::session::EndOtherSessions>(),
        op::<account::session::SignOut>(),
        op::<account::factor::policy::ShowFactorPolicy>(),
        op::<account::factor::policy::RequireFactor>(),
        op::<account::factor::ShowFactor>(),
        op::<account::factor::BeginFactor>(),
        op::<account::factor::RenewRecoveryCodes>(),
        op::<account::factor::RemoveFactor>(),
        op::<account::factor::RemoveFactorOf>(),
        op::<account::token::CreateToken>(),
        op::<account::token::ListTokens>(),
        op::<account::token::RevokeToken>(),
        op::<onboarding::template::ListTemplates>(),
        op::<onboarding::template::ShowTemplate>(),
        op::<onboarding::template::AddTemplate>(),
        op::<onboarding::template::DuplicateTemplate>(),
        op::<onboarding::template::EditTemplate>(),
        op::<onboarding::template::ArchiveTemplate>(),
        op::<onboarding::template::RestoreTemplate>(),
        op::<onboarding::template::AddPhase>(),
        op::<onboarding::template::EditPhase>(),
        op::<onboarding::template::RemovePhase>(),
        op::<onboarding::template::AddTemplateStep>(),
        op::<onboarding::template::EditTemplateStep>(),
        op::<onboarding::template::MoveTemplateStep>(),
        op::<onboarding::template::RemoveTemplateStep>(),
        op::<onboarding::template::RestoreTemplateStep>(),
        op::<onboarding::plan::ListPlans>(),
        op::<onboarding::plan::ShowPlan>(),
        op::<onboarding::plan::StartPlan>(),
        op::<onboarding::plan::ChangePlan>(),
        op::<onboarding::plan::EndPlan>(),
        op::<onboarding::plan::ResumePlan>(),
        op::<onboarding::plan::CompleteStep>(),
        op::<onboarding::plan::ReopenStep>(),
        op::<onboarding::plan::AssessExpectation>(),
        op::<onboarding::plan::AddStep>(),
        op::<onboarding::plan::EditStep>(),
        op::<onboarding::plan::MoveStep>(),
        op::<onboarding::plan::RemoveStep>(),
        op::<onboarding::plan::RestoreStep>(),
    ],
    jobs: &[account::ledger::JOB, account::reset::JOB, onboarding::JOB, import::JOB],
    schedules: &[onboarding::SCHEDULE, import::SCHEDULE],
    records: records::RECORDS,
    signals: Some(leave::signals::gather),
    ..Part::named("people")
};

/// The pages of this part.
pub fn pages() -> Pages {
    Pages::new()
        .merge(account::pages())
        .merge(settings::pages())
        .merge(person::pages())
        .merge(import::pages())
        .merge(team::pages())
        .merge(org::pages())
        .merge(palette::pages())
        .merge(onboarding::pages())
        .merge(leave::pages())
        .merge(hours::pages())
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
    NavItem {
        place: NavPlace::Across,
        href: "/org",
        label: "Org chart",
        icon: "org-chart",
        key: "g o",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Across,
        href: "/leaves",
        label: "Away",
        icon: "plane",
        key: "g l",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Run,
        href: "/admin/holidays",
        label: "Public holidays",
        icon: "calendar",
        key: "g h",
        shown: access::cares_for_people,
    },
    NavItem {
        place: NavPlace::Across,
        href: "/onboarding",
        label: "Onboarding",
        icon: "map",
        key: "g n",
        shown: |actor| actor.belongs(),
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/people/new",
        label: "Add a person",
        icon: "user-plus",
        key: "",
        shown: access::cares_for_people,
    },
    NavItem {
        place: NavPlace::Palette,
        href: "/teams/new",
        label: "Add a team",
        icon: "plus",
        key: "",
        shown: access::cares_for_people,
    },
];
