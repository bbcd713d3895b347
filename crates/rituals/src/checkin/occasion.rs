//! The hours that somebody has for a check-in, in their calendar.
use super::Entry;
use kernel::{Id, Occasion, Result, Time, Tx, args, columns, sql};
use std::ops::Range;

const MOST: i64 = 1000;

struct Window {
    id: Id<Entry>,
    name: String,
    opens_at: Time,
    due_at: Time,
}
columns!(Window { id, name, opens_at, due_at });

/// Those of the actor within this time, but for dates on which they do not work.
pub(crate) async fn occasions(tx: &mut Tx<'_>, time: &Range<Time>) -> Result<Vec<Occasion>> {
    let select = sql!(
        "select e.id, c.name, e.opens_at, e.due_at from checkin_entries e
           join checkin_rounds r on r.workspace_id = e.workspace_id and r.id = e.round_id
           join checkins c on c.workspace_id = r.workspace_id and c.id = r.checkin_id
          where e.workspace_id = $1 and e.person_id = $2 and e.opens_at >= $3 and e.opens_at < $4 and e.state <> 'away'
            and c.ended_at is null
          order by e.opens_at, e.id limit $5"
    );
    let me = tx.me();
    let found: Vec<Window> = tx.all(select, args![tx.workspace(), me, time.start, time.end, MOST]).await?;
    Ok(found.into_iter().map(Window::occasion).collect())
}

impl Window {
    fn occasion(self) -> Occasion {
        Occasion {
            key: format!("checkin-{}", self.id),
            title: self.name,
            href: format!("/check-ins/entries/{}", self.id),
            from: self.opens_at,
            to: self.due_at,
            revision: 0,
            changed_at: self.opens_at,
            cancelled: false,
            busy: false,
        }
    }
}
