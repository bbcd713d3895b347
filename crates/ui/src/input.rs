//! From the texts of a path, a query or a form to the JSON that an operation's input is read from.
use kernel::{App, Error, Json, Operation, Result};
use schemars::{Schema, SchemaGenerator};
use serde_json::Map;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{LazyLock, OnceLock, PoisonError, RwLock},
};

/// The fields of one operation's input, read once from its schema.
#[derive(Debug)]
pub struct Fields(BTreeMap<String, Kind>);

/// What a text has to become before it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    Number,
    Truth,
    List,
    /// A date, an id, a word of a list, a name: an empty text is no value of it.
    Word,
    /// A field of a record that exists: an empty text clears it.
    Change,
    /// The same for a number.
    ChangedNumber,
}

static KNOWN: LazyLock<RwLock<BTreeMap<&'static str, &'static Fields>>> = LazyLock::new(RwLock::default);

/// The fields of `O`, from its schema on the first call.
pub fn fields<O: Operation>() -> &'static Fields {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(O::NAME).copied();
    known.unwrap_or_else(|| {
        let fields: &'static Fields = Box::leak(Box::new(Fields::of(O::json_schema))); // as long as the program
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(O::NAME, fields);
        fields
    })
}

impl Fields {
    pub fn of(schema: fn(&mut SchemaGenerator) -> Schema) -> Fields {
        let mut generator =
            schemars::generate::SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator();
        let schema = schema(&mut generator);
        let properties = schema.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
        Fields(properties.into_iter().map(|(name, property)| (name, kind(&property))).collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn lists(self) -> impl Iterator<Item = String> {
        self.0.into_iter().filter(|(_, kind)| *kind == Kind::List).map(|(name, _)| name)
    }

    /// A body of JSON, and beside it texts from the path and the query; what stands in both is refused.
    pub fn merge(&self, texts: impl Iterator<Item = (String, String)>, body: &[u8]) -> Result<Json> {
        let mut input: Map<String, Json> = match body.is_empty() {
            true => Map::new(),
            false => strict_object(body)?,
        };
        self.fill(&mut input, texts)?;
        Ok(Json::Object(input))
    }

    /// The fields of a form; what is not a field of the operation (a button's name, the form's token) is left out, and
    /// an empty text where a date or an id would stand means that nothing was chosen.
    pub fn from_form(&self, texts: impl Iterator<Item = (String, String)>) -> Result<Json> {
        let mut input = Map::new();
        let chosen = |(name, text): &(String, String)| match self.0.get(name) {
            None => false,
            Some(Kind::Text | Kind::List | Kind::Change | Kind::ChangedNumber) => true,
            Some(_) => !text.is_empty(),
        };
        self.fill(&mut input, texts.filter(chosen))?;
        Ok(Json::Object(input))
    }

    fn fill(&self, input: &mut Map<String, Json>, texts: impl Iterator<Item = (String, String)>) -> Result<()> {
        for (name, text) in texts {
            let kind = self.0.get(&name).copied().unwrap_or(Kind::Text);
            if kind == Kind::List {
                let list = input.entry(name.clone()).or_insert_with(|| Json::Array(Vec::new()));
                let Json::Array(list) = list else { return Err(given_twice(name)) };
                list.extend((!text.is_empty()).then_some(Json::String(text)));
            } else if input.insert(name.clone(), value(kind, &name, text)?).is_some() {
                return Err(given_twice(name));
            }
        }
        Ok(())
    }
}

fn given_twice(name: String) -> Error {
    Error::malformed(name, "This was given twice.")
}

/// Refuses a name that stands twice where at most one text is meant: two readers of such a request may differ about what
/// it says. Only what some operation takes as a list may stand there more often.
pub(crate) fn refuse_doubles(app: &App, texts: &[(String, String)]) -> Result<()> {
    static LISTS: OnceLock<BTreeSet<String>> = OnceLock::new();
    let twice = |(at, (name, _)): (usize, &(String, String))| texts[..at].iter().any(|(before, _)| before == name);
    let mut doubled = texts.iter().enumerate().filter(|one| twice(*one)).map(|(_, (name, _))| name).peekable();
    if doubled.peek().is_none() {
        return Ok(());
    }
    let lists = LISTS.get_or_init(|| app.operations().flat_map(|op| Fields::of(op.input).lists()).collect());
    match doubled.find(|name| !lists.contains(*name)) {
        Some(name) => Err(given_twice(name.clone())),
        None => Ok(()),
    }
}

fn value(kind: Kind, name: &str, text: String) -> Result<Json> {
    match kind {
        Kind::ChangedNumber if text.is_empty() => Ok(Json::String(text)),
        Kind::Number | Kind::ChangedNumber => {
            let number = text.trim().parse::<serde_json::Number>();
            number.map(Json::Number).map_err(|_| Error::invalid(name, "Write a number, such as 8."))
        }
        Kind::Truth => match text.as_str() {
            "true" | "on" | "yes" | "1" => Ok(Json::Bool(true)),
            "false" | "off" | "no" | "0" => Ok(Json::Bool(false)),
            _ => Err(Error::invalid(name, "Write true or false.")),
        },
        Kind::Text | Kind::Word | Kind::List | Kind::Change => Ok(Json::String(text)),
    }
}

/// JSON in which no key stands twice: two readers of such a text may differ about what it says.
fn strict_object(body: &[u8]) -> Result<Map<String, Json>> {
    let unreadable =
        |e: serde_json::Error| Error::malformed("body", format!("The body is not JSON that can be read: {e}."));
    let Strict(value) = serde_json::from_slice(body).map_err(unreadable)?;
    match value {
        Json::Object(object) => Ok(object),
        _ => Err(Error::malformed("body", "The body must be a JSON object.")),
    }
}

struct Strict(Json);

impl<'de> serde::Deserialize<'de> for Strict {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> serde::de::Visitor<'de> for StrictVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Bool(truth))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut all: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(one)) = all.next_element()? {
            list.push(one);
        }
        Ok(Json::Array(list))
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut all: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = all.next_entry::<String, Strict>()? {
            if map.insert(key.clone(), value).is_some() {
                return Err(serde::de::Error::custom(format!("`{key}` stands twice")));
            }
        }
        Ok(Json::Object(map))
    }
}

fn kind(property: &Json) -> Kind {
    let variants = property.get("anyOf").and_then(Json::as_array);
    let inner = variants.and_then(|all| all.iter().find(|one| one["type"] != "null")).map(kind);
    match (property["x-empty-clears"] == true, inner) {
        (true, Some(Kind::Number)) => return Kind::ChangedNumber,
        (true, _) => return Kind::Change,
        (false, Some(inner)) => return inner,
        (false, None) => {}
    }
    let is = |name: &str| match &property["type"] {
        Json::String(one) => one == name,
        Json::Array(several) => several.iter().any(|one| one == name),
        _ => false,
    };
    let listed = ["enum", "oneOf", "const", "format", "pattern"].iter().any(|key| property.get(key).is_some());
    let never_empty = is("null") && property["minLength"].as_u64().is_some_and(|least| least > 0);
    match () {
        () if is("integer") || is("number") => Kind::Number,
        () if is("boolean") => Kind::Truth,
        () if is("array") => Kind::List,
        () if listed || never_empty => Kind::Word,
        () => Kind::Text,
    }
}

#[cfg(test)]
mod tests;
