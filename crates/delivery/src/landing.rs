//! How commits reached the main line, inferred from the history alone.
//!
//! The main line is the chain of first parents from its tip. Each of its commits brings the commits that it reaches and
//! no older one of the line does. A merge of a branch is an inferred pull request, and so is a commit whose subject names
//! one, as systems write it when they squash; a merge that only brings a branch up to date is none. A pull request that
//! was rebased leaves no trace and counts as direct commits.
use kernel::words;
use std::collections::{HashMap, HashSet};

words! {
    /// How a commit of the main line came there.
    pub enum How {
        /// A merge of a branch: an inferred pull request.
        Merged = "merged",
        /// One commit that says it was a pull request.
        Squashed = "squashed",
        /// A commit made on the main line itself.
        Direct = "direct",
        /// A merge that brought a copy of the main line up to date.
        Synced = "synced",
    }
}

/// What is needed of a commit to say how it landed.
#[derive(Clone, Debug)]
pub struct Node {
    pub hash: String,
    pub parents: Vec<String>,
    pub author: String,
    pub authored_at: i64,
    pub committed_at: i64,
    pub subject: String,
    pub pull_number: Option<i64>,
    pub pull_title: Option<String>,
    pub additions: i64,
    pub deletions: i64,
}

/// A commit of the main line, with what it brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    pub hash: String,
    pub landed_at: i64,
    pub how: How,
    pub number: Option<i64>,
    pub title: String,
    /// Who wrote the newest of the commits that it brought.
    pub author: String,
    pub commits: i64,
    pub additions: i64,
    pub deletions: i64,
    /// When the oldest of them was written.
    pub first_at: i64,
}

/// The landings, oldest first, and the commits that the main line does not reach. `proposed` are the numbers of pull
/// requests by the hash of their tip.
pub fn landings(nodes: &[Node], main: &str, proposed: &HashMap<String, i64>) -> (Vec<Landing>, Vec<String>) {
    let places: HashMap<&str, usize> = nodes.iter().enumerate().map(|(i, node)| (node.hash.as_str(), i)).collect();
    let mut line: Vec<usize> = Vec::new();
    let mut next = places.get(main).copied();
    while let Some(at) = next {
        line.push(at);
        next = nodes[at].parents.first().and_then(|parent| places.get(parent.as_str())).copied();
    }
    let on_line: HashSet<usize> = line.iter().copied().collect();
    let mut reached = vec![false; nodes.len()];
    let mut all = Vec::with_capacity(line.len());
    for at in line.into_iter().rev() {
        reached[at] = true;
        let brought = brought(nodes, &places, &on_line, &mut reached, at);
        all.push(landing(nodes, at, &brought, proposed));
    }
    let loose = nodes.iter().zip(&reached).filter(|(_, reached)| !**reached).map(|(node, _)| node.hash.clone());
    (all, loose.collect())
}

/// What the other parents of a commit reach and nothing before it did.
fn brought(
    nodes: &[Node],
    places: &HashMap<&str, usize>,
    on_line: &HashSet<usize>,
    reached: &mut [bool],
    at: usize,
) -> Vec<usize> {
    let parents = |at: usize| nodes[at].parents.iter().filter_map(|parent| places.get(parent.as_str()).copied());
    let mut waiting: Vec<usize> = parents(at).skip(1).collect();
    let mut found = Vec::new();
    while let Some(one) = waiting.pop() {
        if !reached[one] && !on_line.contains(&one) {
            reached[one] = true;
            found.push(one);
            waiting.extend(parents(one));
        }
    }
    found
}

fn landing(nodes: &[Node], at: usize, brought: &[usize], proposed: &HashMap<String, i64>) -> Landing {
    let node = &nodes[at];
    let merge = node.parents.len() > 1;
    let number =
        node.pull_number.or_else(|| node.parents.iter().skip(1).find_map(|parent| proposed.get(parent)).copied());
    let how = match (merge, number.is_some()) {
        (true, false) if is_update(&node.subject) || brought.is_empty() => How::Synced,
        (true, _) => How::Merged,
        (false, true) => How::Squashed,
        (false, false) => How::Direct,
    };
    let own: Vec<&Node> = brought.iter().map(|at| &nodes[*at]).filter(|node| node.parents.len() < 2).collect();
    let own = if merge { own } else { vec![node] };
    let newest = own.iter().max_by_key(|node| (node.authored_at, &node.hash));
    Landing {
        hash: node.hash.clone(),
        landed_at: node.committed_at,
        how,
        number,
        title: node.pull_title.clone().unwrap_or_else(|| node.subject.clone()),
        author: newest.map_or(&node.author, |node| &node.author).clone(),
        commits: own.len() as i64,
        additions: own.iter().map(|node| node.additions).sum(),
        deletions: own.iter().map(|node| node.deletions).sum(),
        first_at: own.iter().map(|node| node.authored_at).min().unwrap_or(node.authored_at),
    }
}

/// `Merge branch 'main' of git.example:pay/app`, `Merge remote-tracking branch 'origin/main'`
fn is_update(subject: &str) -> bool {
    let of_itself = subject.strip_prefix("Merge branch '").and_then(|rest| rest.split_once("' of "));
    let remote = subject.strip_prefix("Merge remote-tracking branch '").and_then(|rest| rest.rsplit_once('/'));
    let usual = |name: &str| matches!(name.trim_end_matches('\''), "main" | "master" | "trunk" | "develop");
    of_itself.is_some_and(|(branch, _)| usual(branch)) || remote.is_some_and(|(_, branch)| usual(branch))
}

#[cfg(test)]
mod tests;
