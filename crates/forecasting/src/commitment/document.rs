//! Commitments as the search knows them: colleagues find them, as they see them.
use super::Commitment;
use kernel::{Document, Documents, Id, Person, Reader, Result, Team, Time, Tx, args, columns, sql};

pub const COMMITMENTS: Documents = Documents {
    title: "Commitments",
    read: |tx, id| Box::pin(read(tx, id)),
    list: |tx, after| Box::pin(list(tx, after)),
};

struct Found {
    name: String,
    promised_to: String,
    note: String,
    team_id: Id<Team>,
    created_by: Id<Person>,
    created_at: Time,
    ending: Option<String>,
}
columns!(Found { name, promised_to, note, team_id, created_by, created_at, ending });

async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select name, promised_to, note, team_id, created_by, created_at, ending from commitments
          where workspace_id = $1 and id = $2"
    );
    let found: Option<Found> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|one| Document {
        title: one.name,
        body: [one.promised_to, one.note].join("\n").trim().to_owned(),
        mark: if one.ending.is_some() { "Ended" } else { "" },
        author: Some(one.created_by),
        team: Some(one.team_id),
        at: one.created_at,
        readers: vec![Reader::Colleagues],
    }))
}

async fn list(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from commitments where workspace_id = $1 and id > $2 order by id limit 100");
    let ids: Vec<Id<Commitment>> = tx.all(select, args![tx.workspace(), after]).await?;
    Ok(ids.iter().map(ToString::to_string).collect())
}
