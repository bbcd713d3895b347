//! Reviews as others point at them, find them and talk about them.
use super::{Item, Review};
use crate::round::{Text, card};
use kernel::{Card, Document, Documents, Id, RecordKind, Result, Told, Tx, args, sql};

pub const RECORD: RecordKind = RecordKind {
    kind: "sprint_review",
    path: "/sprint-reviews/",
    told: Some(TOLD),
    find: |tx, id| Box::pin(found(tx, id)),
    documents: Some(Documents {
        title: "Reviews",
        read: |tx, id| Box::pin(document(tx, id)),
        list: |tx, after| Box::pin(after_id(tx, after)),
    }),
};

const TOLD: Told = &[
    ("sprint_review.started", "began the review"),
    ("sprint_review.shown", "wrote what is shown of {key}"),
    ("sprint_review.followed_up", "made {to} of what was missing in {key}"),
    ("sprint_review.ended", "brought the review to its end"),
];

async fn found(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<Review>>() else { return Ok(None) };
    card(Review::visible(tx, id).await)
}

/// What is shown, until there is a record of it.
async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select 'Review of ' || s.name as title, r.summary as body, s.team_id, r.started_by, r.started_at
           from sprint_reviews r join sprints s on s.workspace_id = r.workspace_id and s.id = r.sprint_id
          where r.workspace_id = $1 and r.id = $2"
    );
    let Some(mut text) = tx.find::<Text>(select, args![tx.workspace(), id]).await? else { return Ok(None) };
    if text.body.is_empty() {
        let items = Item::of(tx, id.parse()?).await?;
        let shown = items.into_iter().map(|item| format!("{} {}\n\n{}", item.key, item.title, item.shown));
        text.body = shown.collect::<Vec<_>>().join("\n\n");
    }
    Ok(Some(text.document()))
}

async fn after_id(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from sprint_reviews where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
