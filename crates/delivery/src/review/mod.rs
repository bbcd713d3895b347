//! How pull requests of a team go from the first commit to the merge, and what they waited for: of the team, never of a
//! person.
mod compute;
mod page;

pub use compute::{Awake, PullLine, ReviewNumbers};

use crate::{
    code::{FEWEST, Span},
    pull::Facts,
    repository::{ListRepositories, Repository},
};
use compute::Team as Measured;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Tx, args, list, sql};
use people::{access, hours::calendars, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// The stages of the pull requests that a team merged, and what waits now. From what code hosts told.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReviews {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reviews {
    pub span: Span,
    pub repositories: usize,
    /// Pull requests that code hosts told of, of any time.
    pub known: usize,
    /// People who wrote the merged pull requests of the span, as far as they are told apart.
    pub contributors: usize,
    /// Nothing where fewer than three people are behind it.
    pub numbers: Option<ReviewNumbers>,
}

impl Operation for ShowReviews {
    const NAME: &str = "delivery.reviews";
    const ROUTE: Route = Route(Get, "/delivery/reviews");
    const READS: bool = true;
    type Target = Vec<Repository>;
    type Output = Reviews;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Repository>> {
        team::Record::visible(tx, self.team).await?;
        let list = ListRepositories { team: Some(self.team) };
        list.target(tx).await?;
        list.run(tx, ()).await
    }

    fn allows(_: &Actor, _: &Vec<Repository>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, repositories: Vec<Repository>) -> Result<Reviews> {
        let span = self.span.unwrap_or(Span::Quarter);
        let (now, from) = (tx.now(), span.from(tx.now()));
        let mut all = Vec::with_capacity(repositories.len());
        for repository in &repositories {
            let facts = match from {
                Some(from) => Facts::since(tx, repository.id, from).await?,
                None => Facts::read(tx, repository.id).await?,
            };
            all.push((repository.clone(), facts));
        }
        let opened = all.iter().filter_map(|(_, facts)| facts.first_waiting(from)).min().unwrap_or(now);
        let members = members(tx, self.team).await?;
        let members = calendars(tx, &members, opened, now).await?;
        let members = members.into_iter().map(|one| (one.id.to_string(), one.calendar)).collect();
        let measured = Measured::new(&all, members, from, now);
        let contributors = measured.contributors();
        Ok(Reviews {
            span,
            repositories: repositories.len(),
            known: known(tx, &repositories).await?,
            contributors,
            numbers: (contributors >= FEWEST).then(|| measured.numbers()),
        })
    }
}

/// Whether and how many pull requests are known, of any time.
async fn known(tx: &mut Tx<'_>, repositories: &[Repository]) -> Result<usize> {
    let select = sql!(
        "select count(*) from pull_requests
          where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text)))"
    );
    let count: i64 = tx.one(select, args![tx.workspace(), list(repositories.iter().map(|one| one.id))]).await?;
    Ok(count as usize)
}

/// Who is in the team today: those who may review.
async fn members(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Id<Person>>> {
    let today = access::today(tx);
    let select = sql!(
        "select person_id from memberships where workspace_id = $1 and team_id = $2 and from_on <= $3
            and (until_on is null or until_on > $3) order by person_id"
    );
    tx.all(select, args![tx.workspace(), team, today]).await
}

pub fn pages() -> Pages {
    Pages::new().get("/teams/{team}/reviews", page::show)
}
