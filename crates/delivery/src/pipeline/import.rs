//! A bunch of what a CI or incident system told. Doing it twice, or in another order, changes nothing.
use super::{ImportedCoverage, ImportedTests, store};
use crate::repository::{Kept, may_keep};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Tx, json, text::Name};
use people::team;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Import what a CI or incident system told, at most 2,000 records at once. Records of the same id add up, in any order.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPipelines {
    /// `github`, `gitlab`, `jenkins`, `circleci`, `pagerduty`, `opsgenie` or another word for a source.
    pub system: Name<40>,
    /// The repository that all of it belongs to; else it is found by the name of the project. Test results and coverage
    /// name no project and are on no page without it.
    #[serde(default)]
    pub repository: Option<Id<crate::repository::Repository>>,
    /// The team whose incidents these are.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    #[serde(default)]
    pub pipelines: Vec<pipelines::Pipeline>,
    #[serde(default)]
    pub builds: Vec<pipelines::Build>,
    #[serde(default)]
    pub jobs: Vec<pipelines::Job>,
    #[serde(default)]
    pub deployments: Vec<pipelines::Deployment>,
    #[serde(default)]
    pub releases: Vec<pipelines::Release>,
    #[serde(default)]
    pub incidents: Vec<pipelines::Incident>,
    #[serde(default)]
    pub tests: Vec<ImportedTests>,
    #[serde(default)]
    pub coverage: Vec<ImportedCoverage>,
}

/// How many records were taken.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Counts {
    pub records: usize,
}

const MOST: usize = 2_000;

impl ImportPipelines {
    pub fn of(system: Name<40>) -> ImportPipelines {
        ImportPipelines {
            system,
            repository: None,
            team: None,
            pipelines: Vec::new(),
            builds: Vec::new(),
            jobs: Vec::new(),
            deployments: Vec::new(),
            releases: Vec::new(),
            incidents: Vec::new(),
            tests: Vec::new(),
            coverage: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        let results: usize = self.tests.iter().map(|file| 1 + file.results.len()).sum();
        let told = self.pipelines.len() + self.builds.len() + self.jobs.len() + self.deployments.len();
        told + self.releases.len() + self.incidents.len() + results + self.coverage.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Operation for ImportPipelines {
    const NAME: &str = "pipeline.import";
    const ROUTE: Route = Route(Post, "/delivery/records");
    /// The repository, and whether the actor leads the team of the incidents.
    type Target = (Option<Kept>, bool);
    type Output = Counts;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<(Option<Kept>, bool)> {
        let kept = match self.repository {
            Some(repository) => Some(Kept::visible(tx, repository).await?),
            None => None,
        };
        let leads = match self.team {
            Some(team) => {
                team::Record::visible(tx, team).await?;
                team::Record::is_led_by(tx, team, tx.me()).await?
            }
            None => kept.is_some(),
        };
        Ok((kept, leads))
    }

    fn allows(actor: &Actor, (kept, leads): &(Option<Kept>, bool)) -> bool {
        let keeps = kept.as_ref().is_some_and(|kept| kept.may_change(actor));
        may_keep(actor) || (keeps && *leads)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: (Option<Kept>, bool)) -> Result<Counts> {
        if self.len() > MOST {
            return Err(Error::invalid("records", format!("Send at most {MOST} records at once.")));
        }
        store::pipelines(tx, self).await?;
        store::builds(tx, self).await?;
        store::jobs(tx, self).await?;
        store::deployments(tx, &self.system, self.repository, &self.deployments).await?;
        store::releases(tx, self).await?;
        store::incidents(tx, &self.system, self.repository, self.team, &self.incidents).await?;
        store::tests(tx, self.repository, &self.tests).await?;
        store::coverage(tx, self.repository, &self.coverage).await?;
        if let Some(repository) = self.repository {
            tx.record("pipeline.imported", repository, json!({ "records": self.len() }));
        } else {
            tx.touch("deployment");
        }
        Ok(Counts { records: self.len() })
    }
}
