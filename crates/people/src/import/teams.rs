//! The teams of a file: those that are here, and those that are to be made.
use super::state::TeamRow;
use crate::person::folded;
use kernel::{Id, Team};
use std::collections::HashMap;

/// Deeper teams than this are a mistake in the file.
pub const DEEPEST: usize = 10;

type Place = (Option<Id<Team>>, String);

pub struct Teams {
    by_place: HashMap<Place, Id<Team>>,
    by_id: HashMap<Id<Team>, Known>,
    /// Teams from before the file; nothing where several have the name.
    by_name: HashMap<String, Option<Id<Team>>>,
    pub new: Vec<TeamRow>,
}

struct Known {
    parent: Option<Id<Team>>,
    name: String,
    folded: String,
}

impl Teams {
    pub fn new(rows: &[TeamRow]) -> Teams {
        let mut teams =
            Teams { by_place: HashMap::new(), by_id: HashMap::new(), by_name: HashMap::new(), new: Vec::new() };
        for row in rows {
            teams.insert(row.id, row.parent_id, &row.name);
            teams.by_name.entry(folded(&row.name)).and_modify(|one| *one = None).or_insert(Some(row.id));
        }
        teams
    }

    /// The team at a path from the top, or the only one of that name.
    pub fn find(&self, path: &[String]) -> Option<Id<Team>> {
        let step = |above: Option<Id<Team>>, name: &String| self.by_place.get(&(above, folded(name))).copied();
        let mut at = None;
        for name in path {
            match step(at, name) {
                Some(next) => at = Some(next),
                None if path.len() == 1 => return self.by_name.get(&folded(name)).copied().flatten(),
                None => return None,
            }
        }
        at
    }

    /// The team at a path, made with those above it as far as they are missing; `path` is not empty.
    pub fn find_or_add(&mut self, path: &[String], mut id: impl FnMut() -> Id<Team>) -> Option<Id<Team>> {
        if let Some(found) = self.find(path) {
            return Some(found);
        }
        let mut above = None;
        for name in path {
            let known = self.by_place.get(&(above, folded(name))).copied();
            above = Some(known.unwrap_or_else(|| self.add(id(), above, name)));
        }
        above
    }

    fn add(&mut self, id: Id<Team>, parent_id: Option<Id<Team>>, name: &str) -> Id<Team> {
        self.insert(id, parent_id, name);
        self.new.push(TeamRow { id, parent_id, name: name.to_owned() });
        id
    }

    fn insert(&mut self, id: Id<Team>, parent: Option<Id<Team>>, name: &str) {
        let folded = folded(name);
        self.by_place.insert((parent, folded.clone()), id);
        self.by_id.insert(id, Known { parent, name: name.to_owned(), folded });
    }

    /// Whether a team is the one that a path means, or is below it. One name alone means every team that has it.
    pub fn is_within(&self, team: Id<Team>, path: &[String]) -> bool {
        let wanted = self.find(path);
        let only = if let [name] = path { Some(folded(name)) } else { None };
        self.upwards(team).any(|(id, known)| Some(id) == wanted || only.as_ref() == Some(&known.folded))
    }

    /// `Engineering / Payments`.
    pub fn words(&self, team: Id<Team>) -> String {
        let mut names: Vec<&str> = self.upwards(team).map(|(_, known)| known.name.as_str()).collect();
        names.reverse();
        names.join(" / ")
    }

    /// The team and those above it.
    fn upwards(&self, team: Id<Team>) -> impl Iterator<Item = (Id<Team>, &Known)> {
        const MOST: usize = 50;
        let named = |id: Id<Team>| self.by_id.get(&id).map(|known| (id, known));
        std::iter::successors(named(team), move |(_, known)| named(known.parent?)).take(MOST)
    }
}
