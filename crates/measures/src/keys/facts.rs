//! What happened, as far as it is known. Instants are microseconds since 1970 in UTC.
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    pub commits: Vec<Commit>,
    pub deployments: Vec<Deployment>,
    pub incidents: Vec<Incident>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commit {
    pub repository: String,
    pub hash: String,
    pub parents: Vec<String>,
    /// Whoever wrote it, by a key that says nothing else.
    pub author: String,
    pub bot: bool,
    pub authored_at: i64,
    pub committed_at: i64,
    pub subject: String,
    /// The commit that this one takes back.
    pub reverts: Option<String>,
    /// The commit of which this one is a copy.
    pub picked_from: Option<String>,
    /// The change that it is a part of, such as the merge of its pull request; itself if left out.
    pub change: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deployment {
    pub id: String,
    pub repository: String,
    pub environment: String,
    pub commit: Option<String>,
    pub finished_at: i64,
    pub failed: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Incident {
    pub id: String,
    pub opened_at: i64,
    pub resolved_at: Option<i64>,
}

/// For each deployment that succeeded, the one before it that did, to the same environment of the same repository.
pub fn previous_successes(deployments: &[Deployment]) -> BTreeMap<&str, &str> {
    let mut in_order: Vec<&Deployment> = deployments.iter().filter(|one| !one.failed).collect();
    in_order.sort_by_key(|one| (one.finished_at, &one.id));
    let mut last: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for one in in_order {
        if let Some(previous) = last.insert((&one.repository, &one.environment), &one.id) {
            found.insert(one.id.as_str(), previous);
        }
    }
    found
}
