//! How the work of reviewing is spread: over people without their names, between groups, and over changes of different sizes.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How something that people do is spread over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    pub people: usize,
    pub total: usize,
    /// The fewest people who together did half of it.
    pub half: usize,
    /// The fewest people who together did four fifths of it.
    pub most: usize,
}

/// Of how much each did. Nothing where nobody did anything.
pub fn spread(each: impl IntoIterator<Item = usize>) -> Option<Spread> {
    let mut each: Vec<usize> = each.into_iter().filter(|one| *one > 0).collect();
    each.sort_unstable_by(|a, b| b.cmp(a));
    let total: usize = each.iter().sum();
    let fewest = |parts: usize, of: usize| {
        let sums = each.iter().scan(0, |sum, one| {
            *sum += one;
            Some(*sum)
        });
        sums.take_while(|sum| sum * of < total * parts).count() + 1
    };
    (total > 0).then(|| Spread { people: each.len(), total, half: fewest(1, 2), most: fewest(4, 5) })
}

/// What people of one group did for people of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flow {
    /// Nothing for all who are in no group of their own.
    pub by: Option<String>,
    pub of: Option<String>,
    pub count: usize,
}

/// Somebody, and the group they belong to.
pub type Member<'a> = (&'a str, Option<&'a str>);

/// What groups did for each other, from who did something and for whom, once for each time. A group of fewer than `fewest`
/// people is counted with those who are in none, and if these are too few, the smallest group is counted with them as well, so
/// that no difference of two numbers is about fewer. Nothing where no group is left beside them.
pub fn between(deeds: &[(Member<'_>, Member<'_>)], fewest: usize) -> Vec<Flow> {
    let mut people: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
    for (who, group) in deeds.iter().flat_map(|(by, of)| [by, of]) {
        people.entry(*group).or_default().insert(who);
    }
    let mut loose = people.remove(&None).unwrap_or_default();
    let small: Vec<Option<&str>> =
        people.iter().filter(|(_, who)| who.len() < fewest).map(|(group, _)| *group).collect();
    small.into_iter().for_each(|group| loose.extend(people.remove(&group).unwrap_or_default()));
    while !loose.is_empty() && loose.len() < fewest {
        let smallest = people.iter().min_by_key(|(_, who)| who.len()).map(|(group, _)| *group);
        let Some(who) = smallest.and_then(|group| people.remove(&group)) else { return Vec::new() };
        loose.extend(who);
    }
    let mut counts: BTreeMap<(Option<&str>, Option<&str>), usize> = BTreeMap::new();
    let shown = |group: Option<&'_ str>| people.contains_key(&group);
    for ((_, by), (_, of)) in deeds {
        *counts.entry((by.filter(|_| shown(*by)), of.filter(|_| shown(*of)))).or_default() += 1;
    }
    let flow = |((by, of), count): ((Option<&str>, Option<&str>), usize)| Flow {
        by: by.map(str::to_owned),
        of: of.map(str::to_owned),
        count,
    };
    if people.is_empty() { Vec::new() } else { counts.into_iter().map(flow).collect() }
}

#[cfg(test)]
mod tests;
