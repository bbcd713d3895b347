//! JaCoCo's XML: <https://www.jacoco.org/jacoco/trunk/coverage/report.dtd>. Counters stand at each level; those of source
//! files are read, or of classes where a package has no source files.
use super::{Coverage, FileCoverage, Format, Share};
use crate::xml::{Node, Xml};
use intake::{Fields, Report, Result};
use serde_json::Value;
use std::collections::BTreeMap;

pub fn read(xml: &mut Xml<'_>, report: &mut Report) -> Result<Coverage> {
    let mut reader = Reader::default();
    let mut above: Vec<String> = vec!["report".into()];
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(name, attributes) => {
                let inside = above.last().map_or("", String::as_str);
                reader
                    .open(inside, &name, &attributes, report)
                    .ok_or_else(|| xml.wrong("a counter lacks its numbers"))?;
                above.push(name);
            }
            Node::Close(name, _) => {
                above.pop();
                if name == "package" {
                    reader.end_of_package();
                }
            }
        }
    }
    let measured_at = reader.measured_at.and_then(|milliseconds| jiff::Timestamp::from_millisecond(milliseconds).ok());
    Ok(Coverage { measured_at, ..Coverage::of(Format::Jacoco, reader.files, reader.stated) })
}

#[derive(Default)]
struct Reader {
    files: BTreeMap<String, FileCoverage>,
    package: String,
    /// The source files of the package at hand, and its classes.
    sources: BTreeMap<String, FileCoverage>,
    classes: BTreeMap<String, FileCoverage>,
    current: String,
    stated: Option<Share>,
    measured_at: Option<i64>,
}

impl Reader {
    fn open(&mut self, inside: &str, name: &str, attributes: &Value, report: &mut Report) -> Option<()> {
        let fields = Fields::of(attributes);
        match name {
            "package" => self.package = fields.text("name").unwrap_or_default().to_owned(),
            "sourcefile" => {
                self.current = fields.text("name").unwrap_or_default().to_owned();
                self.sources.entry(self.current.clone()).or_default();
            }
            "class" => self.current = fields.text("name").unwrap_or_default().to_owned(),
            "sessioninfo" => self.measured_at = self.measured_at.max(fields.integer("dump")),
            "counter" => self.counter(inside, &fields)?,
            _ => {}
        }
        let left_out: &[&str] = match name {
            "class" => &["sourcefilename"],
            "sessioninfo" => &["id", "start"],
            "method" | "line" | "group" => &["name", "desc", "line", "nr", "mi", "ci", "mb", "cb"],
            _ => &[],
        };
        report.add(name, &fields, left_out);
        Some(())
    }

    fn counter(&mut self, inside: &str, fields: &Fields<'_>) -> Option<()> {
        let number = |name: &str| u64::try_from(fields.integer(name)?).ok();
        let (missed, covered) = (number("missed")?, number("covered")?);
        let share = Share { covered, of: covered.saturating_add(missed) };
        let kind = fields.text("type")?;
        let file = match inside {
            "sourcefile" => self.sources.entry(self.current.clone()).or_default(),
            "class" => self.classes.entry(self.current.clone()).or_default(),
            "report" if kind == "LINE" => {
                self.stated = Some(share);
                return Some(());
            }
            _ => return Some(()),
        };
        match kind {
            "LINE" => file.lines = share,
            "BRANCH" => file.branches = share,
            _ => {}
        }
        Some(())
    }

    fn end_of_package(&mut self) {
        let (sources, classes) = (std::mem::take(&mut self.sources), std::mem::take(&mut self.classes));
        let package = std::mem::take(&mut self.package);
        // The name of a class holds its package already.
        let named = |(name, file)| (if package.is_empty() { name } else { format!("{package}/{name}") }, file);
        match sources.is_empty() {
            false => self.files.extend(sources.into_iter().map(named)),
            true => self.files.extend(classes),
        }
    }
}
