//! Accounts as objects of both systems name them.
use crate::{
    Account, Kind,
    rules::{How, Object, Shape, id, rule},
};
use serde_json::Value;

/// An account, from an object or from its name alone.
pub(crate) fn read(value: &Value) -> Option<Account> {
    match value {
        Value::String(login) if !login.is_empty() => Some(Account { login: login.clone(), ..Account::default() }),
        Value::Object(object) => of(object.get("requested_reviewer").and_then(Value::as_object).unwrap_or(object)),
        _ => None,
    }
}

fn of(object: &Object) -> Option<Account> {
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let login = text("login").or_else(|| text("username")).or_else(|| text("slug"))?;
    let kind = text("type").or_else(|| text("__typename"));
    let says_bot = object.get("bot").and_then(Value::as_bool).unwrap_or(false);
    Some(Account {
        bot: says_bot || kind.as_deref() == Some("Bot") || login.ends_with("[bot]"),
        id: ["database_id", "id"].iter().find_map(|name| object.get(*name).and_then(id)),
        name: text("name").filter(|name| name != &login),
        mail: text("email").or_else(|| text("public_email")).filter(|mail| mail.contains('@')),
        login,
    })
}

/// Whether an object is somebody, as far as its fields tell.
pub(crate) fn is_account(object: &Object) -> bool {
    let named = object.get("login").or_else(|| object.get("username")).is_some_and(Value::is_string);
    named && (object.contains_key("id") || object.contains_key("__typename") || object.len() <= 2)
}

pub(crate) const SHAPE: Shape = Shape {
    kind: Kind::Account,
    id: &["database_id", "id"],
    rules: &[
        rule("login", &["login", "username"], How::Text),
        rule("name", &["name"], How::Text),
        rule("mail", &["email", "public_email"], How::Text),
        rule("type", &["type", "__typename"], How::Text),
        rule("bot", &["bot"], How::Boolean),
        rule("updated_at", &["updated_at"], How::Time),
    ],
    children: &[],
};
