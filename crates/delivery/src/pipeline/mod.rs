//! Builds, deployments, incidents, test results and coverage, as their systems told them.
mod deployment;
mod import;
mod incident;
mod records;
mod rules;
mod store;

pub use deployment::{AddDeployment, Deployed, ListDeployments};
pub use import::{Counts, ImportPipelines};
pub use incident::{AddIncident, Incident, ListIncidents};
pub use records::{
    Format, ImportedBuild, ImportedCoverage, ImportedDeployment, ImportedIncident, ImportedJob, ImportedPipeline,
    ImportedRelease, ImportedStep, ImportedTest, ImportedTests, Outcome, TestOutcome,
};
pub use rules::{DeploymentRule, RuleKind, SetDeploymentRules, ShowDeploymentRules};

use crate::repository::{ListRepositories, Repository};
use kernel::{Id, Operation, Result, Team, Tx, list};
use people::team;

/// The repositories of a team, and the names under which other systems know them.
pub struct Reach {
    pub repositories: Vec<Repository>,
}

impl Reach {
    /// `NotFound` for a team that the actor cannot see, and for guests.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Reach> {
        team::Record::visible(tx, team).await?;
        let list = ListRepositories { team: Some(team) };
        list.target(tx).await?;
        Ok(Reach { repositories: list.run(tx, ()).await? })
    }

    pub fn ids(&self) -> String {
        list(self.repositories.iter().map(|one| one.id))
    }

    pub fn projects(&self) -> String {
        list(self.repositories.iter().filter_map(|one| project_at(&one.location)))
    }
}

/// `https://git.example/octo-org/octo-repo.git` to `octo-org/octo-repo`; nothing for a path on this machine.
pub(crate) fn project_at(location: &str) -> Option<String> {
    let rest = match location.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => location.split_once('@')?.1.split_once(':')?.1,
    };
    let path = rest.split(['?', '#']).next()?.trim_matches('/');
    Some(path.strip_suffix(".git").unwrap_or(path).to_owned()).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests;
