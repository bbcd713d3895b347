//! Plannings as others point at them, find them and talk about them.
use super::Planning;
use crate::round::{Text, card};
use kernel::{Card, Document, Documents, Id, RecordKind, Result, Told, Tx, args, sql};

pub const RECORD: RecordKind = RecordKind {
    kind: "planning",
    path: "/plannings/",
    told: Some(TOLD),
    find: |tx, id| Box::pin(found(tx, id)),
    documents: Some(Documents {
        title: "Planning",
        read: |tx, id| Box::pin(document(tx, id)),
        list: |tx, after| Box::pin(after_id(tx, after)),
    }),
};

const TOLD: Told = &[
    ("planning.started", "began the planning"),
    ("planning.committed", "brought the planning to its end: the plan stands"),
    ("planning.called_off", "called the planning off"),
];

async fn found(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<Planning>>() else { return Ok(None) };
    card(Planning::visible(tx, id).await)
}

async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select 'Planning of ' || s.name as title, r.summary as body, s.team_id, r.started_by, r.started_at
           from plannings r join sprints s on s.workspace_id = r.workspace_id and s.id = r.sprint_id
          where r.workspace_id = $1 and r.id = $2"
    );
    let found: Option<Text> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(Text::document))
}

async fn after_id(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from plannings where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
