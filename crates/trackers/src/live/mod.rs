//! What is asked of the API of a tracker, one request after the other: an answer decides what is asked next. A walk asks
//! nothing itself and goes the same way over the same answers, so one that was stopped goes on over those that were kept.
mod jira;
mod linear;
mod shortcut;

use crate::System;
use form_urlencoded::Serializer;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::VecDeque;

/// A question to the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// From the root of the server, such as `/rest/api/3/field`.
    pub path: String,
    /// What is posted; nothing where it is only got.
    pub body: Option<Value>,
    /// Whether the rest is worth having without it: not every server has it, or shows it to everybody.
    pub optional: bool,
    /// Whether only its address says what the answer is about.
    pub addressed: bool,
    step: Step,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Jira(jira::Step),
    Linear(linear::Step),
    Shortcut(shortcut::Step),
}

/// The way through an API.
pub struct Walk {
    projects: Vec<String>,
    today: Date,
    waiting: VecDeque<Request>,
    issues: u64,
    expected: Option<u64>,
    cloud: bool,
}

impl Walk {
    /// All issues, or those of projects (Jira) and teams (Linear, Shortcut), by their keys. `today` bounds the days of which
    /// Shortcut is asked.
    pub fn new(system: System, projects: Vec<String>, today: Date) -> Walk {
        let mut walk = Walk { projects, today, waiting: VecDeque::new(), issues: 0, expected: None, cloud: false };
        match system {
            System::Jira => jira::begin(&mut walk),
            System::Linear => linear::begin(&mut walk),
            System::Shortcut => shortcut::begin(&mut walk),
        }
        walk
    }

    /// How many issues were answered until now.
    pub fn issues(&self) -> u64 {
        self.issues
    }

    /// How many there are, as far as the server has told.
    pub fn expected(&self) -> Option<u64> {
        self.expected.map(|expected| expected.max(self.issues))
    }

    /// Takes an answer, and finds out what else is to be asked.
    ///
    /// # Errors
    /// A sentence, where the answer is not what this API answers.
    pub fn heard(&mut self, request: &Request, answer: &Value) -> Result<(), String> {
        match &request.step {
            Step::Jira(step) => jira::heard(self, step, answer),
            Step::Linear(step) => linear::heard(self, step, answer),
            Step::Shortcut(step) => shortcut::heard(self, step, answer),
        }
    }

    fn get(&mut self, step: Step, path: String) -> &mut Request {
        self.add(Request { path, body: None, optional: false, addressed: false, step })
    }

    fn post(&mut self, step: Step, path: &str, body: Value) -> &mut Request {
        self.add(Request { path: path.to_owned(), body: Some(body), optional: false, addressed: false, step })
    }

    fn add(&mut self, request: Request) -> &mut Request {
        self.waiting.push_back(request);
        self.waiting.back_mut().expect("it was just added")
    }

    fn expect(&mut self, more: u64) {
        *self.expected.get_or_insert(0) += more;
    }
}

impl Iterator for Walk {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        self.waiting.pop_front()
    }
}

fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    format!("{path}?{}", Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// The elements of a list that has to be there.
fn list<'v>(answer: &'v Value, name: &str) -> Result<&'v [Value], String> {
    let found = answer.get(name).and_then(Value::as_array);
    found.map(Vec::as_slice).ok_or_else(|| format!("An answer has no list `{name}`."))
}

/// An id that is a number or a text.
fn id(value: &Value) -> Option<String> {
    match value.get("id")? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
