//! How many issues may be done by when, as a picture shows it.
use crate::{answer::days_until, capacity::day};
use jiff::civil::Date;
use kernel::Course;
use std::iter;

/// What is to be reached.
pub struct Reach {
    pub as_of: Date,
    /// Issues that are open.
    pub open: u64,
    /// The number of days within which they are to be done, unless those are over, and what the last one is called.
    pub days: Option<usize>,
    pub end: &'static str,
    /// The date by which they likely are.
    pub likely: Option<Date>,
}

/// The probabilities of what is not exceeded, in the order in which they are asked for.
pub const LEVELS: [f64; 5] = [0.05, 0.15, 0.5, 0.85, 0.95];
const MOST_PLACES: usize = 21;
const MOST_DAYS: usize = 364;
const FEWEST_DAYS: usize = 7;

impl Reach {
    /// To the end, and on to the date by which they are likely done, if that lies within a year; `counts` are the numbers
    /// at [`LEVELS`] after each of some days.
    pub fn course(&self, counts: impl FnOnce(&[usize]) -> Vec<[f64; LEVELS.len()]>) -> Course {
        let likely = self.likely.and_then(|date| days_until(self.as_of, date).ok());
        let likely = likely.unwrap_or_default().clamp(FEWEST_DAYS, MOST_DAYS);
        let last = self.days.unwrap_or_default().max(likely);
        let step = last.div_ceil(MOST_PLACES);
        let places: Vec<usize> = (1..=last.div_ceil(step)).map(|place| place * step).collect();
        let counts = counts(&places);
        let line = |level: usize| -> Vec<f64> { iter::once(0.0).chain(counts.iter().map(|one| one[level])).collect() };
        let short = |days: &usize| day(self.as_of, days - 1).strftime("%-d %b").to_string();
        Course {
            label: "Issues finished from now on, with bands of 70 and 90 %".to_owned(),
            names: iter::once("Now".to_owned()).chain(places.iter().map(short)).collect(),
            bands: vec![(line(0), line(4)), (line(1), line(3))],
            middle: line(2),
            goal: Some((self.open as f64, open(self.open))),
            deadline: self.days.map(|days| (days as f64 / step as f64, self.end.to_owned())),
        }
    }
}

/// `1 open issue`, `9 open issues`
pub fn open(count: u64) -> String {
    if count == 1 { "1 open issue".to_owned() } else { format!("{count} open issues") }
}

/// The rows of a table of what is done at least, with 95, 85 and 50 %, after the name of each place.
pub fn rows(course: &Course) -> Vec<Vec<String>> {
    let row = |(place, name): (usize, &String)| {
        let counts = [course.bands[0].0[place], course.bands[1].0[place], course.middle[place]];
        iter::once(name.clone()).chain(counts.map(|count| count.floor().to_string())).collect()
    };
    course.names.iter().enumerate().skip(1).map(row).collect()
}

pub const HEADS: [&str; 4] = ["Until", "95 %", "85 %", "50 %"];
