//! Which field of a source becomes which field of a record, as tables.
use crate::{Kind, account};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

pub(crate) type Object = Map<String, Value>;

/// How a value is read.
#[derive(Clone, Copy)]
pub(crate) enum How {
    Text,
    Integer,
    Boolean,
    /// An instant, as microseconds since 1970.
    Time,
    Account,
    Accounts,
    /// A list of names, or of things that have one.
    Names,
    /// One word of those that the function knows.
    Word(fn(&str) -> Option<&'static str>),
}

pub(crate) struct Rule {
    pub to: &'static str,
    /// The first of these paths that is there counts.
    pub from: &'static [&'static str],
    pub how: How,
}

pub(crate) const fn rule(to: &'static str, from: &'static [&'static str], how: How) -> Rule {
    Rule { to, from, how }
}

/// How one form of one kind of record is read.
pub(crate) struct Shape {
    pub kind: Kind,
    /// Where the source's id stands.
    pub id: &'static [&'static str],
    pub rules: &'static [Rule],
    /// Where records that belong to this one stand inside of it.
    pub children: &'static [&'static str],
}

/// The value at a path such as `head.repo.full_name`.
pub(crate) fn at<'v>(object: &'v Object, path: &str) -> Option<&'v Value> {
    let mut names = path.split('.');
    let first = object.get(names.next()?)?;
    names.try_fold(first, |value, name| value.as_object()?.get(name))
}

pub(crate) fn text_at<'v>(object: &'v Object, path: &str) -> Option<&'v str> {
    at(object, path)?.as_str()
}

impl How {
    /// The neutral value, or nothing where it is not what was expected.
    pub fn read(self, value: &Value) -> Option<Value> {
        if value.is_null() {
            return Some(Value::Null);
        }
        match self {
            How::Text => value.as_str().map(|text| json!(text)),
            How::Integer => value.as_i64().or_else(|| value.as_str()?.parse().ok()).map(Value::from),
            How::Boolean => value.as_bool().map(Value::from),
            How::Time => instant(value).map(Value::from),
            How::Account => account::read(value).and_then(|account| serde_json::to_value(account).ok()),
            How::Accounts => {
                let all: Option<Vec<_>> = items(value)?.into_iter().map(account::read).collect();
                let mut all = all?;
                all.sort();
                serde_json::to_value(all).ok()
            }
            How::Names => {
                let all: Option<Vec<&str>> = items(value)?.into_iter().map(name).collect();
                let mut all = all?;
                all.sort_unstable();
                Some(json!(all))
            }
            How::Word(known) => known(&value.as_str()?.to_lowercase()).map(|word| json!(word)),
        }
    }
}

/// The items of a list, of GraphQL's `{ nodes }` and of `{ edges: [{ node }] }`.
pub(crate) fn items(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(all) => Some(all.iter().collect()),
        Value::Object(object) => match (object.get("nodes"), object.get("edges")) {
            (Some(Value::Array(nodes)), _) => Some(nodes.iter().collect()),
            (_, Some(Value::Array(edges))) => Some(edges.iter().filter_map(|edge| edge.get("node")).collect()),
            _ => None,
        },
        _ => None,
    }
}

fn name(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => {
            ["name", "title", "slug", "sha", "oid"].iter().find_map(|key| object.get(*key)?.as_str())
        }
        _ => None,
    }
}

/// `2020-04-20T10:06:32Z`, `2026-05-27T16:13:38.000+03:00`, `2013-12-03 17:15:43 UTC`, or seconds since 1970.
pub(crate) fn instant(value: &Value) -> Option<i64> {
    match value {
        Value::Number(seconds) => seconds.as_i64()?.checked_mul(1_000_000),
        Value::String(text) => {
            let text = text.trim();
            let utc = text.strip_suffix(" UTC").map(|rest| format!("{rest}Z"));
            let parsed: jiff::Timestamp = utc.as_deref().unwrap_or(text).parse().ok()?;
            Some(parsed.as_microsecond())
        }
        _ => None,
    }
}

/// The number in any form that a source writes an id in: as it is, in a global id of either age, or in `gid://…/12`.
pub(crate) fn id(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(number_in(text).unwrap_or_else(|| text.clone())),
        _ => None,
    }
}

fn number_in(text: &str) -> Option<String> {
    if let Some(global) = text.strip_prefix("gid://") {
        return global.rsplit('/').next().map(str::to_owned);
    }
    // `PR_kwDO…`: a list in MessagePack whose last item is the number.
    if let Some((prefix, packed)) = text.split_once('_')
        && prefix.bytes().all(|byte| byte.is_ascii_uppercase())
    {
        return last_number(&URL_SAFE_NO_PAD.decode(packed).ok()?).map(|number| number.to_string());
    }
    // `MDExOlB1bGxSZXF1ZXN0MTY3NzEyNzk1`: `011:PullRequest167712795`
    let bytes = STANDARD.decode(text).ok()?;
    let plain = std::str::from_utf8(&bytes).ok()?;
    let (length, rest) = plain.split_once(':')?;
    let number = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let known = length.len() == 3 && length.bytes().all(|byte| byte.is_ascii_digit());
    (known && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.to_owned())
}

fn last_number(packed: &[u8]) -> Option<u64> {
    let whole = |bytes: &[u8]| bytes.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let ends = |marker: u8, length: usize| {
        let start = packed.len().checked_sub(length + 1)?;
        (packed[start] == marker).then(|| whole(&packed[start + 1..]))
    };
    (packed.len() > 2 && packed[0] & 0xf0 == 0x90).then_some(())?;
    ends(0xcf, 8).or_else(|| ends(0xce, 4)).or_else(|| ends(0xcd, 2)).or_else(|| ends(0xcc, 1))
}

#[cfg(test)]
mod tests {
    use super::{id, instant};
    use serde_json::json;

    #[test]
    fn ids_of_every_form_are_one_number() {
        for (given, wanted) in [
            (json!(167712795), "167712795"),
            (json!("167712795"), "167712795"),
            (json!("MDExOlB1bGxSZXF1ZXN0MTY3NzEyNzk1"), "167712795"),
            (json!("MDE3OlB1bGxSZXF1ZXN0UmV2aWV3OTQ3MzQyNTk="), "94734259"),
            (json!("gid://gitlab/MergeRequest/12"), "12"),
            (json!("PR_kwDOABCDEc4AAAAF"), "5"),
            (json!("strange"), "strange"),
        ] {
            assert_eq!(id(&given).as_deref(), Some(wanted), "{given}");
        }
    }

    #[test]
    fn instants_of_every_form() {
        let wanted = Some(1_386_090_943_000_000);
        for given in [
            json!("2013-12-03T17:15:43Z"),
            json!("2013-12-03 17:15:43 UTC"),
            json!("2013-12-03T18:15:43.000+01:00"),
            json!(1_386_090_943),
        ] {
            assert_eq!(instant(&given), wanted, "{given}");
        }
        assert_eq!(instant(&json!("soon")), None);
    }
}
