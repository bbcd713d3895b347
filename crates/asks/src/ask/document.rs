//! Asks as the search knows them: found by the two of them and by nobody else.
use super::Ask;
use kernel::{Document, Documents, Id, Person, Reader, Result, Time, Tx, args, columns, sql};

pub const ASKS: Documents =
    Documents { title: "Asks", read: |tx, id| Box::pin(read(tx, id)), list: |tx, after| Box::pin(list(tx, after)) };

struct Found {
    receiver_id: Id<Person>,
    asker_id: Option<Id<Person>>,
    subject: String,
    note: String,
    outcome: String,
    state: String,
    raised_at: Time,
}
columns!(Found { receiver_id, asker_id, subject, note, outcome, state, raised_at });

const PAGE: i64 = 500;

async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select receiver_id, asker_id, subject, note, outcome, state, raised_at from asks
          where workspace_id = $1 and id = $2"
    );
    let found: Option<Found> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|ask| Document {
        title: ask.subject,
        body: [ask.note, ask.outcome].join("\n").trim().to_owned(),
        mark: if ask.state == "open" { "" } else { "Ended" },
        author: ask.asker_id,
        team: None,
        at: ask.raised_at,
        readers: std::iter::once(ask.receiver_id).chain(ask.asker_id).map(Reader::Person).collect(),
    }))
}

async fn list(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from asks where workspace_id = $1 and id > $2 order by id limit $3");
    let ids: Vec<Id<Ask>> = tx.all(select, args![tx.workspace(), after, PAGE]).await?;
    Ok(ids.iter().map(ToString::to_string).collect())
}
