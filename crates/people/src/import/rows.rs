//! From the cells of a row to what it says of a person.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    columns::Layout,
    dates::{self, Evidence, Written},
    headers::{Field, fold},
    reader::{DateColumn, DateOrder, EmploymentType, Manager, Order, Parsed, Picked, RowError, Status},
    values::{self, clean, is_placeholder},
    zones,
};

/// The most characters of a name, a title, a place and the like.
pub const LONGEST_TEXT: usize = 200;

/// A row before it is compared with the others.
pub struct Draft {
    pub line: u64,
    pub person: Parsed,
    /// What other rows may call this person as their manager.
    pub names: Vec<String>,
    pub ids: Vec<String>,
    /// Whom this person reports to, in other words for the same person, the most certain first.
    pub references: Vec<Manager>,
    pub errors: Vec<RowError>,
    pub notes: Vec<RowError>,
}

/// Reads the rows, and how the dates of their columns were read.
pub fn draft(rows: &[Picked], layout: &Layout, chosen: Option<Order>) -> (Vec<Draft>, Vec<DateColumn>) {
    let orders = date_orders(rows, layout, chosen);
    let drafts = rows.iter().map(|row| Cells { layout, row, orders: &orders, errors: vec![], notes: vec![] }.draft());
    let drafts = drafts.collect();
    let named = |(slot, order): (usize, DateOrder)| DateColumn { header: layout.slots[slot].header.clone(), order };
    (drafts, orders.into_iter().map(named).collect())
}

/// The order of each date column, by its slot.
fn date_orders(rows: &[Picked], layout: &Layout, chosen: Option<Order>) -> BTreeMap<usize, DateOrder> {
    let is_date = |slot: &usize| matches!(layout.slots[*slot].field, Field::StartDate | Field::EndDate);
    let evidence: BTreeMap<usize, Evidence> = (0..layout.slots.len())
        .filter(is_date)
        .map(|slot| {
            let mut evidence = Evidence::default();
            rows.iter().for_each(|row| evidence.add(row.line, &clean(&row.cells[slot])));
            (slot, evidence)
        })
        .collect();
    let mut proven: Vec<Order> = evidence.values().filter_map(Evidence::proven).collect();
    proven.dedup();
    let elsewhere = if let [order] = proven[..] { Some(order) } else { None };
    evidence.into_iter().map(|(slot, evidence)| (slot, evidence.decide(chosen, elsewhere))).collect()
}

struct Cells<'a> {
    layout: &'a Layout,
    row: &'a Picked<'a>,
    orders: &'a BTreeMap<usize, DateOrder>,
    errors: Vec<RowError>,
    notes: Vec<RowError>,
}

impl Cells<'_> {
    fn draft(mut self) -> Draft {
        let (named, status_beside_name) = self.names();
        let references = self.references();
        let ids: Vec<String> = self.all(Field::EmployeeId).map(|(_, id)| id).collect();
        let (weekly_hours, working_hours) = self.hours();
        let mut person = Parsed {
            name: named.shown,
            preferred_name: self.text(Field::PreferredName),
            pronouns: self.text(Field::Pronouns),
            email: self.email(),
            employee_id: self.text(Field::EmployeeId),
            title: self.text(Field::Title),
            level: self.text(Field::Level),
            location: self.text(Field::Location),
            city: self.text(Field::City),
            country: self.text(Field::Country),
            zone: self.zone(),
            working_hours,
            weekly_hours,
            full_time_share: self.full_time_share(),
            start_date: self.date(Field::StartDate),
            end_date: self.date(Field::EndDate),
            ..Parsed::default()
        };
        person.team = self.team(&person.name, &references);
        (person.status, person.employment_type) = self.employment();
        person.status = person.status.or(status_beside_name);
        self.check(&person);
        let Self { row, errors, notes, .. } = self;
        Draft { line: row.line, person, names: named.all, ids, references, errors, notes }
    }

    fn check(&mut self, person: &Parsed) {
        if person.name.is_empty() {
            self.error(None, "This row has no name. Add one.");
        }
        if let (Some(start), Some(end)) = (person.start_date, person.end_date)
            && end < start
        {
            self.error(None, format!("The end date {end} is before the start date {start}. Correct one of them."));
        }
    }

    /// The filled cells of a field with their slots, the best first.
    fn all(&self, field: Field) -> impl Iterator<Item = (usize, String)> {
        let slots = self.layout.slots.iter().enumerate().filter(move |(_, slot)| slot.field == field);
        slots.map(|(slot, _)| (slot, clean(&self.row.cells[slot]))).filter(move |(_, text)| {
            let is_name = matches!(field, Field::Name | Field::FirstName | Field::LastName | Field::PreferredName);
            !text.is_empty() && (is_name || !is_placeholder(text))
        })
    }

    fn first(&self, field: Field) -> Option<(usize, String)> {
        self.all(field).next()
    }

    fn text(&mut self, field: Field) -> Option<String> {
        let (slot, text) = self.first(field)?;
        if text.chars().count() > LONGEST_TEXT {
            self.error(Some(slot), format!("{} is longer than {LONGEST_TEXT} characters. Shorten it.", quoted(&text)));
            return None;
        }
        Some(text)
    }

    fn error(&mut self, slot: Option<usize>, sentence: impl Into<String>) {
        let error = self.remark(slot, sentence);
        self.errors.push(error);
    }

    fn note(&mut self, slot: usize, sentence: impl Into<String>) {
        let note = self.remark(Some(slot), sentence);
        self.notes.push(note);
    }

    fn remark(&self, slot: Option<usize>, sentence: impl Into<String>) -> RowError {
        let column = slot.map(|slot| self.layout.slots[slot].header.clone());
        RowError { line: self.row.line, column, sentence: sentence.into() }
    }

    fn names(&mut self) -> (Names, Option<Status>) {
        let full = self.text(Field::Name);
        let (full, status) = match full.as_deref().map(values::name_and_status) {
            Some((name, status)) => (Some(values::given_name_first(name)), status),
            None => (None, None),
        };
        let middle = self.first(Field::MiddleName).map(|(_, name)| name);
        let first = self.text(Field::FirstName);
        let last = self.text(Field::LastName);
        let preferred = self.first(Field::PreferredName).map(|(_, name)| name);
        (Names::new(full, first, middle, last, preferred), status)
    }

    fn email(&mut self) -> Option<String> {
        let field = if self.layout.has(Field::Email) { Field::Email } else { Field::PersonalEmail };
        let Some((slot, text)) = self.first(field) else {
            return self.first(Field::Login).and_then(|(_, login)| values::email(&login));
        };
        let address = values::email(&text);
        if address.is_none() {
            let sentence = format!("{} is not an e-mail address. Write it like ada@example.org.", quoted(&text));
            self.error(Some(slot), sentence);
        }
        address
    }

    fn zone(&mut self) -> Option<String> {
        let (slot, text) = self.first(Field::Zone)?;
        let zone = zones::find(&text);
        if zone.is_none() {
            let sentence = format!("{} is not a known time zone. Write it like Europe/Berlin.", quoted(&text));
            self.note(slot, sentence);
        }
        zone
    }

    /// Hours a week and working hours in words; either column may hold the other's kind.
    fn hours(&mut self) -> (Option<f64>, Option<String>) {
        let cells = [self.first(Field::WeeklyHours), self.first(Field::WorkingHours)];
        let (mut weekly, mut words) = (None, None);
        for (slot, text) in cells.into_iter().flatten() {
            match values::number(&text) {
                Some(hours) if hours > 168.0 => {
                    let sentence = format!("{} is more hours than a week has. Write hours a week.", quoted(&text));
                    self.error(Some(slot), sentence);
                }
                Some(hours) if hours > 0.0 => weekly = weekly.or(Some(hours)),
                Some(_) => {}
                None if text.chars().count() > LONGEST_TEXT => {
                    let sentence = format!("{} is longer than {LONGEST_TEXT} characters. Shorten it.", quoted(&text));
                    self.error(Some(slot), sentence);
                }
                None => words = words.or(Some(text)),
            }
        }
        (weekly, words)
    }

    fn full_time_share(&mut self) -> Option<f64> {
        let (slot, text) = self.first(Field::FullTimeShare)?;
        let share = values::share(&text);
        if share.is_none() && values::number(&text) != Some(0.0) {
            self.error(Some(slot), format!("{} is not a share of full time. Write it like 0.8 or 80%.", quoted(&text)));
        }
        share
    }

    fn date(&mut self, field: Field) -> Option<Date> {
        let (slot, text) = self.first(field)?;
        let Some(written) = dates::parse(&text) else {
            self.error(Some(slot), format!("{} is not a date. Write it like 2024-01-31.", quoted(&text)));
            return None;
        };
        let order = match &self.orders[&slot] {
            DateOrder::Known(order) => Some(*order),
            DateOrder::Clear | DateOrder::Mixed | DateOrder::Unknown(_) => None,
        };
        let date = dates::resolve(written, order);
        let is_question = matches!(self.orders[&slot], DateOrder::Unknown(_)) || written == Written::Open;
        if date.is_none() && !is_question {
            let problem = match order {
                Some(Order::DayFirst) => "is not a date with the day first",
                Some(Order::MonthFirst) => "is not a date with the month first",
                None => "can be read in two ways",
            };
            self.error(Some(slot), format!("{} {problem}. Write it like 2024-01-31.", quoted(&text)));
        }
        date
    }

    /// The path of the team. A team that is a path stands alone, any other stands below its department.
    fn team(&mut self, name: &str, references: &[Manager]) -> Vec<String> {
        let department = self.text(Field::Department).map(|text| path(&text)).unwrap_or_default();
        let Some(team) = self.text(Field::Team) else { return department };
        let is_leader = |inner: &str| {
            let is_manager = |manager: &Manager| matches!(manager, Manager::Name(name) if name == inner);
            inner == name || references.iter().any(is_manager)
        };
        // Workday writes the name of the manager behind the name of an organisation.
        let team = match team.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
            Some((team, inner)) if is_leader(inner) => path(team),
            _ => path(&team),
        };
        if team.len() > 1 || department.last().is_some_and(|last| team.first() == Some(last)) {
            return if team.len() > 1 { team } else { department };
        }
        department.into_iter().chain(team).collect()
    }

    fn employment(&mut self) -> (Option<Status>, Option<EmploymentType>) {
        let statuses: Vec<_> = self.all(Field::Status).collect();
        let types: Vec<_> = self.all(Field::EmploymentType).collect();
        let mut known: Vec<EmploymentType> =
            types.iter().filter_map(|(_, text)| values::employment_type(text)).collect();
        let mut status = None;
        for (slot, text) in statuses {
            // BambooHR calls the type of employment its status.
            match (values::status(&text), values::employment_type(&text)) {
                (Some(found), _) => status = status.or(Some(found)),
                (None, Some(found)) => known.push(found),
                (None, None) => self.note(slot, format!("{} is not a known status. It is not used.", quoted(&text))),
            }
        }
        let flags = [(Field::Active, false), (Field::Blocked, true)];
        for (field, ended) in flags {
            let said = self.first(field).and_then(|(_, text)| values::yes_or_no(&text));
            status = match said {
                Some(said) if said == ended => Some(Status::Ended),
                Some(_) => status.or(Some(Status::Active)),
                None => status,
            };
        }
        (status, self.employment_type(known, types))
    }

    /// The most telling of the known types: a "regular" employee who works "part time" works part time.
    fn employment_type(&mut self, known: Vec<EmploymentType>, texts: Vec<(usize, String)>) -> Option<EmploymentType> {
        use EmploymentType::{Contractor, FixedTerm, Intern, PartTime, Permanent};
        let by_weight = [Contractor, Intern, FixedTerm, PartTime, Permanent];
        if let Some(found) = by_weight.into_iter().find(|kind| known.contains(kind)) {
            return Some(found);
        }
        let (slot, text) = texts.into_iter().next()?;
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        self.note(slot, format!("{} is not a known employment type. It is kept as it is.", quoted(&text)));
        Some(EmploymentType::Other(text))
    }

    fn references(&mut self) -> Vec<Manager> {
        let mut references = Vec::new();
        if let Some((slot, text)) = self.first(Field::ManagerEmail) {
            match values::email(&text) {
                Some(address) => references.push(Manager::Email(address)),
                None => self.note(slot, format!("{} is not an e-mail address. It is not used.", quoted(&text))),
            }
        }
        let ids = self.all(Field::ManagerId).filter(|(_, id)| !is_nobody(id));
        references.extend(ids.map(|(_, id)| Manager::EmployeeId(id)));
        let managers = self.all(Field::Manager).filter(|(_, manager)| !is_nobody(manager));
        references.extend(managers.flat_map(|(_, manager)| spoken_of(&manager)));
        references.retain(|reference| match reference {
            Manager::Email(text) | Manager::EmployeeId(text) | Manager::Name(text) => {
                text.chars().count() <= LONGEST_TEXT
            }
            Manager::InFile { .. } => true,
        });
        references
    }
}

/// The name that is shown, and all names under which others may speak of the person.
struct Names {
    shown: String,
    all: Vec<String>,
}

impl Names {
    fn new(
        full: Option<String>,
        first: Option<String>,
        middle: Option<String>,
        last: Option<String>,
        preferred: Option<String>,
    ) -> Self {
        // German exports call the last name "Name".
        let is_last = |name: &str| first.as_ref().is_some_and(|first| !name.contains(first.as_str()));
        let (full, last) = match (full, last) {
            (Some(name), None) if is_last(&name) => (None, Some(name)),
            other => other,
        };
        let join = |parts: &[&Option<String>]| parts.iter().copied().flatten().cloned().collect::<Vec<_>>().join(" ");
        let legal = join(&[&first, &last]);
        let called = match (&preferred, &last, &full) {
            (Some(preferred), Some(last), _) if preferred.ends_with(last.as_str()) => preferred.clone(),
            (Some(_), Some(_), _) => join(&[&preferred, &last]),
            (Some(preferred), None, None) => preferred.clone(),
            (Some(preferred), None, Some(_)) if preferred.contains(' ') => preferred.clone(),
            _ => String::new(),
        };
        let spoken = [called, full.unwrap_or_default(), legal, join(&[&first, &middle, &last])];
        let mut all: Vec<String> = spoken.into_iter().filter(|name| !name.is_empty()).collect();
        all.dedup();
        Self { shown: all.first().cloned().unwrap_or_default(), all }
    }
}

/// The people that a text may mean: "Ada Lovelace", "Lovelace, Ada", "Ada Lovelace (4711)", "Ada Lovelace 4711", "4711",
/// "Ada Lovelace <ada@example.org>".
fn spoken_of(text: &str) -> Vec<Manager> {
    let (text, _) = values::name_and_status(text);
    let has_digit = |part: &str| part.contains(|letter: char| letter.is_ascii_digit());
    let name = |part: &str| Manager::Name(values::given_name_first(part));
    if let Some(address) = values::email(text) {
        return vec![Manager::Email(address)];
    }
    let in_brackets = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let parts = in_brackets.or_else(|| text.rsplit_once(' ')).map(|(outer, inner)| {
        (outer.trim_matches(|letter: char| letter.is_whitespace() || letter == '-'), inner.trim())
    });
    let mut references = match parts {
        Some((outer, inner)) if values::email(inner).is_some() => {
            values::email(inner).map(Manager::Email).into_iter().chain([name(outer)]).collect()
        }
        Some((outer, inner)) if has_digit(inner) => vec![Manager::EmployeeId(inner.into()), name(outer)],
        _ => Vec::new(),
    };
    let id = Manager::EmployeeId(text.to_owned());
    references.extend(if has_digit(text) && !text.contains(' ') { [id, name(text)] } else { [name(text), id] });
    references
}

fn is_nobody(text: &str) -> bool {
    matches!(fold(text).as_str(), "nomanager" | "nomgr" | "nobody" | "unassigned" | "notassigned")
}

/// "Engineering > Payments", or "/Engineering/Payments" as Google writes it.
fn path(text: &str) -> Vec<String> {
    let separators: &[char] = if text.starts_with('/') { &['/'] } else { &['>', '»', '›', '→'] };
    text.split(separators).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A value in a sentence, shortened to 40 characters.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("“{}…”", &text[..end]),
        None => format!("“{text}”"),
    }
}
