//! From what is stored and what a file says to what has to be done. Nothing is looked up or changed here, so a dry run
//! and an import have the same plan.
use super::{
    directory::Directory,
    draft::{self, Draft},
    lines,
    reader::{Column, Reading, Row, RowError},
    state::{Membership, State, TeamRow},
    teams::Teams,
};
use crate::person::{Record, folded};
use jiff::civil::Date;
use kernel::{Id, Person, Team, Time, calendar::Week};
use std::collections::HashMap;

/// What holds where the file says nothing.
#[derive(Clone, Debug)]
pub struct Rules {
    pub zone: Option<String>,
    pub hours: Week,
    pub create_teams: bool,
}

pub struct Plan<'s> {
    pub rows: Vec<Planned<'s>>,
    /// Those above come before those below.
    pub teams: Vec<TeamRow>,
    /// With the names of those above them.
    pub team_names: Vec<String>,
    pub errors: Vec<RowError>,
    pub notes: Vec<RowError>,
}

/// What becomes of one person.
pub struct Planned<'s> {
    pub line: u64,
    pub old: Option<&'s Record>,
    pub new: Record,
    pub team: Option<TeamChange>,
    pub manager: Option<ManagerChange>,
}

pub struct TeamChange {
    pub to: Id<Team>,
    pub from_on: Date,
    pub leaves: Option<Membership>,
    /// What the team was and is called.
    pub words: [String; 2],
}

pub struct ManagerChange {
    pub to: Id<Person>,
    pub from_on: Date,
    /// What the manager was and is called.
    pub words: [String; 2],
}

pub fn plan<'s>(state: &'s State, reading: &Reading, rules: &Rules, me: Id<Person>, now: Time) -> Plan<'s> {
    let mut planner = Planner::new(state, &reading.columns, rules, me, now);
    let mut drafts = planner.drafts(&reading.rows);
    let managers = lines::settle(state, &planner.directory, &mut drafts, &mut planner.notes);
    let mut rows = Vec::with_capacity(drafts.len());
    for (mut draft, manager) in drafts.into_iter().zip(managers) {
        if draft.errors.is_empty() {
            planner.notes.append(&mut draft.notes);
            let team = planner.team(&draft);
            rows.push(Planned { line: draft.line, old: draft.old, new: draft.new, team, manager });
        } else {
            planner.errors.append(&mut draft.errors);
        }
    }
    let Planner { mut errors, mut notes, teams, .. } = planner;
    errors.sort_by_key(|error| error.line);
    notes.sort_by_key(|note| note.line);
    let team_names = teams.new.iter().map(|team| teams.words(team.id)).collect();
    Plan { rows, teams: teams.new, team_names, errors, notes }
}

pub(super) struct Planner<'s, 'r> {
    pub state: &'s State,
    pub directory: Directory<'s>,
    pub columns: &'r [Column],
    pub rules: &'r Rules,
    pub teams: Teams,
    pub me: Id<Person>,
    pub now: Time,
    /// How many of the owners stay.
    pub owners: usize,
    ids: u32,
    errors: Vec<RowError>,
    notes: Vec<RowError>,
}

impl<'s, 'r> Planner<'s, 'r> {
    fn new(state: &'s State, columns: &'r [Column], rules: &'r Rules, me: Id<Person>, now: Time) -> Self {
        let (directory, teams) = (Directory::new(state), Teams::new(&state.teams));
        let (owners, ids, errors, notes) = (state.owners.len(), 0, Vec::new(), Vec::new());
        Planner { state, directory, columns, rules, teams, me, now, owners, ids, errors, notes }
    }

    pub fn id<T>(&mut self) -> Id<T> {
        self.ids += 1;
        Id::at(self.now, self.ids)
    }

    /// The rows with the people they are about. No two rows are about one person.
    fn drafts<'p>(&mut self, rows: &'p [Row]) -> Vec<Draft<'s, 'p>> {
        let mut namesakes: HashMap<String, u32> = HashMap::new();
        rows.iter().for_each(|row| *namesakes.entry(folded(&row.person.name)).or_default() += 1);
        let mut lines: HashMap<Id<Person>, u64> = HashMap::new();
        let mut drafts = Vec::with_capacity(rows.len());
        for row in rows {
            let unnamed = row.person.email.is_none() && row.person.employee_id.is_none();
            let found = match namesakes[&folded(&row.person.name)] {
                2.. if unnamed => Err("Several rows have this name. Add a mail address or an employee id.".to_owned()),
                _ => self.directory.find(&row.person),
            };
            let mut draft = match found {
                Ok(old) => draft::draft(self, row, old),
                Err(sentence) => draft::refused(row, sentence),
            };
            if let Some(old) = draft.old {
                let first = *lines.entry(old.id).or_insert(row.line);
                if first != row.line {
                    draft.refuse(None, format!("Line {first} is about {} too. Remove one of the two.", old.name));
                }
            }
            drafts.push(draft);
        }
        drafts
    }

    fn team(&mut self, draft: &Draft) -> Option<TeamChange> {
        let path = &draft.row.team;
        if path.is_empty() || draft.has_left() {
            return None;
        }
        let now = draft.old.and_then(|old| self.state.memberships.get(&old.id)).map_or(&[][..], Vec::as_slice);
        if now.iter().any(|membership| self.teams.is_within(membership.team_id, path)) {
            return None;
        }
        let mut ids = self.ids;
        let at = self.now;
        let to = self.teams.find_or_add(path, || {
            ids += 1;
            Id::at(at, ids)
        })?;
        self.ids = ids;
        // Whoever is on several teams joins this one beside them, as the file knows only one team of a person.
        let leaves = if let [only] = now { Some(only.clone()) } else { None };
        let before = leaves.as_ref().map(|membership| self.teams.words(membership.team_id)).unwrap_or_default();
        let words = [before, self.teams.words(to)];
        Some(TeamChange { to, from_on: draft.begins_on(self.state.today), leaves, words })
    }
}
