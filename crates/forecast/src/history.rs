//! What a team has finished, day by day.
use jiff::civil::Date;

/// Finished items by day, from the day of the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    first: Date,
    counts: Vec<u32>,
    /// `sums[n]` is the number of items in the first `n` days.
    sums: Vec<u64>,
}

impl History {
    /// Counts finish dates, given in any order. None without a single one.
    pub fn new(finishes: impl IntoIterator<Item = Date>) -> Option<Self> {
        let mut finishes: Vec<Date> = finishes.into_iter().collect();
        finishes.sort_unstable();
        let (first, last) = (*finishes.first()?, *finishes.last()?);
        let mut counts = vec![0; days_between(first, last) + 1];
        for finish in finishes {
            counts[days_between(first, finish)] += 1;
        }
        let sums = std::iter::once(0).chain(counts.iter().scan(0, |sum, &count| {
            *sum += u64::from(count);
            Some(*sum)
        }));
        Some(Self { first, sums: sums.collect(), counts })
    }

    /// The day of the first finish.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The day of the last finish.
    pub fn last(&self) -> Date {
        date_after(self.first, self.counts.len() - 1)
    }

    /// The number of days from the first finish to a date; None for a date that is not after the first finish.
    pub fn age(&self, date: Date) -> Option<usize> {
        (date > self.first).then(|| days_between(self.first, date))
    }

    /// Items finished on the day of this age.
    pub fn on(&self, age: usize) -> u32 {
        self.counts.get(age).copied().unwrap_or(0)
    }

    /// Items finished from one age, inclusive, to another, exclusive; days after the last finish have none.
    pub fn within(&self, from: usize, until: usize) -> u64 {
        let sum = |age: usize| self.sums[age.min(self.counts.len())];
        sum(until.max(from)) - sum(from)
    }
}

pub(crate) fn days_between(from: Date, until: Date) -> usize {
    usize::try_from((until - from).get_days()).unwrap_or(0)
}

pub(crate) fn date_after(date: Date, days: usize) -> Date {
    let span = jiff::Span::new().try_days(i64::try_from(days).unwrap_or(i64::MAX));
    span.and_then(|span| date.checked_add(span)).unwrap_or(Date::MAX)
}
