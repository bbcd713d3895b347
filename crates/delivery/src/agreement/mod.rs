//! What a team agreed on about its work: proposed with a replay on its history, kept or not by week, and what to talk about.
//! Pull requests are listed, people are neither named nor counted.
mod least;
mod nudge;
mod page;
mod read;
mod replay;
mod set;

pub use least::gather;
pub(crate) use nudge::signals as nudges;
pub use nudge::watched;
pub use page::pages;
pub use replay::{Exception, KeptWeek, Replay};
pub use set::{EndAgreement, SetAgreement, SetNudges};

use crate::{code::FEWEST, pipeline::Reach};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use measures::Agreement;
use read::Read;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The working agreements of a team and those that it could make, each with how it was kept, or would have been, in the last
/// thirteen weeks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAgreements {
    pub team: Id<Team>,
    /// Try this one with another limit.
    #[serde(default)]
    pub kind: Option<Agreement>,
    /// The limit to try, in the unit of the agreement.
    #[serde(default)]
    pub most: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Agreements {
    pub team: Id<Team>,
    /// Whether the reader may make and end agreements of this team.
    pub may_set: bool,
    pub from: Time,
    pub to: Time,
    /// People who wrote the merged pull requests of the time.
    pub contributors: usize,
    /// All that can be agreed on, in a fixed order.
    pub agreements: Vec<TeamAgreement>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamAgreement {
    pub kind: Agreement,
    /// Such as `A pull request changes at most 300 lines`.
    pub sentence: String,
    /// Its limit, or of one that was not made the one that four in five of the last cases kept; nothing for those without a
    /// limit, and where nothing is known.
    pub most: Option<i64>,
    /// What the limit counts.
    pub unit: Option<String>,
    /// Nothing for one that was not made.
    pub agreed_on: Option<Date>,
    /// Since when whoever was asked for a review is reminded of a pull request that waits longer; nothing where nobody is.
    pub nudged_since: Option<Time>,
    /// Nothing where fewer than three people are behind it.
    pub replay: Option<Replay>,
}

/// The largest limit.
const HIGHEST: i64 = 100_000;
const WEEKS: i64 = 13;
const WEEK: i64 = 7 * 86_400_000_000;

struct Stored {
    kind: Agreement,
    most: Option<i64>,
    agreed_on: Date,
    nudged_since: Option<Time>,
}
columns!(Stored { kind, most, agreed_on, nudged_since });

impl Operation for ShowAgreements {
    const NAME: &str = "agreement.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/agreements");
    const READS: bool = true;
    type Target = Reach;
    type Output = Agreements;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        Reach::of(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Reach) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, reach: Reach) -> Result<Agreements> {
        let to = tx.now();
        let from = to - Duration::from_micros((WEEKS * WEEK) as u64);
        let tried = self.kind.zip(checked(self.kind, self.most)?);
        let stored = of(tx, self.team).await?;
        let read = Read::of(tx, self.team, &reach, from).await?;
        let contributors = read.contributors((from, to));
        let enough = contributors >= FEWEST;
        let agreements = Agreement::ALL.iter().map(|kind| {
            let made = stored.iter().find(|one| one.kind == *kind);
            let tried = tried.filter(|(wanted, _)| wanted == kind).map(|(_, most)| most);
            let proposed = || read.proposal(*kind).filter(|_| enough);
            let most = kind.unit().and_then(|_| tried.or(made.and_then(|one| one.most)).or_else(proposed));
            TeamAgreement {
                kind: *kind,
                sentence: kind.sentence(most.unwrap_or(0)),
                most,
                unit: kind.unit().map(str::to_owned),
                agreed_on: made.map(|one| one.agreed_on),
                nudged_since: made.and_then(|one| one.nudged_since),
                replay: (enough && (most.is_some() || kind.unit().is_none()))
                    .then(|| read.replay(*kind, most.unwrap_or(0), (from, to))),
            }
        });
        let agreements = agreements.collect();
        Ok(Agreements { team: self.team, may_set: set::may(tx, self.team).await?, from, to, contributors, agreements })
    }
}

/// The agreements of a team that hold.
async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Stored>> {
    let select = sql!(
        "select kind, most, agreed_on, nudged_since from agreements where workspace_id = $1 and team_id = $2 and ended_at is null"
    );
    tx.all(select, args![tx.workspace(), team]).await
}

/// A limit that makes sense, for what has one.
fn checked(kind: Option<Agreement>, most: Option<i64>) -> Result<Option<i64>> {
    match (kind.and_then(Agreement::unit), most) {
        (Some(_), Some(most)) if !(1..=HIGHEST).contains(&most) => {
            Err(Error::invalid("most", format!("Give a number from 1 to {HIGHEST}.")))
        }
        (Some(_), most) => Ok(most),
        (None, _) => Ok(None),
    }
}
