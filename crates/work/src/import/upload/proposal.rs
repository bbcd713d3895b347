//! What becomes of the projects, people and states of a file: as it was chosen, else as the rules propose it.
use super::{
    Tracker,
    file::{Project, Summary},
};
use crate::{
    import::{
        PreviewImport, Somebody,
        reading::{Mapping, PersonMapping, StateMapping},
    },
    team::{Category, State, states_of},
};
use kernel::{Id, Operation, Person, Result, Team, Tx, args, list, sql};
use people::{
    person::folded,
    team::{Branch, ListTeams},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was chosen until now; what is left out is as it is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Choices {
    /// By the key of a project.
    pub teams: BTreeMap<String, TeamChoice>,
    /// By the source's id.
    pub people: BTreeMap<String, Option<Id<Person>>>,
    /// By the name at the source.
    pub states: BTreeMap<String, StateChoice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TeamChoice {
    /// One that is called like the project.
    New,
    Is(Id<Team>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateChoice {
    /// One of the same name.
    New(Category),
    /// The state of this name.
    Is(String),
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proposal {
    pub teams: Vec<(Project, TeamChoice)>,
    pub people: Vec<ProposedPerson>,
    pub states: Vec<ProposedState>,
    /// The states that the teams have, with what they mean there.
    pub known: Vec<(String, Category)>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProposedPerson {
    pub somebody: Somebody,
    /// By what the proposal is known, as in a preview.
    pub by: &'static str,
    pub proposed: Option<Id<Person>>,
    pub chosen: Option<Id<Person>>,
    /// What the chosen person is called.
    pub name: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProposedState {
    pub name: String,
    /// What it means at the source.
    pub category: Category,
    pub proposed: StateChoice,
    pub chosen: StateChoice,
}

impl Proposal {
    pub async fn of(tx: &mut Tx<'_>, source: Tracker, summary: &Summary, choices: &Choices) -> Result<Proposal> {
        let all = ListTeams {}.run(tx, ()).await?;
        let teams: Vec<(Project, TeamChoice)> =
            summary.projects.iter().map(|project| (project.clone(), team(project, &all, choices))).collect();
        let mut known: Vec<State> = Vec::new();
        for (_, choice) in &teams {
            if let TeamChoice::Is(team) = choice {
                known.extend(states_of(tx, *team).await?.into_iter().filter(|state| state.archived_at.is_none()));
            }
        }
        let mut names: Vec<(String, Category)> = Vec::new();
        for state in known {
            if names.iter().all(|(name, _)| folded(name) != folded(&state.name)) {
                names.push((state.name, state.category));
            }
        }
        let states = states(summary, choices, &names);
        Ok(Proposal { teams, people: people(tx, source, summary, choices).await?, states, known: names })
    }

    /// What differs from the proposals, for whoever reads the file.
    pub fn mapping(&self) -> Mapping {
        let mut mapping = Mapping::default();
        for one in self.people.iter().filter(|one| one.chosen != one.proposed) {
            let who = one.chosen.map_or(PersonMapping::Nobody, PersonMapping::Person);
            mapping.people.insert(one.somebody.id.to_string(), who);
        }
        for one in self.states.iter().filter(|one| one.chosen != one.proposed) {
            let (name, category) = match &one.chosen {
                StateChoice::New(category) => (None, Some(*category)),
                StateChoice::Is(name) => (Some(name.clone()), self.meaning(name)),
            };
            mapping.states.insert(one.name.clone(), StateMapping { name, category });
        }
        mapping
    }

    fn meaning(&self, name: &str) -> Option<Category> {
        self.known.iter().find(|(known, _)| known == name).map(|(_, category)| *category)
    }

    /// By what each of the people is known after the choices, as a report counts it.
    pub fn known_by(&self) -> impl Iterator<Item = &'static str> {
        self.people.iter().map(|one| match one.chosen {
            chosen if chosen == one.proposed => one.by,
            Some(_) => "settled",
            None => "nobody",
        })
    }
}

/// The chosen team, else the one team that is called like the project, else a new one.
fn team(project: &Project, all: &[Branch], choices: &Choices) -> TeamChoice {
    match choices.teams.get(&project.key) {
        Some(TeamChoice::Is(team)) if all.iter().any(|one| one.id == *team) => return TeamChoice::Is(*team),
        Some(TeamChoice::New) => return TeamChoice::New,
        _ => {}
    }
    let mut same = all.iter().filter(|one| folded(&one.name) == folded(&project.name));
    match (same.next(), same.next()) {
        (Some(one), None) => TeamChoice::Is(one.id),
        _ => TeamChoice::New,
    }
}

async fn people(tx: &mut Tx<'_>, source: Tracker, summary: &Summary, choices: &Choices) -> Result<Vec<ProposedPerson>> {
    let preview = PreviewImport { source, people: summary.people.clone(), states: Vec::new() };
    let all = preview.people(tx).await?;
    let proposed = summary.people.iter().zip(all).map(|(somebody, found)| {
        let chosen = choices.people.get(&*somebody.id).copied().filter(|_| found.by != "said");
        ProposedPerson {
            somebody: somebody.clone(),
            by: found.by,
            proposed: found.person_id,
            chosen: chosen.unwrap_or(found.person_id),
            name: None,
        }
    });
    let mut proposed: Vec<ProposedPerson> = proposed.collect();
    let select = sql!(
        "select id, name from people where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    let chosen = list(proposed.iter().filter_map(|one| one.chosen));
    let names: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), chosen]).await?;
    let names: BTreeMap<Id<Person>, String> = names.into_iter().collect();
    for one in &mut proposed {
        one.chosen = one.chosen.filter(|person| names.contains_key(person));
        one.name = one.chosen.and_then(|person| names.get(&person).cloned());
    }
    Ok(proposed)
}

fn states(summary: &Summary, choices: &Choices, known: &[(String, Category)]) -> Vec<ProposedState> {
    let mut all: BTreeMap<&str, Category> = BTreeMap::new();
    for state in summary.states.values().flatten() {
        all.entry(&state.name).or_insert(state.category);
    }
    let proposed = |(name, category): (&str, Category)| {
        let same = known.iter().find(|(here, _)| folded(here) == folded(name));
        let proposed = same.map_or(StateChoice::New(category), |(here, _)| StateChoice::Is(here.clone()));
        let fits = |choice: &&StateChoice| match choice {
            StateChoice::New(_) => same.is_none(),
            StateChoice::Is(wanted) => known.iter().any(|(here, _)| here == wanted),
        };
        let chosen = choices.states.get(name).filter(fits).unwrap_or(&proposed).clone();
        ProposedState { name: name.to_owned(), category, proposed, chosen }
    };
    all.into_iter().map(proposed).collect()
}
