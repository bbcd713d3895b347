//! Leave as the search knows it: its dates and its note, which are for all colleagues.
use jiff::civil::Date;
use kernel::{Document, Documents, Id, Person, Reader, Result, Time, Tx, args, columns, sql};

pub const LEAVES: Documents =
    Documents { title: "Leave", read: |tx, id| Box::pin(read(tx, id)), list: |tx, after| Box::pin(list(tx, after)) };

struct Found {
    person_id: Id<Person>,
    person_name: String,
    first_on: Date,
    last_on: Date,
    note: String,
    created_at: Time,
}
columns!(Found { person_id, person_name, first_on, last_on, note, created_at });

/// The name stands in the text, so that people come before their leave when somebody looks for one of them.
async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select l.person_id, p.name as person_name, l.first_on, l.last_on, l.note, l.created_at
           from leaves l join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
          where l.workspace_id = $1 and l.id = $2 and l.withdrawn_at is null"
    );
    let found: Option<Found> = tx.find(select, args![tx.workspace(), id]).await?;
    let day = |date: Date| date.strftime("%-d %B %Y").to_string();
    Ok(found.map(|leave| Document {
        title: "Leave".into(),
        body: format!("{}, {} to {}. {}", leave.person_name, day(leave.first_on), day(leave.last_on), leave.note),
        mark: "",
        author: Some(leave.person_id),
        team: None,
        at: leave.created_at,
        readers: vec![Reader::Colleagues, Reader::Person(leave.person_id)],
    }))
}

async fn list(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from leaves where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
