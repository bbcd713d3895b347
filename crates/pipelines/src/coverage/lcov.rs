//! LCOV's tracefile: <https://github.com/linux-test-project/lcov/blob/master/man/geninfo.1>.
use super::{Coverage, FileCoverage, Format, Lines, Share};
use intake::{Error, File, Place, Report, Result};
use std::collections::BTreeMap;

#[derive(Default)]
struct Section {
    path: String,
    lines: Lines,
    /// Taken and known branches by line and by their place there.
    branches: BTreeMap<(u64, String), bool>,
    /// `LH` and `LF`, for reports without lines.
    stated: Share,
}

pub fn read(file: &File, text: &str, report: &mut Report) -> Result<Coverage> {
    let mut files: BTreeMap<String, Section> = BTreeMap::new();
    let mut open: Option<Section> = None;
    let mut last = 0;
    for (index, line) in text.lines().enumerate() {
        last = index + 1;
        let wrong = |reason: String| Error::at(&file.name, Place::Line { line: last, column: 1 }, reason);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line == "end_of_record" {
            let section = open.take().ok_or_else(|| wrong("a record ends that never began".into()))?;
            report.count("file", 1);
            merge(&mut files, section);
            continue;
        }
        let (key, rest) = line.split_once(':').ok_or_else(|| wrong(format!("{} is no line of LCOV", shown(line))))?;
        match (key, &mut open) {
            ("SF", _) => open = Some(Section { path: rest.to_owned(), ..Section::default() }),
            ("TN" | "VER", _) => report.count(&format!("{key} (left out)"), 1),
            (_, None) => return Err(wrong(format!("{} stands outside of a file", shown(line)))),
            (_, Some(section)) => {
                entry(section, key, rest, report).ok_or_else(|| wrong(format!("{} cannot be read", shown(line))))?;
            }
        }
    }
    if open.is_some() || last == 0 {
        let place = Place::Line { line: last.max(1), column: 1 };
        return Err(Error::at(&file.name, place, "the report ends inside a record"));
    }
    Ok(Coverage::of(Format::Lcov, files.into_iter().map(|(path, section)| (path, section.sum())).collect(), None))
}

fn shown(line: &str) -> String {
    format!("`{}`", line.chars().take(40).collect::<String>())
}

fn entry(section: &mut Section, key: &str, rest: &str, report: &mut Report) -> Option<()> {
    let mut parts = rest.split(',');
    match key {
        "DA" => {
            let line = parts.next()?.trim().parse().ok()?;
            // Merged reports may hold negative or fractional counts.
            let hits: f64 = parts.next()?.trim().parse().ok()?;
            section.lines.hit(line, hits.max(0.0).ceil() as u64);
            report.count("line", 1);
        }
        "BRDA" => {
            let line = parts.next()?.trim().trim_start_matches('U').parse().ok()?;
            let place = format!("{},{}", parts.next()?, parts.next()?);
            let taken = parts.next()?.trim();
            *section.branches.entry((line, place)).or_default() |= !matches!(taken, "-" | "0");
            report.count("branch", 1);
        }
        "LH" => section.stated.covered = rest.trim().parse().ok()?,
        "LF" => section.stated.of = rest.trim().parse().ok()?,
        "FN" | "FNL" | "FNA" | "FNDA" | "FNF" | "FNH" | "BRF" | "BRH" | "MCDC" | "MCF" | "MCH" | "FNLF" => {
            report.count(&format!("{key} (left out)"), 1);
        }
        unknown => report.unrecognised(&format!("lines with {unknown}:"), &section.path),
    }
    Some(())
}

/// The same file may come once for each test.
fn merge(files: &mut BTreeMap<String, Section>, section: Section) {
    match files.get_mut(&section.path) {
        Some(known) => {
            for (line, hits) in section.lines.hits {
                known.lines.hit(line, hits);
            }
            for (place, taken) in section.branches {
                *known.branches.entry(place).or_default() |= taken;
            }
        }
        None => {
            files.insert(section.path.clone(), section);
        }
    }
}

impl Section {
    fn sum(mut self) -> FileCoverage {
        for ((line, _), taken) in &self.branches {
            let share = self.lines.branches.entry(*line).or_default();
            *share += Share { covered: u64::from(*taken), of: 1 };
        }
        let sum = self.lines.sum();
        let lines = if sum.lines.of == 0 { self.stated } else { sum.lines };
        FileCoverage { lines, ..sum }
    }
}
