use super::{Repository, leads, may_keep};
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Name},
};
use people::team;
use schemars::JsonSchema;
use serde::Deserialize;

/// Make a repository known, so that its history can be imported.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRepository {
    pub name: Name<120>,
    /// A path on the server or an https or ssh address. Names and passwords in it are dropped.
    pub location: Name<1000>,
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

impl Operation for AddRepository {
    const NAME: &str = "repository.add";
    const ROUTE: Route = Route(Post, "/repositories");
    /// Whether the actor leads the team.
    type Target = bool;
    type Output = Repository;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        leads(tx, self.team).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Repository> {
        let (id, location): (Id<Repository>, _) = (tx.id(), without_secrets(&self.location)?);
        let insert = sql!(
            "insert into repositories (workspace_id, id, name, location, team_id, created_at) values ($1, $2, $3, $4, $5, $6)"
        );
        let twice = "This repository is here already.";
        tx.run(insert, args![tx.workspace(), id, self.name, location, self.team, tx.now()])
            .await
            .map_err(|error| error.when_field("repositories_workspace_id_location_key", "location", twice))?;
        tx.record("repository.added", id, json!({ "team": self.team }));
        Repository::visible(tx, id).await
    }
}

/// A path as it is, an address without what lets one in.
pub(super) fn without_secrets(location: &str) -> Result<Line<1000>> {
    let is_address =
        location.contains("://") || location.split('/').next().is_some_and(|start| start.contains([':', '@']));
    let kept = match is_address {
        true => git::Remote::at(location)
            .map_err(|error| Error::invalid("location", error.to_string()))?
            .address()
            .to_owned(),
        false => location.to_owned(),
    };
    Line::try_from(kept).map_err(|sentence| Error::invalid("location", sentence))
}
