//! What texts name, as far as a reader may see it, and the texts as HTML.
use crate::mention;
use kernel::{Reference, Result, Tx, args, list, sql};
use markdown::{Html, Mentions};
use people::access::TEAM_VISIBLE;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// A person, a team or a record that a text names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Name {
    /// As the text names it: a path such as `/teams/ID`, or a key such as `PAY-482`.
    pub path: String,
    /// The address of its page.
    pub href: String,
    pub kind: &'static str,
    pub title: String,
}

impl Name {
    fn at(path: String, kind: &'static str, title: String) -> Name {
        Name { href: path.clone(), path, kind, title }
    }
}

/// So many records, beside people and teams, are looked up for a page.
const MOST: usize = 20;

/// What these texts name, as far as the actor sees it.
pub(crate) async fn names(tx: &mut Tx<'_>, texts: &[&str]) -> Result<Vec<Name>> {
    let (mut people, mut teams, mut others) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let site = tx.base_url().to_owned();
    for text in texts {
        let named = Named::of(text, &site);
        people.extend(named.mentions.people.iter().cloned());
        teams.extend(named.mentions.teams.iter().cloned());
        for path in &named.paths {
            match (path.strip_prefix("/people/"), path.strip_prefix("/teams/")) {
                (Some(id), _) => drop(people.insert(id.to_owned())),
                (_, Some(id)) => drop(teams.insert(id.to_owned())),
                _ => drop(others.insert(path.clone())),
            }
        }
    }
    let mut all = named_people(tx, &people).await?;
    all.extend(named_teams(tx, &teams).await?);
    for path in others.into_iter().take(MOST) {
        all.extend(named_record(tx, path).await?);
    }
    Ok(all)
}

async fn named_people(tx: &mut Tx<'_>, ids: &BTreeSet<String>) -> Result<Vec<Name>> {
    let found = mention::visible(tx, ids).await?;
    let name = |one: people::person::Named<_>| Name::at(format!("/people/{}", one.id), "person", one.name);
    Ok(found.into_iter().map(name).collect())
}

async fn named_teams(tx: &mut Tx<'_>, ids: &BTreeSet<String>) -> Result<Vec<Name>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select t.id, t.name from teams t where",
        TEAM_VISIBLE,
        "and t.id in (select value from json_each(cast($3 as text)))"
    );
    let found: Vec<(String, String)> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), list(ids)]).await?;
    Ok(found.into_iter().map(|(id, title)| Name::at(format!("/teams/{id}"), "team", title)).collect())
}

/// A record by the address of its page, or by its key: only issues have keys, which stand in their addresses.
async fn named_record(tx: &mut Tx<'_>, path: String) -> Result<Option<Name>> {
    let address = if path.starts_with('/') { path.clone() } else { format!("/issues/{path}") };
    let found = tx.record_kinds().find_map(|kind| Some((kind.kind, address.strip_prefix(kind.path)?.to_owned())));
    let Some((kind, id)) = found.filter(|(_, id)| !id.contains('/')) else { return Ok(None) };
    match tx.card(&Reference::to(kind, id)).await {
        Ok(card) => Ok(Some(Name { path, href: card.href, kind, title: card.title })),
        Err(kernel::Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a text names, whether or not anyone may see it.
struct Named {
    mentions: Mentions,
    paths: Vec<String>,
}

impl Named {
    fn of(text: &str, site: &str) -> Arc<Named> {
        let key = hash(&[site, text]);
        NAMED.get(&key).unwrap_or_else(|| {
            let paths = markdown::references(text, site);
            NAMED.keep(key, text.len(), Named { mentions: markdown::mentions(text), paths })
        })
    }

    fn paths(&self) -> impl Iterator<Item = String> {
        let people = self.mentions.people.iter().map(|id| format!("/people/{id}"));
        let teams = self.mentions.teams.iter().map(|id| format!("/teams/{id}"));
        people.chain(teams).chain(self.paths.iter().cloned())
    }
}

/// Texts as HTML, each with what leads its ids. The sanitiser takes a millisecond or two for each, so what was rendered
/// for the same text and the same names is taken again, and the rest is made beside the requests.
pub(crate) async fn render(texts: Vec<(String, String)>, site: Arc<str>, names: Vec<Name>) -> Result<Vec<Arc<Html>>> {
    let all = move || texts.iter().map(|(prefix, text)| render_one(prefix, text, &site, &names)).collect();
    tokio::task::spawn_blocking(all).await.map_err(kernel::Error::internal)
}

fn render_one(prefix: &str, text: &str, site: &str, names: &[Name]) -> Arc<Html> {
    let wanted: BTreeSet<String> = Named::of(text, site).paths().collect();
    let seen: Vec<&Name> = names.iter().filter(|name| wanted.contains(&name.path)).collect();
    let parts = [prefix, site, text].into_iter();
    let parts: Vec<&str> = parts
        .chain(seen.iter().flat_map(|name| [name.path.as_str(), name.href.as_str(), name.title.as_str()]))
        .collect();
    let key = hash(&parts);
    RENDERED.get(&key).unwrap_or_else(|| {
        let record =
            |name: &&Name| markdown::Record { title: name.title.clone(), address: name.href.clone(), kind: name.kind };
        let known: HashMap<String, markdown::Record> =
            seen.iter().map(|name| (name.path.clone(), record(name))).collect();
        let html = markdown::render(text, &markdown::Context { prefix, site, known: &known });
        RENDERED.keep(key, html.as_str().len(), html)
    })
}

type Key = [u8; 32];

/// The parts with their lengths, so that no two lists of parts are one text.
fn hash(parts: &[&str]) -> Key {
    let all = parts.iter().fold(Sha256::new(), |hash, part| {
        hash.chain_update((part.len() as u64).to_be_bytes()).chain_update(part.as_bytes())
    });
    all.finalize().into()
}

static NAMED: LazyLock<Cache<Named>> = LazyLock::new(Cache::default);
static RENDERED: LazyLock<Cache<Html>> = LazyLock::new(Cache::default);

/// Half of what a cache holds, in bytes.
const HALF: usize = 8 * 1024 * 1024;

/// What was made lately, within bounds: once the younger half is full, the older one is let go of.
struct Cache<V>(Mutex<Halves<V>>);

struct Halves<V> {
    young: HashMap<Key, (usize, Arc<V>)>,
    old: HashMap<Key, (usize, Arc<V>)>,
    bytes: usize,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Cache(Mutex::new(Halves { young: HashMap::new(), old: HashMap::new(), bytes: 0 }))
    }
}

impl<V> Cache<V> {
    fn get(&self, key: &Key) -> Option<Arc<V>> {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = halves.young.get(key) {
            return Some(value.clone());
        }
        let (bytes, value) = halves.old.remove(key)?;
        halves.put(*key, bytes, value.clone());
        Some(value)
    }

    fn keep(&self, key: Key, bytes: usize, value: V) -> Arc<V> {
        /// What an entry takes beside its text.
        const ENTRY: usize = 256;
        let value = Arc::new(value);
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.put(key, bytes + ENTRY, value.clone());
        value
    }
}

impl<V> Halves<V> {
    fn put(&mut self, key: Key, bytes: usize, value: Arc<V>) {
        if self.bytes + bytes > HALF {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(key, (bytes, value));
    }
}

#[cfg(test)]
mod tests;
