//! What the histories tell about how a team delivers: of teams and repositories, never of a person.
mod aside;
mod compute;
mod figures;
mod pages;
mod rows;

pub(crate) use aside::asides;
pub use compute::{FileHeat, Folder, Own, PullSizes, Week};
pub(crate) use figures::people;
pub use pages::pages;

use crate::repository::{ListRepositories, Repository};
use compute::Seen;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, words};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Team figures need as many people behind them.
pub const FEWEST: usize = 3;
/// What could be read as one person's, such as hours and folders, needs more.
pub const FEWEST_FOR_HABITS: usize = 5;

words! {
    /// How far back the numbers go. Only these spans are offered, so that nobody is singled out by comparing two.
    pub enum Span {
        Month = "4w",
        Quarter = "13w",
        Year = "52w",
        All = "all",
    }
}

impl Span {
    /// As it ends a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Span::Month => "four weeks",
            Span::Quarter => "thirteen weeks",
            Span::Year => "a year",
            Span::All => "all time",
        }
    }

    /// As a button names it.
    pub fn label(self) -> &'static str {
        match self {
            Span::Month => "4 weeks",
            Span::Quarter => "13 weeks",
            Span::Year => "A year",
            Span::All => "All time",
        }
    }

    pub(crate) fn from(self, now: Time) -> Option<Time> {
        let weeks = match self {
            Span::Month => 4,
            Span::Quarter => 13,
            Span::Year => 52,
            Span::All => return None,
        };
        Some(now - Duration::from_secs(weeks * 7 * 24 * 3600))
    }
}

/// How the code of a team or a repository changes, from the histories alone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCode {
    /// All repositories of this team.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    #[serde(default)]
    pub repository: Option<Id<Repository>>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Code {
    pub span: Span,
    pub from: Option<Time>,
    pub repositories: Vec<Repository>,
    /// People behind the commits of the span, as far as they are told apart; bots are not among them.
    pub contributors: usize,
    /// Commits of bots, which are in no other number.
    pub bot_commits: usize,
    /// The reader's own part, shown to nobody else.
    pub own: Option<Own>,
    /// Nothing where fewer than three people are behind it.
    pub numbers: Option<Numbers>,
}

/// Of the commits that the main lines reach, merges and bots left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Numbers {
    pub commits: usize,
    /// Commits that take another one back.
    pub reverts: usize,
    /// Pull requests that were merged: those that a code host told of, and inferred ones of other numbers.
    pub pull_requests: usize,
    /// ISO weeks in UTC by their Monday, oldest first, without gaps.
    pub weeks: Vec<Week>,
    /// Lines added and deleted by each inferred pull request; nothing for fewer than five.
    pub sizes: Option<PullSizes>,
    /// Monday to Sunday, 24 hours each, on the committers' own clocks; nothing for fewer than five people.
    pub rhythm: Option<Vec<Vec<u64>>>,
    /// The files that change most, those with the most changes first.
    pub hot_spots: Vec<FileHeat>,
    /// Folders and how many people know them, the largest first; nothing for fewer than five people.
    pub folders: Option<Vec<Folder>>,
}

impl Operation for ShowCode {
    const NAME: &str = "delivery.code";
    const ROUTE: Route = Route(Get, "/delivery/code");
    const READS: bool = true;
    type Target = Vec<Repository>;
    type Output = Code;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Repository>> {
        match (self.team, self.repository) {
            (Some(team), None) => {
                team::Record::visible(tx, team).await?;
                ListRepositories { team: Some(team) }.run(tx, ()).await
            }
            (None, Some(repository)) => Ok(vec![Repository::visible(tx, repository).await?]),
            _ => Err(Error::invalid("team", "Name a team or a repository.")),
        }
    }

    fn allows(_: &Actor, _: &Vec<Repository>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, repositories: Vec<Repository>) -> Result<Code> {
        let span = self.span.unwrap_or(Span::Quarter);
        let from = span.from(tx.now());
        let ids: Vec<Id<Repository>> =
            repositories.iter().filter(|one| one.imported_at.is_some()).map(|one| one.id).collect();
        let seen = Seen::new(rows::read(tx, &ids, from).await?, tx.now());
        let own = seen.own(tx.me());
        let numbers = (seen.contributors() >= FEWEST).then(|| seen.numbers(tx.me()));
        Ok(Code {
            span,
            from,
            contributors: seen.contributors(),
            bot_commits: seen.bot_commits(),
            own,
            numbers,
            repositories,
        })
    }
}
