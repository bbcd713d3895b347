//! JSON values one after the other out of a file of any form and length, with little memory: a value that is too large,
//! too deep or has too many parts is refused before it is built.
use crate::{
    context::Context,
    rules::{Object, id},
};
use flate2::bufread::MultiGzDecoder;
use serde_json::{Map, Value};
use std::{
    cell::Cell,
    io::{BufRead, BufReader, Read},
};

/// A value, and what its row said beside it.
pub(crate) struct Row {
    pub value: Value,
    address: String,
    input: Value,
}

impl Row {
    /// What the columns `url`, `input` and `params` tell, as Apache DevLake fills them.
    pub fn context(&self, home: &Context) -> Context {
        let mut context = home.asked(&self.address);
        let number = ["number", "iid", "issue_number"].iter().find_map(|name| self.input.get(*name)?.as_i64());
        context.number = context.number.or(number);
        let name = self.input.get("name").and_then(Value::as_str).filter(|name| name.contains('/'));
        let place =
            crate::Place { host: None, name: name.map(str::to_owned), id: self.input.get("project_id").and_then(id) };
        context.place = context.place.clone().or(&place);
        context
    }
}

/// A line, if one is to blame, and a sentence.
type Problem = (Option<u64>, String);

const LARGEST_VALUE: usize = 32 << 20;
const MOST_PARTS: usize = 2_000_000;
const DEEPEST_VALUE: usize = 100;
/// A file that unpacks to more is made to fill a disk or a day.
const LONGEST_FILE: u64 = 16 << 30;

/// Shows every value of a file. `false`: it holds neither JSON nor a table with a column `data`.
pub(crate) fn read(bytes: impl Read, each: &mut dyn FnMut(Row)) -> Result<bool, Problem> {
    let mut source = BufReader::with_capacity(1 << 16, bytes);
    let packed = source.fill_buf().map_err(unreadable)?.starts_with(&[0x1f, 0x8b]);
    match packed {
        true => read_plain(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(source).take(LONGEST_FILE)), each),
        false => read_plain(source.take(LONGEST_FILE), each),
    }
}

fn read_plain(mut source: impl BufRead, each: &mut dyn FnMut(Row)) -> Result<bool, Problem> {
    let start = source.fill_buf().map_err(unreadable)?;
    let mark = start.starts_with(&[0xef, 0xbb, 0xbf]);
    let text = if mark { &start[3..] } else { start };
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let names = String::from_utf8_lossy(header);
    let table = names.split([',', ';']).any(|name| name.trim().trim_matches('"') == "data");
    if mark {
        source.consume(3);
    }
    match first {
        None => Ok(true),
        Some(b'{' | b'[') => json(source, each).map(|()| true),
        Some(_) if table => csv(source, each).map(|()| true),
        Some(_) => Ok(false),
    }
}

fn unreadable(error: std::io::Error) -> Problem {
    (None, format!("The file cannot be read: {error}."))
}

fn parsed(bytes: &[u8], line: u64) -> Result<Value, Problem> {
    let value = serde_json::from_slice(bytes).map_err(|error| {
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or(&said);
        (Some(line), format!("The value that begins here is not JSON: {said}."))
    })?;
    Ok(plain(value, 0))
}

fn json(mut source: impl BufRead, each: &mut dyn FnMut(Row)) -> Result<(), Problem> {
    let mut splitter = Splitter { line: 1, ..Splitter::default() };
    loop {
        let chunk = source.fill_buf().map_err(unreadable)?;
        if chunk.is_empty() {
            break;
        }
        for byte in chunk {
            if splitter.feed(*byte)? {
                each(Row {
                    value: parsed(&splitter.value, splitter.start)?,
                    address: String::new(),
                    input: Value::Null,
                });
                splitter.value.clear();
            }
        }
        let length = chunk.len();
        source.consume(length);
    }
    match splitter.depth > 0 || splitter.listed || splitter.string {
        true => Err((Some(splitter.line), "The file ends in the middle of a value.".into())),
        false => Ok(()),
    }
}

/// Finds where values begin and end. The items of a list that stands at the top are values of their own, so that a file of
/// any length passes.
#[derive(Default)]
struct Splitter {
    value: Vec<u8>,
    line: u64,
    start: u64,
    depth: usize,
    parts: usize,
    listed: bool,
    string: bool,
    escaped: bool,
}

impl Splitter {
    /// Whether a value is complete.
    fn feed(&mut self, byte: u8) -> Result<bool, Problem> {
        self.line += u64::from(byte == b'\n');
        if self.string {
            self.string = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
            return self.push(byte).map(|()| !self.string && self.depth == 0);
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => Ok(self.depth == 0 && !self.value.is_empty()),
            b'[' if self.depth == 0 && !self.listed => {
                self.listed = true;
                Ok(false)
            }
            b'{' | b'[' => {
                self.depth += 1;
                if self.depth > DEEPEST_VALUE {
                    return self.refuse(format!("A value is nested more than {DEEPEST_VALUE} deep."));
                }
                self.push(byte).map(|()| false)
            }
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                self.push(byte).map(|()| self.depth == 0)
            }
            b']' if self.listed => {
                self.listed = false;
                Ok(!self.value.is_empty())
            }
            b',' if self.depth == 0 && self.listed => Ok(!self.value.is_empty()),
            b'}' | b']' | b',' if self.depth == 0 => {
                self.refuse("This is not JSON: a bracket or comma too many.".into())
            }
            b'"' => {
                self.string = true;
                self.push(byte).map(|()| false)
            }
            other => {
                self.parts += usize::from(other == b',');
                if self.parts > MOST_PARTS {
                    return self.refuse(format!("A value has more than {MOST_PARTS} parts."));
                }
                self.push(other).map(|()| false)
            }
        }
    }

    fn push(&mut self, byte: u8) -> Result<(), Problem> {
        if self.value.is_empty() {
            (self.start, self.parts) = (self.line, 0);
        }
        if self.value.len() >= LARGEST_VALUE {
            return self.refuse(format!("A value is larger than {} MB.", LARGEST_VALUE >> 20)).map(|_| ());
        }
        self.value.push(byte);
        Ok(())
    }

    fn refuse(&self, sentence: String) -> Result<bool, Problem> {
        Err((Some(if self.value.is_empty() { self.line } else { self.start }), sentence))
    }
}

/// Tells how much of a table was read since its last row, and stops before a row that is too large.
struct Measured<'c, R>(R, &'c Cell<usize>);

impl<R: Read> Read for Measured<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.read(buffer)?;
        self.1.set(self.1.get() + length);
        match self.1.get() > LARGEST_VALUE + (1 << 20) {
            true => Err(std::io::Error::other(format!("a row is larger than {} MB", LARGEST_VALUE >> 20))),
            false => Ok(length),
        }
    }
}

fn csv(source: impl BufRead, each: &mut dyn FnMut(Row)) -> Result<(), Problem> {
    let read = Cell::new(0);
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(Measured(source, &read));
    let headers =
        table.byte_headers().map_err(|error| (Some(1), format!("The table cannot be read: {error}.")))?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name.as_bytes());
    let (data, url, input, params) = (column("data"), column("url"), column("input"), column("params"));
    let mut row = csv::ByteRecord::new();
    loop {
        let line = table.position().line();
        match table.read_byte_record(&mut row) {
            Ok(true) => read.set(0),
            Ok(false) => return Ok(()),
            Err(error) => return Err((Some(line), format!("The table cannot be read: {error}."))),
        }
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).unwrap_or_default();
        let bytes = cell(data);
        if bytes.is_empty() {
            continue;
        }
        let beside =
            |place| parsed(cell(place), line).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
        let mut said: Object = beside(params);
        said.extend(beside(input));
        let address = String::from_utf8_lossy(cell(url)).into_owned();
        let mut splitter = Splitter { line, ..Splitter::default() };
        for byte in bytes {
            if splitter.feed(*byte)? {
                let value = parsed(&splitter.value, line)?;
                each(Row { value, address: address.clone(), input: Value::Object(said.clone()) });
                splitter.value.clear();
            }
        }
        if splitter.depth > 0 || splitter.string || splitter.listed {
            return Err((Some(line), "The column data ends in the middle of a value.".into()));
        }
    }
}

/// The same value with names as REST writes them: `createdAt` and `CreatedAt` become `created_at`.
pub(crate) fn plain(value: Value, depth: usize) -> Value {
    match value {
        Value::Object(object) if depth < 2 * DEEPEST_VALUE => {
            let mut out = Map::new();
            for (name, value) in object {
                let (snake, value) = (snake(&name), plain(value, depth + 1));
                let name = if out.contains_key(&snake) { name } else { snake };
                out.insert(name, value);
            }
            Value::Object(out)
        }
        Value::Array(all) if depth < 2 * DEEPEST_VALUE => {
            Value::Array(all.into_iter().map(|one| plain(one, depth + 1)).collect())
        }
        other => other,
    }
}

fn snake(name: &str) -> String {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let shouted = !name.bytes().any(|byte| byte.is_ascii_lowercase());
    if !is_name || shouted || !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = 'A';
    for c in name.chars() {
        if c.is_ascii_uppercase() && !before.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        before = c;
    }
    out
}
