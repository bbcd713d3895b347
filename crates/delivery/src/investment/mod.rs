//! What the working time of a team goes into: an estimate from what those on it did, sorted by rules of the team, which sums to
//! the time that was there by their calendars. Of a team by month, never of a person.
mod labels;
mod page;
mod read;
mod rules;

pub use page::pages;
pub use rules::{InvestmentRule, InvestmentRules, LooksAt, SetInvestmentRules, ShowInvestmentRules};

use crate::{code::FEWEST, pipeline::Reach, repository::Repository};
use jiff::{ToSpan, civil::Date};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, words};
use measures::{InvestedMonth, Investment, invested};
use people::access;
use read::{Change, Read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeSet};

words! {
    /// How far back: whole months, and the current one until today.
    pub enum Back {
        Quarter = "3m",
        Half = "6m",
        Year = "12m",
    }
}

impl Back {
    fn months(self) -> i64 {
        match self {
            Back::Quarter => 3,
            Back::Half => 6,
            Back::Year => 12,
        }
    }
}

/// What the working time of a team goes into, by month.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowInvestment {
    pub team: Id<Team>,
    /// Six months if left out.
    #[serde(default)]
    pub back: Option<Back>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamInvestment {
    pub back: Back,
    pub from: Date,
    /// Today, whose work is not in it yet.
    pub until: Date,
    pub rules: InvestmentRules,
    /// People on the team in this time who did something for a change.
    pub people: usize,
    /// Oldest first; nothing where fewer than three people are behind all of it.
    pub months: Option<Vec<MonthInvestment>>,
    /// Changes that those on the team did something for, and how many of them no rule names.
    pub changes: usize,
    pub unnamed: usize,
    /// The newest changes, those first that no rule names.
    pub newest: Vec<SortedChange>,
}

/// In days of one person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MonthInvestment {
    /// Its first day.
    pub month: Date,
    pub people: usize,
    /// Nothing where fewer than three people are behind the month.
    pub days: Option<Days>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Days {
    pub value: f64,
    pub upkeep: f64,
    pub debt: f64,
    pub support: f64,
    pub unplanned: f64,
    /// For changes that no rule names.
    pub unnamed: f64,
    /// Of weeks in which somebody worked and did nothing for any change.
    pub unseen: f64,
    /// What is capitalised, by the choice of the team.
    pub capitalised: f64,
}

/// A change with what it is for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SortedChange {
    pub repository_id: Id<Repository>,
    pub repository: String,
    /// Nothing for a commit that is part of no pull request.
    pub number: Option<i64>,
    pub title: String,
    pub last_on: Date,
    pub kind: Option<Investment>,
    /// The rule that says so.
    pub rule: Option<InvestmentRule>,
}

const NEWEST: usize = 50;

impl Days {
    /// The days of a kind, or of changes that no rule names.
    pub fn of(&self, kind: Option<Investment>) -> f64 {
        match kind {
            Some(Investment::Value) => self.value,
            Some(Investment::Upkeep) => self.upkeep,
            Some(Investment::Debt) => self.debt,
            Some(Investment::Support) => self.support,
            Some(Investment::Unplanned) => self.unplanned,
            None => self.unnamed,
        }
    }

    /// Of all that was seen, whatever it was for.
    pub fn seen(&self) -> f64 {
        Investment::ALL.iter().map(|kind| self.of(Some(*kind))).sum::<f64>() + self.unnamed
    }
}

impl Operation for ShowInvestment {
    const NAME: &str = "investment.show";
    const ROUTE: Route = Route(Get, "/teams/{team}/investment");
    const READS: bool = true;
    type Target = ();
    type Output = TeamInvestment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        Reach::of(tx, self.team).await.map(|_| ())
    }

    fn allows(_: &Actor, (): &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<TeamInvestment> {
        let (back, until) = (self.back.unwrap_or(Back::Half), access::today(tx));
        let from = until.first_of_month().saturating_sub(back.months().months());
        let rules = InvestmentRules::of(tx, self.team).await?;
        let read = Read::of(tx, self.team, from, until, &rules).await?;
        let months =
            invested(&read.deeds, read.members.len(), (from, until), |person, date| read.members[person].worked(date));
        let people = read.deeds.iter().map(|deed| deed.person).collect::<BTreeSet<_>>().len();
        let shown = |month: &InvestedMonth| shown(month, &rules.capitalised);
        Ok(TeamInvestment {
            back,
            from,
            until,
            people,
            months: (people >= FEWEST).then(|| months.iter().map(shown).collect()),
            changes: read.changes.len(),
            unnamed: read.changes.iter().filter(|change| rules.kind(change).is_none()).count(),
            newest: if people >= FEWEST { newest(read.changes, &rules) } else { Vec::new() },
            rules,
        })
    }
}

fn shown(month: &InvestedMonth, capitalised: &[Investment]) -> MonthInvestment {
    let of = |kind: Option<Investment>| month.days.get(&kind).copied().unwrap_or_default();
    let days = Days {
        value: of(Some(Investment::Value)),
        upkeep: of(Some(Investment::Upkeep)),
        debt: of(Some(Investment::Debt)),
        support: of(Some(Investment::Support)),
        unplanned: of(Some(Investment::Unplanned)),
        unnamed: of(None),
        unseen: month.unseen,
        capitalised: capitalised.iter().map(|kind| of(Some(*kind))).sum(),
    };
    MonthInvestment { month: month.first, people: month.people, days: (month.people >= FEWEST).then_some(days) }
}

fn newest(mut changes: Vec<Change>, rules: &InvestmentRules) -> Vec<SortedChange> {
    changes.sort_by_key(|change| (rules.kind(change).is_some(), Reverse(change.last_on)));
    let sorted = |change: Change| {
        let rule = rules.kind(&change).cloned();
        SortedChange {
            repository_id: change.repository_id,
            repository: change.repository,
            number: change.number,
            title: change.title,
            last_on: change.last_on,
            kind: rule.as_ref().map(|rule| rule.kind),
            rule,
        }
    };
    changes.into_iter().take(NEWEST).map(sorted).collect()
}
