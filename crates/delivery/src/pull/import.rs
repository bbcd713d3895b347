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
        let accounts = self.records.iter().flat_map(accounts).collect::<Vec<_>>();
        let identities = identity::of_accounts(tx, self.host.word(), &accounts).await?;
        let mut taken = Taken::default();
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

/// Everybody whom a record names.
fn accounts(record: &Record) -> Vec<Account> {
    let fields = || ["author", "merged_by", "actor", "of"].into_iter().filter_map(|name| record.fields.get(name));
    let read = |value: &Json| Account::deserialize(value).ok();
    match record.kind {
        Kind::Account => {
            let mut own = record.fields.clone();
            own.insert("bot".into(), Json::Bool(record.fields.get("type").and_then(Json::as_str) == Some("Bot")));
            read(&Json::Object(own)).into_iter().collect()
        }
        _ => fields().filter_map(read).collect(),
    }
}
