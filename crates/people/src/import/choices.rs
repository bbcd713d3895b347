//! What the reader of the preview chose, as texts of a form or of an address.
use super::{
    headers::Field,
    operation::Defaults,
    reader::{Choice, Column, Mapping, Order},
};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use ui::Form;

#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// By the place of the column, as two columns may have one name.
    pub columns: BTreeMap<usize, Choice>,
    pub date_order: Option<Order>,
    pub defaults: Defaults,
    pub after_line: u64,
}

/// The fields that a column can be chosen for, as a page says them.
pub const FIELDS: [(Field, &str); 29] = [
    (Field::Name, "Name"),
    (Field::FirstName, "First name"),
    (Field::MiddleName, "Middle name"),
    (Field::LastName, "Last name"),
    (Field::PreferredName, "Preferred name"),
    (Field::Pronouns, "Pronouns"),
    (Field::Email, "Mail address at work"),
    (Field::PersonalEmail, "Private mail address"),
    (Field::Login, "Sign-in name"),
    (Field::EmployeeId, "Employee id"),
    (Field::Title, "Title"),
    (Field::Level, "Level"),
    (Field::Team, "Team"),
    (Field::Department, "Department"),
    (Field::Manager, "Manager"),
    (Field::ManagerEmail, "Mail address of the manager"),
    (Field::ManagerId, "Employee id of the manager"),
    (Field::Location, "Place of work"),
    (Field::City, "City"),
    (Field::Country, "Country"),
    (Field::Zone, "Time zone"),
    (Field::WorkingHours, "Working hours"),
    (Field::WeeklyHours, "Hours a week"),
    (Field::FullTimeShare, "Share of full time"),
    (Field::StartDate, "First day"),
    (Field::EndDate, "Last day"),
    (Field::EmploymentType, "Employment"),
    (Field::Status, "Status"),
    (Field::Active, "Active: yes or no"),
];

impl Choices {
    /// An address without choices has the usual ones: teams that are missing are made.
    pub fn read(texts: &[(String, String)]) -> Choices {
        let text = |wanted: &str| texts.iter().find(|(name, _)| name == wanted).map_or("", |(_, text)| text.as_str());
        let column = |(name, text): &(String, String)| {
            let choice = if text == "ignore" { Choice::Ignore } else { Choice::Use(named(text)?) };
            Some((name.strip_prefix("column-")?.parse().ok()?, choice))
        };
        Choices {
            columns: texts.iter().filter_map(column).collect(),
            date_order: named(text("date_order")),
            defaults: Defaults {
                zone: text("zone").parse().ok(),
                hours: text("hours").parse().ok(),
                create_teams: text("chosen").is_empty() || text("create_teams") == "true",
            },
            after_line: text("after").parse().unwrap_or(0),
        }
    }

    pub fn mapping(&self, columns: &[Column]) -> Mapping {
        let named = |(place, choice): (&usize, &Choice)| Some((columns.get(*place)?.header.clone(), *choice));
        Mapping { columns: self.columns.iter().filter_map(named).collect(), date_order: self.date_order }
    }

    /// The texts from which the same choices are read.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let columns = self.columns.iter().map(|(place, choice)| (format!("column-{place}"), choice_word(*choice)));
        let others = [
            ("date_order", self.date_order.map(word).unwrap_or_default()),
            ("zone", self.defaults.zone.as_deref().unwrap_or_default().to_owned()),
            ("hours", self.defaults.hours.as_deref().unwrap_or_default().to_owned()),
            ("create_teams", if self.defaults.create_teams { "true".to_owned() } else { String::new() }),
            ("chosen", "true".to_owned()),
        ];
        let others = others.into_iter().filter(|(_, text)| !text.is_empty());
        columns.chain(others.map(|(name, text)| (name.to_owned(), text))).collect()
    }

    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    pub fn form(&self) -> Form {
        Form::refused(self.pairs(), Vec::new())
    }
}

pub fn choice_word(choice: Choice) -> String {
    match choice {
        Choice::Ignore => "ignore".to_owned(),
        Choice::Use(field) => word(field),
    }
}

/// The word that stands for a value in JSON.
pub fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

fn named<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(kernel::Json::String(word.to_owned())).ok()
}
