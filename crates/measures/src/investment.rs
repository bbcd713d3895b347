//! What the working time of people went into: an estimate from what they did, which always sums to the time that was there.
//!
//! The time that somebody worked in a week is shared out over the changes that they touched in it. Each day of the week on which
//! they touched any counts the same, and on one day each change counts the same, however often it was touched.
use jiff::{ToSpan, civil::Date};
use kernel::words;
use std::collections::{BTreeMap, BTreeSet, HashMap};

words! {
    /// What work is for.
    pub enum Investment {
        /// Something that users did not have.
        Value = "value",
        /// What has to be done so that everything goes on as it is.
        Upkeep = "upkeep",
        /// What makes later changes easier.
        Debt = "debt",
        /// Help for those who use it.
        Support = "support",
        /// What nobody had planned, such as incidents and what followed from them.
        Unplanned = "unplanned",
    }
}

impl Investment {
    pub fn title(self) -> &'static str {
        match self {
            Investment::Value => "New value",
            Investment::Upkeep => "Keeping the lights on",
            Investment::Debt => "Debt",
            Investment::Support => "Support",
            Investment::Unplanned => "Unplanned",
        }
    }
}

/// That somebody did something for a change on a day.
#[derive(Clone, Debug)]
pub struct Deed {
    pub person: usize,
    pub day: Date,
    pub change: usize,
    /// Nothing where no rule says what the change is for.
    pub kind: Option<Investment>,
}

/// What a calendar month went into, in days of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct InvestedMonth {
    /// Its first day.
    pub first: Date,
    /// How many people's time is in `days`.
    pub people: usize,
    pub days: BTreeMap<Option<Investment>, f64>,
    /// Of weeks in which somebody worked and touched no change.
    pub unseen: f64,
}

/// The months from the one of `from` to the one of the day before `until`, of people numbered from 0. `time` is the part of a
/// working day that somebody worked on a date, from 0 to 1. What was done in all of the weeks of these days has to be in
/// `deeds`, so that a month is the same in whatever span it is seen.
pub fn invested(
    deeds: &[Deed],
    people: usize,
    (from, until): (Date, Date),
    time: impl Fn(usize, Date) -> f64,
) -> Vec<InvestedMonth> {
    let weeks = weeks(deeds);
    let mut months: BTreeMap<Date, (InvestedMonth, BTreeSet<usize>)> = BTreeMap::new();
    for day in from.series(1.day()).take_while(|day| *day < until) {
        let first = day.first_of_month();
        let empty = || InvestedMonth { first, people: 0, days: BTreeMap::new(), unseen: 0.0 };
        let (month, who) = months.entry(first).or_insert_with(|| (empty(), BTreeSet::new()));
        for person in 0..people {
            let worked = time(person, day);
            if worked <= 0.0 {
                continue;
            }
            let Some(shares) = weeks.get(&(person, monday(day))) else {
                month.unseen += worked;
                continue;
            };
            who.insert(person);
            for (kind, share) in shares {
                *month.days.entry(*kind).or_default() += worked * share;
            }
        }
    }
    months.into_values().map(|(month, who)| InvestedMonth { people: who.len(), ..month }).collect()
}

type Shares = BTreeMap<Option<Investment>, f64>;

/// The parts of each week of each person, which sum to 1, by the Monday of the week.
fn weeks(deeds: &[Deed]) -> HashMap<(usize, Date), Shares> {
    let mut days: BTreeMap<(usize, Date), BTreeMap<usize, Option<Investment>>> = BTreeMap::new();
    for deed in deeds {
        days.entry((deed.person, deed.day)).or_default().insert(deed.change, deed.kind);
    }
    let mut weeks: HashMap<(usize, Date), (usize, Shares)> = HashMap::new();
    for ((person, day), changes) in &days {
        let (active, shares) = weeks.entry((*person, monday(*day))).or_default();
        *active += 1;
        for kind in changes.values() {
            *shares.entry(*kind).or_default() += 1.0 / changes.len() as f64;
        }
    }
    let whole = |(active, shares): (usize, Shares)| {
        shares.into_iter().map(|(kind, days)| (kind, days / active as f64)).collect()
    };
    weeks.into_iter().map(|(week, parts)| (week, whole(parts))).collect()
}

/// The Monday of the week of a day.
pub fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests;
