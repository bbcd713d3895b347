//! What whoever leads people should know of their leave today.
use super::Leave;
use crate::access::today;
use jiff::{Span, civil::Date};
use kernel::{Id, Later, Signal, Sure, Tone, Tx, args, columns, sql};

/// So many days ahead there is still time to find somebody.
const AHEAD: i64 = 14;
/// Whoever is away for fewer days needs nobody to take over.
const LONG: i32 = 5;
const MOST: i64 = 5;

struct Row {
    id: Id<Leave>,
    name: String,
    first_on: Date,
    last_on: Date,
    declined: bool,
}
columns!(Row { id, name, first_on, last_on, declined });

/// Long leave of the actor's reports that begins soon and that nobody takes over.
pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Signal>> {
    Box::pin(async move {
        let today = today(tx);
        let soon = today.saturating_add(Span::new().days(AHEAD));
        let select = sql!(
            "select l.id, p.name, l.first_on, l.last_on, l.handover_declined_at is not null as declined
               from manager_lines m
               join people p on p.workspace_id = m.workspace_id and p.id = m.person_id and p.deactivated_at is null
               join leaves l on l.workspace_id = m.workspace_id and l.person_id = m.person_id
              where m.workspace_id = $1 and m.manager_id = $2 and l.first_on >= $3 and l.first_on <= $4 and l.hours is null
                and l.withdrawn_at is null and (l.handover_to is null or l.handover_declined_at is not null) and",
            holds!("m", "$3"),
            "order by l.first_on, l.id limit $5"
        );
        let rows: Vec<Row> = tx.all(select, args![tx.workspace(), tx.me(), today, soon, MOST]).await?;
        let long = rows.into_iter().filter(|row| (row.last_on - row.first_on).get_days() + 1 >= LONG);
        Ok(long.map(|row| row.says(today)).collect())
    })
}

impl Row {
    fn says(self, today: Date) -> Signal {
        let how = if self.declined { ", and the one who was asked declined" } else { ", and nobody was asked" };
        Signal {
            tone: Tone::Warn,
            mark: "Leave",
            sentence: format!("Nobody takes over from {}", self.name),
            basis: format!("Away {}{how}", ui::date_range(self.first_on, self.last_on, today)),
            sure: Sure::Counted,
            evidence: format!("/leaves/{}", self.id),
        }
    }
}
