//! The names in a query as the ids of what they name.
use super::Which;
use crate::{
    query::{Mistake, Word, close},
    team::Category,
};
use kernel::{Result, Tx, args, sql};
use people::{documents::people_named, person::folded};
use std::collections::{BTreeMap, BTreeSet};

/// The ids of those that are called so, or of which something else is true.
pub(super) fn matching(
    word: &Word,
    noun: &str,
    all: &[(String, String)],
    also: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Mistake> {
    let wanted = folded(&word.text);
    let called = |name: &str| folded(name) == wanted;
    let exact: Vec<String> =
        all.iter().filter(|(id, name)| called(name) || also(id)).map(|(id, _)| id.clone()).collect();
    let has_word = |name: &str| folded(name).split_whitespace().any(|part| part == wanted);
    let found = if exact.is_empty() {
        all.iter().filter(|(_, name)| has_word(name)).map(|(id, _)| id.clone()).collect()
    } else {
        exact
    };
    if !found.is_empty() {
        return Ok(found);
    }
    let near = all.iter().find(|(_, name)| folded(name).split_whitespace().any(|part| close(part, &wanted)));
    let hint = near.map(|(_, name)| format!(" Did you mean “{name}”?")).unwrap_or_default();
    Err(Mistake::new(word.at, format!("There is no {noun} “{}”.{hint}", word.text)))
}

pub(super) async fn named_teams(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeSet<String>> {
    let all = sql!("select t.id, t.name from teams t where t.workspace_id = $1 and $2");
    let all: Vec<(String, String)> = tx.all(all, args![tx.workspace(), tx.actor().belongs()]).await?;
    let keys = sql!("select team_id, key from work_keys where workspace_id = $1");
    let keys: Vec<(String, String)> = tx.all(keys, args![tx.workspace()]).await?;
    let mut found = BTreeSet::new();
    for word in words {
        let keyed = |id: &str| keys.iter().any(|(team, key)| team == id && key.eq_ignore_ascii_case(&word.text));
        found.extend(matching(word, "team", &all, |id| id == word.text || keyed(id))?);
    }
    Ok(found)
}

/// States by their name, or by what they mean, with their categories.
pub(super) async fn named_states(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeMap<String, Category>> {
    let all = sql!("select id, name, category from work_states where workspace_id = $1 and $2");
    let all: Vec<(String, String, Category)> = tx.all(all, args![tx.workspace(), tx.actor().belongs()]).await?;
    let names: Vec<(String, String)> = all.iter().map(|(id, name, _)| (id.clone(), name.clone())).collect();
    let mut found = BTreeSet::new();
    for word in words {
        let means = |id: &str| all.iter().any(|(state, _, category)| state == id && category.word() == word.text);
        found.extend(matching(word, "state", &names, means)?);
    }
    Ok(all.into_iter().filter(|(id, ..)| found.contains(id)).map(|(id, _, category)| (id, category)).collect())
}

pub(super) async fn named_people(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for word in words {
        let mail = sql!("select id from people where workspace_id = $1 and $2 and email = $3");
        let mail: Option<String> =
            tx.find(mail, args![tx.workspace(), tx.actor().belongs(), word.text.to_lowercase()]).await?;
        match (word.text.as_str(), mail) {
            ("me", _) => drop(found.insert(tx.me().to_string())),
            ("none", _) => drop(found.insert(String::new())),
            (_, Some(one)) => drop(found.insert(one)),
            (text, None) => {
                let people = people_named(tx, text).await?;
                if people.is_empty() {
                    return Err(Mistake::new(word.at, format!("Nobody here is called “{text}”.")).into());
                }
                found.extend(people.iter().map(ToString::to_string));
            }
        }
    }
    Ok(found)
}

pub(super) async fn named_parents(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for word in words {
        if word.text == "none" {
            found.insert(String::new());
            continue;
        }
        let which: Which = word.text.parse().map_err(|sentence: String| Mistake::new(word.at, sentence))?;
        let unknown = || Mistake::new(word.at, format!("There is no issue `{which}`."));
        let id = which.find(tx).await?.filter(|_| tx.actor().belongs()).ok_or_else(unknown)?;
        found.insert(id.to_string());
    }
    Ok(found)
}

/// Sprints by their name or number; `current` are those that run, `next` the first that each team has planned.
pub(super) async fn named_sprints(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeSet<String>> {
    let all = sql!(
        "select id, name, cast(number as text),
                case when closed_at is not null then '' when started_at is not null then 'current'
                     when exists (select 1 from sprints e where e.workspace_id = p.workspace_id and e.team_id = p.team_id
                                     and e.started_at is null and (e.first_on, e.number) < (p.first_on, p.number))
                     then '' else 'next' end
           from sprints p where workspace_id = $1 and $2"
    );
    let all: Vec<(String, String, String, String)> = tx.all(all, args![tx.workspace(), tx.actor().belongs()]).await?;
    let names: Vec<(String, String)> = all.iter().map(|(id, name, ..)| (id.clone(), name.clone())).collect();
    let mut found = BTreeSet::new();
    for word in words {
        let text = word.text.as_str();
        let also = |id: &str| {
            all.iter().any(|(one, _, number, when)| one == id && (when == text || number == text || one == text))
        };
        match text {
            "none" => drop(found.insert(String::new())),
            // Nobody runs a sprint, which is no mistake.
            "current" | "next" if !names.iter().any(|(id, _)| also(id)) => drop(found.insert("-".to_owned())),
            _ => found.extend(matching(word, "sprint", &names, also)?),
        }
    }
    Ok(found)
}
