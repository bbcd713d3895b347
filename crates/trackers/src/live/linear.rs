//! Linear (GraphQL). A query may cost at most 10,000 points, where each list counts as often as it may have elements, so issues
//! come in small pages, and what is longer than the page of its issue is asked for by itself.
use super::Walk;
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    List(List),
    /// What follows of one issue, and the name of the list.
    More {
        issue: String,
        what: Inner,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum List {
    Teams,
    Users,
    States,
    Cycles,
    Issues,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Inner {
    History,
    Comments,
}

const PERSON: &str = "{ id name displayName email active app }";
const BOT: &str = "{ id name }";
/// Elements of a list within an issue of a page, and within an issue that is asked for by itself.
const FEW: usize = 20;
const MANY: usize = 100;

impl List {
    const ALL: [List; 5] = [List::Teams, List::Users, List::States, List::Cycles, List::Issues];

    fn name(self) -> &'static str {
        match self {
            List::Teams => "teams",
            List::Users => "users",
            List::States => "workflowStates",
            List::Cycles => "cycles",
            List::Issues => "issues",
        }
    }

    fn page(self) -> usize {
        if self == List::Issues { 10 } else { 100 }
    }

    /// Whether only what belongs to some teams can be asked for.
    fn filter(self) -> Option<&'static str> {
        match self {
            List::Teams => Some("TeamFilter"),
            List::Users => None,
            List::States => Some("WorkflowStateFilter"),
            List::Cycles => Some("CycleFilter"),
            List::Issues => Some("IssueFilter"),
        }
    }

    fn fields(self) -> String {
        match self {
            List::Teams => "id key name".to_owned(),
            List::Users => "id name displayName email active app timezone".to_owned(),
            List::States => "id name type team { id key name }".to_owned(),
            List::Cycles => "id number name startsAt endsAt completedAt team { id key name }".to_owned(),
            List::Issues => issue(),
        }
    }
}

impl Inner {
    fn name(self) -> &'static str {
        match self {
            Inner::History => "history",
            Inner::Comments => "comments",
        }
    }

    fn fields(self) -> String {
        match self {
            Inner::History => history(),
            Inner::Comments => format!(
                "id body createdAt updatedAt editedAt user {PERSON} botActor {BOT} parent {{ id }} issue {{ id identifier }}"
            ),
        }
    }
}

fn issue() -> String {
    let [history, comments] = [Inner::History, Inner::Comments].map(|inner| {
        format!("{}(first: {FEW}) {{ nodes {{ {} }} pageInfo {{ endCursor }} }}", inner.name(), inner.fields())
    });
    format!(
        "id identifier number title description priority estimate dueDate url createdAt updatedAt startedAt completedAt
         canceledAt archivedAt previousIdentifiers sortOrder
         state {{ id name type }} team {{ id key name }} creator {PERSON} botActor {BOT} assignee {PERSON}
         parent {{ id identifier }} project {{ id name }} projectMilestone {{ id name }}
         cycle {{ id number name startsAt endsAt completedAt }}
         labels(first: 20) {{ nodes {{ id name }} pageInfo {{ hasNextPage }} }}
         relations(first: 20) {{ nodes {{ id type relatedIssue {{ id identifier }} }} pageInfo {{ hasNextPage }} }}
         inverseRelations(first: 20) {{ nodes {{ id type issue {{ id identifier }} }} }}
         attachments(first: 10) {{ nodes {{ id title url createdAt creator {PERSON} }} }}
         {comments} {history}"
    )
}

fn history() -> String {
    let pair = |field: &str, fields: &str| format!("from{field} {fields} to{field} {fields}");
    let objects = [
        pair("State", "{ id name type }"),
        pair("Assignee", PERSON),
        pair("Cycle", "{ id number name startsAt endsAt completedAt }"),
        pair("Project", "{ id name }"),
        pair("ProjectMilestone", "{ id name }"),
        pair("Parent", "{ id identifier }"),
        pair("Team", "{ id key name }"),
    ];
    let plain = ["Title", "DueDate", "Estimate", "Priority"].map(|field| pair(field, ""));
    format!(
        "id createdAt actor {PERSON} botActor {BOT} {} {} addedLabels {{ id name }} removedLabels {{ id name }}
         archived updatedDescription",
        objects.join(" "),
        plain.join(" ")
    )
}

pub(super) fn begin(walk: &mut Walk) {
    for list in List::ALL {
        ask(walk, list, None);
    }
}

fn ask(walk: &mut Walk, list: List, after: Option<&str>) {
    let (name, first) = (list.name(), list.page());
    let archived = if list == List::Teams { "" } else { ", includeArchived: true" };
    let nodes = format!("{{ nodes {{ {} }} pageInfo {{ hasNextPage endCursor }} }}", list.fields());
    let (query, variables) = match list.filter().filter(|_| !walk.projects.is_empty()) {
        Some(filter) => {
            let keys = json!({ "key": { "in": walk.projects } });
            let of_teams = if list == List::Teams { keys } else { json!({ "team": keys }) };
            let query = format!(
                "query($after: String, $filter: {filter}) {{ {name}(first: {first}, after: $after, filter: $filter{archived}) {nodes} }}"
            );
            (query, json!({ "after": after, "filter": of_teams }))
        }
        None => {
            let query = format!("query($after: String) {{ {name}(first: {first}, after: $after{archived}) {nodes} }}");
            (query, json!({ "after": after }))
        }
    };
    post(walk, Step::List(list), &query, variables);
}

fn ask_more(walk: &mut Walk, issue: &str, what: Inner, after: &str) {
    let query = format!(
        "query($id: String!, $after: String) {{ issue(id: $id) {{ id identifier
         {}(first: {MANY}, after: $after) {{ nodes {{ {} }} pageInfo {{ endCursor }} }} }} }}",
        what.name(),
        what.fields()
    );
    let step = Step::More { issue: issue.to_owned(), what };
    post(walk, step, &query, json!({ "id": issue, "after": after }));
}

fn post(walk: &mut Walk, step: Step, query: &str, variables: Value) {
    let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
    walk.post(super::Step::Linear(step), "/graphql", json!({ "query": query, "variables": variables }));
}

pub(super) fn heard(walk: &mut Walk, step: &Step, answer: &Value) -> Result<(), String> {
    if let Some(error) = answer.pointer("/errors/0/message").and_then(Value::as_str) {
        return Err(format!("Linear answers: {error}"));
    }
    match step {
        Step::List(list) => {
            let page = answer.pointer(&format!("/data/{}", list.name()));
            let page = page.ok_or_else(|| format!("An answer has no list `{}`.", list.name()))?;
            if *list == List::Issues {
                issues(walk, page);
            }
            let more = page.pointer("/pageInfo/hasNextPage").and_then(Value::as_bool) == Some(true);
            if let Some(cursor) = page.pointer("/pageInfo/endCursor").and_then(Value::as_str).filter(|_| more) {
                ask(walk, *list, Some(cursor));
            }
            Ok(())
        }
        Step::More { issue, what } => {
            let found = answer.pointer("/data/issue").ok_or("An answer has no `issue`.")?;
            rest(walk, issue, *what, found, MANY);
            Ok(())
        }
    }
}

fn issues(walk: &mut Walk, page: &Value) {
    for issue in page.get("nodes").and_then(Value::as_array).into_iter().flatten() {
        walk.issues += 1;
        if let Some(id) = issue.get("id").and_then(Value::as_str) {
            rest(walk, id, Inner::History, issue, FEW);
            rest(walk, id, Inner::Comments, issue, FEW);
        }
    }
}

/// A list that is full may go on.
fn rest(walk: &mut Walk, id: &str, what: Inner, issue: &Value, full: usize) {
    let Some(list) = issue.get(what.name()) else { return };
    let here = list.get("nodes").and_then(Value::as_array).map_or(0, Vec::len);
    if let Some(cursor) = list.pointer("/pageInfo/endCursor").and_then(Value::as_str).filter(|_| here >= full) {
        ask_more(walk, id, what, cursor);
    }
}
