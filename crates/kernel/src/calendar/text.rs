//! The text of working hours: reading, writing, and both as a string of JSON.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::week::{DAY, Hours, Interval, Week};
use crate::Error;

const LONGEST: usize = 400;
const MOST_INTERVALS: usize = 6;
const EXAMPLE: &str = "Mon-Fri 09:00-17:00";
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl FromStr for Week {
    type Err = Error;

    /// `Invalid("week", …)` with a sentence that quotes the place and says how to mend it.
    fn from_str(text: &str) -> Result<Self, Error> {
        read_week(text).map_err(|sentence| Error::invalid("week", sentence))
    }
}

impl FromStr for Hours {
    type Err = Error;

    /// `Invalid("hours", …)` with a sentence that quotes the place and says how to mend it.
    fn from_str(text: &str) -> Result<Self, Error> {
        read_hours(text).map_err(|sentence| Error::invalid("hours", sentence))
    }
}

impl fmt::Display for Week {
    /// Days with equal hours stand together, from Monday on, or from the first run of days if one leads from Sunday
    /// into Monday.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups: Vec<(&Hours, Vec<String>)> = Vec::new();
        for (first, last) in runs(&self.days) {
            let (hours, days) = (&self.days[first], day_range_text(first, last));
            match groups.iter_mut().find(|(known, _)| *known == hours) {
                Some((_, list)) => list.push(days),
                None => groups.push((hours, vec![days])),
            }
        }
        let texts: Vec<_> = groups.iter().map(|(hours, days)| format!("{} {hours}", days.join(","))).collect();
        f.write_str(&texts.join("; "))
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.intervals().iter().map(Interval::to_string).collect();
        f.write_str(&texts.join(" "))
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end > DAY { self.end - DAY } else { self.end };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.start / 60, self.start % 60, end / 60, end % 60)
    }
}

/// Runs of neighbouring days that have the same hours, as their first and last day; free days are left out.
fn runs(days: &[Hours; 7]) -> Vec<(usize, usize)> {
    let changes = |day: &usize| days[*day] != days[(day + 6) % 7];
    let origin = (0..7).find(changes).unwrap_or(0);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in (origin..origin + 7).map(|day| day % 7) {
        match runs.last_mut() {
            Some((first, last)) if days[*first] == days[day] => *last = day,
            _ => runs.push((day, day)),
        }
    }
    runs.retain(|(first, _)| !days[*first].intervals().is_empty());
    runs
}

fn day_range_text(first: usize, last: usize) -> String {
    if first == last { short_name(first).to_owned() } else { format!("{}-{}", short_name(first), short_name(last)) }
}

fn short_name(day: usize) -> &'static str {
    &DAYS[day][..3]
}

fn read_week(text: &str) -> Result<Week, String> {
    check_length(text)?;
    let mut days: [Vec<Interval>; 7] = Default::default();
    for group in text.split(';').map(str::trim).filter(|group| !group.is_empty()) {
        let (named, intervals) = read_group(group)?;
        for day in named {
            days[day].extend(&intervals);
        }
    }
    let mut week = Week::default();
    for (day, intervals) in days.into_iter().enumerate() {
        week.days[day] = sorted(intervals).map_err(|sentence| format!("On {}, {sentence}", DAYS[day]))?;
    }
    check_nights(&week)?;
    check_length(&week.to_string())?;
    Ok(week)
}

fn read_hours(text: &str) -> Result<Hours, String> {
    check_length(text)?;
    let intervals = words(text).map(read_interval).collect::<Result<_, _>>()?;
    sorted(intervals)
}

fn check_length(text: &str) -> Result<(), String> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    Err(format!("Working hours take at most {LONGEST} characters and these take {}; use fewer intervals.", text.len()))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty())
}

/// Days, then their intervals: `Mon-Tue,Fri 08:00-12:00 13:00-17:00`.
fn read_group(text: &str) -> Result<(Vec<usize>, Vec<Interval>), String> {
    let (mut days, mut intervals) = (Vec::new(), Vec::new());
    for word in words(text) {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            intervals.push(read_interval(word)?);
        } else if intervals.is_empty() {
            days.extend(read_days(word)?);
        } else {
            return Err(format!("`{word}` follows hours; put a semicolon before it, and days before their hours."));
        }
    }
    if days.is_empty() {
        return Err(format!("`{text}` names no day; write for example {EXAMPLE}."));
    }
    if intervals.is_empty() {
        return Err(format!("`{text}` has no hours; write for example {EXAMPLE}."));
    }
    days.sort_unstable();
    days.dedup();
    Ok((days, intervals))
}

/// One day or a range of days, which may lead over the end of the week.
fn read_days(word: &str) -> Result<Vec<usize>, String> {
    let (first, last) = word.split_once(['-', '–']).unwrap_or((word, word));
    let (first, last) = (read_day(first)?, read_day(last)?);
    let length = (last + 7 - first) % 7;
    Ok((first..=first + length).map(|day| day % 7).collect())
}

/// A day by its English name or the first three letters or more of it.
fn read_day(word: &str) -> Result<usize, String> {
    let named =
        |day: &&str| day.get(..word.len()).is_some_and(|start| word.len() >= 3 && start.eq_ignore_ascii_case(word));
    let position = DAYS.iter().position(named);
    position.ok_or_else(|| format!("`{word}` is not a day of the week; use Mon, Tue, Wed, Thu, Fri, Sat or Sun."))
}

fn read_interval(word: &str) -> Result<Interval, String> {
    let ends = word.split_once(['-', '–']);
    let (start, end) = ends.ok_or_else(|| format!("`{word}` needs a start and an end, such as 09:00-17:00."))?;
    let (start, end) = (read_time(start)?, read_time(end)?);
    if start == DAY {
        return Err(format!("`{word}` starts when its day is over; use 00:00 of the next day."));
    }
    if start == end {
        return Err(format!("`{word}` has no length; write 00:00-24:00 for a whole day."));
    }
    Ok(Interval { start, end: if end > start { end } else { end + DAY } })
}

/// Minutes since midnight of `17:30`, `9:00` or `9`.
fn read_time(word: &str) -> Result<i16, String> {
    let number = |digits: &str| digits.parse::<u8>().ok().filter(|_| !digits.starts_with('+')).map(i16::from);
    let (hour, minute) = word.split_once(':').unwrap_or((word, "00"));
    let minutes = match (number(hour), number(minute)) {
        (Some(hour @ 0..=24), Some(past @ 0..60)) if minute.len() == 2 => Some(hour * 60 + past),
        _ => None,
    };
    let valid = minutes.filter(|minutes| *minutes <= DAY);
    valid.ok_or_else(|| format!("`{word}` is not a time of day; use 00:00 to 24:00."))
}

/// The intervals of one day in order. The sentence of an error can follow the name of the day.
fn sorted(mut intervals: Vec<Interval>) -> Result<Hours, String> {
    intervals.sort_unstable();
    if intervals.len() > MOST_INTERVALS {
        return Err(format!("{} intervals are too many for a day; use at most {MOST_INTERVALS}.", intervals.len()));
    }
    match intervals.windows(2).find(|pair| pair[0].end > pair[1].start) {
        Some(pair) => Err(format!("{} and {} overlap; join them or keep them apart.", pair[0], pair[1])),
        None => Ok(Hours(intervals)),
    }
}

fn check_nights(week: &Week) -> Result<(), String> {
    for (day, hours) in week.days.iter().enumerate() {
        let next = (day + 1) % 7;
        let ends = [hours.intervals().last(), week.days[next].intervals().first()];
        if let [Some(night), Some(morning)] = ends
            && hours.carried_over() > morning.start
        {
            let (day, next) = (short_name(day), short_name(next));
            return Err(format!("{day} {night} and {next} {morning} overlap; end the first before the second begins."));
        }
    }
    Ok(())
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_week(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_hours(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Week {
    fn schema_name() -> Cow<'static, str> {
        "Week".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": LONGEST,
            "description": "Weekly working hours in local time; empty for none.",
            "examples": [EXAMPLE, "Mon-Thu 08:00-12:00 13:00-17:00; Fri 08:00-12:00"],
        })
    }
}

impl JsonSchema for Hours {
    fn schema_name() -> Cow<'static, str> {
        "Hours".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": LONGEST,
            "description": "The working hours of one date in local time; empty for none.",
            "examples": ["10:00-14:00 15:00-16:00"],
        })
    }
}
