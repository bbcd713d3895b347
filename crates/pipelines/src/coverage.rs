//! How much of the code the tests ran: LCOV, Cobertura, JaCoCo and Clover, recognised by content.
mod clover;
mod cobertura;
mod jacoco;
mod lcov;

use crate::xml::{Node, Xml, text};
use intake::{Error, File, Report, Result};
use jiff::Timestamp;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Lcov,
    Cobertura,
    Jacoco,
    Clover,
}

impl Format {
    pub fn word(self) -> &'static str {
        match self {
            Format::Lcov => "lcov",
            Format::Cobertura => "cobertura",
            Format::Jacoco => "jacoco",
            Format::Clover => "clover",
        }
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub covered: u64,
    pub of: u64,
}

impl std::ops::AddAssign for Share {
    fn add_assign(&mut self, other: Share) {
        self.covered = self.covered.saturating_add(other.covered);
        self.of = self.of.saturating_add(other.of);
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileCoverage {
    pub lines: Share,
    pub branches: Share,
}

/// One report.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    pub format: Format,
    /// As the report sums them up, else as counted: a report may leave lines out that its sum holds.
    pub lines: Share,
    /// A line counts once in its file, however many classes or tests name it.
    pub counted: Share,
    pub branches: Share,
    /// Files by their path as the report writes it.
    pub files: BTreeMap<String, FileCoverage>,
    /// When it was measured, where the report says so.
    pub measured_at: Option<Timestamp>,
}

impl Coverage {
    fn of(format: Format, files: BTreeMap<String, FileCoverage>, stated: Option<Share>) -> Coverage {
        let (mut counted, mut branches) = (Share::default(), Share::default());
        for file in files.values() {
            counted += file.lines;
            branches += file.branches;
        }
        let lines = stated.filter(|stated| stated.of > 0 && stated.covered <= stated.of).unwrap_or(counted);
        Coverage { format, lines, counted, branches, files, measured_at: None }
    }
}

/// Reads a coverage report of any of the formats.
///
/// # Errors
/// A report that is malformed or cut off, with its place; a file that is none.
pub fn read(file: &File) -> Result<(Coverage, Report)> {
    let text = text(file)?;
    let mut report = Report { files: 1, ..Report::default() };
    let coverage = match text.trim_start().starts_with('<') {
        false => lcov::read(file, &text, &mut report)?,
        true => from_xml(file, &text, &mut report)?,
    };
    Ok((coverage, report))
}

fn from_xml(file: &File, text: &str, report: &mut Report) -> Result<Coverage> {
    let mut xml = Xml::new(file, text);
    let Some(Node::Open(root, attributes)) = xml.next()? else {
        return Err(Error::new(&file.name, "this is no coverage report"));
    };
    match &*root {
        "report" => jacoco::read(&mut xml, report),
        // Both have the same root; only Clover says when it was generated.
        "coverage" if attributes.get("generated").is_some() || attributes.get("clover").is_some() => {
            clover::read(&mut xml, &attributes, report)
        }
        "coverage" => cobertura::read(&mut xml, &attributes, report),
        _ => Err(xml.wrong(format!("<{root}> is no coverage report that is known here"))),
    }
}

/// The lines of a file with how often they ran, and its branches by line.
#[derive(Clone, Debug, Default)]
struct Lines {
    hits: BTreeMap<u64, u64>,
    branches: BTreeMap<u64, Share>,
}

impl Lines {
    fn hit(&mut self, line: u64, hits: u64) {
        let known = self.hits.entry(line).or_default();
        *known = (*known).max(hits);
    }

    fn branch(&mut self, line: u64, share: Share) {
        let known = self.branches.entry(line).or_default();
        *known = if (share.of, share.covered) > (known.of, known.covered) { share } else { *known };
    }

    fn sum(&self) -> FileCoverage {
        let covered = self.hits.values().filter(|hits| **hits > 0).count() as u64;
        let mut branches = Share::default();
        for share in self.branches.values() {
            branches += *share;
        }
        FileCoverage { lines: Share { covered, of: self.hits.len() as u64 }, branches }
    }
}

fn summed(files: BTreeMap<String, Lines>) -> BTreeMap<String, FileCoverage> {
    files.into_iter().map(|(path, lines)| (path, lines.sum())).collect()
}

#[cfg(test)]
mod tests;
