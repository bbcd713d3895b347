//! What somebody finished, for what they tell of it themselves, and for the one with whom they talk.
use kernel::{Deed, Id, Later, Person, Time, Tx, args, columns, sql};
use std::ops::Range;

const MOST: i64 = 20;

struct Finished {
    key: String,
    number: i64,
    title: String,
    finished_at: Time,
}
columns!(Finished { key, number, title, finished_at });

/// The issues of somebody that were done in this time. Colleagues see all issues; others learn of their own alone.
pub fn gather<'a>(tx: &'a mut Tx<'_>, person: Id<Person>, time: Range<Time>) -> Later<'a, Vec<Deed>> {
    Box::pin(async move {
        let select = sql!(
            "select t.key, i.number, i.title, i.finished_at from issues i
               join work_teams t on t.workspace_id = i.workspace_id and t.team_id = i.team_id
              where i.workspace_id = $1 and ($2 or i.assignee_id = $3) and i.assignee_id = $4
                and i.category = 'done' and i.deleted_at is null and i.finished_at >= $5 and i.finished_at < $6
              order by i.finished_at desc, i.id limit $7"
        );
        let (belongs, me) = (tx.actor().belongs(), tx.me());
        let found: Vec<Finished> =
            tx.all(select, args![tx.workspace(), belongs, me, person, time.start, time.end, MOST]).await?;
        let deed = |one: Finished| {
            let key = format!("{}-{}", one.key, one.number);
            let title = format!("{key} {}", one.title);
            Deed { verb: "Finished", title, href: format!("/issues/{key}"), at: one.finished_at }
        };
        Ok(found.into_iter().map(deed).collect())
    })
}
