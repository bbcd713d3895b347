//! Issues as others point at them, find them and talk about them.
use crate::issue::{Issue, Which};
use kernel::{
    Card, Document, Documents, Error, Id, Later, Person, Reader, RecordKind, Reference, Result, Team, Time, Told, Tx,
    args, columns, sql,
};

pub const RECORDS: &[RecordKind] = &[
    ISSUE,
    crate::sprint::records::RECORD,
    crate::refinement::records::RECORD,
    crate::planning::records::RECORD,
    crate::review::records::RECORD,
    crate::triage::RECORD,
];

const ISSUE: RecordKind = RecordKind {
    kind: "issue",
    path: "/issues/",
    told: Some(TOLD),
    find: |tx, id| Box::pin(card(tx, id)),
    documents: Some(Documents {
        title: "Issues",
        read: |tx, id| Box::pin(document(tx, id)),
        list: |tx, after| Box::pin(issues_after(tx, after)),
    }),
};

const TOLD: Told = &[
    ("issue.created", "created the issue"),
    ("issue.retitled", "changed the title from “{from}” to “{to}”"),
    ("issue.described", "changed the description"),
    ("issue.state_changed", "moved it from {from} to {to}"),
    ("issue.assigned", "assigned it to {to}"),
    ("issue.prioritised", "changed the priority from {from} to {to}"),
    ("issue.estimated", "changed the estimate from {from} to {to}"),
    ("issue.due_changed", "changed the due date from {from} to {to}"),
    ("issue.labelled", "added the label {to}"),
    ("issue.unlabelled", "took the label {from} away"),
    ("issue.parent_changed", "put it below {to}"),
    ("issue.sprint_changed", "moved it from {from} to {to}"),
    ("issue.project_changed", "moved it from {from} to {to}"),
    ("issue.milestone_changed", "moved it from {from} to {to}"),
    ("issue.field_changed", "changed {field} from {from} to {to}"),
    ("issue.moved", "moved it to another team: {from} is {to} now"),
    ("issue.related", "said that it {how} {to}"),
    ("issue.unrelated", "took back that it {how} {to}"),
    ("issue.declined", "declined it: {reason}"),
    ("issue.put_off", "put it off until {until}"),
    ("issue.ruled", "ran the automation “{rule}”"),
    ("issue.noted", "says: {words}"),
    ("issue.deleted", "deleted the issue"),
    ("issue.restored", "brought the issue back"),
];

/// By its id or its key.
async fn card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(which) = id.parse::<Which>() else { return Ok(None) };
    match Issue::visible(tx, &which, false).await {
        Ok(issue) => Ok(Some(Card { title: format!("{} {}", issue.key, issue.title), href: issue.href() })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// More of a description, and of what was said in a former tracker, is not searched, in characters.
const LONGEST: usize = 100_000;
const MOST_NOTES: i64 = 500;

struct Text {
    key: String,
    number: i64,
    title: String,
    body: String,
    category: String,
    creator_id: Option<Id<Person>>,
    team_id: Id<Team>,
    updated_at: Time,
}
columns!(Text { key, number, title, body, category, creator_id, team_id, updated_at });

async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select w.key, i.number, i.title, i.body, i.category, i.creator_id, i.team_id, i.updated_at
           from issues i join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
          where i.workspace_id = $1 and i.id = $2 and i.deleted_at is null"
    );
    let Some(text) = tx.find::<Text>(select, args![tx.workspace(), id]).await? else { return Ok(None) };
    let notes =
        sql!("select body from issue_notes where workspace_id = $1 and issue_id = $2 order by at, source_id limit $3");
    let notes: Vec<String> = tx.all(notes, args![tx.workspace(), id, MOST_NOTES]).await?;
    let said = std::iter::once(text.body.as_str()).chain(notes.iter().map(String::as_str));
    Ok(Some(Document {
        title: format!("{}-{} {}", text.key, text.number, text.title),
        body: markdown::plain(&said.collect::<Vec<_>>().join("\n\n"), LONGEST),
        mark: match text.category.as_str() {
            "done" => "Done",
            "cancelled" => "Cancelled",
            _ => "",
        },
        author: text.creator_id,
        team: Some(text.team_id),
        at: text.updated_at,
        readers: vec![Reader::Colleagues],
    }))
}

async fn issues_after(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from issues where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}

/// Of so many issues the assignee hears in their catch-up: those that changed last.
const MOST_OWNED: i64 = 300;

/// The issues that are assigned to the actor.
pub fn owned<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Reference>> {
    Box::pin(async move {
        let select = sql!(
            "select id from issues where workspace_id = $1 and assignee_id = $2 and deleted_at is null
              order by updated_at desc, id limit $3"
        );
        let ids: Vec<String> = tx.all(select, args![tx.workspace(), tx.me(), MOST_OWNED]).await?;
        Ok(ids.into_iter().map(|id| Reference::to("issue", id)).collect())
    })
}
