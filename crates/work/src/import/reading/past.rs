//! The past of an issue: when it was in which state, and what changed in it.
use super::{
    convert::Converter,
    text::{markdown, name},
};
use crate::{
    import::{IncomingChange, Visit},
    issue::Field,
};
use intake::Report;
use kernel::Time;
use trackers::{Change, Field as Theirs, History, Issue, Named, State};

/// The states in which it was, from its creation to the present one.
pub fn visits(converter: &Converter, issue: &Issue, created_at: Time, report: &mut Report) -> Vec<Visit> {
    let changes: Vec<&Change> = issue.changes.iter().filter(|change| change.field == Theirs::State).collect();
    if changes.is_empty() && issue.history != History::Whole {
        report.incomplete("no history: the time in its state is counted from the last moment that is told", &issue.key);
        return present(converter, issue, created_at);
    }
    if issue.history == History::Partial {
        report.incomplete("a part of the history only", &issue.key);
    }
    let start = trackers::before(issue).remove(&Theirs::State).unwrap_or_default();
    let steps = trackers::replayed(&start, changes.iter().copied());
    let times = std::iter::once(created_at).chain(changes.iter().map(|change| Time::from(change.at)));
    let mut visits: Vec<Visit> = Vec::new();
    for (names, at) in steps.iter().zip(times) {
        let Some(state) = names.first().map(|named| converter.state(&of_name(named))) else { continue };
        let from_at = visits.last().map_or(at, |last| last.from_at.max(at));
        if visits.last().is_none_or(|last| last.state != state) {
            visits.push(Visit { state, team: None, from_at, until_at: None });
        }
    }
    let now = converter.state(&issue.state);
    if visits.last().is_none_or(|last| last.state != now) {
        report.incomplete("a history that does not lead to the state in which it is", &issue.key);
        let last = visits.last().map_or(created_at, |last| last.from_at);
        let at = issue.updated_at.map_or(last, Time::from).max(last);
        visits.push(Visit { state: now, team: None, from_at: at, until_at: None });
    }
    visits
}

/// Only where it is, since it is known to be there.
fn present(converter: &Converter, issue: &Issue, created_at: Time) -> Vec<Visit> {
    let state = converter.state(&issue.state);
    let since = match state.category {
        category if category.is_finished() => issue.finished_at.or(issue.updated_at),
        crate::team::Category::Started => issue.started_at.or(issue.updated_at),
        _ => None,
    };
    vec![Visit { state, team: None, from_at: since.map_or(created_at, Time::from), until_at: None }]
}

fn of_name(named: &Named) -> State {
    State { id: named.id.clone(), name: named.name.clone(), category: None }
}

/// Every change, in words.
pub fn changes(converter: &Converter, issue: &Issue) -> Vec<IncomingChange> {
    issue.changes.iter().map(|change| one(converter, change)).collect()
}

fn one(converter: &Converter, change: &Change) -> IncomingChange {
    let (field, named) = ours(&change.field);
    IncomingChange {
        field,
        named: named.and_then(|text| name(&text).0),
        at: change.at.into(),
        by: change.author.as_ref().and_then(|person| converter.somebody(person)),
        from: markdown(&words(&change.from)).0,
        to: markdown(&words(&change.to)).0,
    }
}

fn words(values: &[Named]) -> String {
    values.iter().map(|value| value.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn ours(field: &Theirs) -> (Field, Option<String>) {
    let former = |name: &str| (Field::Former, Some(name.to_owned()));
    match field {
        Theirs::State => (Field::State, None),
        Theirs::Assignee => (Field::Assignee, None),
        Theirs::Estimate => (Field::Estimate, None),
        Theirs::Priority => (Field::Priority, None),
        Theirs::Label => (Field::Label, None),
        Theirs::Title => (Field::Title, None),
        Theirs::Body => (Field::Body, None),
        Theirs::Due => (Field::Due, None),
        Theirs::Parent => (Field::Parent, None),
        Theirs::Sprint => (Field::Sprint, None),
        Theirs::Component => former("Component"),
        Theirs::Version => former("Version"),
        Theirs::Epic => former("Epic"),
        Theirs::Kind => former("Kind"),
        Theirs::Key => former("Key"),
        Theirs::Project => former("Project"),
        Theirs::Resolution => former("Resolution"),
        Theirs::Link => former("Link"),
        Theirs::Rank => former("Rank"),
        Theirs::Attachment => former("Attachment"),
        Theirs::Archived => former("Archived"),
        Theirs::Other(name) => former(name),
    }
}
