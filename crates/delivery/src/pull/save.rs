//! Joins what was heard with what is stored, a statement to read and one to write for each kind.
use super::{
    Host,
    heard::{Heard, Key, Said},
    linked, phase,
};
use crate::{identity::Identity, named, repository::Repository};
use forge::Kind;
use kernel::{Bind, CodeState, Error, Id, Result, Sql, Tx, Value, args, json, list, sql};
use std::collections::{BTreeMap, BTreeSet};

type Identities = BTreeMap<String, Id<Identity>>;

/// A thing that has to be written.
struct Changed {
    key: Key,
    said: Said,
    told: String,
    /// How far a pull request was that was known before.
    before: Option<CodeState>,
}

/// Writes what changed, and says how much that was.
pub(super) async fn all(
    tx: &mut Tx<'_>,
    host: Host,
    mut heard: BTreeMap<Key, Heard<'_>>,
    identities: &Identities,
) -> Result<u64> {
    let before = before(tx, host, &heard).await?;
    let mut changed = Vec::new();
    for (key, heard) in &mut heard {
        if heard.join(host, key, before.get(key).map(String::as_str))? {
            let told = serde_json::to_string(&heard.told).map_err(Error::internal)?;
            let told_before = before.get(key).filter(|_| matches!(key, Key::Pull(..)));
            let before = told_before.map(|told| phase::before(told)).transpose()?;
            changed.push(Changed { key: key.clone(), said: Said(heard.told.fields()), told, before });
        }
    }
    pulls(tx, &changed, identities).await?;
    labels(tx, &changed).await?;
    names(tx, &changed).await?;
    reviews(tx, &changed, identities).await?;
    comments(tx, &changed, identities).await?;
    events(tx, &changed, identities).await?;
    commits(tx, &changed).await?;
    things(tx, host, &changed).await?;
    let repositories: BTreeSet<Id<Repository>> = changed.iter().filter_map(|one| one.key.repository()).collect();
    for repository in repositories {
        tx.record("pull.imported", repository, json!({}));
    }
    Ok(changed.len() as u64)
}

impl Key {
    fn repository(&self) -> Option<Id<Repository>> {
        match self {
            Key::Pull(repository, _) => Some(*repository),
            Key::Review(repository, ..) | Key::Comment(repository, ..) => Some(*repository),
            Key::Event(repository, ..) | Key::Commit(repository, ..) => Some(*repository),
            Key::Thing(..) => None,
        }
    }
}

/// What was told of these things until now.
async fn before(tx: &mut Tx<'_>, host: Host, heard: &BTreeMap<Key, Heard<'_>>) -> Result<BTreeMap<Key, String>> {
    let mut found = BTreeMap::new();
    let repositories: BTreeSet<Id<Repository>> = heard.keys().filter_map(Key::repository).collect();
    for repository in repositories {
        let numbers = heard.keys().filter_map(|key| match key {
            Key::Pull(of, number) if *of == repository => Some(*number),
            _ => None,
        });
        let select = sql!(
            "select number, told from pull_requests where workspace_id = $1 and repository_id = $2
                and number in (select cast(value as bigint) from json_each(cast($3 as text)))"
        );
        let rows: Vec<(i64, String)> = tx.all(select, args![tx.workspace(), repository, list(numbers)]).await?;
        found.extend(rows.into_iter().map(|(number, told)| (Key::Pull(repository, number), told)));
        children(tx, repository, heard, &mut found).await?;
    }
    let keys: BTreeSet<(Kind, &String)> = heard.keys().filter_map(thing).collect();
    let select = sql!(
        "select kind, key, told from forge_things
          where workspace_id = $1 and host = $2 and key in (select value from json_each(cast($3 as text)))"
    );
    let rows: Vec<(String, String, String)> =
        tx.all(select, args![tx.workspace(), host, list(keys.iter().map(|(_, key)| key))]).await?;
    let kind = |word: &str| Kind::ALL.into_iter().find(|kind| kind.word() == word);
    found.extend(rows.into_iter().filter_map(|(word, key, told)| Some((Key::Thing(kind(&word)?, key), told))));
    Ok(found)
}

fn thing(key: &Key) -> Option<(Kind, &String)> {
    match key {
        Key::Thing(kind, key) => Some((*kind, key)),
        _ => None,
    }
}

/// What belongs to pull requests of one repository.
async fn children(
    tx: &mut Tx<'_>,
    repository: Id<Repository>,
    heard: &BTreeMap<Key, Heard<'_>>,
    found: &mut BTreeMap<Key, String>,
) -> Result<()> {
    type Make = fn(Id<Repository>, i64, String) -> Key;
    let kinds: [(Sql, Make); 4] = [
        (
            sql!(
                "select key, number, told from reviews where workspace_id = $1 and repository_id = $2
                    and key in (select value from json_each(cast($3 as text)))"
            ),
            Key::Review,
        ),
        (
            sql!(
                "select key, number, told from pull_comments where workspace_id = $1 and repository_id = $2
                    and key in (select value from json_each(cast($3 as text)))"
            ),
            Key::Comment,
        ),
        (
            sql!(
                "select key, number, told from pull_events where workspace_id = $1 and repository_id = $2
                    and key in (select value from json_each(cast($3 as text)))"
            ),
            Key::Event,
        ),
        (
            sql!(
                "select key, number, told from pull_commits where workspace_id = $1 and repository_id = $2
                    and key in (select value from json_each(cast($3 as text)))"
            ),
            Key::Commit,
        ),
    ];
    for (select, make) in kinds {
        let wanted: Vec<&String> = heard.keys().filter_map(|key| child(key, repository, make)).collect();
        if !wanted.is_empty() {
            let rows: Vec<(String, i64, String)> =
                tx.all(select, args![tx.workspace(), repository, list(wanted)]).await?;
            found.extend(rows.into_iter().map(|(key, number, told)| (make(repository, number, key), told)));
        }
    }
    Ok(())
}

/// The key of a child of this kind and repository.
fn child(key: &Key, repository: Id<Repository>, make: fn(Id<Repository>, i64, String) -> Key) -> Option<&String> {
    let (Key::Review(of, number, text)
    | Key::Comment(of, number, text)
    | Key::Event(of, number, text)
    | Key::Commit(of, number, text)) = key
    else {
        return None;
    };
    (*of == repository && make(*of, *number, text.clone()) == *key).then_some(text)
}

async fn pulls(tx: &mut Tx<'_>, changed: &[Changed], identities: &Identities) -> Result<()> {
    let upsert = sql!(
        "insert into pull_requests (workspace_id, repository_id, number, title, state, draft, author_id, created_at,
                updated_at, closed_at, merged_at, merged_by_id, merge_commit, head_sha, base_ref, additions, deletions,
                changed_files, commits, source_id, linked, told)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         on conflict (workspace_id, repository_id, number) do update set title = excluded.title, state = excluded.state,
                draft = excluded.draft, author_id = excluded.author_id, created_at = excluded.created_at,
                updated_at = excluded.updated_at, closed_at = excluded.closed_at, merged_at = excluded.merged_at,
                merged_by_id = excluded.merged_by_id, merge_commit = excluded.merge_commit, head_sha = excluded.head_sha,
                base_ref = excluded.base_ref, additions = excluded.additions, deletions = excluded.deletions,
                changed_files = excluded.changed_files, commits = excluded.commits, source_id = excluded.source_id,
                linked = excluded.linked, told = excluded.told"
    );
    let workspace = tx.workspace();
    let rows = changed.iter().filter_map(|one| match &one.key {
        Key::Pull(repository, number) => Some((one, *repository, *number)),
        _ => None,
    });
    let whose = |said: &Said, name: &str| said.login(name).and_then(|login| identities.get(&login).copied());
    let rows: Vec<_> = rows
        .map(|(one, repository, number)| {
            let said = &one.said;
            let merged = said.number("merged_at").is_some();
            let state = if merged { "merged" } else { said.text("state").unwrap_or("open") };
            // Of an open pull request GitHub names a commit that only tries the merge.
            let merge_commit = said.text("merge_commit").filter(|_| merged);
            (one, repository, number, state, merge_commit, whose(said, "author"), whose(said, "merged_by"))
        })
        .collect();
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|(one, repository, number, state, merge_commit, author, merged_by)| {
            let said = &one.said;
            let mut values = vec![Bind::bind(&workspace), Bind::bind(repository), Bind::bind(number)];
            values.extend([Value::Text(said.text("title").unwrap_or_default()), Value::Text(state)]);
            values.push(said.flag("draft").map_or(Value::Null, Value::Bool));
            values.push(author.as_ref().map_or(Value::Null, Bind::bind));
            values.extend(["created_at", "updated_at", "closed_at", "merged_at"].map(|name| integer(said, name)));
            values.push(merged_by.as_ref().map_or(Value::Null, Bind::bind));
            values.push(merge_commit.map_or(Value::Null, Value::Text));
            values.extend(["head_sha", "base_ref"].map(|name| said.text(name).map_or(Value::Null, Value::Text)));
            values.extend(["additions", "deletions", "changed_files", "commits"].map(|name| integer(said, name)));
            values.push(said.text("id").map_or(Value::Null, Value::Text));
            values.push(linked::of(said).map_or(Value::Null, Value::Bool));
            values.push(Value::Text(&one.told));
            values
        })
        .collect();
    tx.run_many(upsert, &values).await?;
    Ok(())
}

fn integer<'v>(said: &Said, name: &str) -> Value<'v> {
    said.number(name).map_or(Value::Null, Value::Int)
}

async fn labels(tx: &mut Tx<'_>, changed: &[Changed]) -> Result<()> {
    let delete = sql!("delete from pull_labels where workspace_id = $1 and repository_id = $2 and number = $3");
    let insert = sql!(
        "insert into pull_labels (workspace_id, repository_id, number, label) values ($1, $2, $3, $4)
         on conflict (workspace_id, repository_id, number, label) do nothing"
    );
    let workspace = tx.workspace();
    let (mut old, mut new): (Vec<Vec<Value<'_>>>, Vec<Vec<Value<'_>>>) = (Vec::new(), Vec::new());
    for one in changed {
        let Key::Pull(repository, number) = &one.key else { continue };
        old.push(vec![Bind::bind(&workspace), Bind::bind(repository), Bind::bind(number)]);
        let labels = one.said.list("labels");
        new.extend(
            labels.into_iter().map(|label| {
                vec![Bind::bind(&workspace), Bind::bind(repository), Bind::bind(number), Value::Text(label)]
            }),
        );
    }
    tx.run_many(delete, &old).await?;
    tx.run_many(insert, &new).await?;
    Ok(())
}

/// The issues that pull requests name.
async fn names(tx: &mut Tx<'_>, changed: &[Changed]) -> Result<()> {
    let mut all = Vec::new();
    for one in changed {
        let Key::Pull(repository, number) = &one.key else { continue };
        let keys = linked::keys(&one.said);
        if !keys.is_empty() {
            phase::tell(tx, *repository, *number, &one.said, one.before);
        }
        all.push((*repository, *number, keys));
    }
    named::keep_of_pulls(tx, &all).await
}

/// One child of a pull request, ready to be bound.
struct Child<'c> {
    repository: Id<Repository>,
    number: i64,
    key: &'c str,
    said: &'c Said,
    who: Option<Id<Identity>>,
    told: &'c str,
}

/// The repository, the number and the key of a child of one kind.
type Wanted = fn(&Key) -> Option<(Id<Repository>, i64, &str)>;

fn rows<'c>(changed: &'c [Changed], identities: &Identities, who: &str, wanted: Wanted) -> Vec<Child<'c>> {
    let child = |one: &'c Changed| {
        let (repository, number, key) = wanted(&one.key)?;
        let who = one.said.login(who).and_then(|login| identities.get(&login).copied());
        Some(Child { repository, number, key, said: &one.said, who, told: &one.told })
    };
    changed.iter().filter_map(child).collect()
}

async fn reviews(tx: &mut Tx<'_>, changed: &[Changed], identities: &Identities) -> Result<()> {
    let upsert = sql!(
        "insert into reviews (workspace_id, repository_id, key, number, author_id, state, submitted_at, told)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, repository_id, key) do update set number = excluded.number,
                author_id = excluded.author_id, state = excluded.state, submitted_at = excluded.submitted_at, told = excluded.told"
    );
    let rows = rows(changed, identities, "author", |key| match key {
        Key::Review(repository, number, key) => Some((*repository, *number, key)),
        _ => None,
    });
    let workspace = tx.workspace();
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|one| {
            let mut values = args![workspace, one.repository, one.key, one.number, one.who].to_vec();
            values.push(Value::Text(one.said.text("state").unwrap_or("commented")));
            values.push(integer(one.said, "submitted_at"));
            values.push(Value::Text(one.told));
            values
        })
        .collect();
    tx.run_many(upsert, &values).await?;
    Ok(())
}

async fn comments(tx: &mut Tx<'_>, changed: &[Changed], identities: &Identities) -> Result<()> {
    let upsert = sql!(
        "insert into pull_comments (workspace_id, repository_id, key, number, author_id, created_at, counts, told)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, repository_id, key) do update set number = excluded.number,
                author_id = excluded.author_id, created_at = excluded.created_at, counts = excluded.counts, told = excluded.told"
    );
    let rows = rows(changed, identities, "author", |key| match key {
        Key::Comment(repository, number, key) => Some((*repository, *number, key)),
        _ => None,
    });
    let workspace = tx.workspace();
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|one| {
            let mut values = args![workspace, one.repository, one.key, one.number, one.who].to_vec();
            let flag = |name: &str| one.said.flag(name).unwrap_or(false);
            values.push(integer(one.said, "created_at"));
            values.push(Value::Bool(!flag("system") && !flag("deleted")));
            values.push(Value::Text(one.told));
            values
        })
        .collect();
    tx.run_many(upsert, &values).await?;
    Ok(())
}

async fn events(tx: &mut Tx<'_>, changed: &[Changed], identities: &Identities) -> Result<()> {
    let upsert = sql!(
        "insert into pull_events (workspace_id, repository_id, key, number, actor_id, event, at, source_id, told)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (workspace_id, repository_id, key) do update set actor_id = excluded.actor_id,
                source_id = excluded.source_id, told = excluded.told"
    );
    let rows = rows(changed, identities, "actor", |key| match key {
        Key::Event(repository, number, key) => Some((*repository, *number, key)),
        _ => None,
    });
    let workspace = tx.workspace();
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|one| {
            let mut values = args![workspace, one.repository, one.key, one.number, one.who].to_vec();
            values.push(Value::Text(one.said.text("event").unwrap_or_default()));
            values.push(Value::Int(one.said.number("at").unwrap_or_default()));
            values.push(one.said.text("id").map_or(Value::Null, Value::Text));
            values.push(Value::Text(one.told));
            values
        })
        .collect();
    tx.run_many(upsert, &values).await?;
    Ok(())
}

async fn commits(tx: &mut Tx<'_>, changed: &[Changed]) -> Result<()> {
    let upsert = sql!(
        "insert into pull_commits (workspace_id, repository_id, key, number, hash, authored_at, committed_at, told)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, repository_id, key) do update set authored_at = excluded.authored_at,
                committed_at = excluded.committed_at, told = excluded.told"
    );
    let rows = rows(changed, &Identities::new(), "author", |key| match key {
        Key::Commit(repository, number, key) => Some((*repository, *number, key)),
        _ => None,
    });
    let workspace = tx.workspace();
    let values: Vec<Vec<Value<'_>>> = rows
        .iter()
        .map(|one| {
            let hash = one.key.split_once(' ').map_or("", |(_, hash)| hash);
            let mut values = args![workspace, one.repository, one.key, one.number].to_vec();
            values.push(Value::Text(hash));
            values.extend(["authored_at", "committed_at"].map(|name| integer(one.said, name)));
            values.push(Value::Text(one.told));
            values
        })
        .collect();
    tx.run_many(upsert, &values).await?;
    Ok(())
}

async fn things(tx: &mut Tx<'_>, host: Host, changed: &[Changed]) -> Result<()> {
    let upsert = sql!(
        "insert into forge_things (workspace_id, host, kind, key, told) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, host, kind, key) do update set told = excluded.told"
    );
    let workspace = tx.workspace();
    let values: Vec<Vec<Value<'_>>> = changed
        .iter()
        .filter_map(|one| {
            let (kind, key) = thing(&one.key)?;
            let mut values = args![workspace, host].to_vec();
            values.extend([Value::Text(kind.word()), Value::Text(key), Value::Text(&one.told)]);
            Some(values)
        })
        .collect();
    tx.run_many(upsert, &values).await?;
    Ok(())
}
