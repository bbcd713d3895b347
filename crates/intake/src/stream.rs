//! Documents one at a time, out of files of any size: what is read needs no more memory than one document.
mod unpack;

use self::unpack::{Gauge, unreadable};
use crate::{Error, Place, Result, files};
use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use std::{
    fmt::{self, Formatter},
    io::{BufRead, Read},
    path::PathBuf,
    sync::Arc,
};

/// One document: an object or a row that a system gave out.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file as it was named, with the entry of an archive after a colon.
    pub file: String,
    /// Where the document is, in files of rows.
    pub place: Option<Place>,
    pub content: Content,
    /// Where it was asked for, if the recording says so: an address or its path.
    pub address: Option<String>,
    /// What else the recording says about the request, such as the id of the record that was asked about.
    pub around: Map<String, Value>,
    /// Bytes read until now, unpacked.
    pub read: u64,
}

#[derive(Debug, Clone)]
pub enum Content {
    Json(Value),
    /// A row of a table in CSV.
    Row(Row),
    /// A whole file that is neither JSON nor CSV.
    Bytes(Vec<u8>),
}

/// A row of a table, with the names of its columns, of which several may be the same.
#[derive(Debug, Clone)]
pub struct Row {
    pub header: Arc<[String]>,
    pub cells: Vec<String>,
}

impl Row {
    /// The cell of the first column of this name; nothing where it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.header.iter().position(|head| head == name)?;
        self.cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

#[derive(Debug, Clone)]
pub struct Options {
    /// Keys of an outermost object whose lists are handed over element by element, so that a page of any length needs
    /// little memory; the object itself follows without them.
    pub lists: &'static [&'static str],
    pub limits: Limits,
}

#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one document. JSON may be nested 127 deep.
    pub document: u64,
    /// Values of one document, as a short text can hold many of them and each takes memory.
    pub parts: u64,
    /// Bytes of all files together, unpacked.
    pub expanded: u64,
    /// Number of files, and of entries in an archive.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { document: 64 << 20, parts: 4_000_000, expanded: 64 << 30, files: 1_000_000 }
    }
}

/// What [`read`] calls for each document.
pub type Take<'a> = dyn FnMut(Document) -> Result<()> + 'a;

/// Reads files and folders, document after document: JSON, several in one file or a line each; recorded exchanges, of
/// which the answers are taken; CSV, whose column `data` holds JSON or which is a table itself; other files as they are.
/// The first document that cannot be read, or is beyond a limit, ends the reading with its place.
pub fn read(paths: &[PathBuf], options: &Options, take: &mut Take<'_>) -> Result<()> {
    let gauge = Gauge::new(&options.limits);
    let limits = crate::Limits { files: options.limits.files, ..crate::Limits::default() };
    for path in files(paths, &limits)? {
        unpack::entries(&path, &options.limits, &gauge, &mut |file, bytes| {
            Reading { file, lists: options.lists, gauge: &gauge, take, stopped: None }.bytes(bytes)
        })?;
    }
    Ok(())
}

/// Reads one file that is in memory or arrives, unpacked or with gzip, under a name that says in what.
pub fn read_bytes(name: &str, bytes: impl Read, options: &Options, take: &mut Take<'_>) -> Result<()> {
    let gauge = Gauge::new(&options.limits);
    unpack::bytes(name, bytes, &gauge, &mut |file, bytes| {
        Reading { file, lists: options.lists, gauge: &gauge, take, stopped: None }.bytes(bytes)
    })
}

struct Reading<'a, 't> {
    file: &'a str,
    lists: &'static [&'static str],
    gauge: &'a Gauge,
    take: &'a mut Take<'t>,
    stopped: Option<Error>,
}

impl Reading<'_, '_> {
    fn bytes(mut self, bytes: &mut dyn BufRead) -> Result<()> {
        let start = bytes.fill_buf().map_err(|error| self.refused(&error))?;
        let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let first = start[mark..].iter().find(|byte| !byte.is_ascii_whitespace()).copied();
        let raw = has_data(&start[mark..]);
        bytes.consume(mark);
        match first {
            Some(b'{' | b'[') | None => self.json(bytes),
            Some(_) if raw || self.named(".csv") => self.table(bytes, b','),
            Some(_) if self.named(".tsv") => self.table(bytes, b'\t'),
            Some(_) => self.whole(bytes),
        }
    }

    fn named(&self, ending: &str) -> bool {
        let name = self.file.to_ascii_lowercase();
        name.strip_suffix(".gz").unwrap_or(&name).ends_with(ending)
    }

    fn whole(&mut self, bytes: &mut dyn BufRead) -> Result<()> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all).map_err(|error| self.refused(&error))?;
        self.hand_over(None, Content::Bytes(all), None, Map::new())
    }

    fn json(&mut self, bytes: &mut dyn BufRead) -> Result<()> {
        let mut parser = serde_json::Deserializer::from_reader(bytes);
        while parser.end().is_err() {
            self.gauge.next_document();
            if let Err(error) = (&mut *self).deserialize(&mut parser) {
                let stopped = self.stopped.take();
                return Err(stopped.unwrap_or_else(|| self.malformed(&error)));
            }
        }
        Ok(())
    }

    fn table(&mut self, bytes: &mut dyn BufRead, delimiter: u8) -> Result<()> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(bytes);
        let header = reader.byte_headers().map_err(|error| self.row_error(&error))?;
        let header: Arc<[String]> = header.iter().map(text).collect();
        let data = header.iter().position(|name| name == "data");
        let mut row = csv::ByteRecord::new();
        let mut number = 1;
        loop {
            self.gauge.next_document();
            if !reader.read_byte_record(&mut row).map_err(|error| self.row_error(&error))? {
                return Ok(());
            }
            number += 1;
            let place = Place::Row(number);
            let cells: Vec<String> = row.iter().map(text).collect();
            match data {
                Some(data) => self.raw_row(place, &header, cells, data)?,
                None => {
                    self.hand_over(Some(place), Content::Row(Row { header: header.clone(), cells }), None, Map::new())?
                }
            }
        }
    }

    /// A row as data platforms keep what an API answered: the answer in one column, the request in others.
    fn raw_row(&mut self, place: Place, header: &[String], cells: Vec<String>, data: usize) -> Result<()> {
        let answer = cells.get(data).map(String::as_str).unwrap_or_default();
        if answer.trim().is_empty() {
            return Ok(());
        }
        let value = serde_json::from_str(answer)
            .map_err(|error| Error::at(self.file, place, format!("`data` is no JSON ({})", said(&error))))?;
        let mut address = None;
        let mut around = Map::new();
        for (name, cell) in header.iter().zip(&cells).enumerate().filter(|(at, _)| *at != data).map(|(_, both)| both) {
            if name == "url" {
                address = Some(cell.clone()).filter(|cell| !cell.is_empty());
            } else if let Ok(Value::Object(said)) = serde_json::from_str(cell) {
                around.extend(said);
            }
        }
        self.value(Some(place), value, address, around)
    }

    /// Hands over an answer, or the answers in a recording of exchanges.
    fn value(
        &mut self,
        place: Option<Place>,
        value: Value,
        address: Option<String>,
        around: Map<String, Value>,
    ) -> Result<()> {
        let exchanges = match exchanges(value) {
            Err(value) => return self.hand_over(place, Content::Json(value), address, around),
            Ok(exchanges) => exchanges,
        };
        for (address, answer) in exchanges {
            let answers = match answer {
                Value::Array(list) => list,
                other => vec![other],
            };
            for answer in answers {
                self.hand_over(place, Content::Json(answer), Some(address.clone()), Map::new())?;
            }
        }
        Ok(())
    }

    fn hand_over(
        &mut self,
        place: Option<Place>,
        content: Content,
        address: Option<String>,
        around: Map<String, Value>,
    ) -> Result<()> {
        (self.take)(Document { file: self.file.to_owned(), place, content, address, around, read: self.gauge.read() })
    }

    /// Within a file of JSON a problem is passed through the parser, which knows only errors of its own.
    fn element<E: serde::de::Error>(&mut self, value: Value) -> Result<(), E> {
        let handed = self.value(None, value, None, Map::new());
        self.gauge.next_document();
        handed.map_err(|error| {
            self.stopped = Some(error);
            E::custom("stopped")
        })
    }

    fn malformed(&self, error: &serde_json::Error) -> Error {
        let place = Place::Line { line: error.line(), column: error.column() };
        let reason = self.gauge.reason();
        Error::at(self.file, place, reason.unwrap_or_else(|| format!("this is no JSON ({})", said(error))))
    }

    fn row_error(&self, error: &csv::Error) -> Error {
        let reason = self.gauge.reason().unwrap_or_else(|| format!("a row cannot be read ({error})"));
        Error::new(self.file, reason)
    }

    fn refused(&self, error: &std::io::Error) -> Error {
        self.gauge.reason().map_or_else(|| unreadable(self.file, error), |reason| Error::new(self.file, reason))
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reading<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reading<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Value>()? {
            self.element(value)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut rest = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if self.lists.contains(&key.as_str()) {
                map.next_value_seed(ListOrElse { reading: self, key, rest: &mut rest })?;
            } else {
                rest.insert(key, map.next_value()?);
            }
        }
        if rest.is_empty() { Ok(()) } else { self.element(Value::Object(rest)) }
    }
}

/// A value that is handed over element by element if it is a list, and else belongs to the object around it.
struct ListOrElse<'r, 'a, 't> {
    reading: &'r mut Reading<'a, 't>,
    key: String,
    rest: &'r mut Map<String, Value>,
}

impl<'de> DeserializeSeed<'de> for ListOrElse<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        parser.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListOrElse<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.reading.visit_seq(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut object = Map::new();
        while let Some((key, value)) = map.next_entry()? {
            object.insert(key, value);
        }
        self.rest.insert(self.key, Value::Object(object));
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.rest.insert(self.key, value.into());
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.rest.insert(self.key, value.into());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.rest.insert(self.key, value.into());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.rest.insert(self.key, value.into());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.rest.insert(self.key, value.into());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The answers in a recording of exchanges: by method and by address an object with `response` and `status`, or a list
/// of such; failed ones are left out. Gives the value back if it is none.
fn exchanges(value: Value) -> Result<Vec<(String, Value)>, Value> {
    let Value::Object(mut outer) = value else { return Err(value) };
    let recorded = |methods: &Value| {
        let methods = methods.as_object()?;
        let known = ["get", "post", "put", "patch", "delete"];
        let all_known = !methods.is_empty() && methods.keys().all(|method| known.contains(&method.as_str()));
        all_known.then_some(())
    };
    let methods = match outer.remove("api") {
        Some(api) if recorded(&api).is_some() => api,
        other => {
            outer.extend(other.map(|other| ("api".to_owned(), other)));
            let whole = Value::Object(outer);
            if recorded(&whole).is_none() {
                return Err(whole);
            }
            whole
        }
    };
    let Value::Object(methods) = methods else { return Err(methods) };
    let addresses = methods.into_values().filter_map(|by_address| match by_address {
        Value::Object(by_address) => Some(by_address),
        _ => None,
    });
    let exchanges = addresses.flatten().flat_map(|(address, exchange)| {
        let all = match exchange {
            Value::Array(several) => several,
            one => vec![one],
        };
        all.into_iter().filter_map(move |exchange| Some((address.clone(), answer(exchange)?)))
    });
    Ok(exchanges.collect())
}

fn answer(exchange: Value) -> Option<Value> {
    let Value::Object(mut exchange) = exchange else { return None };
    let status = exchange.get("status").and_then(Value::as_u64).unwrap_or(200);
    let answered = exchange.remove("response")?;
    (200..300).contains(&status).then_some(answered)
}

/// Whether a table begins here that has a column `data`.
fn has_data(start: &[u8]) -> bool {
    let heads = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    heads.split(|byte| *byte == b',').any(|head| matches!(head.trim_ascii(), b"data" | b"\"data\""))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What the parser says, without the place that it adds.
fn said(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    whole.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
