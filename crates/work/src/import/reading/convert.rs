//! An issue of a tracker in the words of this program.
use super::{
    mapping::{FieldMapping, Mapping, PersonMapping},
    past,
    text::{markdown, name, short, texts},
};
use crate::{
    estimate::Estimate,
    import::{Here, Incoming, IncomingNote, IncomingRelation, IncomingState, Other, Somebody, Visit},
    issue::{Direction, Priority},
    team::Category,
};
use intake::Report;
use kernel::{
    Json, Time, json,
    text::{Email, Markdown, Name},
};
use std::collections::{BTreeMap, BTreeSet};
use trackers::{Comment, Field, Issue, IssueName, Link, LinkKind, Person, State, Task};

/// What the names of a source stand for.
pub struct Converter {
    mapping: Mapping,
    /// What states mean, by their ids and by their names.
    by_id: BTreeMap<String, Votes>,
    by_name: BTreeMap<String, Votes>,
    /// By project, then by id and name.
    used: BTreeMap<String, BTreeMap<(Option<String>, String), State>>,
}

/// How often a state was said to be of a category, as files may contradict each other.
#[derive(Default)]
struct Votes(BTreeMap<Category, u64>);

/// The list of states of a tracker outvotes what stands in its issues.
const LISTED: u64 = 1 << 40;

impl Votes {
    fn add(&mut self, category: Category, weight: u64) {
        *self.0.entry(category).or_default() += weight;
    }

    fn most(&self) -> Option<Category> {
        self.0.iter().max_by_key(|(_, votes)| **votes).map(|(category, _)| *category)
    }
}

/// An issue that is being converted: what has no place goes beside, and is told.
struct Draft<'r> {
    key: String,
    labels: Vec<Name<40>>,
    beside: serde_json::Map<String, Json>,
    report: &'r mut Report,
}

impl Draft<'_> {
    fn lost(&mut self, what: &str) {
        self.report.incomplete(what, &self.key);
    }

    fn keep(&mut self, name: &str, value: Json) {
        self.report.incomplete(&format!("{name}: nothing here holds it; kept beside the issue"), &self.key);
        self.beside.insert(name.to_owned(), value);
    }
}

impl Converter {
    pub fn new(mapping: Mapping) -> Converter {
        Converter { mapping, by_id: BTreeMap::new(), by_name: BTreeMap::new(), used: BTreeMap::new() }
    }

    /// Learns what a state means from an issue that is in it.
    pub fn learn(&mut self, state: &State) {
        self.vote(state, 1);
    }

    /// Learns what a state means from the tracker's list of them.
    pub fn learn_listed(&mut self, state: &State) {
        self.vote(state, LISTED);
    }

    fn vote(&mut self, state: &State, weight: u64) {
        let Some(category) = state.category.map(ours) else { return };
        self.by_name.entry(state.name.clone()).or_default().add(category, weight);
        if let Some(id) = &state.id {
            self.by_id.entry(id.clone()).or_default().add(category, weight);
        }
    }

    /// Says of which states the files contradict each other.
    pub fn tell(&self, report: &mut Report) {
        const SAID: &str = "a state that the files count among different categories: the list of states counts, then what most issues say";
        for (id, _) in self.by_id.iter().filter(|(_, votes)| votes.0.len() > 1) {
            report.incomplete(SAID, id);
        }
    }

    pub fn used(&mut self, project: &str, state: &State) {
        let known = self.used.entry(project.to_owned()).or_default();
        known.entry((state.id.clone(), state.name.clone())).or_insert_with(|| state.clone());
    }

    pub fn states_of(&self, project: &str) -> Vec<IncomingState> {
        let used = self.used.get(project).into_iter().flat_map(BTreeMap::values);
        used.map(|state| self.state(state)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// As it was settled, else as the source says, else as its name sounds.
    pub fn state(&self, state: &State) -> IncomingState {
        let by_id = state.id.as_ref().and_then(|id| self.by_id.get(id)).and_then(Votes::most);
        let by_name = || self.by_name.get(&state.name).and_then(Votes::most);
        let known = by_id.or(state.category.map(ours)).or_else(by_name);
        let mut category = known.unwrap_or_else(|| sounds(&state.name));
        let mut own: Option<Name<40>> = name(&state.name).0;
        let settled = &self.mapping.states;
        if let Some(said) = settled.get(&state.name).or_else(|| settled.get(&**own.as_ref()?)) {
            category = said.category.unwrap_or(category);
            own = said.name.as_ref().and_then(|said| name(said).0).or(own);
        }
        IncomingState { name: own.unwrap_or_else(unnamed), category }
    }

    /// Nobody where neither an id nor a name is left.
    pub fn somebody(&self, person: &Person) -> Option<Somebody> {
        let own = person.id.as_ref().or(person.mail.as_ref()).unwrap_or(&person.name);
        let id = name(own).0?;
        let said = [person.id.as_ref(), person.mail.as_ref(), Some(&person.name)];
        let said = said.into_iter().flatten().find_map(|known| self.mapping.people.get(known));
        let own: Option<Email> = person.mail.as_ref().and_then(|mail| mail.parse().ok());
        let (mail, here) = match said {
            None => (own, None),
            Some(PersonMapping::Mail(mail)) => (Some(mail.clone()), None),
            Some(PersonMapping::Person(person)) => (own, Some(Here::Person(*person))),
            Some(PersonMapping::Nobody) => (own, Some(Here::Nobody)),
        };
        let shown = name(&person.name).0.or_else(|| name(&id).0)?;
        Some(Somebody { id, name: shown, mail: mail.map(|mail| short(&mail)), here })
    }

    pub fn incoming(&self, issue: &mut Issue, report: &mut Report) -> Incoming {
        let (id, key) = (issue.id.clone(), issue.key.clone());
        let beside = std::mem::take(&mut issue.beside);
        let issue = &*issue;
        let mut draft = Draft { key: key.clone(), labels: Vec::new(), beside, report };
        let created_at = created(issue, &mut draft);
        self.labels(issue, &mut draft);
        let title = title(issue, &mut draft);
        let body = body(issue, &mut draft);
        let visits = past::visits(self, issue, created_at, draft.report);
        let (parent, priority) = (parent(issue, &mut draft), self.priority(issue, &mut draft));
        let relations = relations(issue, created_at, &mut draft);
        let estimate = estimate(issue, &mut draft);
        let creator = issue.creator.as_ref().or(issue.reporter.as_ref());
        let creator = creator.and_then(|person| self.somebody(person));
        let notes = self.notes(issue, created_at, &mut draft);
        kept(issue, &mut draft);
        Incoming {
            source_id: name(&id).0.or_else(|| name(&key).0).unwrap_or_else(unnamed),
            key: name(&key).0.or_else(|| name(&id).0).unwrap_or_else(unnamed),
            title,
            state: self.state(&issue.state),
            state_since: None,
            assignee: issue.assignees.first().and_then(|person| self.somebody(person)),
            creator,
            priority,
            estimate,
            due_on: issue.due_on,
            labels: draft.labels,
            shared_labels: Vec::new(),
            parent,
            relations,
            rank: None,
            created_at,
            updated_at: issue.updated_at.map_or(created_at, Time::from),
            opened_at: opened(&visits),
            started_at: issue.started_at.map(Time::from).or_else(|| began(&visits)),
            finished_at: issue.finished_at.map(Time::from),
            deleted_at: None,
            former_keys: former_keys(issue),
            visits,
            changes: past::changes(self, issue),
            notes,
            custom: Vec::new(),
            fields: draft.beside,
            origins: Vec::new(),
            body,
        }
    }

    fn priority(&self, issue: &Issue, draft: &mut Draft<'_>) -> Priority {
        let Some(theirs) = &issue.priority else { return Priority::None };
        let ours = self.mapping.priority(theirs.id.as_deref(), &theirs.name);
        let exact = ours.is_some_and(|ours| ours.word().eq_ignore_ascii_case(&theirs.name));
        if !exact {
            draft.keep("priority", json!(theirs.name));
        }
        ours.unwrap_or_default()
    }

    fn labels(&self, issue: &Issue, draft: &mut Draft<'_>) {
        let mut all: Vec<String> = issue.labels.clone();
        let known = [("kind", issue.kind.iter().cloned().collect()), ("components", issue.components.clone())];
        for (field, values) in known {
            self.field(field, values, &mut all, draft);
        }
        let settled: Vec<String> =
            self.mapping.fields.keys().filter(|name| draft.beside.contains_key(*name)).cloned().collect();
        for field in settled {
            if self.mapping.field(&field) == FieldMapping::Beside {
                continue;
            }
            let values = draft.beside.remove(&field).map(|value| texts(&value)).unwrap_or_default();
            self.field(&field, values, &mut all, draft);
        }
        let mut seen = BTreeSet::new();
        for label in all {
            let (short, went) = name::<40>(&label);
            if went {
                draft.keep("labels", json!(issue.labels));
            }
            draft.labels.extend(short.filter(|label| seen.insert(people::person::folded(label))));
        }
    }

    fn field(&self, name: &str, values: Vec<String>, labels: &mut Vec<String>, draft: &mut Draft<'_>) {
        if values.is_empty() {
            return;
        }
        match self.mapping.field(name) {
            FieldMapping::Labels => labels.extend(values),
            FieldMapping::Beside => draft.keep(name, json!(values)),
            FieldMapping::LeaveOut => draft.lost(&format!("{name}: left out, as it was settled")),
        }
    }

    /// What only some may read there is not brought to where all colleagues read it.
    fn notes(&self, issue: &Issue, created_at: Time, draft: &mut Draft<'_>) -> Vec<IncomingNote> {
        let mut notes = Vec::new();
        for (place, comment) in issue.comments.iter().enumerate() {
            if comment.only_for.is_some() {
                draft.lost("a comment that only some may read there: left out");
                continue;
            }
            notes.push(self.note(place, comment, created_at, draft));
        }
        notes
    }

    fn note(&self, place: usize, comment: &Comment, created_at: Time, draft: &mut Draft<'_>) -> IncomingNote {
        let (body, went) = markdown(&comment.body);
        if went {
            draft.lost(CLEANED);
        }
        if comment.created_at.is_none() {
            draft.lost("a comment without its time: it has that of the issue");
        }
        let at = comment.created_at.map_or(created_at, Time::from);
        let own = comment.id.as_ref().and_then(|id| name(id).0);
        IncomingNote {
            source_id: own.or_else(|| name(&format!("{place:06}")).0).unwrap_or_else(unnamed),
            by: comment.author.as_ref().and_then(|person| self.somebody(person)),
            at,
            edited_at: comment.updated_at.map(Time::from).filter(|edited| *edited > at),
            body,
        }
    }
}

const CLEANED: &str = "a text that is too long or holds characters that deceive: those are left out";

fn unnamed<const MOST: usize>() -> Name<MOST> {
    "Without a name".to_owned().try_into().expect("the words fit every place that has a name")
}

fn ours(category: trackers::Category) -> Category {
    match category {
        trackers::Category::Triage => Category::Triage,
        trackers::Category::Backlog => Category::Backlog,
        trackers::Category::Unstarted => Category::Unstarted,
        trackers::Category::Started => Category::Started,
        trackers::Category::Done => Category::Done,
        trackers::Category::Cancelled => Category::Cancelled,
    }
}

/// For states of the past that the source does not know any more.
fn sounds(name: &str) -> Category {
    match name.to_lowercase().as_str() {
        "triage" | "new" => Category::Triage,
        "backlog" => Category::Backlog,
        "open" | "reopened" | "to do" | "todo" | "ready" | "planned" => Category::Unstarted,
        "done" | "closed" | "resolved" | "complete" | "completed" | "released" | "fixed" => Category::Done,
        "cancelled" | "canceled" | "won't do" | "duplicate" | "rejected" => Category::Cancelled,
        _ => Category::Started,
    }
}

fn created(issue: &Issue, draft: &mut Draft<'_>) -> Time {
    let first = issue.changes.first().map(|change| change.at);
    if issue.created_at.is_none() {
        draft.lost("without the time of its creation: the first time that is known stands for it");
    }
    issue.created_at.or(first).or(issue.updated_at).map_or(Time(0), Time::from)
}

fn title(issue: &Issue, draft: &mut Draft<'_>) -> Name<300> {
    let (title, went) = name(&issue.title);
    if went {
        draft.keep("title", json!(issue.title));
    }
    title.or_else(|| name(&issue.key).0).unwrap_or_else(unnamed)
}

/// The description, with the checklist below it.
fn body(issue: &Issue, draft: &mut Draft<'_>) -> Markdown {
    let line = |task: &Task| format!("- [{}] {}", if task.done { 'x' } else { ' ' }, task.text.replace('\n', " "));
    let list = issue.checklist.iter().map(line).collect::<Vec<_>>().join("\n");
    let parts = [issue.body.as_str(), list.as_str()];
    let whole = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    let (body, went) = markdown(&whole);
    if went {
        draft.lost(CLEANED);
        draft.beside.insert("body".to_owned(), json!(whole));
    }
    body
}

fn other(name: &IssueName) -> Option<Other> {
    let other = Other {
        id: name.id.as_deref().map(short).unwrap_or_default(),
        key: name.key.as_deref().map(short).unwrap_or_default(),
    };
    (other != Other::default()).then_some(other)
}

fn parent(issue: &Issue, draft: &mut Draft<'_>) -> Option<Other> {
    let (parent, epic) = (issue.parent.as_ref().and_then(other), issue.epic.as_ref().and_then(other));
    if let (Some(parent), Some(epic)) = (&parent, &epic)
        && parent != epic
    {
        draft.keep("epic", json!(epic));
    }
    parent.or(epic)
}

fn relations(issue: &Issue, created_at: Time, draft: &mut Draft<'_>) -> Vec<IncomingRelation> {
    let mut relations: Vec<IncomingRelation> = Vec::new();
    for link in &issue.links {
        let direction = match &link.kind {
            LinkKind::Blocks => Direction::Blocks,
            LinkKind::BlockedBy => Direction::BlockedBy,
            LinkKind::Duplicates => Direction::Duplicates,
            LinkKind::DuplicatedBy => Direction::DuplicatedBy,
            LinkKind::Relates => Direction::Relates,
            LinkKind::Other(words) => {
                draft.lost(&format!("a relation of a kind that is not here, {words}: it relates to the other issue"));
                if let Json::Array(links) = draft.beside.entry("links").or_insert_with(|| json!([])) {
                    links.push(json!({ "kind": words, "other": link.other }));
                }
                Direction::Relates
            }
        };
        let Some(other) = other(&link.other) else { continue };
        let since = linked_at(issue, link).unwrap_or(created_at);
        relations.push(IncomingRelation { direction, other, since });
    }
    relations
}

/// When the history says that it began.
fn linked_at(issue: &Issue, link: &Link) -> Option<Time> {
    let key = link.other.key.as_deref()?;
    let links = issue.changes.iter().filter(|change| change.field == Field::Link);
    let named = |value: &trackers::Named| value.id.as_deref() == Some(key) || value.name.contains(key);
    links.filter(|change| change.to.iter().any(named)).map(|change| Time::from(change.at)).next_back()
}

fn estimate(issue: &Issue, draft: &mut Draft<'_>) -> Option<Estimate> {
    let theirs = issue.estimate?;
    let ours = hundredths(theirs);
    if ours.is_none_or(|ours| (ours.0 as f64 / 100.0 - theirs).abs() > f64::EPSILON) {
        draft.keep("estimate", json!(theirs));
    }
    ours
}

/// An estimate as this program keeps it, if it is none below zero or beyond all measure.
pub(super) fn hundredths(theirs: f64) -> Option<Estimate> {
    let hundredths = (theirs * 100.0).round();
    (0.0..=1_000_000.0).contains(&hundredths).then_some(Estimate(hundredths as i64))
}

/// When it was last open again after it was finished.
fn opened(visits: &[Visit]) -> Option<Time> {
    let again = visits.windows(2).rev();
    let again = again.filter(|pair| pair[0].state.category.is_finished() && !pair[1].state.category.is_finished());
    again.map(|pair| pair[1].from_at).next()
}

/// When work on it began first; when it was finished where nobody said that it was begun.
fn began(visits: &[Visit]) -> Option<Time> {
    let came = |fits: fn(Category) -> bool| visits.iter().find(|visit| fits(visit.state.category));
    let began = came(|category| category == Category::Started).or_else(|| came(Category::is_finished));
    began.map(|visit| visit.from_at)
}

/// Keys that it had in other projects.
fn former_keys(issue: &Issue) -> Vec<Name<100>> {
    let changes = issue.changes.iter().filter(|change| change.field == Field::Key);
    let keys: BTreeSet<&str> = changes.flat_map(|change| &change.from).map(|value| value.name.as_str()).collect();
    keys.into_iter().filter(|key| *key != issue.key).filter_map(|key| name(key).0).collect()
}

/// Known fields for which there is no place.
fn kept(issue: &Issue, draft: &mut Draft<'_>) {
    if issue.assignees.len() > 1 {
        draft.keep("assignees", json!(issue.assignees));
    }
    if issue.creator.is_some() && issue.reporter.is_some() && issue.creator != issue.reporter {
        draft.keep("reporter", json!(issue.reporter));
    }
    if !issue.versions.is_empty() {
        draft.keep("versions", json!(issue.versions));
    }
    if !issue.attachments.is_empty() {
        draft.keep("attachments", json!(issue.attachments));
    }
    if let Some(resolution) = &issue.resolution {
        draft.keep("resolution", json!(resolution));
    }
    if issue.archived {
        draft.keep("archived", json!(true));
    }
}
