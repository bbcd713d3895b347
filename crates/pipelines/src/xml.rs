//! XML, element by element: no entities but the five of the standard, no external files, a bounded depth.
use intake::{Error, File, Result};
use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};
use std::collections::VecDeque;

const DEEPEST: usize = 200;
const LONGEST_TEXT: usize = 20_000;

pub(crate) enum Node {
    /// The name without its prefix, and the attributes as texts.
    Open(String, Value),
    /// The name, and the text that stood directly in it, cut off after 20,000 bytes.
    Close(String, String),
}

pub(crate) struct Xml<'f> {
    file: &'f File,
    text: &'f str,
    reader: Reader<&'f [u8]>,
    /// Elements that are open, with their text so far.
    open: Vec<(String, String)>,
    ready: VecDeque<Node>,
    rooted: bool,
}

/// The text of a file in UTF-8, also where it says that it is in a Latin encoding.
pub(crate) fn text(file: &File) -> Result<String> {
    let start = String::from_utf8_lossy(&file.bytes[..file.bytes.len().min(200)]).to_ascii_lowercase();
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) if start.contains("iso-8859-1") || start.contains("windows-1252") || start.contains("us-ascii") => {
            Ok(file.bytes.iter().map(|byte| char::from(*byte)).collect())
        }
        Err(error) => Err(Error::at_byte(&file.name, &file.bytes, error.valid_up_to(), "this is no text in UTF-8")),
    }
}

impl<'f> Xml<'f> {
    pub fn new(file: &'f File, text: &'f str) -> Xml<'f> {
        let reader = Reader::from_str(text);
        Xml { file, text, reader, open: Vec::new(), ready: VecDeque::new(), rooted: false }
    }

    /// The next beginning or end of an element; nothing after the last one.
    ///
    /// # Errors
    /// XML that is malformed, cut off, deeper than 200 elements, or uses entities of its own.
    pub fn next(&mut self) -> Result<Option<Node>> {
        loop {
            if let Some(node) = self.ready.pop_front() {
                return Ok(Some(node));
            }
            let event = self.reader.read_event().map_err(|error| self.wrong(error.to_string()))?;
            match event {
                Event::Start(start) => self.start(&start)?,
                Event::Empty(start) => {
                    self.start(&start)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.say(&text.xml10_content()),
                Event::CData(text) => self.say(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.into_inner();
                    let character =
                        character(&name).ok_or_else(|| self.wrong(format!("uses the entity &{name}; of its own")))?;
                    self.say(&character);
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => return self.over(),
            }
        }
    }

    /// An error at the present place.
    pub fn wrong(&self, reason: impl Into<String>) -> Error {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        Error::at_byte(&self.file.name, self.text.as_bytes(), at, reason)
    }

    fn over(&self) -> Result<Option<Node>> {
        match self.open.last() {
            Some((name, _)) => Err(self.wrong(format!("the file ends inside <{name}>"))),
            None if !self.rooted => Err(self.wrong("this is no XML")),
            None => Ok(None),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<()> {
        if self.open.len() >= DEEPEST {
            return Err(self.wrong(format!("elements are nested deeper than {DEEPEST} levels")));
        }
        let name = start.local_name().into_inner().to_owned();
        let mut attributes = Map::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.wrong(error.to_string()))?;
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| self.wrong(error.to_string()))?;
            attributes.insert(attribute.key.local_name().into_inner().to_owned(), Value::from(&*value));
        }
        self.rooted = true;
        self.open.push((name.clone(), String::new()));
        self.ready.push_back(Node::Open(name, Value::Object(attributes)));
        Ok(())
    }

    fn end(&mut self) {
        if let Some((name, text)) = self.open.pop() {
            self.ready.push_back(Node::Close(name, text));
        }
    }

    fn say(&mut self, said: &str) {
        if let Some((_, text)) = self.open.last_mut() {
            let left = LONGEST_TEXT.saturating_sub(text.len());
            let end = said.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= left).last();
            text.push_str(&said[..end.unwrap_or_default()]);
        }
    }
}

fn character(name: &str) -> Option<String> {
    if let Some(known) = resolve_predefined_entity(name) {
        return Some(known.to_owned());
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Tools write control characters that XML forbids; they are shown as unknown.
    Some(char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER).to_string())
}

#[cfg(test)]
mod tests;
