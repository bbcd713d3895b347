//! Clover's XML, as OpenClover, PHPUnit and istanbul write it: lines by file, a method's own line being no statement.
use super::{Coverage, Format, Lines, Share, summed};
use crate::xml::{Node, Xml};
use intake::{Fields, Report, Result};
use serde_json::Value;
use std::collections::BTreeMap;

const METRICS: &[&str] = &[
    "coveredelements",
    "complexity",
    "loc",
    "methods",
    "classes",
    "packages",
    "coveredconditionals",
    "coveredmethods",
    "elements",
    "ncloc",
    "files",
    "conditionals",
];

pub fn read(xml: &mut Xml<'_>, root: &Value, report: &mut Report) -> Result<Coverage> {
    let root = Fields::of(root);
    let measured_at = root.instant("generated");
    report.add("report", &root, &["clover"]);
    let mut files: BTreeMap<String, Lines> = BTreeMap::new();
    let (mut path, mut above, mut stated) = (String::new(), vec!["coverage".to_owned()], None);
    while let Some(node) = xml.next()? {
        let (name, attributes) = match node {
            Node::Open(name, attributes) => (name, attributes),
            Node::Close(..) => {
                above.pop();
                continue;
            }
        };
        let fields = Fields::of(&attributes);
        match &*name {
            "file" => {
                path = fields.text("path").or_else(|| fields.text("name")).unwrap_or_default().to_owned();
                files.entry(path.clone()).or_default();
                report.add("file", &fields, &["name"]);
            }
            "line" => {
                let lines = files.entry(path.clone()).or_default();
                line(lines, &fields).ok_or_else(|| xml.wrong("a line lacks its number"))?;
                report.add(
                    "line",
                    &fields,
                    &["complexity", "visibility", "signature", "name", "crap", "testduration", "testsuccess"],
                );
            }
            "metrics" if above.last().is_some_and(|above| above == "project") => {
                let whole = |name: &str| fields.integer(name).and_then(|number| u64::try_from(number).ok());
                stated = whole("coveredstatements").zip(whole("statements")).map(|(covered, of)| Share { covered, of });
                report.add("metrics of all", &fields, METRICS);
            }
            _ => report.count(&format!("{name} (left out)"), 1),
        }
        above.push(name);
    }
    Ok(Coverage { measured_at, ..Coverage::of(Format::Clover, summed(files), stated) })
}

fn line(lines: &mut Lines, fields: &Fields<'_>) -> Option<()> {
    let number = u64::try_from(fields.integer("num")?).ok()?;
    let count = |name: &str| fields.integer(name).and_then(|count| u64::try_from(count).ok()).unwrap_or_default();
    match fields.text("type") {
        Some("method") => {
            count("count");
        }
        Some("cond") => {
            let (on_true, on_false) = (count("truecount"), count("falsecount"));
            lines.hit(number, count("count").max(on_true).max(on_false));
            let covered = u64::from(on_true > 0) + u64::from(on_false > 0);
            lines.branch(number, Share { covered, of: 2 });
        }
        _ => lines.hit(number, count("count")),
    }
    Some(())
}
