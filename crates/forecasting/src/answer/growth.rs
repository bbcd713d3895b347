//! How scope grows while it is worked off: as somebody assumes, or as it did.
use crate::{
    capacity::day,
    history::{FEWEST_ITEMS, SEED},
    outlook::Outlook,
};
use forecast::{Forecast, Forecaster, Growth, History, Prior, together};
use jiff::{ToSpan, civil::Date};
use schemars::JsonSchema;
use serde::Serialize;
use std::iter;

/// What is taken to come meanwhile, as an answer says it.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Grown {
    /// Items a week that come to what is asked about, in the next four weeks.
    pub a_week: f64,
    /// Learned from the days on which the issues of the team came; otherwise assumed.
    pub learned: bool,
    /// Items a week that come to the whole team, and the open ones of it, where it is learned.
    pub team_a_week: f64,
    pub open: u64,
}

/// What comes while items are worked off.
pub struct Growing {
    arrivals: Forecast,
    share: f64,
    together: f64,
    pub grown: Grown,
}

/// The first issues of a team are those with which it came here, and no growth.
const FILLING: usize = 14;
const FEWEST_DAYS: usize = 28;
const WEEKS: i64 = 4;

impl Growing {
    /// `assumed` items a week, or as many as came where nothing is assumed; nothing where none are or none is known.
    pub fn of(outlook: &Outlook, items: u32, assumed: Option<u32>) -> Option<Growing> {
        match assumed {
            Some(a_week) => Growing::assumed(a_week, outlook.as_of()),
            None => Growing::learned(outlook, items),
        }
    }

    pub fn growth(&self) -> Growth<'_> {
        Growth { arrivals: &self.arrivals, share: self.share, together: self.together }
    }

    fn assumed(a_week: u32, as_of: Date) -> Option<Growing> {
        let each = f64::from(a_week);
        let grown = Grown { a_week: each, learned: false, team_a_week: each, open: 0 };
        Some(Growing { arrivals: steady(a_week, as_of)?, share: 1.0, together: 0.0, grown })
    }

    /// To a part of the open issues comes as great a part of what comes to the team.
    fn learned(outlook: &Outlook, items: u32) -> Option<Growing> {
        let (finished, as_of) = (&outlook.finished, outlook.as_of());
        let begun = day(*finished.arrived.keys().next()?, FILLING);
        let came = finished.arrived.range(begun.min(as_of)..as_of);
        let came = History::new(came.flat_map(|(date, count)| iter::repeat_n(*date, *count as usize)))?;
        let days = came.age(as_of)?;
        if days < FEWEST_DAYS || came.within(0, days) < FEWEST_ITEMS {
            return None;
        }
        let together = finished.history().map_or(0.0, |finishes| together(&finishes, &came, as_of));
        let arrivals = Forecaster::new(came, as_of, Prior::built_in(), SEED).at(as_of).ok()?;
        let team_a_week = arrivals.quantile(0.5, 28) / 4.0;
        let share = f64::from(items) / f64::from(items).max(finished.open as f64);
        let grown = Grown { a_week: team_a_week * share, learned: true, team_a_week, open: finished.open };
        Some(Growing { arrivals, share, together, grown })
    }
}

/// So many arrivals in every week, as steady weeks before are continued exactly. Nothing for none.
fn steady(a_week: u32, as_of: Date) -> Option<Forecast> {
    let first = as_of.saturating_sub((WEEKS * 7).days());
    let week = |week: i64| (0..i64::from(a_week)).map(move |item| week * 7 + item * 7 / i64::from(a_week));
    let dates = (0..WEEKS).flat_map(week).map(|days| first.saturating_add(days.days()));
    let history = History::new(dates)?;
    Forecaster::new(history, as_of, Prior::built_in(), SEED).at(as_of).ok()
}
