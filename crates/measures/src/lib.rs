//! How teams deliver, from facts to numbers; pure. What is a choice is an option of a definition, and a thing that is not
//! known is missing and never 0.
mod agreement;
mod definition;
mod flaky;
mod investment;
pub mod keys;
mod lens;
mod load;
mod pair;
mod random;
mod rank;
mod signal;
mod silence;
mod stage;
mod summary;
mod waiting;

pub use agreement::{Agreement, Case, Held, Touched, touched};
pub use definition::{
    CommitDate, CycleEnd, DraftTime, Pickup, PullDefinition, PullOptions, ReviewEnd, Summary, Unanswered, pull_presets,
};
pub use flaky::{Evidence, Flaky, Run, flaky};
pub use investment::{Deed, InvestedMonth, Investment, invested, monday};
pub use lens::{distance, reasons};
pub use load::{Flow, Member, Spread, between, spread};
pub use pair::{Pair, rests_on_two};
pub use rank::as_large;
pub use signal::{Shift, shift};
pub use silence::{Silence, silence};
pub use stage::{Act, Pull, Segment, Stage, Stages, Verdict, What, segments, stages};
pub use summary::{Figure, figure};
pub use waiting::{Waiting, waiting};
