//! People who are here already, by what a file may call them.
use super::{
    reader::{Manager, Parsed},
    state::State,
};
use crate::person::{Record, folded};
use kernel::{Id, Person};
use std::collections::HashMap;

pub struct Directory<'s> {
    emails: HashMap<&'s str, &'s Record>,
    employee_ids: HashMap<&'s str, &'s Record>,
    /// Nothing where several have the same; so in the names.
    folded_ids: HashMap<String, Option<&'s Record>>,
    names: HashMap<String, Option<&'s Record>>,
    /// Of those who have not left.
    present: HashMap<String, Option<&'s Record>>,
    ids: HashMap<Id<Person>, &'s Record>,
}

impl<'s> Directory<'s> {
    pub fn new(state: &'s State) -> Directory<'s> {
        let people = &state.people;
        let present = people.iter().filter(|person| person.deactivated_at.is_none());
        let employee_id = |person: &'s Record| person.employee_id.as_deref().map(|id| (id, person));
        Directory {
            emails: people.iter().filter_map(|person| Some((person.email.as_deref()?, person))).collect(),
            employee_ids: people.iter().filter_map(employee_id).collect(),
            folded_ids: only(people.iter().filter_map(employee_id).map(|(id, person)| (id.to_lowercase(), person))),
            names: only(people.iter().map(|person| (folded(&person.name), person))),
            present: only(present.map(|person| (folded(&person.name), person))),
            ids: people.iter().map(|person| (person.id, person)).collect(),
        }
    }

    pub fn get(&self, id: Id<Person>) -> Option<&'s Record> {
        self.ids.get(&id).copied()
    }

    /// The person of a row, or a sentence that says why it cannot be told who that is.
    pub fn find(&self, row: &Parsed) -> Result<Option<&'s Record>, String> {
        if row.email.is_none() && row.employee_id.is_none() {
            return match self.names.get(&folded(&row.name)) {
                Some(None) => {
                    Err(format!("Several people are called {}. Add a mail address or an employee id.", row.name))
                }
                found => Ok(found.copied().flatten()),
            };
        }
        let by_email = row.email.as_deref().and_then(|email| self.emails.get(email).copied());
        let by_id = row.employee_id.as_deref().and_then(|id| self.by_employee_id(id));
        match (by_email, by_id) {
            (Some(one), Some(other)) if one.id != other.id => {
                let (one, other) = (&one.name, &other.name);
                Err(format!(
                    "The mail address is that of {one}, and the employee id that of {other}. Correct one of them."
                ))
            }
            (Some(left), None) if is_reused(left, row) => Err(format!(
                "The mail address is still that of {}, who has left. Change it on their page first.",
                left.name
            )),
            (found, other) => Ok(found.or(other)),
        }
    }

    pub fn manager(&self, manager: &Manager) -> Option<&'s Record> {
        match manager {
            Manager::InFile { .. } => None,
            Manager::Email(email) => self.emails.get(email.as_str()).copied(),
            Manager::EmployeeId(id) => self.by_employee_id(id),
            Manager::Name(name) => self.present.get(&folded(name)).copied().flatten(),
        }
    }

    fn by_employee_id(&self, id: &str) -> Option<&'s Record> {
        let exact = self.employee_ids.get(id).copied();
        exact.or_else(|| self.folded_ids.get(&id.to_lowercase()).copied().flatten())
    }
}

/// Companies give the address of someone who left to someone new, whose record must not take over the old one.
fn is_reused(left: &Record, row: &Parsed) -> bool {
    left.deactivated_at.is_some() && left.employee_id.is_some() && row.employee_id.is_some()
}

fn only<'s>(people: impl Iterator<Item = (String, &'s Record)>) -> HashMap<String, Option<&'s Record>> {
    let mut found: HashMap<String, Option<&'s Record>> = HashMap::new();
    for (key, person) in people {
        found.entry(key).and_modify(|one| *one = None).or_insert(Some(person));
    }
    found
}
