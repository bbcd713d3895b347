//! Real repositories, made by these tests with `git`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod histories;
mod hostile;
mod incremental;
mod maker;
