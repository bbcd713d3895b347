//! Whether the reviews of a team rest on two people, who are neither named nor told apart.
use super::{Measured, load::answered_by};
use crate::{
    code::{FEWEST, FEWEST_FOR_HABITS},
    pull::Facts,
    repository::Repository,
};
use kernel::Time;
use measures::{Pair, PullOptions, rests_on_two};
use std::collections::{HashMap, HashSet};

/// The two on whom the reviews of what was merged in a time rest, as numbers alone. Nothing for fewer than three authors, and
/// where fewer than five people could have answered: the members of the team, and those who wrote or answered something.
pub(crate) fn pair(
    all: &[(Repository, Facts)],
    members: impl IntoIterator<Item = String>,
    (from, now): (Time, Time),
    level: f64,
) -> Option<Pair> {
    let measured = Measured::new(all, HashMap::new(), &PullOptions::default(), Some(from), now);
    let answered: Vec<HashSet<&str>> = measured.merged.iter().map(|one| answered_by(&one.pull)).collect();
    let authors = measured.merged.iter().filter_map(|one| one.pull.author.clone());
    let answerers = answered.iter().flatten().map(|by| (*by).to_owned());
    let could: HashSet<String> = members.into_iter().chain(authors).chain(answerers).collect();
    let enough = measured.contributors() >= FEWEST && could.len() >= FEWEST_FOR_HABITS;
    if enough { rests_on_two(&answered, could.len(), level) } else { None }
}
