//! What an issue was like before, from what it is and what changed.
use crate::{Change, Field, Issue, Named, Person, Sprint};
use std::collections::BTreeMap;

/// The values of each field that is known or ever changed.
pub type Before = BTreeMap<Field, Vec<Named>>;

/// The values with which an issue was created: the present ones, with every change undone from the last to the first.
pub fn before(issue: &Issue) -> Before {
    let mut values = present(issue);
    for change in issue.changes.iter().rev() {
        values.insert(change.field.clone(), undone(values.get(&change.field), change));
    }
    values
}

/// The values of a field after each change of it, beginning with those at the creation.
pub fn replayed<'c>(start: &[Named], changes: impl Iterator<Item = &'c Change>) -> Vec<Vec<Named>> {
    let mut steps = vec![start.to_vec()];
    for change in changes {
        let last = steps.last().expect("the start is there");
        steps.push(done(last, change));
    }
    steps
}

fn done(values: &[Named], change: &Change) -> Vec<Named> {
    exchanged(values, &change.from, &change.to, change.field.several())
}

fn undone(values: Option<&Vec<Named>>, change: &Change) -> Vec<Named> {
    exchanged(values.map_or(&[], Vec::as_slice), &change.to, &change.from, change.field.several())
}

/// Takes `gone` away and adds `come`; a field of one value just becomes `come`.
fn exchanged(values: &[Named], gone: &[Named], come: &[Named], several: bool) -> Vec<Named> {
    if !several {
        return come.to_vec();
    }
    let mut after: Vec<Named> =
        values.iter().filter(|value| !gone.iter().any(|one| one.same(value))).cloned().collect();
    for value in come {
        if !after.iter().any(|one| one.same(value)) {
            after.push(value.clone());
        }
    }
    after
}

fn present(issue: &Issue) -> Before {
    let one = |name: &str| vec![Named::new(None, name)];
    let person = |person: &Person| Named::new(person.id.clone(), &person.name);
    let sprint = |sprint: &Sprint| Named::new(Some(sprint.id.clone()), &sprint.name);
    let known = [
        (Field::State, vec![Named::new(issue.state.id.clone(), &issue.state.name)]),
        (Field::Assignee, issue.assignees.iter().map(person).collect()),
        (Field::Sprint, issue.sprints.iter().map(sprint).collect()),
        (Field::Estimate, issue.estimate.iter().map(|estimate| Named::new(None, estimate.to_string())).collect()),
        (Field::Priority, issue.priority.iter().cloned().collect()),
        (Field::Label, issue.labels.iter().map(|label| Named::new(None, label)).collect()),
        (Field::Component, issue.components.iter().map(|name| Named::new(None, name)).collect()),
        (Field::Version, issue.versions.clone()),
        (Field::Title, one(&issue.title)),
        (Field::Kind, issue.kind.iter().map(|kind| Named::new(None, kind)).collect()),
        (Field::Due, issue.due_on.iter().map(|due| Named::new(None, due.to_string())).collect()),
        (Field::Resolution, issue.resolution.iter().map(|name| Named::new(None, name)).collect()),
        (Field::Key, one(&issue.key)),
    ];
    known.into_iter().collect()
}
