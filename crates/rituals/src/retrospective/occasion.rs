//! The time that somebody has for a phase of a board, in their calendar.
use super::{Phase, Retrospective};
use kernel::{Id, Occasion, Result, Time, Tx, args, columns, sql};
use people::access::today;
use std::ops::Range;

const MOST: i64 = 200;

struct Window {
    id: Id<Retrospective>,
    name: String,
    phase: Phase,
    phase_began_at: Time,
    phase_ends_at: Time,
}
columns!(Window { id, name, phase, phase_began_at, phase_ends_at });

/// The running phases of the boards of the teams that the actor is on, begun within this time.
pub(crate) async fn occasions(tx: &mut Tx<'_>, time: &Range<Time>) -> Result<Vec<Occasion>> {
    let select = sql!(
        "select r.id, r.name, r.phase, r.phase_began_at, r.phase_ends_at from retrospectives r
          where r.workspace_id = $1 and r.phase_ends_at is not null and r.phase_began_at >= $4 and r.phase_began_at < $5
            and exists (select 1 from memberships m
                         where m.workspace_id = r.workspace_id and m.team_id = r.team_id and m.person_id = $2 and",
        people::holds!("m", "$3"),
        ") order by r.phase_began_at, r.id limit $6"
    );
    let (me, today) = (tx.me(), today(tx));
    let found: Vec<Window> = tx.all(select, args![tx.workspace(), me, today, time.start, time.end, MOST]).await?;
    Ok(found.into_iter().map(Window::occasion).collect())
}

impl Window {
    fn occasion(self) -> Occasion {
        Occasion {
            key: format!("retrospective-{}-{}", self.id, self.phase.word()),
            title: format!("{}: {}", self.name, self.phase.title().to_lowercase()),
            href: format!("/retrospectives/{}", self.id),
            from: self.phase_began_at,
            to: self.phase_ends_at,
            revision: 0,
            changed_at: self.phase_began_at,
            cancelled: false,
            busy: false,
        }
    }
}
