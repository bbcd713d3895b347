//! The speed of forecasts on one core: `cargo run --release -p forecast --example futures`.

use forecast::{Forecaster, Growth, History, Plan, Prior, Random, Stage, when_done};
use jiff::{ToSpan, civil::date};
use std::{hint::black_box, time::Instant};

fn main() {
    let start = date(2020, 1, 1);
    let mut random = Random::new(1, 1);
    let finishes: Vec<_> = (0..5000).map(|_| start + i64::from(random.below(1600)).days()).collect();
    let as_of = start + 1600.days();
    let Some(history) = History::new(finishes) else { return };
    timed("walk along 5,000 finishes of 1,600 days", 5, || {
        Forecaster::new(history.clone(), as_of, Prior::built_in(), 5)
    });
    let forecaster = Forecaster::new(history, as_of, Prior::built_in(), 5);
    timed("2,000 forecasts of different days", 5, || {
        (0..2000)
            .map(|day| forecaster.at(as_of - (day % 1500).days()).map_or(0, |one| one.at_least(0.85, 28)))
            .sum::<u64>()
    });
    let Ok(forecast) = forecaster.at(as_of) else { return };
    let away: Vec<f64> = (0..200).map(|day| if day % 30 < 5 { 0.6 } else { 1.0 }).collect();
    timed("100,000 futures of 60 items with a capacity calendar", 10, || {
        when_done(&forecast.with_capacity(&away), 60, None, 100_000, 5)
    });
    timed("the same, while the backlog grows", 10, || {
        let growth = Growth { arrivals: &forecast, share: 0.2, together: 0.3 };
        when_done(&forecast.with_capacity(&away), 60, Some(growth), 100_000, 5)
    });
    let stages = (0..42).map(|stage: usize| Stage {
        team: stage % 12,
        items: 10 + stage as u64,
        after: (stage >= 12).then(|| stage - 12 + stage % 3).filter(|after| *after < stage).into_iter().collect(),
    });
    let Ok(plan) = Plan::new(vec![forecast; 12], stages.collect(), 0.3) else { return };
    timed("20,000 futures of 12 teams, 42 stages and 30 dependencies", 5, || plan.when_done(20_000, 5));
}

/// Prints the best of some runs.
fn timed<T>(what: &str, runs: usize, mut work: impl FnMut() -> T) {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let start = Instant::now();
        black_box(work());
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{:9.2} ms  {what}", best * 1000.0);
}
