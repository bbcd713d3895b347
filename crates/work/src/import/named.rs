//! People, states and labels of a bunch, found here by their names or made.
use super::{Here, Import, Incoming, IncomingState, Somebody, Tracker};
use crate::{
    label::{self, Label},
    team::{self, State, states_of},
};
use kernel::{Error, Id, Person, Result, Team, Tx, args, list, sql};
use people::person::folded;
use std::collections::{BTreeMap, BTreeSet};

/// Somebody whom a source names.
pub enum Outsider {}

/// Who somebody is here, in the two columns in which it is stored.
pub type Who = (Option<Id<Person>>, Option<Id<Outsider>>);

/// What the names in a bunch stand for.
pub struct Named {
    people: BTreeMap<String, Who>,
    states: BTreeMap<(Option<String>, String), State>,
    labels: BTreeMap<(bool, String), Id<Label>>,
}

impl Named {
    pub async fn of(tx: &mut Tx<'_>, import: &Import, team: Id<Team>, issues: &[&Incoming]) -> Result<Named> {
        Ok(Named {
            people: people(tx, import.source, issues).await?,
            states: states(tx, import, team, issues).await?,
            labels: labels(tx, import, team, issues).await?,
        })
    }

    pub fn person(&self, who: Option<&Somebody>) -> Who {
        who.and_then(|one| self.people.get(&*one.id)).copied().unwrap_or_default()
    }

    /// A state of the team, or of another one where its key is given.
    pub fn state(&self, team: Option<&str>, name: &str) -> Result<&State> {
        let found = self.states.get(&(team.map(str::to_owned), name.to_owned()));
        found.ok_or_else(|| Error::invalid("issues", format!("Team {} has no state {name}.", team.unwrap_or_default())))
    }

    pub fn label(&self, shared: bool, name: &str) -> Option<Id<Label>> {
        self.labels.get(&(shared, folded(name))).copied()
    }
}

/// Everyone whom the issues name, once each, with their mail address where it is told anywhere.
fn named<'i>(issues: &[&'i Incoming]) -> BTreeMap<&'i str, &'i Somebody> {
    let mut all: BTreeMap<&str, &Somebody> = BTreeMap::new();
    for issue in issues {
        let of_changes = issue.changes.iter().filter_map(|change| change.by.as_ref());
        let of_notes = issue.notes.iter().filter_map(|note| note.by.as_ref());
        let of_fields = issue.custom.iter().filter_map(|value| value.person.as_ref());
        for one in issue.assignee.iter().chain(&issue.creator).chain(of_changes).chain(of_notes).chain(of_fields) {
            let kept = all.entry(&*one.id).or_insert(one);
            if kept.mail.is_none() {
                *kept = one;
            }
        }
    }
    all
}

async fn people(tx: &mut Tx<'_>, source: Tracker, issues: &[&Incoming]) -> Result<BTreeMap<String, Who>> {
    somebodies(tx, source, named(issues).into_values().collect()).await
}

/// Who people of the source are here; a name is kept of those who are nobody.
pub async fn somebodies(tx: &mut Tx<'_>, source: Tracker, wanted: Vec<&Somebody>) -> Result<BTreeMap<String, Who>> {
    let known = known(tx, source, &wanted).await?;
    let mut all = BTreeMap::new();
    for (one, known) in wanted.into_iter().zip(known) {
        let who = match known {
            Known::Settled(id) | Known::ByMail(id) | Known::ByName(id) | Known::Claimed(id) => (Some(id), None),
            Known::Outsider(id) => (None, Some(id)),
            Known::New => (None, Some(add_outsider(tx, source, one).await?)),
        };
        all.insert(one.id.to_string(), who);
    }
    Ok(all)
}

/// How somebody is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Settled(Id<Person>),
    ByMail(Id<Person>),
    ByName(Id<Person>),
    Claimed(Id<Person>),
    Outsider(Id<Outsider>),
    New,
}

/// As somebody has said it, else as it was settled for this import, else by mail address, else by a name that one person
/// alone has.
pub async fn known(tx: &mut Tx<'_>, source: Tracker, wanted: &[&Somebody]) -> Result<Vec<Known>> {
    let mails = list(wanted.iter().filter_map(|one| one.mail.as_ref()).map(|mail| mail.to_lowercase()));
    let by_mail = sql!(
        "select email, id from people where workspace_id = $1
            and email in (select value from json_each(cast($2 as text)))"
    );
    let by_mail: Vec<(String, Id<Person>)> = tx.all(by_mail, args![tx.workspace(), mails]).await?;
    let by_mail: BTreeMap<String, Id<Person>> = by_mail.into_iter().collect();
    let by_name = sql!(
        "select name, min(id) as id from people where workspace_id = $1
            and name in (select value from json_each(cast($2 as text))) group by name having count(*) = 1"
    );
    let names = list(wanted.iter().map(|one| &*one.name));
    let by_name: Vec<(String, Id<Person>)> = tx.all(by_name, args![tx.workspace(), names]).await?;
    let by_name: BTreeMap<String, Id<Person>> = by_name.into_iter().collect();
    let settled = settled(tx, wanted).await?;
    let outsiders = outsiders(tx, source, wanted).await?;
    let known = |one: &&Somebody| {
        let outsider = outsiders.get(&*one.id).copied();
        let here = one.here.as_ref().and_then(Here::person).filter(|person| settled.contains(person));
        let mail = one.mail.as_ref().and_then(|mail| by_mail.get(&mail.to_lowercase()));
        match (outsider, here, mail, by_name.get(&*one.name)) {
            (Some(claimed @ Known::Claimed(_)), ..) => claimed,
            _ if one.here == Some(Here::Nobody) => outsider.unwrap_or(Known::New),
            (_, Some(person), ..) => Known::Settled(person),
            (_, _, Some(person), _) => Known::ByMail(*person),
            (.., Some(person)) => Known::ByName(*person),
            (outsider, ..) => outsider.unwrap_or(Known::New),
        }
    };
    Ok(wanted.iter().map(known).collect())
}

/// What was settled about people who are here.
async fn settled(tx: &mut Tx<'_>, wanted: &[&Somebody]) -> Result<BTreeSet<Id<Person>>> {
    let select =
        sql!("select id from people where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))");
    let ids = list(wanted.iter().filter_map(|one| one.here.as_ref()?.person()));
    let people: Vec<Id<Person>> = tx.all(select, args![tx.workspace(), ids]).await?;
    Ok(people.into_iter().collect())
}

async fn outsiders(tx: &mut Tx<'_>, source: Tracker, wanted: &[&Somebody]) -> Result<BTreeMap<String, Known>> {
    let select = sql!(
        "select source_id, id, person_id from outsiders where workspace_id = $1 and source = $2
            and source_id in (select value from json_each(cast($3 as text)))"
    );
    let ids = list(wanted.iter().map(|one| &*one.id));
    let rows: Vec<(String, Id<Outsider>, Option<Id<Person>>)> =
        tx.all(select, args![tx.workspace(), source, ids]).await?;
    let known = |(name, id, person): (String, _, Option<_>)| (name, person.map_or(Known::Outsider(id), Known::Claimed));
    Ok(rows.into_iter().map(known).collect())
}

async fn add_outsider(tx: &mut Tx<'_>, source: Tracker, one: &Somebody) -> Result<Id<Outsider>> {
    let id = tx.id();
    let insert = sql!(
        "insert into outsiders (workspace_id, id, source, source_id, name, email, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    tx.run(insert, args![tx.workspace(), id, source, one.id, one.name, one.mail, tx.now()]).await?;
    Ok(id)
}

type States = BTreeMap<(Option<String>, String), State>;

/// By the name as it is written, else without case and marks; what the team has not is added after the others of its
/// category, also for a time in another team that is not here.
async fn states(tx: &mut Tx<'_>, import: &Import, team: Id<Team>, issues: &[&Incoming]) -> Result<States> {
    let mut found = States::new();
    let mut states = states_of(tx, team).await?;
    for (key, IncomingState { name, category }) in wanted_states(issues) {
        let here = match &key {
            Some(key) => elsewhere(tx, key, &name).await?,
            None => None,
        };
        let state = match here.or_else(|| find(&states, &name).cloned()) {
            Some(state) => state,
            None => {
                let added = team::add_state(tx, team, &name, category).await?;
                let mark = sql!("update work_states set import_id = $3 where workspace_id = $1 and id = $2");
                tx.run(mark, args![tx.workspace(), added.id, import.id]).await?;
                states.push(added.clone());
                added
            }
        };
        found.insert((key, name.to_string()), state);
    }
    Ok(found)
}

/// Every state that is named, with the key of the team where that is another one.
fn wanted_states(issues: &[&Incoming]) -> BTreeSet<(Option<String>, IncomingState)> {
    let mut wanted = BTreeSet::new();
    for issue in issues {
        wanted.insert((None, issue.state.clone()));
        for visit in &issue.visits {
            wanted.insert((visit.team.as_ref().map(ToString::to_string), visit.state.clone()));
        }
    }
    wanted
}

fn find<'s>(states: &'s [State], name: &str) -> Option<&'s State> {
    let exact = states.iter().find(|one| one.name == name);
    exact.or_else(|| states.iter().find(|one| folded(&one.name) == folded(name)))
}

/// A state in which an issue was while it belonged to another team.
async fn elsewhere(tx: &mut Tx<'_>, key: &str, name: &str) -> Result<Option<State>> {
    let select = sql!("select team_id from work_keys where workspace_id = $1 and key = $2");
    match tx.find(select, args![tx.workspace(), key]).await? {
        Some(team) => Ok(find(&states_of(tx, team).await?, name).cloned()),
        None => Ok(None),
    }
}

async fn labels(
    tx: &mut Tx<'_>,
    import: &Import,
    team: Id<Team>,
    issues: &[&Incoming],
) -> Result<BTreeMap<(bool, String), Id<Label>>> {
    let mut wanted: BTreeMap<(bool, String), String> = BTreeMap::new();
    for issue in issues {
        wanted.extend(issue.labels.iter().map(|name| ((false, folded(name)), name.to_string())));
        wanted.extend(issue.shared_labels.iter().map(|name| ((true, folded(name)), name.to_string())));
    }
    let mut found = BTreeMap::new();
    for (key, name) in wanted {
        let (id, made) = label::named(tx, (!key.0).then_some(team), &name).await?;
        if made {
            let mark = sql!("update labels set import_id = $3 where workspace_id = $1 and id = $2");
            tx.run(mark, args![tx.workspace(), id, import.id]).await?;
        }
        found.insert(key, id);
    }
    Ok(found)
}
