//! Who will report to whom, across the file and what is stored.
use super::{
    directory::Directory,
    draft::Draft,
    plan::ManagerChange,
    reader::{Manager, RowError},
    state::State,
};
use crate::person::Record;
use kernel::{Id, Person};
use std::collections::{HashMap, HashSet};

/// After so many rounds of refusing circles, nobody who is here already gets another manager.
const MOST_ROUNDS: usize = 20;

/// For each draft its new manager, if it has one. Rows that would close a circle are refused.
pub fn settle(
    state: &State,
    directory: &Directory<'_>,
    drafts: &mut [Draft<'_, '_>],
    notes: &mut Vec<RowError>,
) -> Vec<Option<ManagerChange>> {
    let lines = Lines::new(state, directory, drafts);
    for round in 0.. {
        let circles = lines.circles(drafts);
        let refused = lines.refuse(drafts, &circles, round < MOST_ROUNDS);
        if !refused {
            break;
        }
    }
    let settled = (0..drafts.len()).map(|index| match lines.change(drafts, index) {
        Ok(to) => to.map(|to| lines.manager_change(drafts, index, to)),
        Err(sentence) => {
            notes.push(RowError { line: drafts[index].line, column: None, sentence });
            None
        }
    });
    settled.collect()
}

struct Lines<'a, 's> {
    state: &'a State,
    directory: &'a Directory<'s>,
    /// For each draft.
    wanted: Vec<Option<Wanted<'s>>>,
    drafts: HashMap<Id<Person>, usize>,
}

enum Wanted<'s> {
    Draft(usize),
    Known(&'s Record),
    Unknown(String),
}

impl<'a, 's> Lines<'a, 's> {
    fn new(state: &'a State, directory: &'a Directory<'s>, drafts: &[Draft<'_, '_>]) -> Self {
        let by_line: HashMap<u64, usize> =
            drafts.iter().enumerate().map(|(index, draft)| (draft.line, index)).collect();
        let wanted = |draft: &Draft<'_, '_>| match draft.row.manager.as_ref()? {
            Manager::InFile { line } => by_line.get(line).map(|index| Wanted::Draft(*index)),
            manager @ (Manager::Email(text) | Manager::EmployeeId(text) | Manager::Name(text)) => {
                Some(directory.manager(manager).map_or_else(|| Wanted::Unknown(text.clone()), Wanted::Known))
            }
        };
        let wanted = drafts.iter().map(wanted).collect();
        let people = drafts.iter().enumerate().filter(|(_, draft)| draft.errors.is_empty());
        let drafts = people.map(|(index, draft)| (draft.new.id, index)).collect();
        Lines { state, directory, wanted, drafts }
    }

    /// The manager that a draft gets; a sentence where it names one who cannot be.
    fn change(&self, drafts: &[Draft<'_, '_>], index: usize) -> Result<Option<Id<Person>>, String> {
        let draft = &drafts[index];
        if !draft.errors.is_empty() || draft.has_left() {
            return Ok(None);
        }
        let to = match &self.wanted[index] {
            None => return Ok(None),
            Some(Wanted::Unknown(text)) => {
                return Err(format!("Nobody here is “{text}”, so the manager of {} is not changed.", draft.new.name));
            }
            Some(Wanted::Known(manager)) => manager.id,
            Some(Wanted::Draft(manager)) => match &drafts[*manager] {
                manager if manager.errors.is_empty() || manager.old.is_some() => manager.new.id,
                manager => {
                    let line = manager.line;
                    return Err(format!("The manager of {}, on line {line}, is not imported.", draft.new.name));
                }
            },
        };
        if to == draft.new.id {
            return Err(format!("{} is given as their own manager, so it is not changed.", draft.new.name));
        }
        if self.has_left(drafts, to) {
            return Err(format!(
                "{} has left, so the manager of {} is not changed.",
                self.name(drafts, to),
                draft.new.name
            ));
        }
        Ok(Some(to).filter(|_| draft.old.and_then(|old| self.state.manager(old.id)) != Some(to)))
    }

    /// Circles that the changes would close, each as the people in it, from the lower to the higher.
    fn circles(&self, drafts: &[Draft<'_, '_>]) -> Vec<Vec<Id<Person>>> {
        let change = |index: usize| Some((drafts[index].new.id, self.change(drafts, index).ok()??));
        let changes: HashMap<Id<Person>, Id<Person>> = (0..drafts.len()).filter_map(change).collect();
        let above = |person: Id<Person>| match changes.get(&person) {
            Some(manager) => vec![*manager],
            None => self.state.lines.get(&person).into_iter().flatten().filter_map(|line| line.manager_id).collect(),
        };
        let starts = drafts.iter().map(|draft| draft.new.id).filter(|person| changes.contains_key(person));
        circles(starts, above)
    }

    /// Refuses the rows in a circle whose manager would change, and returns whether there was one; without `only_those`
    /// also all other rows that would change the manager of someone who is here, as stored lines have no circle.
    fn refuse(&self, drafts: &mut [Draft<'_, '_>], circles: &[Vec<Id<Person>>], only_those: bool) -> bool {
        let changing = |drafts: &[Draft<'_, '_>], index: usize| matches!(self.change(drafts, index), Ok(Some(_)));
        let mut refused: Vec<(usize, String)> = Vec::new();
        for circle in circles {
            let rows = circle.iter().filter_map(|person| self.drafts.get(person).copied());
            let sentence = self.sentence(drafts, circle);
            refused.extend(rows.filter(|index| changing(drafts, *index)).map(|index| (index, sentence.clone())));
        }
        if !only_those && !refused.is_empty() {
            let others = (0..drafts.len()).filter(|index| drafts[*index].old.is_some() && changing(drafts, *index));
            let sentence = "The managers in this file go in circles. Correct those, and import it again.";
            refused.extend(others.map(|index| (index, sentence.to_owned())));
        }
        for (index, sentence) in &refused {
            if drafts[*index].errors.is_empty() {
                drafts[*index].refuse(None, sentence.clone());
            }
        }
        !refused.is_empty()
    }

    fn sentence(&self, drafts: &[Draft<'_, '_>], circle: &[Id<Person>]) -> String {
        const MOST_NAMES: usize = 5;
        let mut names: Vec<&str> = circle.iter().take(MOST_NAMES).map(|person| self.name(drafts, *person)).collect();
        if circle.len() > MOST_NAMES {
            names.push("others");
        }
        names.extend(names.first().copied());
        let line = names.join(" reports to ");
        format!("The reporting line would go in a circle: {line}. Correct the manager of one of them.")
    }

    fn manager_change(&self, drafts: &[Draft<'_, '_>], index: usize, to: Id<Person>) -> ManagerChange {
        let draft = &drafts[index];
        let before = draft.old.and_then(|old| self.state.manager(old.id));
        let before = before.map(|manager| self.directory.get(manager).map_or("", |known| &known.name));
        let words = [before.unwrap_or_default().to_owned(), self.name(drafts, to).to_owned()];
        ManagerChange { to, from_on: draft.begins_on(self.state.today), words }
    }

    /// As the person will be called.
    fn name<'n>(&'n self, drafts: &'n [Draft<'_, '_>], person: Id<Person>) -> &'n str {
        match (self.accepted(drafts, person), self.directory.get(person)) {
            (Some(draft), _) => &draft.new.name,
            (None, Some(known)) => &known.name,
            (None, None) => "",
        }
    }

    fn has_left(&self, drafts: &[Draft<'_, '_>], person: Id<Person>) -> bool {
        match self.accepted(drafts, person) {
            Some(draft) => draft.has_left(),
            None => self.directory.get(person).is_some_and(|known| known.deactivated_at.is_some()),
        }
    }

    fn accepted<'d, 'x, 'p>(&self, drafts: &'d [Draft<'x, 'p>], person: Id<Person>) -> Option<&'d Draft<'x, 'p>> {
        self.drafts.get(&person).map(|index| &drafts[*index]).filter(|draft| draft.errors.is_empty())
    }
}

/// Follows every line once, without recursion, as a file may hold a line of any length.
fn circles(
    starts: impl Iterator<Item = Id<Person>>,
    above: impl Fn(Id<Person>) -> Vec<Id<Person>>,
) -> Vec<Vec<Id<Person>>> {
    let mut found = Vec::new();
    let mut seen: HashSet<Id<Person>> = HashSet::new();
    for start in starts {
        let mut path: Vec<(Id<Person>, Vec<Id<Person>>)> = Vec::new();
        let mut places: HashMap<Id<Person>, usize> = HashMap::new();
        let mut next = Some(start);
        while next.is_some() || !path.is_empty() {
            if let Some(person) = next.take() {
                if let Some(place) = places.get(&person) {
                    found.push(path[*place..].iter().map(|(person, _)| *person).collect());
                } else if seen.insert(person) {
                    places.insert(person, path.len());
                    path.push((person, above(person)));
                }
            } else if let Some((person, managers)) = path.last_mut() {
                next = managers.pop();
                if next.is_none() {
                    places.remove(person);
                    path.pop();
                }
            }
        }
    }
    found
}
