//! Cobertura's `coverage-04`, as Cobertura, coverage.py, coverlet, gcovr and ReportGenerator write it. They differ: dates in
//! seconds or milliseconds, `branch` in any case, lines repeated under methods and under several classes of a file.
use super::{Coverage, Format, Lines, Share, summed};
use crate::xml::{Node, Xml};
use intake::{Fields, Report, Result};
use serde_json::Value;
use std::collections::BTreeMap;

const ROOT_LEFT_OUT: &[&str] =
    &["line-rate", "branch-rate", "branches-covered", "branches-valid", "complexity", "version"];
const CLASS_LEFT_OUT: &[&str] = &["name", "line-rate", "branch-rate", "complexity"];
const LINE_LEFT_OUT: &[&str] = &["branch", "missing-branches"];

pub fn read(xml: &mut Xml<'_>, root: &Value, report: &mut Report) -> Result<Coverage> {
    let root = Fields::of(root);
    let whole = |name: &str| root.integer(name).and_then(|number| u64::try_from(number).ok());
    let stated = whole("lines-covered").zip(whole("lines-valid")).map(|(covered, of)| Share { covered, of });
    let measured_at = root.instant("timestamp");
    report.add("report", &root, ROOT_LEFT_OUT);
    let mut files: BTreeMap<String, Lines> = BTreeMap::new();
    let mut path: Option<String> = None;
    while let Some(node) = xml.next()? {
        let (name, attributes) = match node {
            Node::Open(name, attributes) => (name, attributes),
            Node::Close(name, _) => {
                if name == "class" {
                    path = None;
                }
                continue;
            }
        };
        let fields = Fields::of(&attributes);
        match (&*name, &path) {
            ("class", _) => {
                let named =
                    fields.text("filename").or_else(|| attributes["name"].as_str()).unwrap_or_default().to_owned();
                files.entry(named.clone()).or_default();
                path = Some(named);
                report.add("class", &fields, CLASS_LEFT_OUT);
            }
            ("line", Some(path)) => {
                let lines = files.entry(path.clone()).or_default();
                line(lines, &fields).ok_or_else(|| xml.wrong("a line lacks its number or its hits"))?;
                report.add("line", &fields, LINE_LEFT_OUT);
            }
            _ => report.count(&format!("{name} (left out)"), 1),
        }
    }
    Ok(Coverage { measured_at, ..Coverage::of(Format::Cobertura, summed(files), stated) })
}

fn line(lines: &mut Lines, fields: &Fields<'_>) -> Option<()> {
    let number = u64::try_from(fields.integer("number")?).ok()?;
    let hits = fields.number("hits")?.max(0.0) as u64;
    lines.hit(number, hits);
    if let Some(share) = fields.text("condition-coverage").and_then(share) {
        lines.branch(number, share);
    }
    Some(())
}

/// `50% (1/2)`
fn share(text: &str) -> Option<Share> {
    let (covered, of) = text.split_once('(')?.1.trim_end_matches(')').split_once('/')?;
    Some(Share { covered: covered.trim().parse().ok()?, of: of.trim().parse().ok()? })
}
