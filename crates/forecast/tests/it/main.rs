//! What a caller can notice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod ageing;
mod calibration;
mod explain;
mod forecasts;
mod plans;
mod reading;

use forecast::{Forecast, Forecaster, History, Prior};
use jiff::{ToSpan, civil::Date};

/// A history of the crate's own, made up; see the README.
fn history(name: &str) -> History {
    let path = format!("{}/tests/histories/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    History::new(forecast::finishes(&std::fs::read_to_string(path).unwrap()).unwrap()).unwrap()
}

fn forecast(history: History, as_of: Date) -> Forecast {
    Forecaster::new(history, as_of, Prior::built_in(), 5).at(as_of).unwrap()
}

/// As many items every day, for so many days.
fn constant(start: Date, days: i64, each: usize) -> History {
    History::new((0..days).flat_map(|day| vec![start + day.days(); each])).unwrap()
}
