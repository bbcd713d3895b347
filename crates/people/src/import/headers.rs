//! What a column name means.

use std::{collections::HashMap, sync::LazyLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::vocabulary::{ALIASES, SENSITIVE_STEMS, SENSITIVE_WORDS, dictionary, listed};

/// A longer cell, in bytes, is not the name of a column.
pub const LONGEST_HEADER: usize = 400;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    EmployeeId,
    /// The whole name, as "Ada Lovelace" or "Lovelace, Ada".
    Name,
    FirstName,
    /// Used only to recognise managers by name.
    MiddleName,
    LastName,
    PreferredName,
    Pronouns,
    /// The e-mail address at work.
    Email,
    /// Used only in a file without a column for the address at work.
    PersonalEmail,
    /// A sign-in name: the e-mail address where it is one and no other is given.
    Login,
    Title,
    Level,
    /// A team, or a path such as "Engineering > Payments".
    Team,
    Department,
    /// An office, site or other named place.
    Location,
    City,
    Country,
    Zone,
    /// Working hours in words, such as "Mon-Thu 9-17".
    WorkingHours,
    WeeklyHours,
    /// The share of full time, as 0.8 or 80%.
    FullTimeShare,
    StartDate,
    EndDate,
    EmploymentType,
    Status,
    /// Yes for people who are active.
    Active,
    /// Yes for people who are not active.
    Blocked,
    /// A manager by e-mail address, employee id or name.
    Manager,
    ManagerEmail,
    ManagerId,
}

/// What a column name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Of several columns for one field, the lowest rank is the best.
    Known {
        field: Field,
        rank: usize,
    },
    /// Pay, birth, health, home and the like, which Cairn does not take.
    Sensitive,
    Unknown,
}

/// Recognises a column name as people systems write it.
pub fn meaning(header: &str) -> Meaning {
    if header.len() > LONGEST_HEADER {
        return Meaning::Unknown;
    }
    let unbracketed = without(header, '[', ']');
    if let Some(known) = alias(&unbracketed) {
        return known;
    }
    if is_sensitive(&unbracketed) {
        return Meaning::Sensitive;
    }
    let bare = without(&unbracketed, '(', ')');
    let remark = unbracketed.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
    // "Email (Manager)" is not the person's own.
    let own = alias(&bare).filter(|_| alias(remark).is_none());
    own.or_else(|| alias(unprefixed(&unbracketed))).unwrap_or(Meaning::Unknown)
}

/// "email" of "user.profile.email", but all of "manager.email".
fn unprefixed(header: &str) -> &str {
    const PREFIXES: [&str; 5] = ["user", "profile", "employee", "person", "worker"];
    match header.split_once('.') {
        Some((prefix, rest)) if PREFIXES.contains(&fold(prefix).as_str()) => unprefixed(rest),
        _ => header,
    }
}

/// Folds case, spaces, punctuation and diacritics, so that "E-Mail Address" and "emailAddress" are the same.
pub fn fold(header: &str) -> String {
    words(header).concat()
}

fn alias(header: &str) -> Option<Meaning> {
    static KNOWN: LazyLock<HashMap<String, (Field, usize)>> = LazyLock::new(|| dictionary(ALIASES));
    KNOWN.get(&fold(header)).map(|(field, rank)| Meaning::Known { field: *field, rank: *rank })
}

fn is_sensitive(header: &str) -> bool {
    let words = words(header);
    let whole = words.concat();
    listed(SENSITIVE_WORDS).any(|word| words.iter().any(|own| own == word))
        || listed(SENSITIVE_STEMS).any(|stem| whole.contains(stem))
}

fn without(header: &str, open: char, close: char) -> String {
    let mut depth = 0;
    header
        .chars()
        .filter(|letter| {
            depth += usize::from(*letter == open);
            let outside = depth == 0;
            depth -= usize::from(*letter == close && depth > 0);
            outside
        })
        .collect()
}

/// The words of a header in lower case without diacritics; "#" is the word "number" and capitals begin a word.
fn words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lowercase = false;
    for letter in header.nfd().filter(|letter| !is_combining_mark(*letter)) {
        let begins = !letter.is_alphanumeric() || (letter.is_uppercase() && after_lowercase);
        if begins {
            words.push(String::new());
        }
        after_lowercase = letter.is_lowercase();
        match letter {
            '#' => words.push("number".into()),
            'ß' => words.last_mut().expect("there is always a word").push_str("ss"),
            _ if letter.is_alphanumeric() => {
                words.last_mut().expect("there is always a word").extend(letter.to_lowercase());
            }
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
