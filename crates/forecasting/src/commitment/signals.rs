//! What the people of a team should know of its promises today.
use super::{chance::Moved, snapshot::Stored};
use crate::answer::percent;
use jiff::civil::Date;
use kernel::{Error, Id, Later, Result, Signal, Sure, Tone, Tx, args, columns, sql};
use people::access::today;

/// A chance below this is told.
const LOW: f64 = 0.66;
const MOST: i64 = 5;

struct Row {
    id: Id<super::Commitment>,
    name: String,
    promised_on: Date,
    chance: f64,
    known: String,
}
columns!(Row { id, name, promised_on, chance, known });

/// Open commitments that are not likely to be kept, of the teams that the actor leads or is on, and those they made.
pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Signal>> {
    Box::pin(async move {
        if !tx.actor().belongs() {
            return Ok(Vec::new());
        }
        let today = today(tx);
        let select = sql!(
            "select c.id, c.name, c.promised_on, s.chance, s.known from commitments c
               join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id
               join commitment_snapshots s on s.workspace_id = c.workspace_id and s.commitment_id = c.id
                and s.on_date = (select max(l.on_date) from commitment_snapshots l
                                  where l.workspace_id = c.workspace_id and l.commitment_id = c.id)
              where c.workspace_id = $1 and c.ending is null and s.chance < $4
                and (t.lead_id = $2 or c.created_by = $2 or exists (
                     select 1 from memberships m where m.workspace_id = $1 and m.team_id = c.team_id and m.person_id = $2
                        and m.from_on <= $3 and (m.until_on is null or m.until_on > $3)))
              order by s.chance, c.id limit $5"
        );
        let rows: Vec<Row> = tx.all(select, args![tx.workspace(), tx.me(), today, LOW, MOST]).await?;
        let told = rows.into_iter().map(|row| row.says(today)).collect::<Result<Vec<_>>>()?;
        Ok(told.into_iter().flatten().collect())
    })
}

impl Row {
    /// Nothing where there is no forecast.
    fn says(self, today: Date) -> Result<Option<Signal>> {
        let stored: Stored = serde_json::from_str(&self.known).map_err(Error::internal)?;
        if stored.refused.is_some() {
            return Ok(None);
        }
        let change = stored.moved.map_or(String::new(), |moved| change(&moved, self.chance));
        Ok(Some(Signal {
            tone: if self.chance < 0.5 { Tone::Bad } else { Tone::Warn },
            mark: "Late",
            sentence: format!("{} is not likely to be kept", self.name),
            basis: format!("{} % by {}{change}", percent(self.chance), ui::date(self.promised_on, today)),
            sure: Sure::Likely,
            evidence: format!("/commitments/{}", self.id),
        }))
    }
}

fn change(moved: &Moved, chance: f64) -> String {
    match ((chance - moved.from) * 100.0).round() as i64 {
        0 => String::new(),
        points @ 1.. => format!(", up {points} points in a week"),
        points => format!(", down {} points in a week", -points),
    }
}
