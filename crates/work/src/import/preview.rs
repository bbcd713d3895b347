use super::{
    IncomingState, Somebody, Tracker,
    named::{self, Known},
};
use crate::team::{Category, Kept, states_of};
use kernel::{Actor, Id, Method::Post, Operation, Person, Result, Route, Team, Tx, args, list, sql};
use people::{access::cares_for_people, person::folded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the people and states of a source would become, before anything is brought over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewImport {
    pub source: Tracker,
    #[serde(default)]
    pub people: Vec<Somebody>,
    #[serde(default)]
    pub states: Vec<TeamStates>,
}

/// The states that issues of one team would be in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamStates {
    pub team: Id<Team>,
    pub states: Vec<IncomingState>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "IssueImportPreview")]
pub struct Preview {
    pub people: Vec<PersonPreview>,
    pub states: Vec<StatePreview>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonPreview {
    pub name: String,
    pub mail: Option<String>,
    /// `settled` for this import, `mail`, `name`, `said` by somebody here before, or `nobody`: then the name stands until
    /// somebody says who it is.
    pub by: &'static str,
    /// Who it is here.
    pub person: Option<String>,
    pub person_id: Option<Id<Person>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatePreview {
    pub team: Id<Team>,
    pub name: String,
    pub category: Category,
    /// The state that it becomes; a new one if there is none.
    pub becomes: Option<String>,
    /// What that one means here.
    pub meaning: Option<Category>,
}

impl Operation for PreviewImport {
    const NAME: &str = "issue_import.preview";
    const ROUTE: Route = Route(Post, "/issue-imports/preview");
    type Target = Vec<Kept>;
    type Output = Preview;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Kept>> {
        let mut kept = Vec::new();
        for one in &self.states {
            kept.push(Kept::visible(tx, one.team).await?);
        }
        Ok(kept)
    }

    fn allows(actor: &Actor, _: &Vec<Kept>) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Vec<Kept>) -> Result<Preview> {
        let mut states = Vec::new();
        for one in &self.states {
            let known = states_of(tx, one.team).await?;
            for state in &one.states {
                let same = known.iter().find(|known| folded(&known.name) == folded(&state.name));
                states.push(StatePreview {
                    team: one.team,
                    name: state.name.to_string(),
                    category: state.category,
                    becomes: same.map(|same| same.name.clone()),
                    meaning: same.map(|same| same.category),
                });
            }
        }
        Ok(Preview { people: self.people(tx).await?, states })
    }
}

impl PreviewImport {
    pub(super) async fn people(&self, tx: &mut Tx<'_>) -> Result<Vec<PersonPreview>> {
        let wanted: Vec<&Somebody> = self.people.iter().collect();
        let known = named::known(tx, self.source, &wanted).await?;
        let found = known.iter().filter_map(|known| who(*known).1);
        let select = sql!(
            "select id, name from people where workspace_id = $1
                and id in (select value from json_each(cast($2 as text)))"
        );
        let names: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace(), list(found)]).await?;
        let names: BTreeMap<String, String> = names.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let preview = |(one, known): (&&Somebody, Known)| {
            let (by, person) = who(known);
            let mail = one.mail.as_ref().map(ToString::to_string);
            let name = person.and_then(|id| names.get(id.as_str()).cloned());
            PersonPreview { name: one.name.to_string(), mail, by, person: name, person_id: person }
        };
        Ok(wanted.iter().zip(known).map(preview).collect())
    }
}

fn who(known: Known) -> (&'static str, Option<Id<Person>>) {
    match known {
        Known::Settled(id) => ("settled", Some(id)),
        Known::ByMail(id) => ("mail", Some(id)),
        Known::ByName(id) => ("name", Some(id)),
        Known::Claimed(id) => ("said", Some(id)),
        Known::Outsider(_) | Known::New => ("nobody", None),
    }
}
