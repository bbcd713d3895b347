//! People: colleagues, with or without an account.
mod activity;
mod add;
pub mod choices;
mod deactivate;
mod directory;
mod edit;
mod find;
mod photo;
mod show;

pub use activity::{Activity, ListActivity};
pub use add::AddPerson;
pub use deactivate::{DeactivatePerson, ReactivatePerson};
pub use directory::{Card, ListPeople, PeoplePage};
pub use edit::{EditEmployment, EditProfile};
pub use find::{Brief, FindPeople, Found};
pub use photo::{RemovePhoto, SetPhoto};
pub use show::{Named, Profile, ShowPerson};

use crate::access::VISIBLE;
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Error, Id, Person, Result, Time, Tx, args, calendar::Week, columns, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;
use unicode_normalization::UnicodeNormalization;

words! {
    /// On what terms a person works here.
    pub enum Employment {
        Permanent = "permanent",
        FixedTerm = "fixed_term",
        Contractor = "contractor",
        PartTime = "part_time",
        Intern = "intern",
        Other = "other",
    }
}

impl Employment {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Employment::Permanent => "Permanent",
            Employment::FixedTerm => "Fixed term",
            Employment::Contractor => "Contractor",
            Employment::PartTime => "Part time",
            Employment::Intern => "Intern",
            Employment::Other => "Other",
        }
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/people", directory::directory)
        .post("/people", add::save)
        .get("/people/new", add::new)
        .get("/people/{person}", show::show)
        .get("/people/{person}/edit", edit::edit)
        .post("/people/{person}/edit", edit::save_profile)
        .post("/people/{person}/employment", edit::save_work)
        .post("/people/{person}/manager", edit::save_manager)
        .post("/people/{person}/deactivation", deactivate::deactivate)
        .post("/people/{person}/reactivation", deactivate::reactivate)
        .post("/people/{person}/photo", photo::save)
        .post("/people/{person}/photo/removal", photo::remove)
        .get("/people/{person}/photo/{name}", photo::photo)
}

/// What is stored of a person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Record {
    pub id: Id<Person>,
    pub name: String,
    pub pronouns: String,
    pub email: Option<String>,
    pub employee_id: Option<String>,
    pub title: String,
    pub level: String,
    pub location: String,
    /// A country of the bundled calendar with its region, such as `DE-BE`, or the id of a calendar of one's own.
    pub holidays: String,
    pub zone: String,
    /// Weekly working hours in the person's own wall time, such as `Mon-Fri 09:00-17:00`.
    pub hours: String,
    pub employment: Employment,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub about: String,
    pub photo: Option<String>,
    pub deactivated_at: Option<Time>,
}
columns!(Record {
    id,
    name,
    pronouns,
    email,
    employee_id,
    title,
    level,
    location,
    holidays,
    zone,
    hours,
    employment,
    starts_on,
    ends_on,
    about,
    photo,
    deactivated_at,
});

impl Record {
    /// The person, if the actor can see them.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Person>) -> Result<Record> {
        let select =
            sql!(
            "select p.id, p.name, p.pronouns, p.email, p.employee_id, p.title, p.level, p.location, p.holidays, p.zone,
                    p.hours, p.employment, p.starts_on, p.ends_on, p.about, p.photo, p.deactivated_at
               from people p where", VISIBLE, "and p.id = $4"
        );
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), id]).await
    }
}

/// A name as it is sorted and searched: without case, and without the marks on its letters.
pub fn folded(name: &str) -> String {
    let plain = name.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    plain
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'ł' => 'l',
            'ø' => 'o',
            'đ' => 'd',
            'ı' => 'i',
            c => c,
        })
        .collect()
}

/// A zone of the IANA database, by the name it has there.
pub fn zone(field: &str, name: &str) -> Result<TimeZone> {
    let wrong = |_| Error::invalid(field, format!("`{name}` is not a time zone; write it as Europe/Lisbon."));
    TimeZone::get(name).map_err(wrong)
}

pub fn week(field: &str, text: &str) -> Result<Week> {
    text.parse().map_err(|error: Error| match error {
        Error::Invalid(flaws) => Error::Invalid(
            flaws.into_iter().map(|flaw| kernel::Flaw { field: field.into(), sentence: flaw.sentence }).collect(),
        ),
        other => other,
    })
}

/// A code of the bundled holidays, or the id of one of the workspace's own calendars; nothing for none.
pub async fn holiday_code(tx: &mut Tx<'_>, code: &str) -> Result<String> {
    if code.is_empty() {
        return Ok(String::new());
    }
    let own = sql!("select 1 from holiday_calendars where workspace_id = $1 and id = $2");
    if tx.exists(own, args![tx.workspace(), code]).await? {
        return Ok(code.to_owned());
    }
    holidays::find(code).map(|place| place.code()).map_err(|unknown| Error::invalid("holidays", unknown.to_string()))
}

/// What a broken constraint of the table means to whoever typed.
pub(crate) fn taken(error: Error) -> Error {
    error
        .when_field("people_workspace_id_email_key", "email", "Someone here has this mail address already.")
        .when_field("people_workspace_id_employee_id_key", "employee_id", "Someone here has this number already.")
}
