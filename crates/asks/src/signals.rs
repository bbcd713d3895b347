//! What whoever leads a team should know of its asks today.
use crate::health::{Health, ShowHealth, Span};
use kernel::{Id, Later, Operation, Result, Signal, Sure, Team, Tone, Tx, args, sql};
use people::team::Record;

/// Of so many teams one is told at the most.
const MOST: i64 = 5;
/// A share of late answers, in percent, that is worth a word.
const LATE: usize = 25;
/// A change of that share, in percentage points, that is one.
const CHANGE: usize = 10;

pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Signal>> {
    Box::pin(async move {
        let mut all = Vec::new();
        for team in led(tx).await? {
            let record = Record::visible(tx, team).await?;
            let health = ShowHealth { team }.run(tx, record).await?;
            all.extend(late(&health));
        }
        Ok(all)
    })
}

async fn led(tx: &mut Tx<'_>) -> Result<Vec<Id<Team>>> {
    let select = sql!(
        "select id from teams where workspace_id = $1 and lead_id = $2 and archived_at is null order by name, id limit $3"
    );
    tx.all(select, args![tx.workspace(), tx.me(), MOST]).await
}

/// Whether answers come late, and whether that has changed.
fn late(health: &Health) -> Option<Signal> {
    let overdue = |span: &Option<Span>| span.as_ref().and_then(|span| span.overdue.percent);
    let (now, before) = (overdue(&health.now)?, overdue(&health.before));
    let name = &health.team.name;
    let (tone, mark, sentence) = match before {
        Some(old) if now + CHANGE <= old => {
            (Tone::Good, "Better", format!("Answers of {name} come in time more often"))
        }
        Some(old) if now >= LATE && now >= old + CHANGE => {
            (Tone::Bad, "Late", format!("More and more asks to {name} are answered late"))
        }
        _ if now >= LATE => (Tone::Warn, "Late", format!("Many asks to {name} are answered late")),
        _ => return None,
    };
    let asks = health.now.as_ref().map_or(0, |span| span.overdue.of);
    let earlier = before.map_or(String::new(), |old| format!(", {old} % in the four weeks before"));
    let basis = format!("{now} % of about {asks} in four weeks{earlier}");
    Some(Signal {
        tone,
        mark,
        sentence,
        basis,
        sure: Sure::Counted,
        evidence: format!("/teams/{}/async-health", health.team.id),
    })
}

#[cfg(test)]
mod tests;
