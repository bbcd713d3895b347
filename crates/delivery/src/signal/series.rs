//! What is watched: weekly series, and whether reviews rest on two people; and what each means in words.
use super::LOOKS;
use crate::{
    build::BuildRow,
    keys::{percent, span},
    pipeline::Outcome,
    pull::Facts,
    repository::Repository,
};
use kernel::{Time, Tone, words};
use measures::{Pair, PullOptions, Shift, Summary, figure, shift, stages};

words! {
    pub enum Series {
        Pickup = "pickup",
        Review = "review",
        Size = "size",
        BuildLength = "build_length",
        Failures = "failures",
        /// Reviews that rest on two people; no series by week.
        Pair = "pair",
    }
}

/// Weeks that are looked at, counted back from now.
pub const WEEKS: usize = 26;
pub const WEEK: i64 = 7 * 86_400_000_000;
/// A week of fewer has no value.
const FEWEST: usize = 3;

/// Something that is clear, in words.
pub struct Found {
    pub series: Series,
    pub tone: Tone,
    /// Without a stop.
    pub sentence: String,
    pub basis: String,
    /// How often it would seem so at the most, if it were not.
    pub p: f64,
    pub since: Time,
}

/// The share of looks in which one series may raise a false alarm, so that all of them together keep the rate.
pub fn level() -> f64 {
    1.0 / (LOOKS * Series::ALL.len()) as f64
}

impl Series {
    /// The page of the team with the rows behind it.
    pub fn page(self) -> &'static str {
        match self {
            Series::Pickup | Series::Review | Series::Size => "reviews",
            Series::BuildLength | Series::Failures => "builds",
            Series::Pair => "reviews/load",
        }
    }
}

/// A series by week: what a change of it means in words, without a stop.
pub struct Weekly {
    series: Series,
    more: &'static str,
    less: &'static str,
    show: fn(f64) -> String,
}

const PICKUP: Weekly = Weekly {
    series: Series::Pickup,
    more: "Pull requests wait longer for an answer",
    less: "Pull requests are answered sooner",
    show: span,
};
const REVIEW: Weekly =
    Weekly { series: Series::Review, more: "Reviews take longer", less: "Reviews are done sooner", show: span };
const SIZE: Weekly = Weekly {
    series: Series::Size,
    more: "Pull requests became larger",
    less: "Pull requests became smaller",
    show: |value| format!("{value:.0} lines"),
};
const BUILD_LENGTH: Weekly =
    Weekly { series: Series::BuildLength, more: "Builds became slower", less: "Builds became faster", show: span };
const FAILURES: Weekly =
    Weekly { series: Series::Failures, more: "Builds fail more often", less: "Builds fail less often", show: percent };

/// A series with its value in each week, the oldest first.
pub type Values = (&'static Weekly, Vec<Option<f64>>);

impl Weekly {
    /// More of any of these is worse.
    fn found(&self, shift: &Shift, now: Time) -> Found {
        let since = Time(now.0 - (WEEKS - shift.at) as i64 * WEEK);
        let day = since.in_zone(&jiff::tz::TimeZone::UTC).strftime("%-d %B").to_string();
        let worse = shift.after > shift.before;
        let basis = format!(
            "{} in the median of {} weeks, {} in the median of the {} before",
            (self.show)(shift.after),
            shift.weeks_after,
            (self.show)(shift.before),
            shift.weeks_before,
        );
        Found {
            series: self.series,
            tone: if worse { Tone::Warn } else { Tone::Good },
            sentence: format!("{} since {day}", if worse { self.more } else { self.less }),
            basis,
            p: shift.p,
            since,
        }
    }
}

/// The clear changes of these series up to now.
pub fn changes(all: &[Values], now: Time) -> Vec<Found> {
    all.iter().filter_map(|(series, weeks)| Some(series.found(&shift(weeks, level())?, now))).collect()
}

/// Reviews that rest on two people, since an instant. The share is said in steps of ten, so that neither of the two learns from it
/// what the other did.
pub fn rests_on(pair: Pair, since: Time) -> Found {
    let share = match pair.alone * 10 / pair.of {
        10 => "all of them".to_owned(),
        tenths => format!("{tenths}0 % of them and more"),
    };
    Found {
        series: Series::Pair,
        tone: Tone::Warn,
        sentence: "Reviews rest on two people".to_owned(),
        basis: format!(
            "{} pull requests that were answered and merged in thirteen weeks, {share} by nobody but two of the {} people who could",
            pair.of, pair.people
        ),
        p: pair.p,
        since,
    }
}

/// Seconds and lines of the pull requests that were merged in each week, without those of programs.
pub fn of_pulls(all: &[(Repository, Facts)], now: Time) -> Vec<Values> {
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
    vec![(&PICKUP, seconds(pickup)), (&REVIEW, seconds(review)), (&SIZE, medians(size))]
}

/// Seconds that builds took in each week, and the share that failed.
pub fn of_builds(rows: &[BuildRow], now: Time) -> Vec<Values> {
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
    vec![(&BUILD_LENGTH, lengths), (&FAILURES, outcomes.into_iter().map(share).collect())]
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
