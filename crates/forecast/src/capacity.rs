//! How much a team can do on each coming day, from who is there.
use jiff::civil::Date;

/// One person, in units of a full-time colleague who knows the work.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Full-time is 1; on-call weeks and other duties lower it.
    pub share: f64,
    /// The first day; None for someone who is here already.
    pub from: Option<Date>,
    /// The first day after the last one.
    pub until: Option<Date>,
    /// How the person gets up to speed.
    pub ramp: Ramp,
    /// The chance that the person comes at all, below 1 for a hire that is not signed.
    pub probability: f64,
    /// Days of leave and holidays.
    pub away: Vec<Date>,
}

/// Capacity grows in a straight line from `start`, between 0 and 1, to 1 over `days` days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ramp {
    pub start: f64,
    pub days: u32,
}

impl Default for Person {
    fn default() -> Self {
        Self { share: 1.0, from: None, until: None, ramp: Ramp::default(), probability: 1.0, away: Vec::new() }
    }
}

/// The expected capacity of each of `days` days from `as_of`, relative to `average`: the people, in the same units, who
/// were there on an average working day of the history. The history's own weekdays are in the forecast already, so
/// people count as present on weekends. None for an average that is not positive.
pub fn capacity(people: &[Person], as_of: Date, days: usize, average: f64) -> Option<Vec<f64>> {
    let dates = as_of.series(jiff::Span::new().days(1)).take(days);
    (average > 0.0)
        .then(|| dates.map(|date| people.iter().map(|person| person.on(date)).sum::<f64>() / average).collect())
}

impl Person {
    /// The expected capacity on a date.
    pub fn on(&self, date: Date) -> f64 {
        let gone = self.until.is_some_and(|until| date >= until);
        let ahead = self.from.is_some_and(|from| date < from);
        if gone || ahead || self.away.contains(&date) {
            return 0.0;
        }
        let trained = self.from.map_or(1.0, |from| self.ramp.after(crate::history::days_between(from, date)));
        self.share * self.probability * trained
    }
}

impl Ramp {
    fn after(self, days: usize) -> f64 {
        let passed = if self.days == 0 { 1.0 } else { (days as f64 / f64::from(self.days)).min(1.0) };
        self.start + (1.0 - self.start) * passed
    }
}
