//! The choices that move the numbers, as data.
use serde::{Deserialize, Serialize};

/// How the five keys are made. Presets stand in `presets.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The word by which it is chosen.
    pub name: String,
    pub version: u32,
    pub title: String,
    /// Where it is written down, and what of it was read how.
    pub source: String,
    pub lead_of: LeadOf,
    pub starts: Starts,
    pub mapping: Mapping,
    /// What the first deployment of a repository brings: all of its past.
    pub first_deployment: Count,
    pub average: Average,
    /// Deployments that failed before anyone could use them, in the frequency and in what rates are of.
    pub failed_deployments: Count,
    /// What makes a deployment one that failed its users.
    pub failures: Vec<Failure>,
    pub window: Window,
    pub recovery: Recovery,
    /// What makes a deployment unplanned work; without any of them the rework rate is not defined.
    pub rework: Vec<Failure>,
    pub time: Span,
    pub bots: Bots,
    /// Figures that rest on fewer are not shown.
    pub floor: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadOf {
    /// Each commit on its own.
    Commit,
    /// A pull request, from its first commit on.
    Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// When it was first written, which survives a rebase.
    Authored,
    /// When it was last written.
    Committed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mapping {
    /// A deployment brings the commits that its commit reaches and none before it brought.
    Ancestry,
    /// A deployment brings what was committed since the one before it.
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Count,
    LeaveOut,
}

pub type Bots = Count;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    Median,
    Mean,
    P75,
    P90,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Its own status.
    Status,
    /// An incident that began after it and before the next one.
    Incident,
    /// A later deployment brought a commit that takes back one of its own.
    Revert,
    /// The next deployment went back to older code.
    RollBack,
    /// The next deployment brought a commit that calls itself a hot fix.
    HotFix,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// An incident that began at the very instant of a deployment belongs to the one before.
    Strict,
    /// It belongs to that deployment.
    Inclusive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// From the beginning of an incident to its end.
    Incident,
    /// From a deployment that failed to the next one of the repository that did not.
    Deployment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Calendar,
    /// Saturdays and Sundays in UTC are left out.
    Weekdays,
}

#[derive(Deserialize)]
struct Presets {
    definition: Vec<Definition>,
}

/// The definitions of DORA's guide and of four tools, DORA's first.
pub fn presets() -> Vec<Definition> {
    let presets: Presets = toml::from_str(include_str!("../../presets.toml")).expect("a test reads the presets");
    presets.definition
}

impl Span {
    /// Microseconds between two instants; never negative.
    pub fn between(self, from: i64, to: i64) -> i64 {
        const DAY: i64 = 86_400_000_000;
        if self == Span::Calendar || to <= from {
            return (to - from).max(0);
        }
        let worked = |at: i64| {
            // The 5th of January 1970 was a Monday.
            let since_monday = at - 4 * DAY;
            let (weeks, rest) = (since_monday.div_euclid(7 * DAY), since_monday.rem_euclid(7 * DAY));
            weeks * 5 * DAY + rest.min(5 * DAY)
        };
        worked(to) - worked(from)
    }
}

impl Definition {
    /// Each choice in words, by what it is about, so that two definitions can be laid side by side.
    pub fn choices(&self) -> Vec<(&'static str, String)> {
        let list = |all: &[Failure]| match all {
            [] => "not defined".to_owned(),
            all => all.iter().map(|one| failure(*one)).collect::<Vec<_>>().join(", "),
        };
        let text = |text: &str| text.to_owned();
        vec![
            (
                "Lead time of",
                text(if self.lead_of == LeadOf::Commit { "each commit" } else { "each change, from its first commit" }),
            ),
            (
                "Begins at",
                text(if self.starts == Starts::Authored { "the author's date" } else { "the committer's date" }),
            ),
            ("Deployed by", text(if self.mapping == Mapping::Ancestry { "ancestry" } else { "time on the main line" })),
            ("First deployment ever", text(counted(self.first_deployment))),
            ("Average", text(self.average.word())),
            ("Deployments that failed", text(counted(self.failed_deployments))),
            ("A change failed by", list(&self.failures)),
            (
                "Incident at the instant of a deployment",
                text(if self.window == Window::Strict { "of the one before" } else { "of that one" }),
            ),
            (
                "Recovered",
                text(if self.recovery == Recovery::Incident {
                    "when the incident ends"
                } else {
                    "with the next good deployment"
                }),
            ),
            ("Rework", list(&self.rework)),
            ("Time", text(if self.time == Span::Calendar { "all of it" } else { "without weekends" })),
            ("Bots", text(counted(self.bots))),
        ]
    }
}

impl Average {
    pub fn word(self) -> &'static str {
        match self {
            Average::Median => "median",
            Average::Mean => "mean",
            Average::P75 => "75th percentile",
            Average::P90 => "90th percentile",
        }
    }
}

fn counted(count: Count) -> &'static str {
    if count == Count::Count { "counted" } else { "left out" }
}

fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::Status => "its status",
        Failure::Incident => "an incident",
        Failure::Revert => "a revert",
        Failure::RollBack => "a roll-back",
        Failure::HotFix => "a hot fix",
    }
}

#[cfg(test)]
mod tests;
