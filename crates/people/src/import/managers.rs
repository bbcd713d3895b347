//! What rows say of each other: duplicates and reporting lines.

use std::collections::HashMap;

use super::{
    reader::{Manager, Reading, Row, RowError},
    rows::Draft,
};

/// Checks the drafts against each other and adds them to the reading as rows, errors and notes.
pub fn settle(mut drafts: Vec<Draft>, reading: &mut Reading) {
    refuse_duplicates(&mut drafts);
    let managers = resolve(&mut drafts);
    refuse_cycles(&mut drafts, &managers);
    let readable: Vec<Option<u64>> = drafts.iter().map(|draft| draft.errors.is_empty().then_some(draft.line)).collect();
    for (mut draft, manager) in drafts.into_iter().zip(managers) {
        if !draft.errors.is_empty() {
            reading.errors.append(&mut draft.errors);
            continue;
        }
        draft.person.manager = match manager.and_then(|index| readable[index]) {
            Some(line) => Some(Manager::InFile { line }),
            None => draft.references.into_iter().next(),
        };
        reading.notes.append(&mut draft.notes);
        reading.rows.push(Row { line: draft.line, person: draft.person });
    }
}

fn refuse_duplicates(drafts: &mut [Draft]) {
    let mut emails: HashMap<String, u64> = HashMap::new();
    let mut ids: HashMap<String, u64> = HashMap::new();
    for draft in drafts {
        let line = draft.line;
        let email = draft.person.email.clone();
        let id = draft.person.employee_id.as_deref().map(str::to_lowercase);
        let mut check = |seen: &mut HashMap<String, u64>, key: Option<String>, what: &str| {
            let Some(key) = key else { return };
            let first = *seen.entry(key).or_insert(line);
            if first != line {
                let sentence = format!("The person on line {first} has the same {what}. Remove one of the two rows.");
                draft.errors.push(RowError { line, column: None, sentence });
            }
        };
        check(&mut emails, email, "e-mail address");
        check(&mut ids, id, "employee id");
    }
}

/// For each draft the index of its manager, if exactly one row fits one of its references.
fn resolve(drafts: &mut [Draft]) -> Vec<Option<usize>> {
    let directory = Directory::new(drafts);
    let mut managers = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter_mut().enumerate() {
        let manager = draft.references.iter().find_map(|reference| directory.find(reference));
        if manager != Some(index) {
            managers.push(manager);
            continue;
        }
        let sentence =
            format!("{} is given as their own manager. The row is read without a manager.", draft.person.name);
        draft.notes.push(RowError { line: draft.line, column: None, sentence });
        draft.references.clear();
        managers.push(None);
    }
    managers
}

/// Rows by what other rows may call them; `None` where several rows have the same.
#[derive(Default)]
struct Directory {
    emails: HashMap<String, Option<usize>>,
    ids: HashMap<String, Option<usize>>,
    names: HashMap<String, Option<usize>>,
}

impl Directory {
    fn new(drafts: &[Draft]) -> Self {
        let mut directory = Self::default();
        for (index, draft) in drafts.iter().enumerate() {
            let emails = draft.person.email.iter().cloned();
            emails.for_each(|email| insert(&mut directory.emails, email, index));
            draft.ids.iter().for_each(|id| insert(&mut directory.ids, id.to_lowercase(), index));
            draft.names.iter().for_each(|name| insert(&mut directory.names, name.to_lowercase(), index));
        }
        directory
    }

    fn find(&self, reference: &Manager) -> Option<usize> {
        match reference {
            Manager::Email(email) => self.emails.get(email).copied().flatten(),
            Manager::EmployeeId(id) => self.ids.get(&id.to_lowercase()).copied().flatten(),
            Manager::Name(name) => self.names.get(&name.to_lowercase()).copied().flatten(),
            Manager::InFile { .. } => None,
        }
    }
}

fn insert(rows: &mut HashMap<String, Option<usize>>, key: String, index: usize) {
    rows.entry(key).and_modify(|known| *known = known.filter(|known| *known == index)).or_insert(Some(index));
}

/// Follows each reporting line once; a line that meets itself is a circle.
fn refuse_cycles(drafts: &mut [Draft], managers: &[Option<usize>]) {
    let mut seen_in: Vec<Option<usize>> = vec![None; drafts.len()];
    for start in 0..drafts.len() {
        let mut current = start;
        while seen_in[current].is_none() {
            seen_in[current] = Some(start);
            match managers[current] {
                Some(manager) => current = manager,
                None => break,
            }
        }
        let closes = managers[current].is_some() && seen_in[current] == Some(start);
        if closes {
            refuse_circle(drafts, managers, current);
        }
    }
}

fn refuse_circle(drafts: &mut [Draft], managers: &[Option<usize>], start: usize) {
    const MOST_NAMES: usize = 5;
    let next = |index: &usize| managers[*index].filter(|manager| *manager != start);
    let circle: Vec<usize> = std::iter::successors(Some(start), next).collect();
    let mut names: Vec<&str> =
        circle.iter().take(MOST_NAMES).map(|index| drafts[*index].person.name.as_str()).collect();
    if circle.len() > MOST_NAMES {
        names.push("others");
    }
    names.push(names[0]);
    let line = names.join(" reports to ");
    let sentence = format!("The reporting line goes in a circle: {line}. Correct the manager of one of them.");
    for index in circle {
        let draft = &mut drafts[index];
        draft.errors.push(RowError { line: draft.line, column: None, sentence: sentence.clone() });
    }
}
