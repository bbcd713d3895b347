//! One-on-ones in the calendars of the two.
use super::{Meeting, MeetingState, OneOnOne, RUNS, VISIBLE, place};
use kernel::{Id, Occasion, Result, Time, Tx, args, columns, sql};
use people::access::today;
use std::{ops::Range, time::Duration};

const MOST: i64 = 1000;

/// A meeting that has, or had, a date.
struct Dated {
    id: Id<Meeting>,
    one_on_one_id: Id<OneOnOne>,
    starts_at: Time,
    minutes: i64,
    state: MeetingState,
    /// The other one.
    with_name: String,
    runs: bool,
    revision: i64,
    changed_at: Time,
}
columns!(Dated { id, one_on_one_id, starts_at, minutes, state, with_name, runs, revision, changed_at });

impl Dated {
    /// Whether it does not take place at its time: it was skipped, done in writing, or the one-on-one is over.
    fn is_off(&self) -> bool {
        match self.state {
            MeetingState::Called => false,
            MeetingState::Open => !self.runs,
            MeetingState::Written | MeetingState::Skipped => true,
        }
    }

    fn occasion(self) -> Occasion {
        let length = Duration::from_secs(60 * self.minutes.unsigned_abs());
        Occasion {
            key: key(self.id),
            title: format!("One-on-one with {}", self.with_name),
            href: place(self.one_on_one_id),
            from: self.starts_at,
            to: self.starts_at + length,
            revision: self.revision,
            changed_at: self.changed_at,
            cancelled: self.is_off(),
            busy: true,
        }
    }
}

/// Those of the actor within this time.
pub(crate) async fn occasions(tx: &mut Tx<'_>, time: &Range<Time>) -> Result<Vec<Occasion>> {
    let select = sql!(
        "select m.id, m.one_on_one_id, m.starts_at, o.minutes, m.state, p.name as with_name,",
        RUNS,
        "as runs, m.revision, m.changed_at
               from one_on_ones o
               join one_on_one_meetings m on m.workspace_id = o.workspace_id and m.one_on_one_id = o.id
               join people p on p.workspace_id = o.workspace_id
                    and p.id = case when o.lead_id = $2 then o.other_id else o.lead_id end
              where",
        VISIBLE,
        "and m.starts_at >= $4 and m.starts_at < $5 order by m.starts_at, m.id limit $6"
    );
    let (me, today) = (tx.me(), today(tx));
    let found: Vec<Dated> = tx.all(select, args![tx.workspace(), me, today, time.start, time.end, MOST]).await?;
    Ok(found.into_iter().map(Dated::occasion).collect())
}

/// By which calendars know a meeting for ever.
pub(super) fn key(meeting: Id<Meeting>) -> String {
    format!("meeting-{meeting}")
}
