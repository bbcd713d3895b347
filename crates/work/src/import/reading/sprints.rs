//! Sprints as the history of their issues tells them: what each held at its start, and everything that came, went and was
//! estimated anew until it was closed.
use super::{
    convert::{self, Converter},
    text::{name, short},
};
use crate::{
    estimate::Estimate,
    import::{Incoming, IncomingCommitted, IncomingPlace, IncomingScope, IncomingSprint, Somebody},
    sprint::Kind,
    team::Category,
};
use intake::Report;
use jiff::Timestamp;
use kernel::{
    Time, json,
    text::{Line, Name},
};
use std::collections::{BTreeMap, BTreeSet};
use trackers::{Change, Field, History, Issue, Named, Phase, Sprint};

/// Trackers move what is open out of a sprint a little before they say that it is closed.
const CLOSING: i64 = 60 * 1_000_000;

/// Every sprint that the files describe, and what the issues say of it.
#[derive(Default)]
pub struct Sprints {
    known: BTreeMap<String, Sprint>,
    /// By the project of the issues and the id of the sprint: a sprint of several projects is one of several teams.
    told: BTreeMap<(String, String), Told>,
    /// The latest instant that the files tell of.
    as_of: Option<Timestamp>,
    /// Whether the report names those without issues.
    told_empty: bool,
}

#[derive(Clone, Default)]
struct Told {
    commitment: Vec<IncomingCommitted>,
    changes: Vec<IncomingScope>,
    holds: Vec<Name<200>>,
}

/// When a sprint began and was closed, as far as it was.
#[derive(Clone, Copy)]
struct Bounds {
    started_at: Option<Time>,
    closed_at: Option<Time>,
}

impl Sprints {
    /// Learns of a sprint, which each document may describe in part.
    pub fn learn(&mut self, sprint: &Sprint) {
        let known = self.known.entry(sprint.id.clone()).or_insert_with(|| sprint.clone());
        known.phase = sprint.phase.or(known.phase);
        known.starts_at = sprint.starts_at.or(known.starts_at);
        known.ends_at = sprint.ends_at.or(known.ends_at);
        known.closed_at = sprint.closed_at.or(known.closed_at);
        if known.goal.is_none() {
            known.goal.clone_from(&sprint.goal);
        }
    }

    pub fn learn_issue(&mut self, issue: &Issue) {
        issue.sprints.iter().for_each(|sprint| self.learn(sprint));
        self.as_of = self.as_of.max(issue.updated_at).max(issue.created_at);
    }

    /// What an issue says of the sprints in which it was. Sprints without dates stay beside it.
    pub fn add(
        &mut self,
        converter: &Converter,
        project: &str,
        issue: &Issue,
        ours: &mut Incoming,
        report: &mut Report,
    ) {
        let changes: Vec<&Change> = issue.changes.iter().filter(|change| change.field == Field::Sprint).collect();
        let ids: BTreeSet<&str> = changes
            .iter()
            .flat_map(|change| change.from.iter().chain(&change.to))
            .filter_map(|named| named.id.as_deref())
            .chain(issue.sprints.iter().map(|sprint| sprint.id.as_str()))
            .collect();
        if ids.is_empty() {
            return;
        }
        if issue.changes.is_empty() && issue.history != History::Whole {
            report.incomplete("no history of sprints: it counts as in its sprints from the beginning", &issue.key);
        }
        let moments = moments(converter, issue, ours);
        let mut without = Vec::new();
        for id in ids {
            match self.bounds(id) {
                Some(bounds) => {
                    let told = self.told.entry((project.to_owned(), id.to_owned())).or_default();
                    told.follow(&ours.source_id, id, &moments, bounds);
                }
                None => without.extend(issue.sprints.iter().find(|sprint| sprint.id == id)),
            }
        }
        if !without.is_empty() {
            report.incomplete("a sprint without its days: kept beside the issue", &issue.key);
            ours.fields.insert("sprints".to_owned(), json!(without));
        }
    }

    /// Names once, after the last issue, the sprints in which none of them was: no team is known for these.
    pub fn tell_empty(&mut self, report: &mut Report) {
        if std::mem::replace(&mut self.told_empty, true) {
            return;
        }
        let told: BTreeSet<&str> = self.told.keys().map(|(_, id)| id.as_str()).collect();
        for sprint in self.known.values().filter(|sprint| !told.contains(sprint.id.as_str())) {
            report.incomplete("a sprint in which none of the issues was: it is not brought over", &sprint.name);
        }
    }

    /// The sprints of some projects together: first those that were closed, in that order, then what runs and is planned.
    pub fn of(&self, projects: &BTreeSet<&str>, report: &mut Report) -> Vec<IncomingSprint> {
        let mut whole: BTreeMap<&str, Told> = BTreeMap::new();
        for ((_, id), told) in self.told.iter().filter(|((project, _), _)| projects.contains(project.as_str())) {
            whole.entry(id).or_default().join(told);
        }
        let incoming = |(id, told): (&str, Told)| self.incoming(id, told, report);
        let mut all: Vec<IncomingSprint> = whole.into_iter().filter_map(incoming).collect();
        all.sort_by_key(|one| (one.closed_at.is_none(), one.closed_at, one.started_at.is_none(), one.first_at));
        all
    }

    fn incoming(&self, id: &str, mut told: Told, report: &mut Report) -> Option<IncomingSprint> {
        let (sprint, bounds) = (self.known.get(id)?, self.bounds(id)?);
        told.changes.sort_by_key(|change| change.at);
        let goal = sprint.goal.as_deref().unwrap_or_default();
        let short_goal = short(goal);
        if *short_goal != *goal.trim() {
            report.incomplete("a goal of a sprint that is too long or has several lines: it is cut", &sprint.name);
        }
        Some(IncomingSprint {
            goal: short_goal,
            first_at: sprint.starts_at.map(Time::from).or(bounds.started_at),
            last_at: sprint.ends_at.or(sprint.closed_at).map(|end| Time(end.as_microsecond() - 1)),
            started_at: bounds.started_at,
            closed_at: bounds.closed_at,
            commitment: told.commitment,
            changes: told.changes,
            holds: told.holds,
            ..IncomingSprint::named(name(id).0?, name(&sprint.name).0.or_else(|| name(id).0)?)
        })
    }

    /// Nothing where it began and no file says when. Without a phase the days decide, as of the latest that is told.
    fn bounds(&self, id: &str) -> Option<Bounds> {
        let sprint = self.known.get(id)?;
        let ended = sprint.closed_at.or(sprint.ends_at);
        let by_days = || match (sprint.starts_at?, ended?) {
            (starts, _) if Some(starts) > self.as_of => Some(Phase::Planned),
            (_, ends) if Some(ends) > self.as_of => Some(Phase::Running),
            _ => Some(Phase::Closed),
        };
        let (started, closed) = match sprint.phase.or_else(by_days)? {
            Phase::Planned => (None, None),
            Phase::Running => (Some(sprint.starts_at?), None),
            Phase::Closed => (Some(sprint.starts_at?), Some(ended?)),
        };
        let bounds = Bounds { started_at: started.map(Time::from), closed_at: closed.map(Time::from) };
        (bounds.closed_at.is_none() || bounds.started_at < bounds.closed_at).then_some(bounds)
    }
}

/// How an issue stood from an instant on.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    at: Time,
    by: Option<Somebody>,
    sprints: Vec<String>,
    estimate: Option<Estimate>,
    category: Category,
}

/// Every instant at which something changed that counts in a sprint, from the creation on.
fn moments(converter: &Converter, issue: &Issue, ours: &Incoming) -> Vec<Moment> {
    let before = trackers::before(issue);
    let start = |field: &Field| before.get(field).cloned().unwrap_or_default();
    let first = ours.visits.first().map_or(ours.state.category, |visit| visit.state.category);
    let mut all = vec![Moment {
        at: ours.created_at,
        by: ours.creator.clone(),
        sprints: ids(&start(&Field::Sprint)),
        estimate: estimate(&start(&Field::Estimate)),
        category: first,
    }];
    let (mut sprints, mut visits) = (start(&Field::Sprint), ours.visits.iter().skip(1).peekable());
    for change in &issue.changes {
        let at = Time::from(change.at).max(ours.created_at);
        let by = change.author.as_ref().and_then(|person| converter.somebody(person));
        let mut moment = Moment { at, by, ..all[all.len() - 1].clone() };
        match change.field {
            Field::Sprint => {
                sprints = trackers::replayed(&sprints, std::iter::once(change)).pop().unwrap_or_default();
                moment.sprints = ids(&sprints);
            }
            Field::Estimate => moment.estimate = estimate(&change.to),
            Field::State => {}
            _ => continue,
        }
        while let Some(visit) = visits.next_if(|visit| visit.from_at <= at) {
            moment.category = visit.state.category;
        }
        match all.last_mut().filter(|last| last.at == at) {
            Some(last) => *last = moment,
            None => all.push(moment),
        }
    }
    for visit in visits {
        all.push(Moment { at: visit.from_at, by: None, category: visit.state.category, ..all[all.len() - 1].clone() });
    }
    all
}

fn ids(sprints: &[Named]) -> Vec<String> {
    sprints.iter().filter_map(|sprint| sprint.id.clone()).collect()
}

fn estimate(values: &[Named]) -> Option<Estimate> {
    values.first().and_then(|value| convert::hundredths(value.name.trim().parse().ok()?))
}

impl Told {
    /// Follows one issue through the sprint. What was done before it began is no part of it, until it is opened again.
    fn follow(
        &mut self,
        issue: &Name<200>,
        sprint: &str,
        moments: &[Moment],
        Bounds { started_at, closed_at }: Bounds,
    ) {
        let is_in = |moment: &Moment| moment.sprints.iter().any(|id| id == sprint);
        let Some(start) = started_at else {
            self.holds.extend(moments.last().filter(|last| is_in(last)).map(|_| issue.clone()));
            return;
        };
        let (mut last, mut skipped, mut place): (Option<&Moment>, bool, Option<IncomingPlace>) = (None, false, None);
        let counts = |moment: &Moment| is_in(moment) && moment.category != Category::Cancelled;
        let at_start = moments.iter().take_while(|moment| moment.at <= start).last();
        if let Some(moment) = at_start {
            skipped = moment.category.is_finished();
            place = (counts(moment) && !skipped).then_some(IncomingPlace { estimate: moment.estimate });
            last = Some(moment);
        }
        if let Some(place) = place {
            self.commitment.push(IncomingCommitted { issue: issue.clone(), estimate: place.estimate, called: None });
        }
        let ends = closed_at.unwrap_or(Time(i64::MAX));
        for moment in moments.iter().filter(|moment| start < moment.at && moment.at < ends) {
            let leaves = place.is_some() && !is_in(moment) && !moment.category.is_finished();
            if leaves && ends.0 - moment.at.0 <= CLOSING {
                break;
            }
            skipped &= moment.category.is_finished();
            let after = (counts(moment) && !skipped).then_some(IncomingPlace { estimate: moment.estimate });
            if after != place {
                let same = last.is_some_and(|last| is_in(last) == is_in(moment));
                self.changes.push(scope(issue, moment, (place, after), same));
            }
            (place, last) = (after, Some(moment));
        }
        let finished = last.is_some_and(|last| last.category.is_finished());
        match (closed_at, place) {
            (Some(at), Some(place)) if !finished => self.changes.push(IncomingScope {
                issue: issue.clone(),
                at,
                by: None,
                kind: Some(Kind::RolledOver),
                before: Some(place),
                after: Some(place),
                called: None,
                reason: Line::default(),
                by_name: None,
            }),
            (Some(_), Some(_)) => self.holds.push(issue.clone()),
            (Some(_), None) => {}
            (None, _) => self.holds.extend(last.filter(|last| is_in(last)).map(|_| issue.clone())),
        }
    }

    fn join(&mut self, other: &Told) {
        self.commitment.extend(other.commitment.iter().cloned());
        self.changes.extend(other.changes.iter().cloned());
        self.holds.extend(other.holds.iter().cloned());
    }
}

type Places = (Option<IncomingPlace>, Option<IncomingPlace>);

fn scope(issue: &Name<200>, moment: &Moment, (before, after): Places, same: bool) -> IncomingScope {
    let kind = match (before, after) {
        (Some(_), None) if same => Some(Kind::Cancelled),
        (None, Some(_)) if same => Some(Kind::Reopened),
        _ => None,
    };
    let (issue, by) = (issue.clone(), moment.by.clone());
    IncomingScope {
        issue,
        at: moment.at,
        by,
        kind,
        before,
        after,
        called: None,
        reason: Line::default(),
        by_name: None,
    }
}

#[cfg(test)]
mod tests;
