//! Builds, deployments, incidents, test results and coverage, as their systems told them.
mod deployment;
mod export;
mod import;
mod incident;
mod records;
mod rules;
mod store;

pub(crate) use deployment::to_production;
pub use deployment::{AddDeployment, Deployed, ListDeployments};
pub use export::{ExportBuilds, Exported};
pub use import::{Counts, ImportPipelines};
pub(crate) use incident::of_team as incidents_of;
pub use incident::{AddIncident, Incident, ListIncidents};
pub use records::{Format, ImportedCoverage, ImportedTest, ImportedTests, Outcome, TestOutcome};
pub use rules::{DeploymentRule, RuleKind, SetDeploymentRules, ShowDeploymentRules};
pub(crate) use rules::{Rules, glob, of as rules_of};

use crate::repository::{ListRepositories, Repository};
use kernel::{Id, Operation, Result, Team, Tx, args, list, sql};
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

    /// The names of the repositories, and the numbers that GitLab gives them.
    pub async fn projects(&self, tx: &mut Tx<'_>) -> Result<String> {
        let select = sql!(
            "select key from forge_places where workspace_id = $1 and host = 'gitlab' and key like 'id %'
                and repository_id in (select value from json_each(cast($2 as text)))"
        );
        let numbers: Vec<String> = tx.all(select, args![tx.workspace(), self.ids()]).await?;
        let numbers = numbers.iter().filter_map(|key| Some(format!("project-{}", key.strip_prefix("id ")?)));
        Ok(list(self.repositories.iter().filter_map(|one| project_at(&one.location)).chain(numbers)))
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
