//! The rows of one repository's pull requests as the facts that stages are computed from: six statements.
use super::rows::{CommentRow, CommitRow, EventRow, PullRow, ReviewRow};
use crate::{identity::Identity, repository::Repository};
use kernel::{Id, Result, Time, Tx, args, sql};
use measures::{Act, Pull, Verdict, What};
use std::collections::HashMap;

/// An identity: its id, its person, its login, its name, and whether it is a bot.
type Account = (Id<Identity>, Option<String>, Option<String>, String, bool);

/// Everything that is stored of one repository's pull requests.
pub(crate) struct Facts {
    pub pulls: Vec<PullRow>,
    pub reviews: Vec<ReviewRow>,
    pub comments: Vec<CommentRow>,
    pub events: Vec<EventRow>,
    pub commits: Vec<CommitRow>,
    people: HashMap<Id<Identity>, Somebody>,
}

struct Somebody {
    /// The person, or the identity that is nobody's yet.
    key: String,
    login: String,
    bot: bool,
}

impl Facts {
    pub async fn read(tx: &mut Tx<'_>, repository: Id<Repository>) -> Result<Facts> {
        let workspace = tx.workspace();
        let pulls = sql!(
            "select number, source_id, title, state, draft, author_id, created_at, updated_at, closed_at, merged_at,
                    merged_by_id, merge_commit, head_sha, base_ref, additions, deletions, changed_files, commits
               from pull_requests where workspace_id = $1 and repository_id = $2 order by number"
        );
        let reviews = sql!(
            "select key, number, author_id, state, submitted_at from reviews
              where workspace_id = $1 and repository_id = $2 order by number, submitted_at, key"
        );
        let comments = sql!(
            "select key, number, author_id, created_at, counts from pull_comments
              where workspace_id = $1 and repository_id = $2 order by number, created_at, key"
        );
        let events = sql!(
            "select number, actor_id, event, at from pull_events
              where workspace_id = $1 and repository_id = $2 order by number, at, key"
        );
        let commits = sql!(
            "select number, hash, authored_at, committed_at from pull_commits
              where workspace_id = $1 and repository_id = $2 order by number, key"
        );
        let people = sql!("select id, person_id, login, name, bot from identities where workspace_id = $1");
        let people: Vec<Account> = tx.all(people, args![workspace]).await?;
        let somebody = |(id, person, login, name, bot): Account| {
            (id, Somebody { key: person.unwrap_or_else(|| id.to_string()), login: login.unwrap_or(name), bot })
        };
        Ok(Facts {
            pulls: tx.all(pulls, args![workspace, repository]).await?,
            reviews: tx.all(reviews, args![workspace, repository]).await?,
            comments: tx.all(comments, args![workspace, repository]).await?,
            events: tx.all(events, args![workspace, repository]).await?,
            commits: tx.all(commits, args![workspace, repository]).await?,
            people: people.into_iter().map(somebody).collect(),
        })
    }

    /// The name at the code host.
    pub fn login(&self, who: Option<Id<Identity>>) -> Option<&str> {
        Some(self.people.get(&who?)?.login.as_str())
    }

    pub fn is_bot(&self, who: Option<Id<Identity>>) -> bool {
        who.and_then(|who| self.people.get(&who)).is_some_and(|one| one.bot)
    }

    /// When the first of those was opened that were merged since then.
    pub fn first_waiting(&self, from: Option<Time>) -> Option<Time> {
        let merged = |row: &&PullRow| row.merged_at.is_some_and(|at| from.is_none_or(|from| at >= from));
        self.pulls.iter().filter(merged).filter_map(|row| row.created_at).min()
    }

    /// What the stages are computed from, by number. Pull requests of which the opening is not known are left out.
    pub fn by_number(&self) -> HashMap<i64, Pull<String>> {
        let mut all: HashMap<i64, Pull<String>> =
            self.pulls.iter().filter_map(|row| Some((row.number, self.pull(row)?))).collect();
        for commit in &self.commits {
            if let Some(pull) = all.get_mut(&commit.number) {
                pull.commits.push((commit.authored_at, commit.committed_at));
            }
        }
        let mut add = |number: i64, at: Option<Time>, who: Option<Id<Identity>>, what: Option<What>| {
            if let (Some(pull), Some(at), Some(what)) = (all.get_mut(&number), at, what) {
                pull.acts.push(Act { at, by: self.key(who), bot: self.is_bot(who), what });
            }
        };
        self.reviews.iter().for_each(|one| add(one.number, one.submitted_at, one.author_id, verdict(&one.state)));
        let counted = self.comments.iter().filter(|one| one.counts);
        counted.for_each(|one| add(one.number, one.created_at, one.author_id, Some(What::Commented)));
        self.events.iter().for_each(|one| add(one.number, Some(one.at), one.actor_id, what(&one.event)));
        all
    }

    fn pull(&self, row: &PullRow) -> Option<Pull<String>> {
        Some(Pull {
            author: self.key(row.author_id),
            opened_at: row.created_at?,
            merged_at: row.merged_at,
            merged_by: self.key(row.merged_by_id),
            draft: row.draft,
            commits: Vec::new(),
            acts: Vec::new(),
        })
    }

    fn key(&self, who: Option<Id<Identity>>) -> Option<String> {
        Some(self.people.get(&who?)?.key.clone())
    }
}

/// Of a review that nobody has submitted yet there is nothing to count.
fn verdict(state: &str) -> Option<What> {
    state.parse::<Verdict>().ok().map(What::Reviewed)
}

fn what(event: &str) -> Option<What> {
    Some(match event {
        "ready" => What::Ready,
        "drafted" => What::Drafted,
        "review_requested" => What::Requested,
        "force_pushed" => What::ForcePushed,
        "pushed" => What::Pushed,
        "closed" => What::Closed,
        "reopened" => What::Reopened,
        _ => return None,
    })
}
