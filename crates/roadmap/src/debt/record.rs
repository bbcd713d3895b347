//! Debts as others point at them, find them and talk about them.
use super::{Debt, Kept};
use kernel::{Card, Document, Documents, Error, Id, Person, Reader, RecordKind, Result, Time, Tx, args, columns, sql};

pub(crate) const RECORD: RecordKind = RecordKind {
    kind: "debt",
    path: "/debts/",
    told: Some(&[
        ("debt.added", "noted the debt"),
        ("debt.changed", "changed the debt"),
        ("debt.standing_changed", "moved it from {from} to {to}"),
        ("debt.change_undone", "took the last change back"),
        ("debt.removed", "removed the debt"),
        ("debt.restored", "brought the debt back"),
    ]),
    find: |tx, id| Box::pin(card(tx, id)),
    documents: Some(Documents {
        title: "Technical debt",
        read: |tx, id| Box::pin(document(tx, id)),
        list: |tx, after| Box::pin(after_this(tx, after)),
    }),
};

async fn card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(id) = id.parse::<Id<Debt>>() else { return Ok(None) };
    match Kept::visible(tx, id, false).await {
        Ok(Kept { debt, .. }) => Ok(Some(Card { href: debt.href(), title: debt.name })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// More of a text is not searched, in characters.
const LONGEST: usize = 100_000;

struct Text {
    name: String,
    about: String,
    standing: String,
    created_by: Option<Id<Person>>,
    created_at: Time,
}
columns!(Text { name, about, standing, created_by, created_at });

async fn document(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select v.name, v.about, v.standing, d.created_by, d.created_at
           from debts d join debt_versions v on v.workspace_id = d.workspace_id and v.debt_id = d.id
          where d.workspace_id = $1 and d.id = $2 and d.removed_at is null and v.undone_at is null
          order by v.number desc limit 1"
    );
    let found: Option<Text> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|text| Document {
        title: text.name,
        body: markdown::plain(&text.about, LONGEST),
        mark: if text.standing == "repaid" { "Repaid" } else { "" },
        author: text.created_by,
        team: None,
        at: text.created_at,
        readers: vec![Reader::Colleagues],
    }))
}

async fn after_this(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select =
        sql!("select id from debts where workspace_id = $1 and id > $2 and removed_at is null order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
