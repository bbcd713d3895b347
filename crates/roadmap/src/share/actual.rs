//! Which share each finished issue belongs to, and how much that makes; pure.
use super::{
    Share,
    plan::{Issue, Label},
};
use kernel::{Id, columns, words};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// What actual shares are measured in.
    pub enum Unit {
        Issues = "issues",
        Points = "points",
        Hours = "hours",
    }
}

impl Unit {
    /// Issues, unless the team estimates in points or hours and four of five finished issues have an estimate.
    pub(super) fn of(estimates: Option<&str>, done: &[Done]) -> Unit {
        let estimated = done.iter().filter(|one| one.estimate.is_some()).count();
        let most = estimated > 0 && 5 * estimated >= 4 * done.len();
        match estimates {
            Some("points") if most => Unit::Points,
            Some("hours") if most => Unit::Hours,
            _ => Unit::Issues,
        }
    }
}

/// An issue without others below it that was finished in the quarter.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Done {
    #[serde(skip)]
    pub issue_id: Id<Issue>,
    pub key: String,
    pub title: String,
    /// In hundredths of a point or an hour.
    #[serde(skip)]
    pub estimate: Option<i64>,
}
columns!(Done { issue_id, key, title, estimate });

/// What one share has of all that was finished.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Actual {
    /// Nothing for what no rule matches.
    pub share: Option<Id<Share>>,
    pub name: String,
    /// In percent; nothing where nothing is planned for this quarter.
    pub planned: Option<i64>,
    pub issues: usize,
    /// In points or hours, of those that have one.
    pub estimate: f64,
    /// In percent of the unit; nothing where nothing was finished.
    pub percent: Option<f64>,
}

/// What says where an issue counts.
#[derive(Default)]
pub(super) struct Marks {
    pub labels: BTreeSet<(Id<Issue>, Id<Label>)>,
    pub projects: BTreeMap<Id<Issue>, Id<kernel::Project>>,
}

/// The place of the share of an issue, and whether labels of another one fit as well. A label says more than the project, and
/// the first share that fits has the issue.
pub(super) fn share_of(issue: Id<Issue>, marks: &Marks, shares: &[Share]) -> (Option<usize>, bool) {
    let has = |share: &Share| share.labels.iter().any(|label| marks.labels.contains(&(issue, label.id)));
    let by_label: Vec<usize> =
        shares.iter().enumerate().filter(|(_, share)| has(share)).map(|(place, _)| place).collect();
    let project = marks.projects.get(&issue);
    let in_project = |share: &Share| share.projects.iter().any(|one| Some(&one.id) == project);
    let first = by_label.first().copied().or_else(|| shares.iter().position(in_project));
    (first, by_label.len() > 1)
}

/// Each share and, last, what no rule matches; `places` are those of [`share_of`], one for each finished issue.
pub(super) fn actual(
    shares: &[Share],
    planned: bool,
    done: &[Done],
    places: &[Option<usize>],
    unit: Unit,
) -> Vec<Actual> {
    let of = |place: Option<usize>| done.iter().zip(places).filter(move |(_, own)| **own == place).map(|(one, _)| one);
    let estimate = |place| of(place).filter_map(|one| one.estimate).sum::<i64>();
    let amount = |place| match unit {
        Unit::Issues => of(place).count() as f64,
        Unit::Points | Unit::Hours => estimate(place) as f64,
    };
    let places_of_all = || (0..shares.len()).map(Some).chain([None]);
    let all: f64 = places_of_all().map(amount).sum();
    let one = |place: Option<usize>| {
        let share = place.and_then(|place| shares.get(place));
        Actual {
            share: share.map(|share| share.id),
            name: share.map_or("Matched by no rule".to_owned(), |share| share.name.clone()),
            planned: share.filter(|_| planned).map(|share| share.percent),
            issues: of(place).count(),
            estimate: estimate(place) as f64 / 100.0,
            percent: (all > 0.0).then(|| 100.0 * amount(place) / all),
        }
    };
    places_of_all().map(one).collect()
}
