//! What a sprint says of itself. It is computed from the commitment, the ledger and the time in states alone; at the
//! closing it is stored whole.
use super::{Capacity, Entry, Kind, Sprint, Velocity, capacity, ledger, list};
use crate::{
    estimate::{Estimate, Sum},
    issue::Issue,
    team::Category,
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Error, Id, Result, Time, Tx, args, columns, list as id_list, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The numbers of a sprint, day by day and in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// What was committed to at the start.
    pub committed: Tally,
    /// What the sprint holds: the commitment and all that the ledger has added and taken out since.
    pub scope: Tally,
    /// What of it is done.
    pub done: Tally,
    /// What of the commitment is done, by the estimates of the start.
    pub kept: Tally,
    /// What came and what went since the start, and by how much estimates grew.
    pub added: Tally,
    pub removed: Tally,
    pub estimated: Sum,
    /// From the day of the start to the last one that has begun, each as it was at its end.
    pub days: Vec<Day>,
    /// The ledger, the first change first.
    pub changes: Vec<Entry>,
    /// The issues that it holds.
    pub issues: Vec<Held>,
    pub capacity: Capacity,
    /// The sprints of the team that were closed before, the latest first.
    pub before: Vec<Velocity>,
}

/// A number of issues, and their estimates together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    pub issues: i64,
    pub estimate: Sum,
}

impl Tally {
    pub fn less(self, other: Tally) -> Tally {
        Tally { issues: self.issues - other.issues, estimate: Sum(self.estimate.0 - other.estimate.0) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    pub on: Date,
    pub scope: Tally,
    pub done: Tally,
}

/// An issue in the scope of a sprint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Held {
    pub id: Id<Issue>,
    pub key: String,
    pub title: String,
    pub estimate: Option<Estimate>,
    pub state_name: String,
    pub category: Category,
    /// It was there at the start.
    pub committed: bool,
    pub done: bool,
    /// In how many sprints before it was not finished.
    pub carried: i64,
}

/// What the report of a sprint is made from.
pub(super) struct Facts {
    pub committed: Vec<Committed>,
    pub changes: Vec<Entry>,
    /// The times in which issues were done.
    pub stays: BTreeMap<Id<Issue>, Vec<(Time, Option<Time>)>>,
    pub named: Vec<Named>,
    pub carried: BTreeMap<Id<Issue>, i64>,
}

pub(super) struct Committed {
    pub issue_id: Id<Issue>,
    pub estimate: Option<Estimate>,
}
columns!(Committed { issue_id, estimate });

pub(super) struct Named {
    id: Id<Issue>,
    key: String,
    title: String,
    state_name: String,
    category: Category,
}
columns!(Named { id, key, title, state_name, category });

/// Days that a report tells of: nobody looks at more, and a sprint that was forgotten does not grow for ever.
const MOST_DAYS: usize = 400;

impl Report {
    /// The report of a sprint that has begun: the one that was stored, or as it stands now.
    pub(crate) async fn of(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<Option<Report>> {
        if sprint.closed_at.is_some() {
            let select = sql!("select report from sprints where workspace_id = $1 and id = $2");
            let stored: Option<String> = tx.one(select, args![tx.workspace(), sprint.id]).await?;
            return stored.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose();
        }
        let Some(started) = sprint.started_at else { return Ok(None) };
        let now = tx.now();
        let capacity = capacity::of(tx, sprint).await?;
        Report::at(tx, sprint, (started, now), capacity).await.map(Some)
    }

    /// The report of what happened from the start to an instant.
    pub(super) async fn at(
        tx: &mut Tx<'_>,
        sprint: &Sprint,
        (from, to): (Time, Time),
        capacity: Capacity,
    ) -> Result<Report> {
        let facts = Facts::of(tx, sprint.id).await?;
        let before = list::closed_of(tx, sprint.team_id, from).await?;
        Ok(facts.report(&sprint.zone(), (from, to), capacity, before))
    }

    /// By issues rather than by estimates: where nothing is estimated.
    pub fn counts_issues(&self) -> bool {
        self.committed.estimate == Sum(0) && self.scope.estimate == Sum(0)
    }
}

impl Facts {
    pub async fn of(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Facts> {
        let committed = sql!(
            "select issue_id, estimate from sprint_commitments where workspace_id = $1 and sprint_id = $2 order by issue_id"
        );
        let committed: Vec<Committed> = tx.all(committed, args![tx.workspace(), sprint]).await?;
        let changes = ledger::of(tx, sprint).await?;
        let ids = committed.iter().map(|one| one.issue_id).chain(changes.iter().map(|one| one.issue_id));
        let ids = id_list(ids.collect::<std::collections::BTreeSet<_>>());
        let stays = sql!(
            "select y.issue_id, y.from_at, y.until_at
               from issue_stays y join work_states s on s.workspace_id = y.workspace_id and s.id = y.state_id
              where y.workspace_id = $1 and y.issue_id in (select value from json_each(cast($2 as text)))
                and s.category = 'done'"
        );
        let named = sql!(
            "select i.id, w.key || '-' || cast(i.number as text) as key, i.title, s.name as state_name, i.category
               from issues i
               join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
               join work_states s on s.workspace_id = i.workspace_id and s.id = i.state_id
              where i.workspace_id = $1 and i.id in (select value from json_each(cast($2 as text)))
              order by i.rank, i.id"
        );
        let carried = sql!(
            "select issue_id, count(*) from sprint_changes
              where workspace_id = $1 and issue_id in (select value from json_each(cast($2 as text)))
                and kind = 'rolled_over' and sprint_id <> $3 group by issue_id"
        );
        let rows: Vec<(Id<Issue>, Time, Option<Time>)> = tx.all(stays, args![tx.workspace(), ids]).await?;
        let mut stays: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (issue, from, until) in rows {
            stays.entry(issue).or_default().push((from, until));
        }
        let named = tx.all(named, args![tx.workspace(), ids]).await?;
        let carried: Vec<(Id<Issue>, i64)> = tx.all(carried, args![tx.workspace(), ids, sprint]).await?;
        Ok(Facts { committed, changes, stays, named, carried: carried.into_iter().collect() })
    }

    fn report(self, zone: &TimeZone, (from, to): (Time, Time), capacity: Capacity, before: Vec<Velocity>) -> Report {
        let last = self.held(to);
        let kept =
            self.committed.iter().filter(|one| last.contains_key(&one.issue_id) && self.is_done(one.issue_id, to));
        let changed = |fits: fn(&Entry) -> bool| tally(self.changes.iter().filter(|one| fits(one)).map(more));
        let estimated = self.changes.iter().filter(|one| one.issues_more == 0 && one.kind != Kind::RolledOver);
        Report {
            committed: self.commitment(),
            scope: self.scope(to),
            done: self.done(to),
            kept: tally(kept.map(|one| (1, size(one.estimate)))),
            added: changed(|one| one.issues_more > 0),
            removed: changed(|one| one.issues_more < 0),
            estimated: estimated.map(|one| one.estimate_more).sum(),
            days: self.days(zone, from, to),
            issues: self.issues(&last, to),
            changes: self.changes,
            capacity,
            before,
        }
    }

    fn commitment(&self) -> Tally {
        tally(self.committed.iter().map(|one| (1, size(one.estimate))))
    }

    /// The commitment and everything that the ledger says up to an instant.
    fn scope(&self, at: Time) -> Tally {
        let changed = tally(self.changes.iter().filter(|one| one.at <= at).map(more));
        let Tally { issues, estimate } = self.commitment();
        Tally { issues: issues + changed.issues, estimate: Sum(estimate.0 + changed.estimate.0) }
    }

    fn done(&self, at: Time) -> Tally {
        let held = self.held(at);
        tally(held.iter().filter(|(issue, _)| self.is_done(**issue, at)).map(|(_, estimate)| (1, size(*estimate))))
    }

    /// The issues in the scope at an instant, with their estimates.
    fn held(&self, at: Time) -> BTreeMap<Id<Issue>, Option<Estimate>> {
        let mut held: BTreeMap<_, _> = self.committed.iter().map(|one| (one.issue_id, one.estimate)).collect();
        for change in self.changes.iter().filter(|one| one.at <= at && one.kind != Kind::RolledOver) {
            match change.issues_more {
                ..0 => drop(held.remove(&change.issue_id)),
                _ => drop(held.insert(change.issue_id, change.after)),
            }
        }
        held
    }

    fn is_done(&self, issue: Id<Issue>, at: Time) -> bool {
        let holds = |(from, until): &(Time, Option<Time>)| *from <= at && until.is_none_or(|until| at < until);
        self.stays.get(&issue).is_some_and(|stays| stays.iter().any(holds))
    }

    fn days(&self, zone: &TimeZone, from: Time, to: Time) -> Vec<Day> {
        let last = to.date(zone);
        let dates = from.date(zone).series(1.day()).take_while(|date| *date <= last).take(MOST_DAYS);
        dates
            .map(|on| {
                let end = end_of(on, zone).min(to);
                Day { on, scope: self.scope(end), done: self.done(end) }
            })
            .collect()
    }

    fn issues(&self, held: &BTreeMap<Id<Issue>, Option<Estimate>>, at: Time) -> Vec<Held> {
        let found = self.named.iter().filter_map(|named| Some((named, *held.get(&named.id)?)));
        let held = |(named, estimate): (&Named, Option<Estimate>)| Held {
            id: named.id,
            key: named.key.clone(),
            title: named.title.clone(),
            estimate,
            state_name: named.state_name.clone(),
            category: named.category,
            committed: self.committed.iter().any(|one| one.issue_id == named.id),
            done: self.is_done(named.id, at),
            carried: self.carried.get(&named.id).copied().unwrap_or(0),
        };
        found.map(held).collect()
    }
}

/// The last instant of a day.
fn end_of(day: Date, zone: &TimeZone) -> Time {
    let next = day.tomorrow().ok().and_then(|next| next.to_zoned(zone.clone()).ok());
    next.map_or(Time(i64::MAX), |next| Time(next.timestamp().as_microsecond() - 1))
}

fn size(estimate: Option<Estimate>) -> Sum {
    Sum(estimate.map_or(0, |estimate| estimate.0))
}

fn more(entry: &Entry) -> (i64, Sum) {
    (entry.issues_more, entry.estimate_more)
}

fn tally(all: impl Iterator<Item = (i64, Sum)>) -> Tally {
    all.fold(Tally::default(), |sum, (issues, estimate)| Tally {
        issues: sum.issues + issues,
        estimate: Sum(sum.estimate.0 + estimate.0),
    })
}
