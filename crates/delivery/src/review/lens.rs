use super::{Measured, chosen, is_until_deployment, of_team, read};
use crate::{
    code::{FEWEST, Span},
    repository::Repository,
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, text::Name};
use measures::{Figure, PullDefinition, Stages, distance, figure, pull_presets, reasons};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The pull requests of a team under several definitions of the stages, and those that they see most differently, with the
/// reasons.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReviewLens {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
    /// Two or more of `cairn`, `linearb`, `swarmia`, `middleware` and `devlake`, with commas between; all if left out. The
    /// others are compared with the first.
    #[serde(default)]
    pub definitions: Option<Name<100>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewLens {
    pub span: Span,
    /// People behind the merged pull requests of the span.
    pub contributors: usize,
    /// In the order in which they were named. Without numbers where fewer than three people are behind it.
    pub readings: Vec<PullReading>,
    /// Pull requests that are seen differently.
    pub differ: usize,
    /// Those that differ most, at most fifty.
    pub differing: Vec<PullDiffering>,
}

/// What a definition makes of the pull requests. Figures are microseconds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PullReading {
    pub definition: String,
    pub version: u32,
    pub title: String,
    pub source: String,
    /// What it is about, and what was chosen, in the same order for each.
    pub choices: Vec<(String, String)>,
    pub numbers: Option<PullNumbers>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PullNumbers {
    pub merged: usize,
    pub coding: Figure,
    pub pickup: Figure,
    pub review: Figure,
    pub merge: Figure,
    pub deploy: Figure,
    pub cycle: Figure,
}

/// A pull request that the definitions see differently.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PullDiffering {
    pub repository_id: Id<Repository>,
    pub repository: String,
    pub number: i64,
    pub title: String,
    pub merged_at: Time,
    /// In the order of the readings.
    pub told: Vec<PullTold>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PullTold {
    /// Nothing where the definition leaves it out.
    pub stages: Option<Stages>,
    /// Why it is not as under the first definition, in words that follow the name of this one.
    pub because: Vec<String>,
}

const MOST: usize = 50;

impl Operation for ShowReviewLens {
    const NAME: &str = "delivery.review_lens";
    const ROUTE: Route = Route(Get, "/delivery/reviews/definitions");
    const READS: bool = true;
    type Target = Vec<Repository>;
    type Output = ReviewLens;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Repository>> {
        of_team(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Vec<Repository>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, repositories: Vec<Repository>) -> Result<ReviewLens> {
        let definitions = several(self.definitions.as_deref())?;
        let span = self.span.unwrap_or(Span::Quarter);
        let (now, from) = (tx.now(), span.from(tx.now()));
        let all = read(tx, &repositories, from, definitions.iter().any(is_until_deployment)).await?;
        let seen: Vec<Measured<'_>> =
            definitions.iter().map(|one| Measured::new(&all, HashMap::new(), &one.options, from, now)).collect();
        let contributors = seen.iter().map(Measured::contributors).max().unwrap_or(0);
        let enough = contributors >= FEWEST;
        let mut differing = if enough { differing(&definitions, &seen) } else { Vec::new() };
        let differ = differing.len();
        differing.truncate(MOST);
        Ok(ReviewLens {
            span,
            contributors,
            readings: definitions.into_iter().zip(&seen).map(|(one, seen)| reading(one, seen, enough)).collect(),
            differ,
            differing: differing.into_iter().map(|(_, one)| one).collect(),
        })
    }
}

/// The definitions of these words, each once.
fn several(names: Option<&str>) -> Result<Vec<PullDefinition>> {
    let Some(names) = names else { return Ok(pull_presets()) };
    let mut known = HashSet::new();
    let names = names.split(',').map(str::trim).filter(|name| known.insert(*name));
    let found = names.map(|name| chosen(Some(name))).collect::<Result<Vec<_>>>()?;
    if found.len() < 2 {
        return Err(Error::invalid("definitions", "Name two definitions or more, with commas between."));
    }
    Ok(found)
}

fn reading(definition: PullDefinition, seen: &Measured<'_>, enough: bool) -> PullReading {
    let summary = definition.options.summary;
    let of = |stage: fn(&Stages) -> Option<i64>| figure(seen.merged.iter().map(|one| stage(&one.stages)), summary);
    let numbers = || PullNumbers {
        merged: seen.merged.len(),
        coding: of(|stages| stages.coding),
        pickup: of(|stages| stages.pickup),
        review: of(|stages| stages.review),
        merge: of(|stages| stages.merge),
        deploy: of(|stages| stages.deploy),
        cycle: of(|stages| stages.cycle),
    };
    PullReading {
        numbers: enough.then(numbers),
        choices: definition
            .options
            .choices()
            .into_iter()
            .map(|(about, choice)| (about.into(), choice.into()))
            .collect(),
        definition: definition.name,
        version: definition.version,
        title: definition.title,
        source: definition.source,
    }
}

/// The pull requests that the definitions see differently, those that differ most first, with how much that is.
fn differing(definitions: &[PullDefinition], seen: &[Measured<'_>]) -> Vec<(i64, PullDiffering)> {
    let all: Vec<HashMap<(Id<Repository>, i64), Stages>> = seen
        .iter()
        .map(|team| team.merged.iter().map(|one| ((one.repository.id, one.row.number), one.stages)).collect())
        .collect();
    // The definition that counts the most pull requests has those of all.
    let Some(widest) = seen.iter().max_by_key(|team| team.merged.len()) else { return Vec::new() };
    let mut found = Vec::new();
    for one in &widest.merged {
        let key = (one.repository.id, one.row.number);
        let base = all[0].get(&key);
        let told: Vec<PullTold> = definitions
            .iter()
            .zip(&all)
            .map(|(definition, stages)| PullTold {
                stages: stages.get(&key).copied(),
                because: because(&definitions[0], definition, base, stages.get(&key), &one.pull),
            })
            .collect();
        let whole = Stages::default();
        let furthest = |told: &PullTold| distance(base.unwrap_or(&whole), told.stages.as_ref().unwrap_or(&whole));
        if told.iter().any(|told| !told.because.is_empty()) {
            let furthest = told.iter().map(furthest).max().unwrap_or(0);
            found.push((
                furthest,
                PullDiffering {
                    repository_id: one.repository.id,
                    repository: one.repository.name.clone(),
                    number: one.row.number,
                    title: one.row.title.clone(),
                    merged_at: one.at,
                    told,
                },
            ));
        }
    }
    found.sort_by_key(|(furthest, one)| (std::cmp::Reverse(*furthest), one.number));
    found
}

fn because(
    first: &PullDefinition,
    other: &PullDefinition,
    base: Option<&Stages>,
    stages: Option<&Stages>,
    pull: &measures::Pull<String>,
) -> Vec<String> {
    match (base, stages) {
        (None, Some(_)) => vec!["pull requests of programs count there".to_owned()],
        (Some(_), None) => vec!["pull requests of programs do not count there".to_owned()],
        _ => reasons(pull, &first.options, &other.options, None).into_iter().map(str::to_owned).collect(),
    }
}
