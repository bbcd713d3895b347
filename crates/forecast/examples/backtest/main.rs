//! Would the forecasts have come true? `make backtest`, or
//! `cargo run --release -p forecast --example backtest -- [OPTION...] FOLDER...`
//!
//! Reads every history of finish dates in the folders and reports, for two fixed halves of them, how often what was
//! stated held, and how the forecasts did beside a plain bootstrap.
//!
//! - `--each` adds a line for each history.
//! - `--learn` learns the prior from the first half instead of using the built-in one; `--swap` exchanges the halves.
//! - `--print` prints the prior as the source of `src/prior/built_in.rs` and reports nothing.

mod histories;
mod score;

use forecast::{History, Prior};
use histories::Named;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let (options, folders): (Vec<String>, Vec<String>) = env::args().skip(1).partition(|word| word.starts_with("--"));
    let has = |option: &str| options.iter().any(|given| given == option);
    let histories = histories::read(&folders);
    if histories.len() < 2 {
        eprintln!("Name a folder with two or more .csv files, one finish date a line.");
        return ExitCode::FAILURE;
    }
    let half = |parity: usize| -> Vec<&Named> { histories.iter().skip(parity).step_by(2).collect() };
    let (tuned, reported) = if has("--swap") { (half(1), half(0)) } else { (half(0), half(1)) };
    let learned = has("--learn").then(|| {
        let histories: Vec<History> = tuned.iter().map(|named| named.history.clone()).collect();
        Prior::learn(&histories)
    });
    let prior = learned.as_ref().unwrap_or(Prior::built_in());
    if has("--print") {
        println!("{}", prior.as_source());
        return ExitCode::SUCCESS;
    }
    for (title, half) in [("First half, which --learn learns from", tuned), ("Second half, reported", reported)] {
        println!("\n{title}: {} histories", half.len());
        score::report(&half, prior, has("--each"));
    }
    ExitCode::SUCCESS
}
