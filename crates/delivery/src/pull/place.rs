//! Which repository is meant by the names and numbers that a code host uses.
use super::Host;
use crate::repository::Repository;
use forge::{Kind, Place, Record};
use kernel::{Id, Result, Tx, args, list, sql};
use std::collections::{BTreeSet, HashMap};

/// For each record its repository; nothing for those that name none, and for those that are no part of a pull request and
/// whose repository is not here yet.
pub(super) async fn repositories(
    tx: &mut Tx<'_>,
    host: Host,
    into: Option<Id<Repository>>,
    records: &[Record],
) -> Result<Vec<Option<Id<Repository>>>> {
    if into.is_some() {
        return Ok(vec![into; records.len()]);
    }
    let of_pulls = records.iter().filter(|record| is_of_pull(record.kind));
    let wanted: BTreeSet<&Place> = of_pulls.map(|record| &record.place).collect();
    let named = records.iter().flat_map(|record| keys(&record.place)).collect();
    let known = found_or_made(tx, host, named, wanted).await?;
    Ok(records.iter().map(|record| keys_of(&record.place, &known)).collect())
}

/// The repository at a place, which is made known if it is not; nothing for a place without a name.
pub(crate) async fn known(tx: &mut Tx<'_>, host: Host, place: &Place) -> Result<Option<Id<Repository>>> {
    let named = keys(place).into_iter().collect::<BTreeSet<_>>();
    let wanted = BTreeSet::from_iter(Some(place).filter(|_| !named.is_empty()));
    let known = found_or_made(tx, host, named, wanted).await?;
    Ok(keys_of(place, &known))
}

/// The repositories of these names and numbers, with those of the places that are wanted and were not known.
async fn found_or_made(
    tx: &mut Tx<'_>,
    host: Host,
    named: BTreeSet<String>,
    wanted: BTreeSet<&Place>,
) -> Result<HashMap<String, Id<Repository>>> {
    let select = sql!(
        "select key, repository_id from forge_places
          where workspace_id = $1 and host = $2 and key in (select value from json_each(cast($3 as text)))"
    );
    let found: Vec<(String, Id<Repository>)> = tx.all(select, args![tx.workspace(), host, list(&named)]).await?;
    let mut known: HashMap<String, Id<Repository>> = found.into_iter().collect();
    // Places that give both name and number come first, so that each of the two finds the other.
    let (both, rest): (Vec<&Place>, Vec<&Place>) = wanted.into_iter().partition(|place| keys(place).len() == 2);
    for place in both.into_iter().chain(rest) {
        let names = keys(place);
        let here = names.iter().find_map(|key| known.get(key)).copied();
        let missing: Vec<&String> = names.iter().filter(|key| !known.contains_key(*key)).collect();
        if missing.is_empty() {
            continue;
        }
        let repository = match here {
            Some(repository) => repository,
            None => at(tx, host, place).await?,
        };
        for key in missing {
            let insert =
                sql!("insert into forge_places (workspace_id, host, key, repository_id) values ($1, $2, $3, $4)");
            tx.run(insert, args![tx.workspace(), host, key, repository]).await?;
            known.insert(key.clone(), repository);
        }
    }
    Ok(known)
}

fn is_of_pull(kind: Kind) -> bool {
    matches!(kind, Kind::Pull | Kind::Review | Kind::Comment | Kind::Event)
}

fn keys_of(place: &Place, known: &HashMap<String, Id<Repository>>) -> Option<Id<Repository>> {
    keys(place).iter().find_map(|key| known.get(key)).copied()
}

/// Under which a place is kept: its name first, and its number.
pub(super) fn keys(place: &Place) -> Vec<String> {
    let short = |text: String| text.chars().filter(|c| !c.is_control()).take(300).collect::<String>();
    let name = place.name.as_ref().map(|name| short(format!("name {}", name.to_lowercase())));
    let id = place.id.as_ref().map(|id| short(format!("id {id}")));
    name.into_iter().chain(id).collect()
}

/// The repository whose history was read from there, else a new one that waits for its history.
async fn at(tx: &mut Tx<'_>, host: Host, place: &Place) -> Result<Id<Repository>> {
    let location = location(host, place);
    let select = sql!("select id, location from repositories where workspace_id = $1");
    let all: Vec<(Id<Repository>, String)> = tx.all(select, args![tx.workspace()]).await?;
    if let Some((id, _)) = all.iter().find(|(_, known)| same_place(known) == same_place(&location)) {
        return Ok(*id);
    }
    let id: Id<Repository> = tx.id();
    let name: String = location.rsplit('/').next().unwrap_or(&location).chars().take(120).collect();
    let name = if place.name.is_some() { name } else { format!("Project {name}") };
    let insert = sql!(
        "insert into repositories (workspace_id, id, name, location, contents, created_at) values ($1, $2, $3, $4, 'nothing', $5)"
    );
    tx.run(insert, args![tx.workspace(), id, name, location, tx.now()]).await?;
    tx.record("repository.added", id, kernel::json!({ "team": null }));
    Ok(id)
}

/// Its address: by its name, else by its number.
pub(super) fn location(host: Host, place: &Place) -> String {
    let at = place.host.as_deref().unwrap_or(host.system().host());
    let path = place.name.clone().unwrap_or_else(|| format!("projects/{}", place.id.as_deref().unwrap_or_default()));
    format!("https://{at}/{path}").chars().filter(|c| !c.is_control()).take(600).collect()
}

/// `https://host/owner/name.git`, `git@host:owner/name` and `ssh://git@host/owner/name` are one place.
pub(crate) fn same_place(location: &str) -> String {
    let location = location.to_lowercase();
    let rest = location.split_once("://").map_or(location.as_str(), |(_, rest)| rest);
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    rest.replacen(':', "/", 1).trim_end_matches('/').trim_end_matches(".git").to_owned()
}

#[cfg(test)]
mod tests {
    use super::same_place;

    #[test]
    fn addresses_of_one_repository_are_one_place() {
        for other in [
            "https://github.com/a/b.git",
            "git@github.com:A/b.git",
            "ssh://git@github.com/a/b",
            "https://x@github.com/a/b/",
        ] {
            assert_eq!(same_place(other), same_place("https://github.com/a/b"), "{other}");
        }
        assert_ne!(same_place("https://github.com/a/b"), same_place("https://gitlab.com/a/b"));
    }
}
