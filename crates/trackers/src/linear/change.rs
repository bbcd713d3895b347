use super::{
    LEFT_OUT,
    issue::{nodes, priority},
    person_at, value_at,
};
use crate::{Change, Field, Named};
use intake::{Fields, Report};

/// One entry of a history holds a pair of fields for each thing that changed with it.
pub fn changes(histories: &[Fields<'_>], report: &mut Report) -> Vec<Change> {
    let mut all: Vec<Change> = histories.iter().flat_map(|entry| of_entry(entry, report)).collect();
    all.sort_by_key(|change| change.at);
    all
}

fn of_entry(entry: &Fields<'_>, report: &mut Report) -> Vec<Change> {
    let author = person_at(entry, "actor").or_else(|| person_at(entry, "botActor"));
    let id = entry.id("id");
    let at = entry.instant("createdAt");
    let pairs = [objects(entry), plain(entry), lists(entry)].concat();
    report.add("change", entry, &[LEFT_OUT, &["actor", "actorId", "botActor", "updatedAt", "issue"]].concat());
    let Some(at) = at else { return Vec::new() };
    let change = |(field, from, to)| Change { id: id.clone(), at, author: author.clone(), field, from, to };
    pairs.into_iter().map(change).collect()
}

type Pair = (Field, Vec<Named>, Vec<Named>);

fn objects(entry: &Fields<'_>) -> Vec<Pair> {
    let pairs = [
        (Field::State, "fromState", "toState"),
        (Field::Assignee, "fromAssignee", "toAssignee"),
        (Field::Sprint, "fromCycle", "toCycle"),
        (Field::Component, "fromProject", "toProject"),
        (Field::Version, "fromProjectMilestone", "toProjectMilestone"),
        (Field::Parent, "fromParent", "toParent"),
        (Field::Project, "fromTeam", "toTeam"),
    ];
    let pair = |(field, from, to)| (field, value_at(entry, from), value_at(entry, to));
    pairs.into_iter().map(pair).filter(|(_, from, to)| from != to).collect()
}

fn plain(entry: &Fields<'_>) -> Vec<Pair> {
    let text = |name: &str| entry.text(name).map(|text| Named::new(None, text)).into_iter().collect::<Vec<_>>();
    let number =
        |name: &str| entry.number(name).map(|number| Named::new(None, number.to_string())).into_iter().collect();
    let urgency = |name: &str| entry.number(name).and_then(|number| priority(number as i64)).into_iter().collect();
    let flag = |name: &str, is: bool| entry.flag(name).filter(|said| *said == is).map(|_| Named::new(None, "yes"));
    let pairs = [
        (Field::Title, text("fromTitle"), text("toTitle")),
        (Field::Due, text("fromDueDate"), text("toDueDate")),
        (Field::Estimate, number("fromEstimate"), number("toEstimate")),
        (Field::Priority, urgency("fromPriority"), urgency("toPriority")),
        (Field::Archived, flag("archived", false).into_iter().collect(), flag("archived", true).into_iter().collect()),
    ];
    pairs.into_iter().filter(|(_, from, to)| from != to).collect()
}

fn lists(entry: &Fields<'_>) -> Vec<Pair> {
    let labels = |name: &str| {
        let named = |label: &Fields<'_>| label.text("name").map(|name| Named::new(None, name));
        nodes(entry, name).iter().filter_map(named).collect::<Vec<_>>()
    };
    let (gone, come) = (labels("removedLabels"), labels("addedLabels"));
    let moved = entry.text("fromIdentifier").zip(entry.text("toIdentifier"));
    let key = moved.map(|(from, to)| (Field::Key, vec![Named::new(None, from)], vec![Named::new(None, to)]));
    let labels = (gone != come).then_some((Field::Label, gone, come));
    labels.into_iter().chain(key).collect()
}
