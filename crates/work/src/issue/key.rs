//! How an issue is named: by its key, which people say, or by its id.
use super::Issue;
use kernel::{Id, Result, Tx, args, sql};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// A key such as `PAY-482`, of today or of the past, or an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Id(Id<Issue>),
    Key { team: String, number: i64 },
}

impl Which {
    /// The issue that is meant, whether or not anyone may see it. A key of the past leads to the same issue.
    pub(crate) async fn find(&self, tx: &mut Tx<'_>) -> Result<Option<Id<Issue>>> {
        let (team, number) = match self {
            Which::Id(id) => return Ok(Some(*id)),
            Which::Key { team, number } => (team, *number),
        };
        let current = sql!(
            "select i.id from work_keys k join issues i on i.workspace_id = k.workspace_id and i.team_id = k.team_id
              where k.workspace_id = $1 and k.key = $2 and i.number = $3"
        );
        let found: Option<Id<Issue>> = tx.find(current, args![tx.workspace(), team, number]).await?;
        if found.is_some() {
            return Ok(found);
        }
        let former = sql!("select issue_id from issue_aliases where workspace_id = $1 and key = $2");
        tx.find(former, args![tx.workspace(), self.to_string()]).await
    }
}

impl From<Id<Issue>> for Which {
    fn from(id: Id<Issue>) -> Which {
        Which::Id(id)
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::Id(id) => id.fmt(f),
            Which::Key { team, number } => write!(f, "{team}-{number}"),
        }
    }
}

impl FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Which, String> {
        let wrong = || format!("`{text}` is no key of an issue; write it as PAY-482.");
        if let Ok(id) = text.parse() {
            return Ok(Which::Id(id));
        }
        let (team, number) = text.trim().rsplit_once('-').ok_or_else(wrong)?;
        let team = team.to_ascii_uppercase();
        let named = (1..=40).contains(&team.len())
            && team.starts_with(|c: char| c.is_ascii_uppercase())
            && team.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let counted = (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = number.parse().map_err(|_| wrong())?;
        if named && counted { Ok(Which::Key { team, number }) } else { Err(wrong()) }
    }
}

impl Serialize for Which {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Which {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Which {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "IssueKey".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([0-9a-hjkmnp-tv-z]{26}|[A-Za-z][A-Za-z0-9_]{0,39}-[0-9]{1,9})$" })
    }
}

#[cfg(test)]
mod tests;
