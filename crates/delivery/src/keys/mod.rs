//! DORA's five keys of a team, under a definition that is named, and under several side by side.
mod asked;
mod lens;
mod page;
mod read;
mod weekly;

pub use lens::{Differing, Lens, Reading, ShowLens, Told};
pub use page::pages;
pub(crate) use page::views;
pub use page::{percent, span};
pub use weekly::Weekly;

use crate::{
    annotation::{self, Annotation},
    code::{FEWEST, Span},
    kept::Kept,
    pipeline::Reach,
};
use asked::Asked;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, text::Name};
use measures::keys::{Definition, Figure, Period, Story, presets};
use read::Read;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// DORA's five keys of a team: change lead time, deployment frequency, failed deployment recovery time, change fail rate and
/// deployment rework rate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowKeys {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
    /// `dora` if left out; else `devlake`, `middleware`, `linearb` or `swarmia`.
    #[serde(default)]
    pub definition: Option<Name<40>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamKeys {
    pub team: Id<Team>,
    pub span: Span,
    pub from: Time,
    /// The end of this hour.
    pub to: Time,
    /// The word, the version and the title of the definition.
    pub definition: String,
    pub version: u32,
    pub title: String,
    /// Where the definition is written down.
    pub source: String,
    /// People behind the changes that landed in the period; bots are not among them.
    pub contributors: usize,
    /// Nothing where fewer than three people are behind it.
    pub keys: Option<Five>,
    /// The same of the period before.
    pub before: Option<Five>,
    pub trust: Trust,
    /// The deployments of the period, in the order of time; none where fewer than three people are behind it.
    pub deployments: Vec<Row>,
    /// What was noted of days of the period, the last first.
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Five {
    /// Seconds.
    pub lead_time: Number,
    /// Deployments a week.
    pub frequency: Number,
    /// Seconds.
    pub recovery: Number,
    /// Between 0 and 1.
    pub fail_rate: Number,
    /// Between 0 and 1; nothing where the definition has none.
    pub rework_rate: Number,
}

/// A number with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Number {
    /// Nothing where there is not enough data.
    pub value: Option<f64>,
    pub sample: usize,
    /// It lies within with nine chances in ten.
    pub interval: Option<(f64, f64)>,
}

/// What the figures could not use.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Trust {
    pub deployments: usize,
    /// Deployments whose commit is in a history that was read.
    pub matched: usize,
    /// Commits dated after the deployment that brought them.
    pub skewed: usize,
    /// First deployments of a repository, whose commits do not count.
    pub first: usize,
    /// Incidents before any deployment.
    pub loose_incidents: usize,
    pub open_incidents: usize,
}

/// A deployment, and what came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Row {
    /// The system and the id there.
    pub id: String,
    pub project: String,
    pub commit: Option<String>,
    pub finished_at: Time,
    pub failed: bool,
    pub commits: usize,
    /// Seconds, the median of what it brought.
    pub lead_time: Option<f64>,
    /// Why it counts as one that failed its users, in words.
    pub failed_by: Vec<String>,
    /// Why it counts as unplanned work, in words.
    pub rework: Vec<String>,
}

impl Operation for ShowKeys {
    const NAME: &str = "delivery.keys";
    const ROUTE: Route = Route(Get, "/teams/{team}/keys");
    const READS: bool = true;
    type Target = Reach;
    type Output = TeamKeys;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        Reach::of(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Reach) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, reach: Reach) -> Result<TeamKeys> {
        let definition = chosen(self.definition.as_deref())?;
        let span = self.span.unwrap_or(Span::Quarter);
        let asked = Asked::of(tx, self.team, &reach, span).await?;
        let question = asked.question(tx, &definition.name);
        let known = KEPT.get(&question, &asked.basis);
        let kept = match known {
            Some(kept) => kept,
            None => {
                let keys = self.work_out(tx, &reach, &asked, definition).await?;
                KEPT.keep(question, asked.basis, ROW * (1 + keys.deployments.len()), keys)
            }
        };
        let annotations = annotation::within(tx, self.team, kept.from, kept.to).await?;
        Ok(TeamKeys { annotations, ..TeamKeys::clone(&kept) })
    }
}

static KEPT: Kept<TeamKeys> = Kept::new();
/// Bytes of memory that a deployment takes, about.
const ROW: usize = 600;

impl ShowKeys {
    /// All of it but what was noted, from the facts.
    async fn work_out(
        &self,
        tx: &mut Tx<'_>,
        reach: &Reach,
        asked: &Asked,
        definition: Definition,
    ) -> Result<TeamKeys> {
        let read = Read::of(tx, self.team, reach, &asked.rules, asked.span).await?;
        let story = Story::of(&read.facts, &definition);
        let (now, contributors) = (story.keys(read.period), read.contributors(read.period));
        let before = read.before.filter(|period| read.contributors(*period) >= FEWEST);
        let before = before.map(|period| Five::of(&story.keys(period)));
        let enough = contributors >= FEWEST;
        Ok(TeamKeys {
            annotations: Vec::new(),
            team: self.team,
            span: asked.span,
            from: Time(read.period.from),
            to: Time(read.period.to),
            contributors,
            keys: enough.then(|| Five::of(&now)),
            before,
            trust: Trust::of(&now.trust),
            deployments: if enough { now.rows.iter().map(|row| read.row(row)).collect() } else { Vec::new() },
            version: definition.version,
            title: definition.title.clone(),
            source: definition.source.clone(),
            definition: definition.name.clone(),
        })
    }
}

/// The preset of this word.
fn chosen(name: Option<&str>) -> Result<Definition> {
    let wanted = name.unwrap_or("dora");
    let found = presets().into_iter().find(|one| one.name == wanted);
    found.ok_or_else(|| Error::invalid("definition", "There is no such definition."))
}

impl Five {
    fn of(keys: &measures::keys::Keys) -> Five {
        Five {
            lead_time: Number::of(&keys.lead_time),
            frequency: Number::of(&keys.frequency),
            recovery: Number::of(&keys.recovery),
            fail_rate: Number::of(&keys.fail_rate),
            rework_rate: Number::of(&keys.rework_rate),
        }
    }
}

impl Number {
    pub(crate) fn of(figure: &Figure) -> Number {
        Number { value: figure.value, sample: figure.sample, interval: figure.interval }
    }

    /// The intervals do not meet, or without intervals the counts differ by more than chance usually makes them (Poisson).
    pub(crate) fn differs(&self, before: &Number) -> bool {
        match (self.interval, before.interval, self.value, before.value) {
            (Some(a), Some(b), ..) => a.1 < b.0 || b.1 < a.0,
            (None, None, Some(_), Some(_)) => {
                let (a, b) = (self.sample as f64, before.sample as f64);
                (a - b).abs() > 2.0 * (a + b).sqrt()
            }
            _ => false,
        }
    }
}

impl Trust {
    fn of(trust: &measures::keys::Trust) -> Trust {
        Trust {
            deployments: trust.deployments,
            matched: trust.matched,
            skewed: trust.skewed,
            first: trust.first,
            loose_incidents: trust.loose_incidents,
            open_incidents: trust.open_incidents,
        }
    }
}

/// Lets go of the answers that are kept in memory: what is asked next is worked out anew. For tests and measurements.
pub fn forget() {
    KEPT.forget();
    lens::KEPT.forget();
}

/// The period of a span up to the end of this hour, so that an answer holds for an hour, and the one before it.
fn periods(span: Span, now: Time) -> (Period, Option<Period>) {
    let to = Time((now.0.div_euclid(HOUR) + 1) * HOUR);
    match span.from(to) {
        Some(from) => {
            let length = to.0 - from.0;
            (Period { from: from.0, to: to.0 }, Some(Period { from: from.0 - length, to: from.0 }))
        }
        None => (Period { from: 0, to: to.0 }, None),
    }
}

/// Microseconds.
const HOUR: i64 = 3_600_000_000;
