//! What somebody brought to a main line: for what they tell of it themselves, and, as titles and never as a number, for the
//! one with whom they talk. Nobody else asks for it.
use crate::repository::Repository;
use kernel::{Deed, Id, Later, Person, Time, Tx, args, columns, sql};
use std::ops::Range;

const MOST: i64 = 20;

struct Landed {
    repository_id: Id<Repository>,
    number: Option<i64>,
    title: String,
    landed_at: Time,
}
columns!(Landed { repository_id, number, title, landed_at });

/// The pull requests of somebody that were merged in this time. Guests, who see no repository, learn of their own alone.
pub fn gather<'a>(tx: &'a mut Tx<'_>, person: Id<Person>, time: Range<Time>) -> Later<'a, Vec<Deed>> {
    Box::pin(async move {
        let select = sql!(
            "select l.repository_id, l.number, l.title, l.landed_at from landings l
               join identities i on i.workspace_id = l.workspace_id and i.id = l.author_id
              where l.workspace_id = $1 and ($2 or i.person_id = $3) and i.person_id = $4
                and l.how in ('merged', 'squashed') and l.landed_at >= $5 and l.landed_at < $6
              order by l.landed_at desc, l.hash limit $7"
        );
        let (belongs, me) = (tx.actor().belongs(), tx.me());
        let found: Vec<Landed> =
            tx.all(select, args![tx.workspace(), belongs, me, person, time.start, time.end, MOST]).await?;
        let deed = |one: Landed| Deed {
            verb: "Merged",
            title: one.number.map_or(one.title.clone(), |number| format!("#{number} {}", one.title)),
            href: format!("/repositories/{}", one.repository_id),
            at: one.landed_at,
        };
        Ok(found.into_iter().map(deed).collect())
    })
}
