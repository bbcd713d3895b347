use super::{Asked, Five, Read, Trust, read::in_words};
use crate::{
    code::{FEWEST, Span},
    kept::Kept,
    pipeline::Reach,
};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx};
use measures::keys::{Keys, keys, presets};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A team under each of the definitions, with what they choose differently and the deployments that they see differently.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowLens {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lens {
    pub team: Id<Team>,
    pub span: Span,
    pub contributors: usize,
    /// None where fewer than three people are behind it.
    pub readings: Vec<Reading>,
    /// At most 100.
    pub differing: Vec<Differing>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reading {
    pub definition: String,
    pub version: u32,
    pub title: String,
    pub source: String,
    pub keys: Five,
    pub trust: Trust,
    /// What it is about, and what was chosen, in the same order for each.
    pub choices: Vec<(String, String)>,
}

/// A deployment that the definitions see differently.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Differing {
    pub id: String,
    pub finished_at: Time,
    /// In the order of the readings.
    pub told: Vec<Told>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Told {
    /// How many lead times it adds.
    pub lead_times: usize,
    /// Why it failed its users, in words; nothing if it did not.
    pub failed_by: Vec<String>,
}

const MOST: usize = 100;

impl Operation for ShowLens {
    const NAME: &str = "delivery.lens";
    const ROUTE: Route = Route(Get, "/teams/{team}/keys/definitions");
    const READS: bool = true;
    type Target = Reach;
    type Output = Lens;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        Reach::of(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Reach) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, reach: Reach) -> Result<Lens> {
        let asked = Asked::of(tx, self.team, &reach, self.span.unwrap_or(Span::Quarter)).await?;
        let question = asked.question(tx, "");
        if let Some(kept) = KEPT.get(&question, &asked.basis) {
            return Ok(Lens::clone(&kept));
        }
        let lens = self.work_out(tx, &reach, &asked).await?;
        Ok(Lens::clone(&KEPT.keep(question, asked.basis, BYTES, lens)))
    }
}

pub(super) static KEPT: Kept<Lens> = Kept::new();
/// Bytes of memory that an answer takes, about.
const BYTES: usize = 64 * 1024;

impl ShowLens {
    async fn work_out(&self, tx: &mut Tx<'_>, reach: &Reach, asked: &Asked) -> Result<Lens> {
        let read = Read::of(tx, self.team, reach, &asked.rules, asked.span).await?;
        let contributors = read.contributors(read.period);
        let mut lens =
            Lens { team: self.team, span: asked.span, contributors, readings: Vec::new(), differing: Vec::new() };
        if contributors < FEWEST {
            return Ok(lens);
        }
        let all: Vec<_> = presets().into_iter().map(|one| (keys(&read.facts, &one, read.period), one)).collect();
        lens.differing = differing(&all.iter().map(|(keys, _)| keys).collect::<Vec<_>>());
        lens.readings = all
            .into_iter()
            .map(|(keys, definition)| Reading {
                keys: Five::of(&keys),
                trust: Trust::of(&keys.trust),
                choices: definition.choices().into_iter().map(|(about, choice)| (about.to_owned(), choice)).collect(),
                definition: definition.name,
                version: definition.version,
                title: definition.title,
                source: definition.source,
            })
            .collect();
        Ok(lens)
    }
}

/// The rows of all definitions are the same deployments in the same order.
fn differing(all: &[&Keys]) -> Vec<Differing> {
    let Some(first) = all.first() else { return Vec::new() };
    let told = |keys: &Keys, at: usize| Told {
        lead_times: keys.rows[at].lead_times.len(),
        failed_by: keys.rows[at].failed_by.iter().map(in_words).collect(),
    };
    let rows = (0..first.rows.len()).rev().filter_map(|at| {
        let each: Vec<Told> = all.iter().map(|keys| told(keys, at)).collect();
        let same = each.iter().all(|one| *one == each[0]);
        let row = &first.rows[at];
        (!same).then(|| Differing { id: row.id.clone(), finished_at: Time(row.finished_at), told: each })
    });
    rows.take(MOST).collect()
}
