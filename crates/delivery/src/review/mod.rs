//! How pull requests of a team go from the first commit to the merge, and what they waited for: of the team, never of a
//! person.
mod compute;
mod lens;
mod lens_page;
mod load;
mod load_page;
mod page;
mod pair;
mod reviewers;

pub use compute::{Awake, PullLine, ReviewNumbers, StageChange};
pub use lens::{PullDiffering, PullReading, ReviewLens, ShowReviewLens};
pub(crate) use load::answered_by;
pub use load::{Depth, LoadNumbers, OwnReviews, ReviewLoad, ShowReviewLoad};
pub(crate) use pair::pair;
pub(crate) use reviewers::Reviewers;

use crate::{
    code::{FEWEST, Span},
    pull::Facts,
    repository::{ListRepositories, Repository},
};
use compute::Team as Measured;
use kernel::{
    Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, args, calendar::Calendar, list,
    sql, text::Name,
};
use measures::{CycleEnd, PullDefinition, pull_presets};
use people::{access, hours::calendars, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ui::Pages;

/// The stages of the pull requests that a team merged, and what waits now. From what code hosts told.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReviews {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
    /// `cairn` if left out; else `linearb`, `swarmia`, `middleware` or `devlake`.
    #[serde(default)]
    pub definition: Option<Name<40>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reviews {
    pub span: Span,
    /// The word, the version and the title of the definition of the stages.
    pub definition: String,
    pub version: u32,
    pub title: String,
    /// Where the definition is written down.
    pub source: String,
    pub repositories: usize,
    /// Pull requests that code hosts told of, of any time.
    pub known: usize,
    /// People who wrote the merged pull requests of the span, as far as they are told apart.
    pub contributors: usize,
    /// Nothing where fewer than three people are behind it.
    pub numbers: Option<ReviewNumbers>,
    /// Each stage against the span before; none for all time, and where fewer than three people are behind either.
    pub changes: Vec<StageChange>,
}

impl Operation for ShowReviews {
    const NAME: &str = "delivery.reviews";
    const ROUTE: Route = Route(Get, "/delivery/reviews");
    const READS: bool = true;
    type Target = Vec<Repository>;
    type Output = Reviews;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Repository>> {
        of_team(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Vec<Repository>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, repositories: Vec<Repository>) -> Result<Reviews> {
        let definition = chosen(self.definition.as_deref())?;
        let span = self.span.unwrap_or(Span::Quarter);
        let (now, from) = (tx.now(), span.from(tx.now()));
        let before = from.map(|from| Time(from.0 - (now.0 - from.0)));
        let all = read(tx, &repositories, before, is_until_deployment(&definition)).await?;
        let opened = all.iter().filter_map(|(_, facts)| facts.first_waiting(from)).min().unwrap_or(now);
        let members = members(tx, self.team, opened).await?;
        let measured = Measured::new(&all, members, &definition.options, from, now);
        let contributors = measured.contributors();
        let older = |until| Measured::between(&all, HashMap::new(), &definition.options, (before, until));
        Ok(Reviews {
            span,
            changes: from.map(|from| measured.against(&older(from))).unwrap_or_default(),
            repositories: repositories.len(),
            known: known(tx, &repositories).await?,
            contributors,
            numbers: (contributors >= FEWEST).then(|| measured.numbers()),
            version: definition.version,
            title: definition.title,
            source: definition.source,
            definition: definition.name,
        })
    }
}

/// The definition of the stages of this word.
pub(crate) fn chosen(name: Option<&str>) -> Result<PullDefinition> {
    let wanted = name.unwrap_or("cairn");
    let found = pull_presets().into_iter().find(|one| one.name == wanted);
    found.ok_or_else(|| Error::invalid("definition", "There is no such definition."))
}

/// The repositories of a team that the actor can see.
async fn of_team(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Repository>> {
    team::Record::visible(tx, team).await?;
    let list = ListRepositories { team: Some(team) };
    list.target(tx).await?;
    list.run(tx, ()).await
}

fn is_until_deployment(definition: &PullDefinition) -> bool {
    definition.options.cycle_ends == CycleEnd::Deployment
}

/// The pull requests that were closed since an instant, and open ones, by repository.
pub(crate) async fn read(
    tx: &mut Tx<'_>,
    repositories: &[Repository],
    from: Option<Time>,
    deployments: bool,
) -> Result<Vec<(Repository, Facts)>> {
    let mut all = Vec::with_capacity(repositories.len());
    for repository in repositories {
        let facts = match from {
            Some(from) => Facts::since(tx, repository.id, from).await?,
            None => Facts::read(tx, repository.id).await?,
        };
        let facts = if deployments { facts.with_deployments(tx, repository.clone()).await? } else { facts };
        all.push((repository.clone(), facts));
    }
    Ok(all)
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

/// Who is in the team today, by their ids: those who may review, with their hours since an instant.
pub(crate) async fn members(tx: &mut Tx<'_>, team: Id<Team>, since: Time) -> Result<HashMap<String, Calendar>> {
    let (today, now) = (access::today(tx), tx.now());
    let select = sql!(
        "select person_id from memberships where workspace_id = $1 and team_id = $2 and from_on <= $3
            and (until_on is null or until_on > $3) order by person_id"
    );
    let members: Vec<Id<Person>> = tx.all(select, args![tx.workspace(), team, today]).await?;
    let members = calendars(tx, &members, since, now).await?;
    Ok(members.into_iter().map(|one| (one.id.to_string(), one.calendar)).collect())
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/reviews", page::show)
        .get("/teams/{team}/reviews/definitions", lens_page::show)
        .get("/teams/{team}/reviews/load", load_page::show)
}
