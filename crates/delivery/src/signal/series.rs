//! The weekly series that are watched, and what a change of each means in words.
use super::LOOKS;
use crate::{
    build::BuildRow,
    keys::{percent, span},
    pipeline::Outcome,
    pull::Facts,
    repository::Repository,
};
use kernel::{Time, Tone, words};
use measures::{PullOptions, Shift, Summary, figure, shift, stages};

words! {
    pub enum Series {
        Pickup = "pickup",
        Review = "review",
        Size = "size",
        BuildLength = "build_length",
        Failures = "failures",
    }
}

/// Weeks that are looked at, counted back from now.
pub const WEEKS: usize = 26;
pub const WEEK: i64 = 7 * 86_400_000_000;
/// A week of fewer has no value.
const FEWEST: usize = 3;

/// A change of a series.
pub struct Change {
    pub series: Series,
    pub shift: Shift,
    /// The first week after it.
    pub since: Time,
}

impl Series {
    /// The page of the team with the rows behind it.
    pub fn page(self) -> &'static str {
        match self {
            Series::Pickup | Series::Review | Series::Size => "reviews",
            Series::BuildLength | Series::Failures => "builds",
        }
    }

    fn is_worse(self, shift: &Shift) -> bool {
        shift.after > shift.before
    }

    fn words(self) -> [&'static str; 2] {
        match self {
            Series::Pickup => ["Pull requests wait longer for an answer", "Pull requests are answered sooner"],
            Series::Review => ["Reviews take longer", "Reviews are done sooner"],
            Series::Size => ["Pull requests became larger", "Pull requests became smaller"],
            Series::BuildLength => ["Builds became slower", "Builds became faster"],
            Series::Failures => ["Builds fail more often", "Builds fail less often"],
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Series::Pickup | Series::Review | Series::BuildLength => span(value),
            Series::Size => format!("{value:.0} lines"),
            Series::Failures => percent(value),
        }
    }
}

impl Change {
    pub fn tone(&self) -> Tone {
        if self.series.is_worse(&self.shift) { Tone::Warn } else { Tone::Good }
    }

    /// Without a stop.
    pub fn sentence(&self) -> String {
        let day = self.since.in_zone(&jiff::tz::TimeZone::UTC).strftime("%-d %B").to_string();
        format!("{} since {day}", self.series.words()[usize::from(!self.series.is_worse(&self.shift))])
    }

    pub fn basis(&self) -> String {
        let shift = &self.shift;
        format!(
            "{} in the median of {} weeks, {} in the median of the {} before",
            self.series.show(shift.after),
            shift.weeks_after,
            self.series.show(shift.before),
            shift.weeks_before,
        )
    }
}

/// The clear changes of these series up to now. The level is shared among all series, so that together they keep the rate.
pub fn changes(all: &[(Series, Vec<Option<f64>>)], now: Time) -> Vec<Change> {
    let level = 1.0 / (LOOKS * Series::ALL.len()) as f64;
    let change = |(series, weeks): &(Series, Vec<Option<f64>>)| {
        let shift = shift(weeks, level)?;
        Some(Change { series: *series, since: Time(now.0 - (WEEKS - shift.at) as i64 * WEEK), shift })
    };
    all.iter().filter_map(change).collect()
}

/// Seconds and lines of the pull requests that were merged in each week, without those of programs.
pub fn of_pulls(all: &[(Repository, Facts)], now: Time) -> Vec<(Series, Vec<Option<f64>>)> {
    let (mut pickup, mut review, mut size) = (weeks(), weeks(), weeks());
    for (_, facts) in all {
        let known = facts.by_number();
        for row in facts.pulls.iter().filter(|row| !facts.is_bot(row.author_id)) {
            let Some((week, pull)) = row.merged_at.and_then(|at| place(at, now)).zip(known.get(&row.number)) else {
                continue;
            };
            let stages = stages(pull, &PullOptions::default(), None);
            pickup[week].push(stages.pickup);
            review[week].push(stages.review);
            size[week].push(row.lines());
        }
    }
    let seconds =
        |values: Vec<Vec<Option<i64>>>| medians(values).into_iter().map(|one| one.map(|one| one / 1e6)).collect();
    vec![(Series::Pickup, seconds(pickup)), (Series::Review, seconds(review)), (Series::Size, medians(size))]
}

/// Seconds that builds took in each week, and the share that failed.
pub fn of_builds(rows: &[BuildRow], now: Time) -> Vec<(Series, Vec<Option<f64>>)> {
    let (mut lengths, mut outcomes) = (weeks(), weeks());
    for row in rows {
        let Some(week) = place(row.finished_at, now) else { continue };
        let took = row.started_at.map(|from| row.finished_at.0 - from.0).filter(|took| *took >= 0);
        lengths[week].push(took);
        outcomes[week].push(Some(i64::from(row.outcome == Outcome::Failed)));
    }
    let share = |week: Vec<Option<i64>>| {
        (week.len() >= FEWEST).then(|| week.iter().flatten().sum::<i64>() as f64 / week.len() as f64)
    };
    let lengths = medians(lengths).into_iter().map(|one| one.map(|one| one / 1e6)).collect();
    vec![(Series::BuildLength, lengths), (Series::Failures, outcomes.into_iter().map(share).collect())]
}

fn weeks() -> Vec<Vec<Option<i64>>> {
    vec![Vec::new(); WEEKS]
}

/// The week of an instant, the oldest first.
fn place(at: Time, now: Time) -> Option<usize> {
    let back = (now.0 - at.0).div_euclid(WEEK);
    (0..WEEKS as i64).contains(&back).then(|| WEEKS - 1 - back as usize)
}

fn medians(weeks: Vec<Vec<Option<i64>>>) -> Vec<Option<f64>> {
    let median = |week: Vec<Option<i64>>| {
        let figure = figure(week, Summary::Median);
        figure.value.filter(|_| figure.of >= FEWEST).map(|value| value as f64)
    };
    weeks.into_iter().map(median).collect()
}
