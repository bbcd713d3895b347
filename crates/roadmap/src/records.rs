//! Projects as others point at them, find them and talk about them.
use crate::{debt, initiative::Initiative, project::Project};
use kernel::{
    Card, Document, Documents, Error, Id, Later, Person, Reader, RecordKind, Reference, Result, Time, Told, Tx, args,
    columns, sql,
};

pub const RECORDS: &[RecordKind] = &[PROJECT, HEALTH, INITIATIVE, debt::RECORD];

const PROJECT: RecordKind = RecordKind {
    kind: "project",
    path: "/projects/",
    told: Some(TOLD),
    find: |tx, id| Box::pin(card(tx, id)),
    documents: Some(Documents {
        title: "Projects",
        read: |tx, id| Box::pin(document(tx, id)),
        list: |tx, after| Box::pin(projects_after(tx, after)),
    }),
};

/// What the owner of a project is asked for.
const HEALTH: RecordKind = RecordKind {
    kind: "project_health",
    path: "/project-health/",
    told: None,
    find: |tx, id| Box::pin(health_card(tx, id)),
    documents: None,
};

const INITIATIVE: RecordKind = RecordKind {
    kind: "initiative",
    path: "/initiatives/",
    told: Some(TOLD_OF_INITIATIVES),
    find: |tx, id| Box::pin(initiative_card(tx, id)),
    documents: Some(Documents {
        title: "Initiatives",
        read: |tx, id| Box::pin(initiative_document(tx, id)),
        list: |tx, after| Box::pin(initiatives_after(tx, after)),
    }),
};

const TOLD_OF_INITIATIVES: Told =
    &[("initiative.added", "began the initiative"), ("initiative.changed", "changed the initiative")];

const TOLD: Told = &[
    ("project.added", "began the project"),
    ("project.changed", "changed the project"),
    ("project.state_changed", "moved it from {from} to {to}"),
    ("project.target_changed", "moved the target from {from} to {to}"),
    ("project.health_posted", "said that it is {health}"),
    ("project.judged", "said what goes into its priority"),
    ("project.judgement_undone", "took back what goes into its priority"),
    ("project.milestone_added", "added the milestone {name}"),
    ("project.milestone_changed", "changed the milestone {name}"),
    ("project.milestone_moved", "moved the target of {name} from {from} to {to}"),
    ("project.milestone_removed", "removed the milestone {name}"),
    ("project.milestone_restored", "brought the milestone {name} back"),
];

async fn card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<kernel::Project>>() else { return Ok(None) };
    match Project::visible(tx, id).await {
        Ok(project) => Ok(Some(Card { href: project.href(), title: project.name })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn health_card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let found = card(tx, id).await?;
    Ok(found.map(|card| Card { href: format!("/project-health/{id}"), title: format!("How {} stands", card.title) }))
}

async fn initiative_card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<Initiative>>() else { return Ok(None) };
    match Initiative::visible(tx, id).await {
        Ok(one) => Ok(Some(Card { href: one.href(), title: one.name })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// More of a text is not searched, in characters.
const LONGEST: usize = 100_000;

struct Text {
    name: String,
    about: String,
    state: String,
    created_by: Option<Id<Person>>,
    created_at: Time,
}
columns!(Text { name, about, state, created_by, created_at });

async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select =
        sql!("select name, about, state, created_by, created_at from projects where workspace_id = $1 and id = $2");
    let found: Option<Text> = tx.find(select, args![tx.workspace(), id]).await?;
    let milestones = sql!(
        "select name from milestones where workspace_id = $1 and project_id = $2 and removed_at is null order by position"
    );
    let milestones: Vec<String> = tx.all(milestones, args![tx.workspace(), id]).await?;
    Ok(found.map(|text| text.document(&milestones.join("\n"))))
}

impl Text {
    fn document(self, more: &str) -> Document {
        Document {
            title: self.name,
            body: markdown::plain(&[self.about.as_str(), more].join("\n\n"), LONGEST),
            mark: match self.state.as_str() {
                "done" => "Done",
                "cancelled" => "Cancelled",
                _ => "",
            },
            author: self.created_by,
            team: None,
            at: self.created_at,
            readers: vec![Reader::Colleagues],
        }
    }
}

async fn initiative_document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select =
        sql!("select name, about, state, created_by, created_at from initiatives where workspace_id = $1 and id = $2");
    let found: Option<Text> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|text| text.document("")))
}

async fn initiatives_after(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from initiatives where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}

async fn projects_after(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from projects where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}

/// Of so many projects the owner hears in their catch-up.
const MOST_OWNED: i64 = 100;

/// The projects that the actor owns and that go on.
pub fn owned<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Reference>> {
    Box::pin(async move {
        let select = sql!(
            "select id from projects where workspace_id = $1 and owner_id = $2 and state not in ('done', 'cancelled')
              order by created_at desc, id limit $3"
        );
        let ids: Vec<String> = tx.all(select, args![tx.workspace(), tx.me(), MOST_OWNED]).await?;
        Ok(ids.into_iter().map(|id| Reference::to("project", id)).collect())
    })
}
