//! Sprints as others point at them, find them and talk about them.
use super::Sprint;
use kernel::{
    Card, Document, Documents, Error, Id, Person, Reader, RecordKind, Result, Team, Time, Told, Tx, args, columns, sql,
};

pub const RECORD: RecordKind = RecordKind {
    kind: "sprint",
    path: "/sprints/",
    told: Some(TOLD),
    find: |tx, id| Box::pin(card(tx, id)),
    documents: Some(Documents {
        title: "Sprints",
        read: |tx, id| Box::pin(document(tx, id)),
        list: |tx, after| Box::pin(sprints_after(tx, after)),
    }),
};

const TOLD: Told = &[
    ("sprint.planned", "planned the sprint"),
    ("sprint.changed", "changed the plan"),
    ("sprint.started", "started the sprint"),
    ("sprint.explained", "said why the scope changed"),
    ("sprint.closed", "closed the sprint"),
];

async fn card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<Sprint>>() else { return Ok(None) };
    match Sprint::visible(tx, id).await {
        Ok(sprint) => Ok(Some(Card { title: format!("{}, {}", sprint.name, sprint.team_name), href: sprint.href() })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// More of a plan is not searched, in characters.
const LONGEST: usize = 100_000;

struct Text {
    name: String,
    goal: String,
    commitment: String,
    risks: String,
    left_out: String,
    team_id: Id<Team>,
    created_by: Option<Id<Person>>,
    created_at: Time,
}
columns!(Text { name, goal, commitment, risks, left_out, team_id, created_by, created_at });

async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select name, goal, commitment, risks, left_out, team_id, created_by, created_at
           from sprints where workspace_id = $1 and id = $2"
    );
    let found: Option<Text> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|text| Document {
        title: if text.goal.is_empty() { text.name } else { format!("{}: {}", text.name, text.goal) },
        body: markdown::plain(&[text.commitment, text.risks, text.left_out].join("\n\n"), LONGEST),
        mark: "",
        author: text.created_by,
        team: Some(text.team_id),
        at: text.created_at,
        readers: vec![Reader::Colleagues],
    }))
}

async fn sprints_after(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from sprints where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
