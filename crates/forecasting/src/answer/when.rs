//! When a number of items is done, whether or not more are added meanwhile.
use crate::{answer::days_until, history::SEED, outlook::Outlook};
use forecast::{Forecast, Forecaster, Futures, History, Prior, when_done};
use jiff::{ToSpan, civil::Date};

/// The distribution of the day on which items are done.
pub enum When<'a> {
    /// A fixed scope, straight from the forecast.
    Fixed { forecast: &'a Forecast, items: u64 },
    /// A scope that grows, from drawn futures.
    Growing(Futures),
}

const FUTURES: usize = 10_000;
const WEEKS: i64 = 4;

impl<'a> When<'a> {
    /// `growth` is the number of items that are added each week.
    pub fn of(outlook: &'a Outlook, items: u32, growth: u32) -> When<'a> {
        let (forecast, items) = (&outlook.forecast, u64::from(items));
        match steady(growth, outlook.as_of()) {
            Some(arrivals) => When::Growing(when_done(forecast, items, Some(&arrivals), FUTURES, SEED)),
            None => When::Fixed { forecast, items },
        }
    }

    pub fn date_for(&self, probability: f64) -> Option<Date> {
        match self {
            When::Fixed { forecast, items } => forecast.date_for(*items, probability),
            When::Growing(futures) => futures.date_for(probability),
        }
    }

    /// The chance that they are done by the end of a date.
    pub fn chance(&self, by: Date) -> f64 {
        match self {
            When::Fixed { forecast, items } => {
                days_until(forecast.as_of(), by).map_or(0.0, |days| forecast.chance(*items, days))
            }
            When::Growing(futures) => futures.chance(by),
        }
    }
}

/// So many arrivals in every week, as steady weeks before are continued exactly. Nothing for none.
fn steady(per_week: u32, as_of: Date) -> Option<Forecast> {
    let first = as_of.saturating_sub((WEEKS * 7).days());
    let week = |week: i64| (0..i64::from(per_week)).map(move |item| week * 7 + item * 7 / i64::from(per_week));
    let dates = (0..WEEKS).flat_map(week).map(|days| first.saturating_add(days.days()));
    let history = History::new(dates)?;
    Forecaster::new(history, as_of, Prior::built_in(), SEED).at(as_of).ok()
}
