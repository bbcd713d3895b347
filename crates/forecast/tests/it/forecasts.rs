use crate::{constant, forecast, history};
use forecast::{Forecaster, Growth, History, Person, Prior, Ramp, Refusal, capacity, likelihood, when_done};
use jiff::{
    ToSpan,
    civil::{Weekday, date},
};
use proptest::prelude::*;

#[test]
fn constant_throughput_gives_the_exact_date() {
    let forecast = forecast(constant(date(2024, 1, 1), 90, 2), date(2024, 3, 31));
    for probability in [0.5, 0.7, 0.85, 0.95] {
        assert_eq!(forecast.date_for(40, probability), Some(date(2024, 4, 19)));
        assert_eq!(forecast.date_for(41, probability), Some(date(2024, 4, 20)));
        assert_eq!(forecast.at_least(probability, 30), 60);
        assert_eq!(forecast.at_least(probability, 500), 1000);
    }
    assert_eq!((forecast.chance(60, 30), forecast.chance(61, 30)), (1.0, 0.0));
}

#[test]
fn a_constant_working_week_gives_the_exact_date() {
    let start = date(2024, 1, 1);
    let weekdays = (0..91)
        .map(|day| start + day.days())
        .filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    let forecast = forecast(History::new(weekdays).unwrap(), date(2024, 4, 1));
    assert_eq!(forecast.date_for(5, 0.95), Some(date(2024, 4, 5)));
    assert_eq!(forecast.date_for(6, 0.95), Some(date(2024, 4, 8)), "nothing is finished on the weekend");
    assert_eq!(forecast.date_for(40, 0.5), Some(date(2024, 5, 24)));
}

#[test]
fn without_history_there_is_a_sentence_and_no_forecast() {
    assert_eq!(History::new([]), None);
    let forecaster = Forecaster::new(history("steady"), date(2021, 1, 1), Prior::built_in(), 5);
    let refusal = forecaster.at(date(2019, 1, 1)).unwrap_err();
    assert_eq!(refusal.to_string(), "Nothing was finished before 2019-01-01, so there is nothing to forecast from.");
    let refusal = forecaster.at(date(2021, 1, 2)).unwrap_err();
    assert_eq!(refusal, Refusal::TooLate { as_of: date(2021, 1, 2), until: date(2021, 1, 1) });
}

/// The numbers themselves, so that a change of machine, compiler or library that moves one is seen.
#[test]
fn the_seed_fixes_the_numbers() {
    let as_of = date(2021, 6, 1);
    let forecast = |name, seed| Forecaster::new(history(name), as_of, Prior::built_in(), seed).at(as_of).unwrap();
    let counts = |name, seed| [0.5, 0.7, 0.85, 0.95].map(|stated| forecast(name, seed).at_least(stated, 28));
    assert_eq!(counts("drifting", 5), [15, 11, 7, 6]);
    assert_eq!(counts("small", 5), [3, 3, 2, 1]);
    assert_eq!(forecast("drifting", 5).date_for(40, 0.85), Some(date(2021, 12, 1)));
    let drawn = when_done(&forecast("drifting", 5), 40, Some(Growth::of(&forecast("small", 5))), 1000, 5);
    assert_eq!(drawn.date_for(0.5), Some(date(2021, 9, 6)));
}

#[test]
fn the_seed_chooses_between_the_two_nearest_counts() {
    let as_of = date(2021, 6, 1);
    let count =
        |seed| Forecaster::new(history("small"), as_of, Prior::built_in(), seed).at(as_of).unwrap().at_least(0.5, 28);
    let counts: Vec<u64> = (0..50).map(count).collect();
    let (least, most) = (*counts.iter().min().unwrap(), *counts.iter().max().unwrap());
    assert_eq!(most - least, 1);
}

#[test]
fn what_is_finished_later_changes_nothing() {
    let (all, as_of) = (history("drifting"), date(2021, 5, 3));
    let age = all.age(as_of).unwrap();
    let days = (0..age).flat_map(|day| vec![all.first() + (day as i64).days(); all.on(day) as usize]);
    let before = forecast(History::new(days).unwrap(), as_of);
    let after = Forecaster::new(all.clone(), all.last(), Prior::built_in(), 5).at(as_of).unwrap();
    for days in [1, 7, 14, 28, 45, 84, 400] {
        for probability in [0.05, 0.5, 0.7, 0.85, 0.95] {
            assert_eq!(before.quantile(probability, days), after.quantile(probability, days));
        }
    }
}

#[test]
fn a_short_history_leans_on_other_teams_and_says_so() {
    let history = history("steady");
    let [young, old] = [date(2019, 3, 20), date(2021, 11, 1)].map(|as_of| forecast(history.clone(), as_of));
    assert!(young.basis().from_others > 0.99);
    assert!(old.basis().from_others < 0.4);
    let spread = |forecast: &forecast::Forecast| {
        (forecast.quantile(0.9, 28) - forecast.quantile(0.1, 28)) / forecast.quantile(0.5, 28)
    };
    assert!(spread(&young) > 1.5 * spread(&old), "{} {}", spread(&young), spread(&old));
    assert!((old.basis().shares.iter().map(|share| share.1).sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn half_the_people_take_twice_as_long() {
    let as_of = date(2024, 3, 31);
    let forecast = forecast(constant(date(2024, 1, 1), 90, 2), as_of);
    let team = vec![Person::default(), Person { until: Some(as_of), ..Person::default() }];
    let halved = forecast.with_capacity(&capacity(&team, as_of, 400, 2.0).unwrap());
    assert_eq!(halved.date_for(40, 0.85), Some(date(2024, 5, 9)));
    assert_eq!(capacity(&team, as_of, 10, 0.0), None);
}

#[test]
fn people_count_as_far_as_they_are_there() {
    let start = date(2024, 4, 1);
    let hire = Person {
        from: Some(date(2024, 4, 3)),
        ramp: Ramp { start: 0.2, days: 10 },
        probability: 0.5,
        ..Person::default()
    };
    let part = Person { share: 0.5, away: vec![date(2024, 4, 2)], ..Person::default() };
    let capacity = capacity(&[hire, part], start, 14, 0.5).unwrap();
    let near = |day: usize, wanted: f64| assert!((capacity[day] - wanted).abs() < 1e-9, "{day}: {}", capacity[day]);
    near(0, 1.0);
    near(1, 0.0);
    near(2, 1.0 + 0.2 * 0.5 / 0.5);
    near(7, 1.0 + 0.6 * 0.5 / 0.5);
    near(13, 1.0 + 0.5 / 0.5);
}

#[test]
fn drawn_futures_agree_with_the_distribution_and_growth_delays_them() {
    let as_of = date(2022, 3, 1);
    let pace = forecast(history("drifting"), as_of);
    let futures = when_done(&pace, 40, None, 50_000, 1);
    for days in [20_i64, 40, 80, 120] {
        let drawn = futures.chance(as_of + (days - 1).days());
        assert!((drawn - pace.chance(40, days as usize)).abs() < 0.01, "{days}");
    }
    let arrivals = forecast(history("small"), as_of);
    let growing = when_done(&pace, 40, Some(Growth::of(&arrivals)), 50_000, 1);
    assert!(growing.date_for(0.85) > futures.date_for(0.85));
    let part = when_done(&pace, 40, Some(Growth { share: 0.3, ..Growth::of(&arrivals) }), 50_000, 1);
    assert!(part.date_for(0.85) < growing.date_for(0.85) && part.date_for(0.85) > futures.date_for(0.85));
    // What comes with what is done makes slow futures short of work, and so narrows the dates.
    let joined = when_done(&pace, 40, Some(Growth { together: 0.9, ..Growth::of(&arrivals) }), 50_000, 1);
    assert!(joined.date_for(0.95) < growing.date_for(0.95));
    assert_eq!(futures, when_done(&pace, 40, None, 50_000, 1));
}

#[test]
fn words_match_the_number() {
    let words = [0.995, 0.95, 0.85, 0.7, 0.5, 0.3, 0.05, 0.001].map(likelihood);
    let likely = ["virtually certain", "very likely", "likely", "likely", "about as likely as not"];
    assert_eq!(words[..5], likely);
    assert_eq!(words[5..], ["unlikely", "very unlikely", "exceptionally unlikely"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn chances_fall_with_scope_and_rise_with_time(
        finishes in prop::collection::vec(0_i64..300, 1..120),
        age in 1_i64..420,
        weekly in prop::collection::vec(0.0_f64..2.0, 0..60),
    ) {
        let start = date(2023, 1, 1);
        let as_of = start + (300.min(finishes.iter().min().copied().unwrap_or(0)) + age).days();
        let forecast = forecast(History::new(finishes.iter().map(|&day| start + day.days())).unwrap(), as_of);
        let forecast = forecast.with_capacity(&weekly);
        let levels = [0.02, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.98];
        for days in 1..400 {
            for probability in levels {
                prop_assert!(forecast.at_least(probability, days) >= forecast.at_least(probability, days - 1));
            }
            for pair in levels.windows(2) {
                prop_assert!(forecast.at_least(pair[0], days) >= forecast.at_least(pair[1], days));
            }
        }
        for days in (1..400).step_by(9) {
            for items in 0..60 {
                let chance = forecast.chance(items, days);
                prop_assert!((0.0..=1.0).contains(&chance));
                prop_assert!(forecast.chance(items + 1, days) <= chance);
                prop_assert!(forecast.chance(items, days + 9) >= chance);
            }
        }
    }

    #[test]
    fn the_date_of_a_chance_is_the_first_that_has_it(items in 1_u64..200, percent in 2_u32..99) {
        let probability = f64::from(percent) / 100.0;
        let forecast = forecast(history("drifting"), date(2021, 9, 1));
        if let Some(date) = forecast.date_for(items, probability) {
            let days = (date - forecast.as_of()).get_days() as usize + 1;
            prop_assert!(forecast.chance(items, days) >= probability - 1e-6);
            prop_assert!(days == 1 || forecast.chance(items, days - 1) < probability + 1e-6);
        }
    }
}
