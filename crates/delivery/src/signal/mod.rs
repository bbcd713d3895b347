//! What changed or is at risk in how a team delivers, each as a sentence with its evidence and how sure it is. Found at night, and kept.
mod find;
mod page;
mod series;

pub use find::{FindSignals, JOB, SCHEDULE, WAKE};
pub(crate) use page::list;
pub use series::Series;

use crate::{agreement::nudges, pipeline::Reach};
use kernel::{
    Actor, Id, Later, Method::Get, Operation, Result, Route, Signal, Sure, Team, Time, Tone, Tx, args, columns, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Over all series of a team together a steady team has one false alarm in so many looks, at most.
pub const LOOKS: usize = 20;

/// What changed or is at risk in how a team delivers, as far as it is clear. A team that is steady shows something in at most one look of
/// twenty.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowSignals {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamSignal {
    pub series: Series,
    pub tone: Tone,
    /// Without a stop, such as `Pull requests wait longer for an answer since 12 October`.
    pub sentence: String,
    /// What it rests on.
    pub basis: String,
    /// How often it would seem so at the most if it were not, in thousandths: of a change, the share of orders of the weeks that
    /// show one as clear.
    pub chance: i64,
    /// The first week after the change, or of those that were looked at.
    pub since: Time,
    pub found_at: Time,
}
columns!(TeamSignal { series, tone, sentence, basis, chance, since, found_at });

impl Operation for ShowSignals {
    const NAME: &str = "delivery.signals";
    const ROUTE: Route = Route(Get, "/teams/{team}/signals");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<TeamSignal>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reach::of(tx, self.team).await.map(|_| ())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Vec<TeamSignal>> {
        let select = sql!(
            "select series, tone, sentence, basis, chance, since, found_at from delivery_signals
              where workspace_id = $1 and team_id = $2 order by tone, series"
        );
        let mut found: Vec<TeamSignal> = tx.all(select, args![tx.workspace(), self.team]).await?;
        found.sort_by_key(|one| (one.tone, one.series));
        Ok(found)
    }
}

struct Led {
    team_id: Id<Team>,
    name: String,
    series: Series,
    tone: Tone,
    sentence: String,
    basis: String,
}
columns!(Led { team_id, name, series, tone, sentence, basis });

const MOST: i64 = 5;

/// What changed in the teams that the actor leads, and what waits for a review of the actor longer than was agreed.
pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Signal>> {
    Box::pin(async move {
        let select = sql!(
            "select s.team_id, t.name, s.series, s.tone, s.sentence, s.basis
               from delivery_signals s join teams t on t.workspace_id = s.workspace_id and t.id = s.team_id
              where s.workspace_id = $1 and t.lead_id = $2 and t.archived_at is null
              order by case s.tone when 'bad' then 0 when 'warn' then 1 else 2 end, s.chance, s.team_id, s.series limit $3"
        );
        let led: Vec<Led> = tx.all(select, args![tx.workspace(), tx.me(), MOST]).await?;
        let mut told: Vec<Signal> = led.into_iter().map(Led::says).collect();
        told.extend(nudges(tx).await?);
        Ok(told)
    })
}

impl Led {
    fn says(self) -> Signal {
        Signal {
            tone: self.tone,
            mark: match (self.series, self.tone) {
                (Series::Pair, _) => "Risk",
                (_, Tone::Good) => "Better",
                _ => "Changed",
            },
            sentence: format!("{}: {}", self.name, lower(&self.sentence)),
            basis: self.basis,
            sure: Sure::Likely,
            evidence: format!("/teams/{}/{}", self.team_id, self.series.page()),
        }
    }
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
