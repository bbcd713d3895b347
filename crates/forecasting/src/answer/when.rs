//! When a number of items is done, whether or not more are added meanwhile.
use super::growth::{Growing, Grown};
use crate::{answer::days_until, history::SEED, outlook::Outlook};
use forecast::{Forecast, Futures, when_done};
use jiff::civil::Date;

/// The distribution of the day on which items are done.
pub enum When<'a> {
    /// A fixed scope, straight from the forecast.
    Fixed { forecast: &'a Forecast, items: u64 },
    /// A scope that grows, from drawn futures.
    Growing(Futures, Grown),
}

const FUTURES: usize = 10_000;
/// Futures of each scope that is tried for the one that fits.
const TRIED: usize = 2_000;

impl<'a> When<'a> {
    /// `growth` is the number of items that are added each week; as many as came, where that is known, if left out.
    pub fn of(outlook: &'a Outlook, items: u32, growth: Option<u32>) -> When<'a> {
        When::drawn(outlook, items, growth, FUTURES)
    }

    fn drawn(outlook: &'a Outlook, items: u32, growth: Option<u32>, futures: usize) -> When<'a> {
        let (forecast, growing) = (&outlook.forecast, Growing::of(outlook, items, growth));
        match growing {
            None => When::Fixed { forecast, items: u64::from(items) },
            Some(growing) => {
                let futures = when_done(forecast, items.into(), Some(growing.growth()), futures, SEED);
                When::Growing(futures, growing.grown)
            }
        }
    }

    pub fn grown(&self) -> Option<Grown> {
        match self {
            When::Fixed { .. } => None,
            When::Growing(_, grown) => Some(*grown),
        }
    }

    pub fn date_for(&self, probability: f64) -> Option<Date> {
        match self {
            When::Fixed { forecast, items } => forecast.date_for(*items, probability),
            When::Growing(futures, _) => futures.date_for(probability),
        }
    }

    /// The chance that they are done by the end of a date.
    pub fn chance(&self, by: Date) -> f64 {
        match self {
            When::Fixed { forecast, items } => {
                days_until(forecast.as_of(), by).map_or(0.0, |days| forecast.chance(*items, days))
            }
            When::Growing(futures, _) => futures.chance(by),
        }
    }
}

/// The most of so many items that are done by the end of a date with 85 %.
pub fn fits(outlook: &Outlook, items: u32, growth: Option<u32>, by: Date) -> u64 {
    let (mut most, mut too_many) = (0, items.saturating_add(1));
    while too_many - most > 1 {
        let middle = most + (too_many - most) / 2;
        let enough = When::drawn(outlook, middle, growth, TRIED).chance(by) >= 0.85;
        *(if enough { &mut most } else { &mut too_many }) = middle;
    }
    most.into()
}
