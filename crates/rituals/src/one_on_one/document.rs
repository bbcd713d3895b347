//! One-on-ones as a record: seen, and found by their words, by the two and by nobody else.
use super::{OneOnOne, VISIBLE};
use kernel::{Card, Document, Documents, Id, Later, Person, Reader, RecordKind, Result, Time, Tx, args, columns, sql};

pub const RECORD: RecordKind =
    RecordKind { kind: "one_on_one", path: "/one-on-ones/", told: None, find: card, documents: Some(DOCUMENTS) };

const DOCUMENTS: Documents = Documents {
    title: "One-on-ones",
    read: |tx, id| Box::pin(read(tx, id)),
    list: |tx, after| Box::pin(list(tx, after)),
};

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let select = sql!(
            "select p.name, l.name from one_on_ones o
               join people l on l.workspace_id = o.workspace_id and l.id = o.lead_id
               join people p on p.workspace_id = o.workspace_id and p.id = o.other_id
              where",
            VISIBLE,
            "and o.id = $3"
        );
        let found: Option<(String, String)> = tx.find(select, args![tx.workspace(), tx.me(), id]).await?;
        Ok(found.map(|(other, lead)| Card { title: pair(&other, &lead), href: format!("/one-on-ones/{id}") }))
    })
}

/// `Ines and Mara`: their whole names would stand before the two people themselves when somebody looks for one of them.
fn pair(other: &str, lead: &str) -> String {
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    format!("{} and {}", first(other), first(lead))
}

struct Found {
    lead_id: Id<Person>,
    lead_name: String,
    other_id: Id<Person>,
    other_name: String,
    started_at: Time,
    ended_at: Option<Time>,
}
columns!(Found { lead_id, lead_name, other_id, other_name, started_at, ended_at });

async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select o.lead_id, l.name as lead_name, o.other_id, p.name as other_name, o.started_at, o.ended_at
           from one_on_ones o
           join people l on l.workspace_id = o.workspace_id and l.id = o.lead_id
           join people p on p.workspace_id = o.workspace_id and p.id = o.other_id
          where o.workspace_id = $1 and o.id = $2"
    );
    let Some(found) = tx.find::<Found>(select, args![tx.workspace(), id]).await? else { return Ok(None) };
    Ok(Some(Document {
        title: pair(&found.other_name, &found.lead_name),
        body: words(tx, id).await?.join("\n"),
        mark: if found.ended_at.is_some() { "Ended" } else { "" },
        author: None,
        team: None,
        at: found.started_at,
        readers: vec![Reader::Person(found.lead_id), Reader::Person(found.other_id)],
    }))
}

/// All that was written in it, the latest first.
async fn words(tx: &mut Tx<'_>, id: &str) -> Result<Vec<String>> {
    let select = sql!(
        "select body from (
           select t.body, t.added_at as at from talking_points t where t.workspace_id = $1 and t.one_on_one_id = $2
           union all
           select r.body, r.at from talking_point_replies r
             join talking_points t on t.workspace_id = r.workspace_id and t.id = r.point_id
            where r.workspace_id = $1 and t.one_on_one_id = $2
           union all
           select p.body, p.made_at as at from promises p where p.workspace_id = $1 and p.one_on_one_id = $2
           union all
           select n.body, n.written_at as at from one_on_one_notes n
             join one_on_one_meetings m on m.workspace_id = n.workspace_id and m.id = n.meeting_id
            where n.workspace_id = $1 and m.one_on_one_id = $2
              and n.version = (select max(v.version) from one_on_one_notes v
                                where v.workspace_id = n.workspace_id and v.meeting_id = n.meeting_id)
         ) all_words order by at desc limit 500"
    );
    tx.all(select, args![tx.workspace(), id]).await
}

const PAGE: i64 = 500;

async fn list(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from one_on_ones where workspace_id = $1 and id > $2 order by id limit $3");
    let ids: Vec<Id<OneOnOne>> = tx.all(select, args![tx.workspace(), after, PAGE]).await?;
    Ok(ids.iter().map(ToString::to_string).collect())
}
