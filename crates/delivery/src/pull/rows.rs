//! What is stored of pull requests and what belongs to them.
use crate::identity::Identity;
use kernel::{Id, Time, columns};

pub(crate) struct PullRow {
    pub number: i64,
    pub source_id: Option<String>,
    pub title: String,
    pub state: String,
    pub draft: Option<bool>,
    pub author_id: Option<Id<Identity>>,
    pub created_at: Option<Time>,
    pub updated_at: Option<Time>,
    pub closed_at: Option<Time>,
    pub merged_at: Option<Time>,
    pub merged_by_id: Option<Id<Identity>>,
    pub merge_commit: Option<String>,
    pub head_sha: Option<String>,
    pub base_ref: Option<String>,
    pub additions: Option<i64>,
    pub deletions: Option<i64>,
    pub changed_files: Option<i64>,
    pub commits: Option<i64>,
    /// It names an issue; nothing where its text is not known.
    pub linked: Option<bool>,
}
columns!(PullRow {
    number,
    source_id,
    title,
    state,
    draft,
    author_id,
    created_at,
    updated_at,
    closed_at,
    merged_at,
    merged_by_id,
    merge_commit,
    head_sha,
    base_ref,
    additions,
    deletions,
    changed_files,
    commits,
    linked
});

impl PullRow {
    /// Lines added and deleted.
    pub fn lines(&self) -> Option<i64> {
        Some(self.additions? + self.deletions?)
    }
}

pub(crate) struct ReviewRow {
    pub key: String,
    pub number: i64,
    pub author_id: Option<Id<Identity>>,
    pub state: String,
    pub submitted_at: Option<Time>,
}
columns!(ReviewRow { key, number, author_id, state, submitted_at });

pub(crate) struct CommentRow {
    pub key: String,
    pub number: i64,
    pub author_id: Option<Id<Identity>>,
    pub created_at: Option<Time>,
    pub counts: bool,
}
columns!(CommentRow { key, number, author_id, created_at, counts });

pub(crate) struct EventRow {
    pub key: String,
    pub source_id: Option<String>,
    pub number: i64,
    pub actor_id: Option<Id<Identity>>,
    pub event: String,
    pub at: Time,
}
columns!(EventRow { key, source_id, number, actor_id, event, at });

pub(crate) struct CommitRow {
    pub number: i64,
    pub hash: String,
    pub authored_at: Option<Time>,
    pub committed_at: Option<Time>,
}
columns!(CommitRow { number, hash, authored_at, committed_at });

/// A commit of the history, with who wrote it.
pub(crate) struct HistoryRow {
    pub hash: String,
    pub name: String,
    pub mail: String,
    pub authored_at: Time,
    pub committed_at: Time,
    pub subject: String,
    pub pull_number: Option<i64>,
    pub additions: i64,
    pub deletions: i64,
}
columns!(HistoryRow { hash, name, mail, authored_at, committed_at, subject, pull_number, additions, deletions });
