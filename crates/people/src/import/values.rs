//! What the text of a cell means.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{
    headers::fold,
    reader::{EmploymentType, Status},
    vocabulary::{self, dictionary},
};

/// The longest e-mail address, in bytes (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const LONGEST_EMAIL: usize = 254;

/// Plain text: one line, trimmed, in normal form C, without control, bidirectional and invisible characters.
pub fn clean(cell: &str) -> String {
    let printable = cell.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if printable && !cell.contains("  ") {
        return cell.trim().to_owned();
    }
    let visible: String = cell
        .chars()
        .filter(|letter| !is_hidden(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_nfc_quick(line.chars()) == IsNormalized::Yes { line } else { line.nfc().collect() }
}

/// Direction marks, zero-width spaces and soft hyphens. The joiners stay, since some scripts spell names with them.
fn is_hidden(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
        || (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))
}

/// Whether a cell outside of names stands for nothing.
pub fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 10] = ["n/a", "#n/a", "na", "null", "(null)", "none", "nil", "(empty)", "(blank)", "undefined"];
    text.chars().all(|letter| matches!(letter, '-' | '–' | '—' | '.' | '_' | ' '))
        || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// An address in lower case, also out of "Ada Lovelace <ada@example.org>"; `None` if it is not one.
pub fn email(text: &str) -> Option<String> {
    let inner = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>')?,
        None => text,
    };
    let address = inner.trim().to_ascii_lowercase();
    let address = address.strip_prefix("mailto:").unwrap_or(&address);
    let (local, domain) = address.split_once('@')?;
    let in_local = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
    let local_fits = (1..=64).contains(&local.len())
        && local.bytes().all(in_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next()?;
    let domain_fits = domain.contains('.')
        && domain.split('.').all(is_label)
        && top.len() >= 2
        && !top.bytes().all(|byte| byte.is_ascii_digit());
    (local_fits && domain_fits && address.len() <= LONGEST_EMAIL).then(|| address.to_owned())
}

/// "Lovelace, Ada" as "Ada Lovelace"; other names as they are, also "Sammy Davis, Jr.".
pub fn given_name_first(name: &str) -> String {
    const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq"];
    match name.split_once(',') {
        Some((family, given)) if !given.contains(',') && !SUFFIXES.contains(&fold(given).as_str()) => {
            format!("{} {}", given.trim(), family.trim()).trim().to_owned()
        }
        _ => name.to_owned(),
    }
}

/// Splits "Ada Lovelace (On Leave)", as Workday writes it, into name and status.
pub fn name_and_status(name: &str) -> (&str, Option<Status>) {
    let parts = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match parts.and_then(|(name, inner)| Some((name.trim(), status(inner)?))) {
        Some((name, status)) if !name.is_empty() => (name, Some(status)),
        _ => (name, None),
    }
}

/// A number with a point or a comma, and with what may stand behind it: "38,5 Std." is 38.5, "37:30" is 37.5.
pub fn number(text: &str) -> Option<f64> {
    let digits_end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',' | ':'));
    let (digits, unit) = text.split_at(digits_end.unwrap_or(text.len()));
    const UNITS: [&str; 14] = [
        "",
        "h",
        "hr",
        "hrs",
        "hour",
        "hours",
        "std",
        "stunden",
        "horas",
        "heures",
        "hoursperweek",
        "hoursweek",
        "hweek",
        "hw",
    ];
    if digits.is_empty() || !UNITS.contains(&fold(unit).as_str()) {
        return None;
    }
    match digits.split_once(':') {
        Some((hours, minutes)) => {
            let minutes: f64 = minutes.split(':').next()?.parse().ok().filter(|minutes| *minutes < 60.0)?;
            Some(hours.parse::<f64>().ok()? + minutes / 60.0)
        }
        None => digits.replace(',', ".").parse().ok(),
    }
}

/// A share of full time: "0.8", "80%" and "80" are 0.8.
pub fn share(text: &str) -> Option<f64> {
    let percent = text.strip_suffix('%').map(str::trim_end);
    let value = number(percent.unwrap_or(text))?;
    let value = if percent.is_some() || value > 2.0 { value / 100.0 } else { value };
    (value > 0.0 && value <= 2.0).then_some(value)
}

pub fn yes_or_no(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        "yes" | "y" | "true" | "1" | "ja" | "wahr" | "si" | "oui" | "active" | "x" => Some(true),
        "no" | "n" | "false" | "0" | "nein" | "falsch" | "non" | "inactive" => Some(false),
        _ => None,
    }
}

pub fn status(text: &str) -> Option<Status> {
    static STATUSES: LazyLock<HashMap<String, (Status, usize)>> = LazyLock::new(|| dictionary(vocabulary::STATUSES));
    STATUSES.get(&fold(text)).map(|(status, _)| *status)
}

/// The employment type; `None` for words that name none.
pub fn employment_type(text: &str) -> Option<EmploymentType> {
    static TYPES: LazyLock<HashMap<String, (EmploymentType, usize)>> =
        LazyLock::new(|| dictionary(vocabulary::EMPLOYMENT_TYPES));
    TYPES.get(&fold(text)).map(|(kind, _)| kind.clone())
}
