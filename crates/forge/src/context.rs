//! Where something belongs, as addresses tell it.
use crate::rules::{Object, id};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A repository or project: by name, by the source's id, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Such as `github.com`; nothing where no address was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// `owner/name`, or a group, its subgroups and the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Place {
    pub fn is_known(&self) -> bool {
        self.name.is_some() || self.id.is_some()
    }

    /// Fills in what is missing here, unless the other is another place.
    pub(crate) fn or(self, other: &Place) -> Place {
        let differs = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        if differs(&self.name, &other.name) || differs(&self.id, &other.id) {
            return self;
        }
        Place {
            host: self.host.or_else(|| other.host.clone()),
            name: self.name.or_else(|| other.name.clone()),
            id: self.id.or_else(|| other.id.clone()),
        }
    }
}

/// What the surroundings of a value tell about it: the address that was asked, the object that holds it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub place: Place,
    pub number: Option<i64>,
    /// The last word of the address that was asked, such as `commits`.
    pub asked: String,
    /// Who wrote the review around it, as archives do not say it again of each of its comments.
    pub reviewer: Option<Value>,
    pub depth: usize,
}

impl Context {
    pub fn asked(&self, address: &str) -> Context {
        let (place, number) = place_of(address);
        let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        Context {
            place: place.or(&self.place),
            number: number.or(self.number),
            asked: path.rsplit('/').next().unwrap_or_default().to_owned(),
            reviewer: None,
            depth: self.depth + 1,
        }
    }

    /// What a row said beside the answer: the address that was asked, and what for, as Apache DevLake keeps them.
    pub fn of_row(&self, address: Option<&str>, input: &Object) -> Context {
        let mut context = self.asked(address.unwrap_or_default());
        let number = ["number", "iid", "issue_number"].iter().find_map(|name| input.get(*name)?.as_i64());
        context.number = context.number.or(number);
        let name = input.get("name").and_then(|name| name.as_str()).filter(|name| name.contains('/'));
        let place = Place { host: None, name: name.map(str::to_owned), id: input.get("project_id").and_then(id) };
        context.place = context.place.or(&place);
        context
    }

    pub fn deeper(&self) -> Context {
        Context { depth: self.depth + 1, ..self.clone() }
    }
}

/// The repository of an address of a page or of the API, and the number of the pull request or issue in it. A path
/// without a host is understood as well.
pub fn place_of(address: &str) -> (Place, Option<i64>) {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match path.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or((None, ""), |(host, path)| (Some(host), path)),
        None => (None, path.trim_start_matches('/')),
    };
    let host = host.map(|host| host.strip_prefix("api.").unwrap_or(host).to_lowercase());
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    let words = match words.as_slice() {
        ["api", "v3" | "v4", rest @ ..] => rest,
        all => all,
    };
    let number = number_in(words);
    let place = match words {
        ["repos", owner, name, ..] => Place { name: Some(format!("{owner}/{name}")), ..Place::default() },
        ["repositories", id, ..] => Place { id: Some((*id).to_owned()), ..Place::default() },
        ["projects", project, ..] => project_of(project),
        _ => Place { name: page(words, host.is_some()), ..Place::default() },
    };
    (Place { host: host.filter(|_| place.is_known()), ..place }, number)
}

fn number_in(words: &[&str]) -> Option<i64> {
    let place = words.iter().position(|word| matches!(*word, "pulls" | "pull" | "issues" | "merge_requests"))?;
    words.get(place + 1)?.parse().ok().filter(|number| *number > 0)
}

/// `82599306`, or `group%2Fproject`
fn project_of(project: &str) -> Place {
    match project.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Place { id: Some(project.to_owned()), ..Place::default() },
        false => Place { name: Some(project.replace("%2F", "/").replace("%2f", "/")), ..Place::default() },
    }
}

/// `owner/name/pull/3`, `group/sub/project/-/merge_requests/3`, `group/project/merge_requests/3`, `owner/name`
fn page(words: &[&str], is_address: bool) -> Option<String> {
    const AFTER: [&str; 8] = ["-", "pull", "pulls", "issues", "commit", "merge_requests", "releases", "tree"];
    const NO_OWNER: [&str; 5] = ["users", "orgs", "groups", "apps", "teams"];
    let end = words.iter().position(|word| AFTER.contains(word));
    let name = match end {
        Some(end) => &words[..end],
        None if is_address && words.len() == 2 && !NO_OWNER.contains(&words[0]) => words,
        None => return None,
    };
    (name.len() >= 2).then(|| name.join("/").trim_end_matches(".git").to_owned())
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn addresses_tell_the_repository_and_the_number() {
        for (address, host, name, id, number) in [
            ("https://api.github.com/repos/a/b/pulls/3", "github.com", "a/b", "", 3),
            ("https://github.com/a/b/pull/387#pullrequestreview-4", "github.com", "a/b", "", 387),
            ("https://ghe.example/api/v3/repos/a/b/issues/5/comments", "ghe.example", "a/b", "", 5),
            ("/repos/a/b/pulls?page=2", "", "a/b", "", 0),
            ("https://gitlab.com/g/s/p/-/merge_requests/2", "gitlab.com", "g/s/p", "", 2),
            ("https://gitlab.com/g/p/merge_requests/2", "gitlab.com", "g/p", "", 2),
            ("/api/v4/projects/825/merge_requests/2/notes", "", "", "825", 2),
            ("https://git.example/api/v4/projects/g%2Fp/issues", "git.example", "g/p", "", 0),
            ("https://github.com/a/b", "github.com", "a/b", "", 0),
            ("https://api.github.com/users/a", "", "", "", 0),
            ("nonsense", "", "", "", 0),
        ] {
            let (place, found) = place_of(address);
            let found = (
                place.host.as_deref().unwrap_or(""),
                place.name.as_deref().unwrap_or(""),
                place.id,
                found.unwrap_or(0),
            );
            let id = (!id.is_empty()).then(|| id.to_owned());
            assert_eq!(found, (host, name, id, number), "{address}");
        }
    }
}
