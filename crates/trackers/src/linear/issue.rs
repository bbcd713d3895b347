use super::{LEFT_OUT, change, comment, named, person_at, project, sprint, state};
use crate::{Attachment, History, Issue, Link, LinkKind, Named};
use intake::{Fields, Report};
use serde_json::Value;

/// What follows from other fields, or says more about something else.
const DERIVED: &[&str] = &[
    "team",
    "state",
    "creator",
    "assignee",
    "parent",
    "children",
    "cycle",
    "project",
    "projectMilestone",
    "labels",
    "labelIds",
    "relations",
    "inverseRelations",
    "comments",
    "history",
    "attachments",
    "number",
    "priorityLabel",
    "descriptionState",
    "documentContent",
    "previousIdentifiers",
    "sortOrder",
    "boardOrder",
    "subIssueSortOrder",
    "prioritySortOrder",
    "customerTicketCount",
    "reactionData",
];

pub fn issue(value: &Value, report: &mut Report) -> Issue {
    let fields = Fields::of(value);
    let mut issue = plain(&fields);
    issue.comments = nodes(&fields, "comments").iter().map(|one| comment(one, report)).collect();
    if fields.at("history").is_there() {
        issue.changes = change::changes(&nodes(&fields, "history"), report);
        issue.history = History::Whole;
    }
    for name in ["comments", "history", "relations", "labels"] {
        if fields.at(name).at("pageInfo").flag("hasNextPage") == Some(true) {
            report.incomplete(&format!("an issue with more {name} than the document holds"), &issue.key);
            issue.history = if name == "history" { History::Partial } else { issue.history };
        }
    }
    let known = [LEFT_OUT, DERIVED].concat();
    let unread = fields.unread(&known);
    let kept = value.as_object().into_iter().flatten().filter(|(name, _)| unread.contains(name.as_str()));
    issue.beside = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    report.add("issue", &fields, &known);
    issue
}

fn plain(fields: &Fields<'_>) -> Issue {
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let cycle = fields.at("cycle");
    let milestone = fields.at("projectMilestone");
    let of_project = fields.at("project");
    let creator = person_at(fields, "creator").or_else(|| person_at(fields, "botActor"));
    let (completed, cancelled) = (fields.instant("completedAt"), fields.instant("canceledAt"));
    Issue {
        id: fields.id("id").unwrap_or_default(),
        key: text("identifier").unwrap_or_default(),
        project: Some(fields.at("team")).filter(Fields::is_there).map(|team| project(&team)),
        title: text("title").unwrap_or_default(),
        body: text("description").unwrap_or_default(),
        state: state(&fields.at("state")),
        reporter: creator.clone(),
        creator,
        assignees: person_at(fields, "assignee").into_iter().collect(),
        priority: fields.integer("priority").and_then(priority),
        estimate: fields.number("estimate"),
        labels: nodes(fields, "labels").iter().filter_map(|label| label.text("name").map(str::to_owned)).collect(),
        components: of_project.text("name").map(str::to_owned).into_iter().collect(),
        versions: milestone.text("name").map(|name| Named::new(milestone.id("id"), name)).into_iter().collect(),
        due_on: text("dueDate").and_then(|day| day.parse().ok()),
        parent: named(&fields.at("parent")),
        links: links(fields),
        sprints: Some(cycle).filter(|cycle| cycle.has("id")).map(|cycle| sprint(&cycle)).into_iter().collect(),
        created_at: fields.instant("createdAt"),
        updated_at: fields.instant("updatedAt"),
        started_at: fields.instant("startedAt"),
        finished_at: completed.or(cancelled),
        archived: fields.instant("archivedAt").is_some(),
        attachments: nodes(fields, "attachments").iter().filter_map(attachment).collect(),
        ..Issue::default()
    }
}

/// Linear's five priorities; 0 is none.
pub fn priority(number: i64) -> Option<Named> {
    let names = ["Urgent", "High", "Medium", "Low"];
    let name = names.get(usize::try_from(number.checked_sub(1)?).ok()?)?;
    Some(Named::new(Some(number.to_string()), *name))
}

fn links(fields: &Fields<'_>) -> Vec<Link> {
    let of = |list: &str, other: &str, forward: bool| {
        let all = nodes(fields, list);
        let link = |one: &Fields<'_>| {
            let kind = match (one.text("type").unwrap_or_default(), forward) {
                ("blocks", true) => LinkKind::Blocks,
                ("blocks", false) => LinkKind::BlockedBy,
                ("duplicate", true) => LinkKind::Duplicates,
                ("duplicate", false) => LinkKind::DuplicatedBy,
                ("related" | "similar", _) => LinkKind::Relates,
                (words, _) => LinkKind::Other(words.to_owned()),
            };
            Some(Link { kind, other: named(&one.at(other))? })
        };
        all.iter().filter_map(link).collect::<Vec<_>>()
    };
    [of("relations", "relatedIssue", true), of("inverseRelations", "issue", false)].concat()
}

fn attachment(fields: &Fields<'_>) -> Option<Attachment> {
    let name = fields.text("title").or_else(|| fields.text("url"))?.to_owned();
    let address = fields.text("url").map(str::to_owned);
    Some(Attachment {
        name,
        address,
        bytes: None,
        author: person_at(fields, "creator"),
        at: fields.instant("createdAt"),
    })
}

/// The nodes of a connection, or of a plain list as some dumps have it.
pub fn nodes<'v>(fields: &Fields<'v>, name: &str) -> Vec<Fields<'v>> {
    let direct = fields.list(name);
    if direct.is_empty() { fields.at(name).list("nodes") } else { direct }
}
