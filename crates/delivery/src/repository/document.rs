//! Repositories as the search knows them: colleagues find them, as they see them.
use super::Repository;
use kernel::{Document, Documents, Id, Reader, Result, Team, Time, Tx, args, columns, sql};

pub const REPOSITORIES: Documents = Documents {
    title: "Repositories",
    read: |tx, id| Box::pin(read(tx, id)),
    list: |tx, after| Box::pin(list(tx, after)),
};

struct Found {
    name: String,
    location: String,
    team_id: Option<Id<Team>>,
    created_at: Time,
}
columns!(Found { name, location, team_id, created_at });

async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select =
        sql!("select name, location, team_id, created_at from repositories where workspace_id = $1 and id = $2");
    let found: Option<Found> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|one| Document {
        title: one.name,
        body: one.location,
        mark: "",
        author: None,
        team: one.team_id,
        at: one.created_at,
        readers: vec![Reader::Colleagues],
    }))
}

async fn list(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from repositories where workspace_id = $1 and id > $2 order by id limit 100");
    let ids: Vec<Id<Repository>> = tx.all(select, args![tx.workspace(), after]).await?;
    Ok(ids.iter().map(ToString::to_string).collect())
}
