use super::{category, sprint};
use crate::{Category, Named, Person, Sprint, State};
use intake::Fields;
use serde_json::Value;
use std::collections::BTreeMap;

/// What ids stand for, as far as the files say.
#[derive(Debug, Default)]
pub struct Names {
    states: BTreeMap<String, (String, Option<Category>)>,
    people: BTreeMap<String, Person>,
    sprints: BTreeMap<String, Sprint>,
    /// Labels, epics, teams and projects.
    others: BTreeMap<String, String>,
}

impl Names {
    pub fn learn(&mut self, value: &Value) {
        let fields = Fields::of(value);
        let id = fields.id("id");
        for state in fields.list("states") {
            let name = state.text("name").unwrap_or_default().to_owned();
            self.states.extend(state.id("id").map(|id| (id, (name, category(state.text("type"))))));
        }
        if is_member(value) {
            self.people.extend(id.zip(person(&fields)));
        } else if fields.has("start_date") && fields.has("end_date") {
            self.sprints.extend(id.map(|id| (id, sprint(&fields))));
        } else if !fields.has("story_type") {
            self.others.extend(id.zip(fields.text("name").map(str::to_owned)));
        }
        for entry in fields.list("history").iter().chain([&fields]) {
            self.learn_references(entry);
        }
    }

    /// An entry of a history names what its ids stand for.
    fn learn_references(&mut self, entry: &Fields<'_>) {
        for reference in entry.list("references") {
            let Some((id, name)) = reference.id("id").zip(reference.text("name").map(str::to_owned)) else { continue };
            match reference.text("entity_type") {
                Some("workflow-state") => {
                    self.states.entry(id).or_insert((name, category(reference.text("type"))));
                }
                Some("iteration") => {
                    self.sprints.entry(id.clone()).or_insert(Sprint { id, name, ..Sprint::default() });
                }
                _ => drop(self.others.entry(id).or_insert(name)),
            }
        }
    }

    pub fn state(&self, id: &str) -> State {
        let (name, category) = self.states.get(id).cloned().unwrap_or_else(|| (id.to_owned(), None));
        State { id: Some(id.to_owned()), name, category }
    }

    pub fn person(&self, id: &str) -> Person {
        let unknown = || Person { id: Some(id.to_owned()), name: id.to_owned(), ..Person::default() };
        self.people.get(id).cloned().unwrap_or_else(unknown)
    }

    pub fn sprint(&self, id: &str) -> Sprint {
        let unknown = || Sprint { id: id.to_owned(), name: id.to_owned(), ..Sprint::default() };
        self.sprints.get(id).cloned().unwrap_or_else(unknown)
    }

    pub fn named(&self, id: &str) -> Named {
        Named::new(Some(id.to_owned()), self.others.get(id).cloned().unwrap_or_else(|| id.to_owned()))
    }
}

pub fn is_member(value: &Value) -> bool {
    value.get("profile").is_some_and(Value::is_object)
        || (value.get("mention_name").is_some() && value.get("email_address").is_some())
}

pub fn person(fields: &Fields<'_>) -> Option<Person> {
    let profile = fields.at("profile");
    let profile = if profile.is_there() { profile } else { fields.clone() };
    let name = profile.text("name").or_else(|| profile.text("mention_name"))?.to_owned();
    let mail = profile.text("email_address").map(str::to_owned);
    Some(Person { id: fields.id("id").or_else(|| profile.id("id")), name, mail, zone: None, bot: false })
}
