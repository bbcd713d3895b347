//! Learning a prior from histories.
use crate::{
    calibration::STEP,
    history::History,
    math::solve,
    model::{Fits, INPUTS, learned_center, spread_inputs},
    pace::Paces,
    prior::{KNOT_COUNT, KNOTS, LEVELS, Prior, SIZES, place, probability},
    record::{FIRST_ORIGIN, Record, outcome},
};

/// Weekly origins that a history needs to count as one.
const FULL_WEIGHT: usize = 50;

impl Prior {
    /// Learns from histories, each with the same weight if it has a year: the centres by least squares, the spreads by
    /// least squares of the absolute errors, and the shapes as quantiles of what the whole method then gets wrong.
    pub fn learn(histories: &[History]) -> Self {
        let mut prior = Self {
            center: [[0.0; INPUTS]; KNOT_COUNT],
            spread: [[0.0; 3]; KNOT_COUNT],
            shape: [[[0.0; LEVELS]; SIZES.len()]; KNOT_COUNT],
        };
        let paces: Vec<(Paces, usize)> = histories.iter().map(|history| (paces(history), days(history))).collect();
        for (knot, &days) in KNOTS.iter().enumerate() {
            let rows = rows(&paces, days);
            prior.center[knot] = least_squares(rows.iter().map(|row| (row.inputs, row.outcome, row.weight)), 0.02);
            let errors = rows.iter().map(|row| {
                let center = learned_center(&prior.center[knot], &row.inputs);
                (spread_inputs(&row.inputs, center), (row.outcome - center).abs(), row.weight)
            });
            prior.spread[knot] = least_squares(errors, 0.001);
        }
        prior.shape = shapes(&paces, &prior);
        prior
    }
}

struct Row {
    inputs: [f64; INPUTS],
    outcome: f64,
    weight: f64,
}

fn days(history: &History) -> usize {
    history.age(history.last()).map_or(1, |age| age + 1)
}

fn paces(history: &History) -> Paces {
    Paces::new(history.clone(), days(history), KNOTS[KNOT_COUNT - 1])
}

fn rows(paces: &[(Paces, usize)], days: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for (paces, ages) in paces {
        let last = ages.saturating_sub(days);
        let origins = (FIRST_ORIGIN..=last).step_by(STEP);
        let weight = 1.0 / origins.clone().count().max(FULL_WEIGHT) as f64;
        rows.extend(origins.map(|age| Row {
            inputs: Fits::new(paces, age).inputs(days),
            outcome: outcome(&paces.history, age, days),
            weight,
        }));
    }
    rows
}

/// Weighted ridge regression; all zero if nothing was given.
fn least_squares<const N: usize>(rows: impl Iterator<Item = ([f64; N], f64, f64)>, ridge: f64) -> [f64; N] {
    let (mut matrix, mut right) = ([[0.0; N]; N], [0.0; N]);
    for (inputs, outcome, weight) in rows {
        for (line, (total, input)) in matrix.iter_mut().zip(right.iter_mut().zip(inputs)) {
            *total += weight * input * outcome;
            for (cell, other) in line.iter_mut().zip(inputs) {
                *cell += weight * input * other;
            }
        }
    }
    for (place, line) in matrix.iter_mut().enumerate() {
        line[place] += ridge;
    }
    solve(matrix, right).unwrap_or([0.0; N])
}

fn shapes(paces: &[(Paces, usize)], prior: &Prior) -> [[[f64; LEVELS]; SIZES.len()]; KNOT_COUNT] {
    let mut scores: Vec<[Vec<(f64, f64)>; SIZES.len()]> = vec![Default::default(); KNOT_COUNT];
    for (paces, ages) in paces {
        let mut seen: [Vec<_>; KNOT_COUNT] = Default::default();
        Record::new(paces, prior, *ages, |resolved| seen[resolved.knot].push(resolved));
        for (knot, seen) in seen.into_iter().enumerate() {
            let weight = 1.0 / seen.len().max(FULL_WEIGHT) as f64;
            for resolved in seen {
                let (lower, share) = place(resolved.prediction.center());
                let score = resolved.prediction.score(resolved.outcome);
                scores[knot][lower].push((score, weight * (1.0 - share)));
                scores[knot][lower + 1].push((score, weight * share));
            }
        }
    }
    std::array::from_fn(|knot| std::array::from_fn(|size| quantiles(&mut scores[knot][size])))
}

/// The quantiles of weighted values; all zero if there are none.
fn quantiles(values: &mut [(f64, f64)]) -> [f64; LEVELS] {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|value| value.1).sum();
    let (mut passed, mut next) = (0.0, 0);
    std::array::from_fn(|level| {
        while next + 1 < values.len() && passed + values[next].1 < probability(level) * total {
            passed += values[next].1;
            next += 1;
        }
        values.get(next).map_or(0.0, |value| value.0)
    })
}
