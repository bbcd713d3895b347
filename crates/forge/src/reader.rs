//! From a JSON value to records: what it is, what of it is understood, and what becomes of the rest.
use crate::{
    Kind, Place, Record, Report, Role, System, account,
    context::{Context, place_of},
    exchange, github, gitlab,
    report::Thing,
    rules::{Object, Shape, at, id, items, text_at},
    webhook,
};
use intake::{
    Error, Result, plain,
    stream::{Content, Document, Limits, Options, read_bytes},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    io::Read,
    mem::take,
};

/// What an object is.
pub(crate) enum Found {
    Shape(&'static Shape),
    /// GitLab's list of who approved.
    Approvals,
    /// Known by sight, and not taken over.
    NotTaken(String),
    /// Perhaps something that holds records.
    Unknown,
}

/// Reads files of one system, and keeps count.
pub struct Reader {
    system: System,
    report: Report,
    file: String,
    out: Vec<Record>,
    /// Accounts and repositories stand in every answer again; those that were told already, by hash.
    told: HashSet<u64>,
    /// What was said under each id of our own making within one document, by hash, so that two are told apart.
    unnamed: HashMap<String, Vec<u64>>,
    home: Place,
    elsewhere: fn(&Value) -> bool,
}

const LIMITS: Limits = Limits { document: 32 << 20, parts: 2_000_000, expanded: 16 << 30, files: 1_000_000 };
const DEEPEST: usize = 60;
const MOST_TOLD: usize = 1_000_000;

impl Reader {
    /// `home` is the repository of what does not say where it belongs.
    pub fn new(system: System, home: Place) -> Reader {
        let (report, file) = (Report::default(), String::new());
        Reader {
            system,
            report,
            file,
            out: Vec::new(),
            told: HashSet::new(),
            unnamed: HashMap::new(),
            home,
            elsewhere: |_| false,
        }
    }

    /// Does not name as not taken over what another reader takes, such as builds.
    pub fn beside(self, elsewhere: fn(&Value) -> bool) -> Reader {
        Reader { elsewhere, ..self }
    }

    /// Reads one file, of any of the forms that [`intake::stream`] knows. An error is in the report as well.
    pub fn read(&mut self, file: &str, bytes: impl Read, each: &mut dyn FnMut(Record)) -> Result<()> {
        self.begin(file);
        let options = Options { lists: &[], limits: LIMITS };
        let read = read_bytes(file, bytes, &options, &mut |document| {
            self.document(document).into_iter().for_each(&mut *each);
            Ok(())
        });
        read.inspect_err(|error| self.problem(error.clone()))
    }

    /// Reads a document of a file. Those of one file come one after the other.
    pub fn document(&mut self, document: Document) -> Vec<Record> {
        if self.file != document.file {
            self.begin(&document.file);
        }
        let Content::Json(value) = document.content else {
            if self.report.passed_over.last() != Some(&self.file) {
                self.report.passed_over.push(self.file.clone());
            }
            return Vec::new();
        };
        self.unnamed.clear();
        let home = Context { place: self.home.clone(), ..Context::default() };
        let around = plain(Value::Object(document.around));
        let input = around.as_object().cloned().unwrap_or_default();
        self.value(plain(value), &home.of_row(document.address.as_deref(), &input));
        take(&mut self.out)
    }

    /// Reads one value, such as the body of a webhook.
    pub fn read_value(&mut self, value: Value) -> Vec<Record> {
        self.unnamed.clear();
        self.value(plain(value), &Context { place: self.home.clone(), ..Context::default() });
        take(&mut self.out)
    }

    /// Notes that a file could not be read to its end.
    pub fn problem(&mut self, error: Error) {
        self.report.problems.push(error);
    }

    fn begin(&mut self, file: &str) {
        self.file = file.to_owned();
        self.report.files += 1;
    }

    pub fn report(&self) -> &Report {
        &self.report
    }

    fn value(&mut self, value: Value, context: &Context) {
        match &value {
            Value::Array(all) => all.iter().for_each(|one| self.visit(one, context)),
            one => self.visit(one, context),
        }
    }

    pub(crate) fn visit(&mut self, value: &Value, context: &Context) {
        if context.depth > DEEPEST {
            return self.left("something nested too deep");
        }
        match value {
            Value::Array(all) => all.iter().for_each(|one| self.visit(one, &context.deeper())),
            Value::Object(object) => self.object(value, object, context),
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            _ => self.left("a text or a number that stands alone"),
        }
    }

    fn object(&mut self, value: &Value, object: &Object, context: &Context) {
        if let Some(inner) = exchange::open(object, context) {
            return inner.into_iter().for_each(|(value, context)| self.visit(value, &context));
        }
        if webhook::is_webhook(object) {
            return match self.system {
                System::GitHub => webhook::github(self, object, context),
                System::GitLab => webhook::gitlab(self, value, object, context),
            };
        }
        let found = match self.system {
            System::GitHub => github::recognise(object, context),
            System::GitLab => gitlab::recognise(object, context),
        };
        match found {
            Found::Shape(shape) => {
                self.take(shape, object, context);
            }
            Found::Approvals => webhook::approvals(self, object, context),
            Found::NotTaken(_) | Found::Unknown if (self.elsewhere)(value) => {}
            Found::NotTaken(name) => self.left(&name),
            Found::Unknown => self.inside(object, context),
        }
    }

    /// Looks for records inside of something that is none.
    fn inside(&mut self, object: &Object, context: &Context) {
        let mut deeper = context.deeper();
        let (place, number) = belongs(object, context);
        (deeper.place, deeper.number) = (place, number);
        let (nested, plain): (Vec<_>, Vec<_>) =
            object.iter().partition(|(_, value)| value.is_object() || value.is_array());
        nested.iter().for_each(|(_, value)| self.visit(value, &deeper));
        let names: Vec<&str> =
            plain.iter().map(|(name, _)| name.as_str()).filter(|name| !is_address(name)).take(6).collect();
        match (names.is_empty(), nested.is_empty()) {
            (true, _) => {}
            (_, true) => self.left(&format!("not recognised: {}", names.join(", "))),
            (_, false) => self.left(&format!("around records: {}", names.join(", "))),
        }
    }

    /// Reads an object as what it was recognised to be, and what belongs to it.
    pub(crate) fn take(&mut self, shape: &'static Shape, object: &Object, context: &Context) -> Option<usize> {
        let (mut fields, mut sifted) = understood(shape, object);
        if let (Kind::Comment, Some(reviewer), false) = (shape.kind, &context.reviewer, fields.contains_key("author")) {
            fields.insert("author".into(), reviewer.clone());
        }
        let (place, number) = belongs(object, context);
        let reviewer = fields.get("author").filter(|_| shape.kind == Kind::Review).cloned();
        let within = Context { place: place.clone(), number, reviewer, ..context.deeper() };
        let mut children = Vec::new();
        let mut aside = Object::new();
        for (name, value) in object {
            match items(value).filter(|_| shape.children.contains(&name.as_str())) {
                Some(all) if all.iter().all(|one| one.is_object()) => children.extend(all),
                _ => {
                    if let Some(kept) = sifted.sift(name, name, value) {
                        aside.insert(name.clone(), kept);
                    }
                }
            }
        }
        let place = match shape.kind {
            Kind::Repository => own_place(object, &fields).or(&place),
            Kind::Account => Place::default(),
            _ => place,
        };
        let number = number.filter(|_| !matches!(shape.kind, Kind::Repository | Kind::Account | Kind::Release));
        let stamp = stamp(&fields);
        let id = match source_id(shape, object) {
            Some(id) => id,
            None if shape.kind == Kind::Comment => self.told_apart(from_neighbours(object, &fields, number), &fields),
            None => from_neighbours(object, &fields, number),
        };
        let record = Record { kind: shape.kind, place, number, id, stamp, fields, aside };
        let met = take(&mut sifted.met);
        self.note(shape.kind, sifted);
        let at = self.push(record, object);
        met.into_iter().for_each(|one| self.visit(one, &context.deeper()));
        children.into_iter().for_each(|child| self.visit(child, &within));
        at
    }

    /// An id of our own making, with a number if something else was said under it.
    fn told_apart(&mut self, id: String, fields: &Object) -> String {
        let mut hasher = DefaultHasher::new();
        fields.get("body").and_then(Value::as_str).hash(&mut hasher);
        let (said, hash) = (self.unnamed.entry(id.clone()).or_default(), hasher.finish());
        let at = said.iter().position(|known| *known == hash).unwrap_or_else(|| {
            said.push(hash);
            said.len() - 1
        });
        if at == 0 { id } else { format!("{id} #{}", at + 1) }
    }

    /// Where the record stands in what will be handed out, if it was not told before.
    fn push(&mut self, record: Record, object: &Object) -> Option<usize> {
        let record = match (self.system, record.kind, object.get("noteable_type")) {
            (System::GitLab, Kind::Comment, Some(_)) => webhook::note(record, object),
            _ => record,
        };
        if matches!(record.kind, Kind::Account | Kind::Repository) {
            let mut hasher = DefaultHasher::new();
            (record.kind, serde_json::to_string(&record).ok()).hash(&mut hasher);
            if self.told.len() > MOST_TOLD || !self.told.insert(hasher.finish()) {
                return None;
            }
        }
        self.out.push(record);
        Some(self.out.len() - 1)
    }

    /// Adds a record that follows from another one.
    pub(crate) fn add(&mut self, record: Record) {
        self.report.took(record.kind, &self.file);
        self.out.push(record);
    }

    /// Changes what was just read.
    pub(crate) fn say(&mut self, at: Option<usize>, field: &str, value: Value) {
        if let Some(record) = at.and_then(|at| self.out.get_mut(at)) {
            record.fields.insert(field.to_owned(), value);
        }
    }

    pub(crate) fn record(&self, at: Option<usize>) -> Option<&Record> {
        self.out.get(at?)
    }

    /// Whether another reader takes a value.
    pub(crate) fn is_elsewhere(&self, value: &Value) -> bool {
        (self.elsewhere)(value)
    }

    pub(crate) fn left(&mut self, name: &str) {
        let (name, file): (String, String) = (name.chars().take(120).collect(), self.file.clone());
        self.report.left(&name, &file);
    }

    fn note(&mut self, kind: Kind, sifted: Sifted<'_>) {
        let thing: &mut Thing = self.report.took(kind, &self.file);
        for (path, role, value) in sifted.marks {
            thing.saw(&path, role, value);
        }
    }
}

/// What the rules of a shape find in an object, and which paths they read.
fn understood<'v>(shape: &Shape, object: &Object) -> (Object, Sifted<'v>) {
    const NUMBERS: [&str; 6] = ["number", "iid", "noteable_iid", "project_id", "target_project_id", "base_repository"];
    let (mut fields, mut sifted) = (Object::new(), Sifted::default());
    for rule in shape.rules {
        let there = || rule.from.iter().filter_map(|path| Some((*path, rule.how.read(at(object, path)?)?)));
        if let Some((path, value)) = there().find(|(_, value)| !value.is_null()).or_else(|| there().next()) {
            fields.insert(rule.to.to_owned(), value);
            sifted.read.insert(path);
        }
    }
    sifted.read.extend(shape.id.iter().copied().chain(NUMBERS));
    (fields, sifted)
}

/// Separates what was read from what is kept aside.
#[derive(Default)]
struct Sifted<'v> {
    read: HashSet<&'static str>,
    marks: Vec<(String, Role, &'v Value)>,
    /// Accounts and repositories that stand inside; they are records of their own.
    met: Vec<&'v Value>,
}

impl<'v> Sifted<'v> {
    fn sift(&mut self, path: &str, name: &str, value: &'v Value) -> Option<Value> {
        let object = value.as_object();
        let account = object.is_some_and(account::is_account);
        let repository =
            object.and_then(|object| text_at(object, "full_name").or(text_at(object, "path_with_namespace")));
        if account || repository.is_some() {
            self.met.push(value);
        }
        if self.read.contains(path) {
            items(value).into_iter().flatten().filter(|one| one.is_object()).for_each(|one| self.meet(one));
            self.marks.push((path.to_owned(), Role::Read, value));
            return None;
        }
        if is_address(name) {
            self.marks.push((path.to_owned(), Role::Address, value));
            return None;
        }
        match value {
            Value::Object(object) if account => {
                self.marks.push((path.to_owned(), Role::Aside, value));
                object.get("login").or_else(|| object.get("username")).cloned()
            }
            Value::Object(_) if repository.is_some() => {
                self.marks.push((path.to_owned(), Role::Aside, value));
                repository.map(|name| json!(name))
            }
            Value::Object(object) if !object.is_empty() => {
                let deeper = |name: &str| format!("{path}.{name}");
                let kept = object.iter().filter_map(|(k, v)| Some((k.clone(), self.sift(&deeper(k), k, v)?)));
                let kept: Object = kept.collect();
                (!kept.is_empty()).then_some(Value::Object(kept))
            }
            Value::Array(all) if all.iter().any(Value::is_object) => {
                let path = format!("{path}[]");
                let kept: Vec<Value> = all.iter().filter_map(|one| self.sift(&path, name, one)).collect();
                (!kept.is_empty()).then_some(Value::Array(kept))
            }
            plain => {
                let role = if is_known(name) { Role::Aside } else { Role::Unknown };
                self.marks.push((path.to_owned(), role, value));
                Some(plain.clone())
            }
        }
    }

    fn meet(&mut self, value: &'v Value) {
        let inner = value.get("requested_reviewer").unwrap_or(value);
        if inner.as_object().is_some_and(account::is_account) {
            self.met.push(inner);
        }
    }
}

/// Addresses, and codes that say again what the id says.
fn is_address(name: &str) -> bool {
    name.ends_with("_url") || matches!(name, "url" | "_links" | "node_id" | "gravatar_id" | "resource_path" | "href")
}

/// Names that the interfaces of both systems document, one a line.
fn is_known(name: &str) -> bool {
    static KNOWN: std::sync::LazyLock<HashSet<&str>> =
        std::sync::LazyLock::new(|| include_str!("known.txt").lines().collect());
    KNOWN.contains(name)
}

/// The repository and the number that an object itself names, else its surroundings.
pub(crate) fn belongs(object: &Object, context: &Context) -> (Place, Option<i64>) {
    const ADDRESSES: [&str; 14] = [
        "pull_request_url",
        "issue_url",
        "html_url",
        "web_url",
        "url",
        "repository_url",
        "commit_url",
        "_links.pull_request.href",
        "pull_request.html_url",
        "pull_request.url",
        "issue.pull_request.url",
        "issue.html_url",
        "issue.url",
        "merge_request.web_url",
    ];
    let text = |paths: &[&str]| paths.iter().find_map(|path| text_at(object, path)).map(str::to_owned);
    let number = ["number", "iid", "noteable_iid"].iter().find_map(|name| object.get(*name)?.as_i64());
    let name = text(&["base.repo.full_name", "base_repository.name_with_owner", "base_repository"])
        .or_else(|| Some(text_at(object, "references.full")?.split(['!', '#']).next()?.to_owned()))
        .filter(|name| name.contains('/'));
    let ids = ["base.repo.id", "base_repository.database_id", "target_project_id", "project_id"];
    let own = Place { host: None, name, id: ids.iter().find_map(|path| id(at(object, path)?)) };
    let told = ADDRESSES.iter().filter_map(|path| Some(place_of(text_at(object, path)?)));
    let (place, numbered) =
        told.fold((own, number), |(place, number), (other, found)| (place.or(&other), number.or(found)));
    let elsewhere = place.is_known() && place.clone().or(&context.place) == place && context.place.is_known();
    let number = numbered.or(context.number.filter(|_| !elsewhere || same(&place, &context.place)));
    (place.or(&context.place), number)
}

fn same(one: &Place, other: &Place) -> bool {
    let agree = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
    agree(&one.name, &other.name) && agree(&one.id, &other.id)
}

fn own_place(object: &Object, fields: &Object) -> Place {
    let address = ["html_url", "web_url", "url"].iter().find_map(|name| text_at(object, name)).unwrap_or_default();
    Place {
        host: place_of(address).0.host,
        name: fields.get("name").and_then(Value::as_str).map(str::to_owned),
        id: ["database_id", "id"].iter().find_map(|name| id(object.get(*name)?)),
    }
}

fn stamp(fields: &Object) -> i64 {
    const TIMES: [&str; 6] = ["updated_at", "submitted_at", "at", "created_at", "published_at", "committed_at"];
    TIMES.iter().find_map(|name| fields.get(*name)?.as_i64()).unwrap_or(0)
}

/// The id of the source, if it gives one; pull requests and events do without.
fn source_id(shape: &Shape, object: &Object) -> Option<String> {
    let as_it_is = matches!(shape.kind, Kind::Commit | Kind::Release);
    let given = shape.id.iter().find_map(|path| match at(object, path)? {
        Value::String(text) if *path == "url" => {
            Some(text.rsplit_once('#')?.1.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned())
        }
        Value::String(text) if as_it_is => Some(text.clone()),
        value => id(value),
    });
    match shape.kind {
        Kind::Pull | Kind::Event => Some(given.unwrap_or_default()),
        _ => given.filter(|id| !id.is_empty()),
    }
}

/// What tells a thing without an id from its neighbours.
fn from_neighbours(object: &Object, fields: &Object, number: Option<i64>) -> String {
    let who = fields.get("author").and_then(|author| author.get("login")).and_then(Value::as_str).unwrap_or("");
    let begun = ["created_at", "submitted_at"].iter().find_map(|name| fields.get(*name)?.as_i64());
    let at = object.get("original_position").and_then(Value::as_i64).map(|at| format!(" {at}")).unwrap_or_default();
    format!("{} {} {who}{at}", number.unwrap_or(0), begun.unwrap_or_else(|| stamp(fields)))
}
