//! The log of issued forecasts, what came of them, and what would have been forecast along the past.
mod backtest;
mod issue;
mod keep;
mod page;
mod record;
pub(crate) mod score;
mod sprint;

pub(crate) use issue::{Entry, nothing_logged};
pub use issue::{IssueForecast, Issued, Question};
pub use keep::{DAILY, KEEP, KeepPast, SCHEDULE, SUBSCRIBERS};
pub use record::{Horizon, Level, LoggedForecast, RecordLine, ShowRecord, SprintRecord, TrackRecord, record_line};
pub use sprint::IssueSprint;
pub(crate) use sprint::sprint_line;

use ui::Pages;

/// Days ahead for which Cairn forecasts by itself, every week and along the past.
pub const HORIZONS: [usize; 4] = [14, 28, 56, 84];
/// What is logged of a forecast is stated with 5, 10 and so on to 95 %.
pub const LEVELS: usize = 19;

/// The probability of a level from 0 on.
pub fn stated(level: usize) -> f64 {
    (level + 1) as f64 / (LEVELS + 1) as f64
}

/// Of a forecast of which so many levels held, whether that of this percentage did. The surest ones hold first.
pub fn holds(held: i64, percent: i64) -> bool {
    held >= (100 - percent) / 5
}

pub fn pages() -> Pages {
    Pages::new()
        .post("/teams/{team}/forecasts", page::issue)
        .post("/sprints/{sprint}/forecasts", page::issue_sprint)
        .get("/teams/{team}/forecast/record", page::of_team)
        .get("/forecasts/record", page::of_all)
}
