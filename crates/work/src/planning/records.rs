//! Plannings as others point at them, find them and talk about them.
use super::Planning;
use kernel::{
    Card, Document, Documents, Error, Id, Person, Reader, RecordKind, Result, Team, Time, Told, Tx, args, columns, sql,
};

pub const RECORD: RecordKind = RecordKind {
    kind: "planning",
    path: "/plannings/",
    told: Some(TOLD),
    find: |tx, id| Box::pin(card(tx, id)),
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

async fn card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<Planning>>() else { return Ok(None) };
    match Planning::visible(tx, id).await {
        Ok(round) => Ok(Some(Card { title: format!("{}, {}", round.title(), round.team_name), href: round.href() })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// More of a summary is not searched, in characters.
const LONGEST: usize = 100_000;

struct Text {
    name: String,
    summary: String,
    team_id: Id<Team>,
    started_by: Id<Person>,
    started_at: Time,
}
columns!(Text { name, summary, team_id, started_by, started_at });

async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select s.name, r.summary, s.team_id, r.started_by, r.started_at from plannings r
           join sprints s on s.workspace_id = r.workspace_id and s.id = r.sprint_id
          where r.workspace_id = $1 and r.id = $2"
    );
    let found: Option<Text> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|text| Document {
        title: format!("Planning of {}", text.name),
        body: markdown::plain(&text.summary, LONGEST),
        mark: "",
        author: Some(text.started_by),
        team: Some(text.team_id),
        at: text.started_at,
        readers: vec![Reader::Colleagues],
    }))
}

async fn after_id(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from plannings where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
