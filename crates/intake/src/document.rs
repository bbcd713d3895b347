//! The JSON of a file, whatever holds it: one document, several in a row, one a line, or CSV with one in each row.
use crate::{Error, File, Limits, Place, Result};
use serde_json::Value;

/// One document of JSON.
#[derive(Clone, Debug)]
pub struct Document {
    pub file: String,
    pub place: Place,
    pub value: Value,
    /// The address it was fetched from, where the container tells.
    pub url: Option<String>,
    /// What it was fetched for, where the container tells: the record above it.
    pub input: Option<Value>,
}

/// Every document of a file. CSV is recognised by its heads: the API's JSON stands in the column `data`, as Apache DevLake
/// keeps raw rows, next to `url` and `input`; without such a column each row becomes an object of texts.
///
/// # Errors
/// The first document that is cut off, malformed or nested deeper than 127 levels, with its place; more documents than
/// the limits allow.
pub fn documents(file: &File, limits: &Limits) -> Result<Vec<Document>> {
    let start = file.bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match start {
        None => Ok(Vec::new()),
        Some(b'{' | b'[') => json(file, limits),
        Some(_) if is_csv(&file.bytes) => csv(file, limits),
        Some(_) => json(file, limits),
    }
}

fn json(file: &File, limits: &Limits) -> Result<Vec<Document>> {
    let mut stream = serde_json::Deserializer::from_slice(&file.bytes).into_iter::<Value>();
    let mut found = Vec::new();
    let mut counted = (0, 1);
    loop {
        let offset = stream.byte_offset();
        let Some(next) = stream.next() else { return Ok(found) };
        let value = next.map_err(|error| malformed(file, &error))?;
        counted.1 += file.bytes[counted.0..offset].iter().filter(|byte| **byte == b'\n').count();
        counted.0 = offset;
        let blank = file.bytes[offset..].iter().take_while(|byte| byte.is_ascii_whitespace());
        let line = counted.1 + blank.filter(|byte| **byte == b'\n').count();
        let place = Place::Line { line, column: 1 };
        found.push(Document { file: file.name.clone(), place, value, url: None, input: None });
        few_enough(file, place, found.len(), limits)?;
    }
}

fn malformed(file: &File, error: &serde_json::Error) -> Error {
    let place = Place::Line { line: error.line(), column: error.column() };
    let said = error.to_string();
    let reason = said.split(" at line ").next().unwrap_or(&said);
    match error.is_eof() {
        true => Error::at(&file.name, place, format!("the JSON ends too early ({reason})")),
        false => Error::at(&file.name, place, format!("this is no JSON ({reason})")),
    }
}

fn few_enough(file: &File, place: Place, count: usize, limits: &Limits) -> Result<()> {
    match count > limits.documents {
        true => Err(Error::at(&file.name, place, format!("holds more than {} records", limits.documents))),
        false => Ok(()),
    }
}

fn is_csv(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.contains(&b',') && std::str::from_utf8(line).is_ok()
}

fn csv(file: &File, limits: &Limits) -> Result<Vec<Document>> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(&file.bytes[..]);
    let heads = reader.headers().map_err(|error| Error::new(&file.name, error.to_string()))?.clone();
    let column = |name: &str| heads.iter().position(|head| head.trim() == name);
    let (data, url, input) = (column("data"), column("url"), column("input"));
    let mut found = Vec::new();
    for (index, row) in reader.records().enumerate() {
        let place = Place::Row(index + 2);
        let wrong = |reason: String| Error::at(&file.name, place, reason);
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).filter(|cell| !cell.is_empty());
        let parse = |text: &str| serde_json::from_str(text).map_err(|e| wrong(format!("`data` is no JSON ({e})")));
        let value = match (data, cell(data)) {
            (Some(_), Some(text)) => parse(text)?,
            (Some(_), None) => continue,
            (None, _) => heads.iter().zip(&row).map(|(head, cell)| (head.to_owned(), Value::from(cell))).collect(),
        };
        let input =
            cell(input).and_then(|text| serde_json::from_str(text).ok()).filter(|input: &Value| !input.is_null());
        found.push(Document { file: file.name.clone(), place, value, url: cell(url).map(str::to_owned), input });
        few_enough(file, place, found.len(), limits)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
