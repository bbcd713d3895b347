//! Dates as people systems and spreadsheets write them.

use jiff::{ToSpan, civil::Date};

use super::{
    headers::fold,
    reader::{DateOrder, DateQuestion, Order},
};

/// The years that a start or an end of employment can have.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;
/// The days that Excel counts: from 1954 to 2173, so that a year alone is not one.
const SERIAL_DAYS: std::ops::Range<i32> = 20_000..100_000;

/// A date in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Date(Date),
    /// Two numbers of which one is the day and one is the month.
    Either {
        first: i8,
        second: i8,
        year: i16,
    },
    /// The far future or a row of zeros, which stand for no date.
    Open,
}

/// Reads the date of a cell, without its time of day; `None` if there is none.
pub fn parse(text: &str) -> Option<Written> {
    let text = without_time(text);
    if matches!(
        text,
        "0000-00-00"
            | "00/00/0000"
            | "00.00.0000"
            | "00000000"
            | "0"
            | "9999-12-31"
            | "12/31/9999"
            | "31/12/9999"
            | "31.12.9999"
    ) {
        return Some(Written::Open);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(text).map(Written::Date);
    }
    numbers(text).or_else(|| month_in_words(text).map(Written::Date))
}

/// The date under an order; without one, only if both readings are the same or only one is a date.
pub fn resolve(written: Written, order: Option<Order>) -> Option<Date> {
    let (first, second, year) = match written {
        Written::Date(date) => return Some(date),
        Written::Open => return None,
        Written::Either { first, second, year } => (first, second, year),
    };
    let (day_first, month_first) = (date(year, second, first), date(year, first, second));
    match order {
        Some(Order::DayFirst) => day_first,
        Some(Order::MonthFirst) => month_first,
        None if day_first == month_first => day_first,
        None => day_first.xor(month_first),
    }
}

/// What the dates of a column tell about its order.
#[derive(Debug, Default)]
pub struct Evidence {
    day_first: bool,
    month_first: bool,
    question: Option<DateQuestion>,
}

impl Evidence {
    pub fn add(&mut self, line: u64, value: &str) {
        let Some(written @ Written::Either { .. }) = parse(value) else { return };
        let readings = (resolve(written, Some(Order::DayFirst)), resolve(written, Some(Order::MonthFirst)));
        match readings {
            (Some(_), None) => self.day_first = true,
            (None, Some(_)) => self.month_first = true,
            (Some(day_first), Some(month_first)) if day_first != month_first => {
                let question = || DateQuestion { line, value: value.to_owned(), day_first, month_first };
                self.question.get_or_insert_with(question);
            }
            _ => {}
        }
    }

    /// The order that this column proves alone.
    pub fn proven(&self) -> Option<Order> {
        match (self.day_first, self.month_first) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    }

    /// The order of the column, where `elsewhere` is what the other columns of the file prove together.
    pub fn decide(self, chosen: Option<Order>, elsewhere: Option<Order>) -> DateOrder {
        let mixed = self.day_first && self.month_first;
        match (chosen.or_else(|| self.proven()), self.question) {
            (Some(order), _) => DateOrder::Known(order),
            (None, None) => DateOrder::Clear,
            (None, Some(_)) if mixed => DateOrder::Mixed,
            (None, Some(question)) => elsewhere.map_or(DateOrder::Unknown(question), DateOrder::Known),
        }
    }
}

fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok().filter(|date| YEARS.contains(&date.year()))
}

/// Cuts "2024-01-05T10:00:00Z", "1/5/2024 12:00:00 AM" and "2024-01-05 00:00:00 UTC" behind the date.
fn without_time(text: &str) -> &str {
    let is_time = |rest: &str| rest.as_bytes().first().is_some_and(u8::is_ascii_digit) && rest.contains(':');
    let ends = text.char_indices().find(|(at, letter)| {
        matches!(letter, 'T' | ' ') && *at >= 6 && is_time(text[at + 1..].split(' ').next().unwrap_or_default())
    });
    ends.map_or(text, |(at, _)| text[..at].trim_end_matches(','))
}

/// "20240105", or days since the end of 1899 as Excel counts them.
fn digits(text: &str) -> Option<Date> {
    if text.len() == 8 {
        return date(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    }
    let days: i32 = text.parse().ok().filter(|days| SERIAL_DAYS.contains(days))?;
    Date::constant(1899, 12, 30).checked_add(days.days()).ok().filter(|date| YEARS.contains(&date.year()))
}

/// Three numbers between points, slashes or dashes; also an Excel serial number with a time of day.
fn numbers(text: &str) -> Option<Written> {
    let separator = text.chars().find(|letter| matches!(letter, '.' | '/' | '-'))?;
    let parts: Vec<&str> = text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
    if !parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    match parts[..] {
        [days, _] if separator == '.' && days.len() == 5 => digits(days).map(Written::Date),
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            date(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).map(Written::Date)
        }
        [first, second, last] if first.len() <= 2 && second.len() <= 2 => {
            let (first, second, year) = (first.parse().ok()?, second.parse().ok()?, year(last)?);
            if separator == '.' {
                return date(year, second, first).map(Written::Date);
            }
            date(year, second, first).or_else(|| date(year, first, second))?;
            Some(Written::Either { first, second, year })
        }
        _ => None,
    }
}

/// "Jan 5, 2024", "05-Jan-24", "5. Januar 2024" and "5 de enero de 2024".
fn month_in_words(text: &str) -> Option<Date> {
    let (mut month_found, mut numbers) = (None, Vec::new());
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let ordinal = word.trim_end_matches(|letter: char| letter.is_alphabetic());
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            let rest = &word[ordinal.len()..];
            if !matches!(rest, "" | "st" | "nd" | "rd" | "th") {
                return None;
            }
            numbers.push(ordinal);
        } else if let Some(found) = month(word) {
            month_found = month_found.xor(Some(found));
        } else if !is_filler(word) {
            return None;
        }
    }
    match numbers[..] {
        [first, last] if first.len() == 4 => date(first.parse().ok()?, month_found?, last.parse().ok()?),
        [first, last] => date(year(last)?, month_found?, first.parse().ok()?),
        _ => None,
    }
}

/// Two digits mean the years from 1970 to 2069.
fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 if year < 70 => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

/// The month of an English, German, Spanish or French name or its beginning of at least three letters.
fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january januar enero janvier",
        "february februar febrero fevrier",
        "march marz maerz mrz marzo mars",
        "april abril avril",
        "may mai mayo",
        "june juni junio juin",
        "july juli julio juillet",
        "august agosto aout",
        "september sept septiembre setiembre septembre",
        "october oktober octubre octobre",
        "november noviembre novembre",
        "december dezember diciembre decembre",
    ];
    let word = fold(word);
    let begins = |names: &str| names.split(' ').any(|name| name.starts_with(&word));
    (word.len() >= 3).then(|| NAMES.iter().position(|names| begins(names)))?.map(|index| index as i8 + 1)
}

fn is_filler(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = fold(word);
    matches!(word.as_str(), "de" | "del" | "of") || (word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word)))
}
