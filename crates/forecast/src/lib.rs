//! When will it be done: forecasts of how much a team finishes, from its own history, that hold as often as they say.

mod ageing;
mod bootstrap;
mod calibration;
mod capacity;
pub mod explain;
mod forecast;
mod forecaster;
mod futures;
mod growth;
mod history;
mod learn;
mod math;
mod model;
mod pace;
mod plan;
mod prior;
mod random;
mod read;
mod record;
mod score;
mod words;

pub use ageing::Survival;
pub use bootstrap::Bootstrap;
pub use capacity::{Person, Ramp, capacity};
pub use forecast::{Basis, Forecast, MOST_DAYS};
pub use forecaster::{Forecaster, Refusal};
pub use futures::{Futures, when_done};
pub use growth::{Growth, together};
pub use history::History;
pub use model::Model;
pub use plan::{Flaw, Plan, Stage};
pub use prior::{KNOTS, Prior};
pub use random::Random;
pub use read::{Unreadable, finishes, origins};
pub use score::crps;
pub use words::likelihood;
