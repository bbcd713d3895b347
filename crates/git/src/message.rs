//! What the message of a commit says about other commits, people and pull requests.
use crate::{
    key::{TextOf, named_keys},
    text::{cut, printable},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Name and mail address of each `Co-authored-by`.
    pub co_authors: Vec<(String, String)>,
    /// The commits of `This reverts commit …`.
    pub reverts: Vec<String>,
    /// The commits of `(cherry picked from commit …)`.
    pub picked_from: Vec<String>,
    pub pull: Option<Pull>,
    /// The keys of issues that it names, such as `PAY-482`.
    pub issues: Vec<String>,
}

/// A pull request that the message names. It is inferred: nothing but the message says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    pub number: u64,
    pub title: String,
    /// Its commits became this one; otherwise this one joins them.
    pub squashed: bool,
}

/// At most so many of each: a message is written by anyone.
const MOST: usize = 50;

/// Reads a whole message. `merge`: the commit has several parents.
pub fn links(message: &[u8], merge: bool) -> Links {
    let mut found = Links::default();
    let text = String::from_utf8_lossy(message);
    for line in text.lines().skip(1).map(str::trim) {
        let lower = line.get(..15).map(str::to_ascii_lowercase);
        if lower.as_deref() == Some("co-authored-by:") && found.co_authors.len() < MOST {
            found.co_authors.extend(person(&line[15..]));
        } else if let Some(rest) = line.strip_prefix("This reverts commit ") {
            found.reverts.extend(hash(rest).filter(|_| found.reverts.len() < MOST));
        } else if let Some(rest) = line.strip_prefix("(cherry picked from commit ") {
            found.picked_from.extend(hash(rest).filter(|_| found.picked_from.len() < MOST));
        }
    }
    found.pull = pull(&text, merge);
    found.issues = named_keys(&text, TextOf::Body).into_iter().map(|named| named.key).collect();
    found
}

/// The first line, at most 500 characters.
pub fn subject(message: &[u8]) -> String {
    let line = message.trim_ascii_start().split(|byte| *byte == b'\n').next().unwrap_or_default();
    cut(&printable(line.trim_ascii()), 500).to_owned()
}

/// `Mara Lindqvist <mara@northwind.example>`
fn person(text: &str) -> Option<(String, String)> {
    let (name, mail) = text.trim().strip_suffix('>')?.split_once('<')?;
    let shown = |text: &str| cut(&printable(text.trim().as_bytes()), 200).to_owned();
    Some((shown(name), shown(mail)))
}

fn hash(text: &str) -> Option<String> {
    let hash: String = text.chars().take_while(char::is_ascii_hexdigit).collect();
    (7..=64).contains(&hash.len()).then(|| hash.to_ascii_lowercase())
}

fn pull(text: &str, merge: bool) -> Option<Pull> {
    let mut lines = text.lines().map(str::trim);
    let subject = lines.next()?;
    let body = lines.clone().find(|line| !line.is_empty()).unwrap_or_default();
    let titled = |title: &str| cut(&printable(title.trim().as_bytes()), 300).to_owned();
    let named = |number, title: &str| Some(Pull { number, title: titled(title), squashed: !merge });
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        return named(number(rest)?, if body.is_empty() { subject } else { body });
    }
    if let Some(rest) = subject.strip_prefix("Merged PR ") {
        return named(number(rest)?, rest.split_once(':').map_or(subject, |(_, title)| title)); // Azure DevOps
    }
    if let Some((branch, rest)) =
        subject.strip_prefix("Merged in ").and_then(|rest| rest.split_once(" (pull request #"))
    {
        return named(number(rest)?, if body.is_empty() { branch } else { body }); // Bitbucket
    }
    if let Some(rest) = lines.find_map(|line| line.strip_prefix("See merge request ")) {
        let title = if merge && subject.starts_with("Merge branch") { body } else { subject };
        return named(number(rest.rsplit_once('!')?.1)?, title); // GitLab
    }
    let (title, rest) = subject.strip_suffix(')')?.rsplit_once("(#")?;
    let whole = rest.bytes().all(|byte| byte.is_ascii_digit());
    (whole && !merge).then(|| number(rest)).flatten().and_then(|number| named(number, title))
}

fn number(text: &str) -> Option<u64> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| (1..1_000_000_000).contains(number))
}

#[cfg(test)]
mod tests;
