//! The record that the forecasts exist for, on made-up histories that drift, burst, decline and pause.
use crate::history;
use forecast::{Forecaster, Prior};
use jiff::ToSpan;

const NAMES: [&str; 8] = ["steady", "drifting", "walking", "declining", "bursty", "small", "holidays", "joining"];

#[test]
fn what_is_stated_holds() {
    for days in [14, 28, 56, 84] {
        let (mut origins, mut held) = (0, [0; 4]);
        for name in NAMES {
            let history = history(name);
            let last = history.age(history.last()).unwrap() + 1 - days;
            let forecaster = Forecaster::new(history.clone(), history.last(), Prior::built_in(), 5);
            for age in (185..=last).step_by(7) {
                let forecast = forecaster.at(history.first() + (age as i64).days()).unwrap();
                let actual = history.within(age, age + days);
                origins += 1;
                for (held, stated) in held.iter_mut().zip([0.5, 0.7, 0.85, 0.95]) {
                    *held += u32::from(actual >= forecast.at_least(stated, days));
                }
            }
        }
        let share = held.map(|held| f64::from(held) / f64::from(origins));
        for (share, stated) in share.into_iter().zip([0.5, 0.7, 0.85, 0.95]) {
            assert!((share - stated).abs() < 0.05, "{days} days, {stated}: {share}");
        }
    }
}

#[test]
fn learning_again_gives_the_same_prior() {
    let histories: Vec<_> = ["drifting", "small"].into_iter().map(history).collect();
    let prior = Prior::learn(&histories);
    assert_eq!(prior, Prior::learn(&histories));
    assert!(!prior.as_source().contains("NaN") && !prior.as_source().contains("inf"));
    assert_ne!(&prior, Prior::built_in());
}
