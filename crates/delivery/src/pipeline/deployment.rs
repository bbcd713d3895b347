use super::{Outcome, Reach, rules, store};
use crate::repository::{Kept, Repository};
use kernel::{
    Actor, FromRow, Id,
    Method::{Get, Post},
    Operation, Result, Route, Row, Sql, Team, Time, Tx, args, columns, json, sql,
    text::Name,
};
use pipelines::Deployment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Say that something was deployed, as a script at the end of a pipeline does. The same id again updates it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddDeployment {
    pub repository: Id<Repository>,
    /// Unique among those told this way, such as the number of the build.
    pub id: Name<200>,
    pub environment: Name<120>,
    /// The full hash.
    #[serde(default)]
    pub commit: Option<Name<64>>,
    pub outcome: Outcome,
    #[serde(default)]
    pub started_at: Option<Time>,
    /// When it came to its end; now, if it is over and this is left out.
    #[serde(default)]
    pub finished_at: Option<Time>,
    #[serde(default)]
    pub url: Option<Name<500>>,
}

/// Something that was deployed, or that a rule of the team makes a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deployed {
    pub system: String,
    /// The id at the source.
    pub id: String,
    pub repository: Option<Id<Repository>>,
    pub project: String,
    pub environment: Option<String>,
    pub commit: Option<String>,
    pub reference: Option<String>,
    pub outcome: Outcome,
    pub started_at: Option<Time>,
    /// When it came to its end; of a release, when it was published.
    pub finished_at: Option<Time>,
    pub url: Option<String>,
}
columns!(Deployed {
    system,
    id,
    repository,
    project,
    environment,
    commit,
    reference,
    outcome,
    started_at,
    finished_at,
    url
});

impl Operation for AddDeployment {
    const NAME: &str = "deployment.add";
    const ROUTE: Route = Route(Post, "/deployments");
    type Target = Kept;
    type Output = Deployed;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Deployed> {
        let now = tx.now();
        let outcome = pipelines::Outcome::from(self.outcome);
        let imported = Deployment {
            id: format!("{}/{}", self.repository, &*self.id),
            project: kept.repository.name,
            environment: Some(self.environment.to_string()),
            production: None,
            commit: self.commit.as_ref().map(ToString::to_string),
            reference: None,
            outcome,
            said: self.outcome.word().to_owned(),
            created_at: Some(now.timestamp()),
            started_at: self.started_at.map(Time::timestamp),
            finished_at: Some(self.finished_at.unwrap_or(now).timestamp()).filter(|_| outcome.is_over()),
            as_of: Some(now.timestamp()),
            url: self.url.as_ref().map(ToString::to_string),
        };
        store::deployments(tx, "hand", Some(self.repository), std::slice::from_ref(&imported)).await?;
        tx.record("deployment.added", self.repository, json!({ "outcome": self.outcome }));
        let select = sql!(SELECT, "where d.workspace_id = $1 and d.system = 'hand' and d.source_id = $2");
        tx.one(select, args![tx.workspace(), imported.id]).await
    }
}

const SELECT: &str = "select d.system, d.source_id as id, d.repository_id as repository, d.project, d.environment,
        d.commit_hash as \"commit\", d.reference, d.outcome, d.started_at, d.finished_at, d.url from deployments d ";

/// The deployments to production of a team, by its rules, those that ended last first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDeployments {
    pub team: Id<Team>,
    #[serde(default)]
    pub since: Option<Time>,
}

const MOST: usize = 20_000;

impl Operation for ListDeployments {
    const NAME: &str = "deployment.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/deployments");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Deployed>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reach::of(tx, self.team).await.map(|_| ())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<Deployed>> {
        let reach = Reach::of(tx, self.team).await?;
        let rules = rules::of(tx, self.team).await?;
        to_production(tx, &reach, &rules, self.since.unwrap_or(Time(0))).await
    }
}

/// The deployments of repositories that rules call deployments to production.
pub(crate) async fn to_production(
    tx: &mut Tx<'_>,
    reach: &Reach,
    rules: &rules::Rules,
    since: Time,
) -> Result<Vec<Deployed>> {
    let (workspace, ids, projects) = (tx.workspace(), reach.ids(), reach.projects(tx).await?);
    let told: Vec<Told> = tx.all(deployments(), args![workspace, ids, projects, since]).await?;
    let named = rules.has(rules::RuleKind::Pipeline);
    let built = if named { tx.all(builds(), args![workspace, ids, projects, since]).await? } else { Vec::new() };
    let tagged = rules.has(rules::RuleKind::Tag);
    let released = if tagged { tx.all(releases(), args![workspace, ids, projects, since]).await? } else { Vec::new() };
    Ok(chosen(reach, rules, told, built, released))
}

/// What belongs to one of the repositories, or to none and to one of the projects.
const WITHIN: &str = "(d.repository_id in (select value from json_each(cast($2 as text)))
    or d.repository_id is null and d.project in (select value from json_each(cast($3 as text))))";

fn deployments() -> Sql {
    sql!(
        "select d.system, d.source_id as id, d.repository_id as repository, d.project, d.environment, d.commit_hash as \"commit\",
                d.reference, d.outcome, d.started_at, d.finished_at, d.url, d.production
           from deployments d where d.workspace_id = $1 and coalesce(d.finished_at, d.as_of) >= $4 and ",
        WITHIN
    )
}

/// The run that set a build off, such as a pipeline of CircleCI, knows the commit where the build itself does not say it.
fn builds() -> Sql {
    sql!(
        "select d.system, d.source_id as id, d.repository_id as repository, d.project, d.name as environment,
                coalesce(d.commit_hash, p.commit_hash) as \"commit\", coalesce(d.branch, p.branch) as reference, d.outcome,
                d.started_at, d.finished_at, d.url
           from builds d
           left join builds p on p.workspace_id = d.workspace_id and p.system = d.system and p.source_id = d.parent_id
                and p.attempt = 1
          where d.workspace_id = $1 and coalesce(d.finished_at, d.as_of) >= $4 and ",
        WITHIN,
        " and d.attempt = (select max(l.attempt) from builds l where l.workspace_id = d.workspace_id
                              and l.system = d.system and l.source_id = d.source_id)"
    )
}

fn releases() -> Sql {
    sql!(
        "select d.system, d.source_id as id, d.repository_id as repository, d.project, d.tag as environment,
                d.commit_hash as \"commit\", d.tag as reference, 'succeeded' as outcome, d.published_at as started_at,
                d.published_at as finished_at, cast(null as text) as url
           from releases d
          where d.workspace_id = $1 and d.published_at >= $4 and d.draft = false and d.prerelease = false and ",
        WITHIN
    )
}

struct Told {
    deployed: Deployed,
    production: Option<bool>,
}

impl FromRow for Told {
    fn from_row(row: &Row<'_>) -> Result<Told> {
        Ok(Told { deployed: Deployed::from_row(row)?, production: row.field(11, "production")? })
    }
}

fn chosen(
    reach: &Reach,
    rules: &rules::Rules,
    told: Vec<Told>,
    built: Vec<Deployed>,
    released: Vec<Deployed>,
) -> Vec<Deployed> {
    let to_production = |one: &Told| {
        let named = one.deployed.environment.as_deref().unwrap_or_default();
        rules
            .matches(rules::RuleKind::Environment, named)
            .unwrap_or(one.production.unwrap_or_else(|| rules::usual(named)))
    };
    let by_name =
        |kind| move |one: &Deployed| rules.matches(kind, one.environment.as_deref().unwrap_or_default()) == Some(true);
    let told = told.into_iter().filter(to_production).map(|one| one.deployed);
    let built = built.into_iter().filter(by_name(rules::RuleKind::Pipeline));
    let released = released.into_iter().filter(by_name(rules::RuleKind::Tag));
    let mut all: Vec<Deployed> = told.chain(built).chain(released).collect();
    for one in &mut all {
        let same =
            |known: &&Repository| super::project_at(&known.location).is_some_and(|project| project == one.project);
        one.repository = one.repository.or_else(|| reach.repositories.iter().find(same).map(|known| known.id));
    }
    all.sort_by(|a, b| (b.finished_at, &b.system, &b.id).cmp(&(a.finished_at, &a.system, &a.id)));
    all.truncate(MOST);
    all
}
