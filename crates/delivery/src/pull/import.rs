//! A bunch of records. They are joined with what was told before, so a second time changes nothing and no order is wrong.
use super::{
    Host,
    heard::{Heard, Key},
    place, save,
};
use crate::{
    identity,
    repository::{Repository, may_keep},
};
use forge::{Account, Kind, Record};
use kernel::{Actor, Error, Id, Json, Method::Post, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Take in records of a code host, at most 2,000, as the crate `forge` reads them. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ImportRecords {
    pub host: Host,
    /// The repository to which all of them belong, whatever the code host calls it.
    #[serde(default)]
    pub into: Option<Id<Repository>>,
    #[schemars(with = "Vec<Json>")]
    pub records: Vec<Record>,
}

/// What came of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Taken {
    /// Rows that are new or say something else than before.
    pub changed: u64,
    /// Records that do not say to which repository or pull request they belong, by kind.
    pub homeless: BTreeMap<String, u64>,
    /// Records that name somebody without a name at the code host, by kind; nobody stands there.
    pub nameless: BTreeMap<String, u64>,
}

impl Taken {
    /// Adds what came of other records.
    pub fn add(&mut self, other: Taken) {
        self.changed += other.changed;
        for (into, from) in [(&mut self.homeless, other.homeless), (&mut self.nameless, other.nameless)] {
            from.into_iter().for_each(|(kind, number)| *into.entry(kind).or_default() += number);
        }
    }
}

const MOST: usize = 2_000;

impl Operation for ImportRecords {
    const NAME: &str = "pull.import";
    const ROUTE: Route = Route(Post, "/delivery/records");
    type Target = ();
    type Output = Taken;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(repository) = self.into {
            Repository::visible(tx, repository).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Taken> {
        if self.records.len() > MOST {
            return Err(Error::invalid("records", format!("Send at most {MOST} records at once.")));
        }
        let places = place::repositories(tx, self.host, self.into, &self.records).await?;
        let mut taken = Taken::default();
        let mut accounts = Vec::new();
        for record in &self.records {
            for named in named(record) {
                match named {
                    Some(account) => accounts.push(account),
                    None => *taken.nameless.entry(record.kind.word().to_owned()).or_default() += 1,
                }
            }
        }
        let identities = identity::of_accounts(tx, self.host.word(), &accounts).await?;
        let mut heard: BTreeMap<Key, Heard> = BTreeMap::new();
        for (record, repository) in self.records.iter().zip(&places) {
            match Key::of(record, *repository) {
                Some(key) => heard.entry(key).or_default().records.push(record),
                None => *taken.homeless.entry(record.kind.word().to_owned()).or_default() += 1,
            }
        }
        taken.changed = save::all(tx, self.host, heard, &identities).await?;
        Ok(taken)
    }
}

/// Everybody whom a record names; nothing in the place of somebody who has no name at the code host.
fn named(record: &Record) -> Vec<Option<Account>> {
    let read = |value: &Json| Account::deserialize(value).ok().filter(|account| !account.login.trim().is_empty());
    let fields = || ["author", "merged_by", "actor", "of"].into_iter().filter_map(|name| record.fields.get(name));
    match record.kind {
        Kind::Account => {
            let mut own = record.fields.clone();
            own.insert("bot".into(), Json::Bool(record.fields.get("type").and_then(Json::as_str) == Some("Bot")));
            vec![read(&Json::Object(own))]
        }
        _ => fields().filter(|value| !value.is_null()).map(read).collect(),
    }
}
