//! Appends committed events to the chain. It happens after their own transactions, which would otherwise all wait for
//! each other at the chain's end.
use crate::chain::{self, Hash, Link};
use kernel::{Job, Later, Result, Time, Tx, args, columns, json, list, sql};

pub const KIND: &str = "audit.seal";

/// How many events one transaction seals at most.
pub const BATCH: usize = 500;

struct Waiting {
    id: String,
    at: Time,
    actor: String,
    door: String,
    verb: String,
    subject: String,
    data: String,
    salt: String,
}
columns!(Waiting { id, at, actor, door, verb, subject, data, salt });

struct Seal {
    position: i64,
    commitment: String,
    hash: String,
}

/// Seals the oldest events that wait, [`BATCH`] at most, and returns how many. Of two servers that do so at once, one
/// tries again or fails on the primary key; a place in the chain is never given twice.
pub async fn seal(tx: &mut Tx<'_>) -> Result<usize> {
    let workspace = tx.workspace();
    let waiting = waiting(tx).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let last = sql!("select position, hash from event_seals where workspace_id = $1 order by position desc limit 1");
    let (mut position, mut head): (i64, Hash) = match tx.find::<(i64, String)>(last, args![workspace]).await? {
        Some((position, hash)) => (position, hash.parse()?),
        None => (0, chain::genesis(workspace.as_str())),
    };
    let mut seals = Vec::new();
    for event in &waiting {
        position += 1;
        let commitment = chain::commitment(&event.salt, &event.data);
        head = event.at_place(workspace.as_str(), position, commitment).hash(head);
        seals.push(Seal { position, commitment: commitment.to_string(), hash: head.to_string() });
    }
    append(tx, &waiting, &seals).await?;
    Ok(waiting.len())
}

pub fn run<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        if seal(tx).await? == BATCH {
            tx.want_once(KIND, KIND, json!({}), tx.now());
        }
        Ok(())
    })
}

impl Waiting {
    fn at_place<'a>(&'a self, workspace: &'a str, position: i64, commitment: Hash) -> Link<'a> {
        let Waiting { id, at, actor, door, verb, subject, .. } = self;
        Link { workspace, position, event: id, at: *at, actor, door, verb, subject, commitment }
    }
}

/// What somebody has tampered with stays behind for [`verify`](crate::verify) to find. The queue is cut before it is
/// joined, or PostgreSQL may read the events of a long queue for each batch.
async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    let select = sql!(
        "select e.id, e.at, e.actor, e.door, e.verb, e.subject, e.data, e.salt
           from (select event_id from unsealed_events where workspace_id = $1 order by event_id limit $2) u
           join events e on e.workspace_id = $1 and e.id = u.event_id
          where e.data is not null and e.salt is not null
            and (select s.event_id from event_seals s where s.workspace_id = $1 and s.event_id = u.event_id) is null
          order by u.event_id"
    );
    tx.all(select, args![tx.workspace(), BATCH as i64]).await
}

async fn append(tx: &mut Tx<'_>, events: &[Waiting], seals: &[Seal]) -> Result<()> {
    let insert = sql!(
        "insert into event_seals (workspace_id, position, event_id, commitment, hash) values ($1, $2, $3, $4, $5)"
    );
    let workspace = tx.workspace();
    let mut rows = Vec::new();
    for (event, seal) in events.iter().zip(seals) {
        rows.push(args![workspace, seal.position, event.id, seal.commitment, seal.hash].to_vec());
    }
    tx.run_many(insert, &rows).await?;
    let delete = sql!(
        "delete from unsealed_events
          where workspace_id = $1 and event_id in (select value from json_each(cast($2 as text)))"
    );
    tx.run(delete, args![workspace, list(events.iter().map(|event| &event.id))]).await?;
    Ok(())
}
