//! Whether work rests on two people: whether two of those who could do it alone do more than half of it. If no two do, the
//! chance that some two seem to is at most the tail of a binomial with one half, for each pair that there is (Hoeffding 1956
//! for things that differ in how likely they are; Bonferroni for the pairs). Work that is spread evenly over five and more
//! people is such a case. Who the two are stays here.
use std::collections::{HashMap, HashSet};

/// Two people who alone did more than half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Things that nobody but one or both of them did, of so many that somebody did.
    pub alone: usize,
    pub of: usize,
    /// Those who could have done them, the two among them.
    pub people: usize,
    /// How often some two at the most would seem to, if no two did.
    pub p: f64,
}

/// The two on whom the work rests, if it is clear at this level: of who did each thing, and how many people could have.
/// Things that nobody did are passed over.
pub fn rests_on_two(done: &[HashSet<&str>], people: usize, level: f64) -> Option<Pair> {
    let of = done.iter().filter(|who| !who.is_empty()).count();
    let alone = most_alone(done);
    let pairs = people * people.saturating_sub(1) / 2;
    let p = (pairs as f64 * tail(of, alone)).min(1.0);
    (p <= level).then_some(Pair { alone, of, people, p })
}

/// The most that some two did without anybody else.
fn most_alone(done: &[HashSet<&str>]) -> usize {
    let mut alone: HashMap<&str, usize> = HashMap::new();
    let mut together: HashMap<(&str, &str), usize> = HashMap::new();
    for who in done.iter().filter(|who| (1..=2).contains(&who.len())) {
        let mut who: Vec<&str> = who.iter().copied().collect();
        who.sort_unstable();
        match who[..] {
            [one, other] => *together.entry((one, other)).or_default() += 1,
            _ => *alone.entry(who[0]).or_default() += 1,
        }
    }
    let of = |who: &str| alone.get(who).copied().unwrap_or(0);
    let both = together.iter().map(|((one, other), both)| both + of(one) + of(other));
    let mut single: Vec<usize> = alone.values().copied().collect();
    single.sort_unstable_by(|a, b| b.cmp(a));
    both.chain([single.iter().take(2).sum()]).max().unwrap_or(0)
}

/// The chance of `k` and more heads in `n` throws of a coin.
fn tail(n: usize, k: usize) -> f64 {
    if 2 * k <= n {
        return 1.0;
    }
    let ways: f64 = (1..=n - k).map(|i| ((k + i) as f64 / i as f64).ln()).sum();
    let mut term = (ways - n as f64 * std::f64::consts::LN_2).exp();
    let mut sum = 0.0;
    for heads in k..=n {
        sum += term;
        term *= (n - heads) as f64 / (heads + 1) as f64;
    }
    sum
}

#[cfg(test)]
mod tests;
