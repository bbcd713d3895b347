//! Test results as JUnit XML, in the dialects of pytest, mocha, jest, surefire (reruns and flaky tests), gtest and go-junit;
//! and the results of NUnit (`test-case`) and xUnit.net (`test` in a `collection`).
use crate::xml::{Node, Xml, text};
use intake::{Fields, File, Report, Result, instant};
use jiff::Timestamp;
use serde_json::Value;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestOutcome {
    Passed,
    Skipped,
    /// An assertion failed.
    Failed,
    /// Something went wrong outside of the assertions.
    Errored,
}

impl TestOutcome {
    pub fn word(self) -> &'static str {
        match self {
            TestOutcome::Passed => "passed",
            TestOutcome::Skipped => "skipped",
            TestOutcome::Failed => "failed",
            TestOutcome::Errored => "errored",
        }
    }
}

/// One run of one test. Of a test that was run again within the file there are as many cases.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCase {
    /// The names of the suites around it, from the outermost, with ` / ` between.
    pub suite: String,
    pub class: String,
    pub name: String,
    pub file: Option<String>,
    pub outcome: TestOutcome,
    pub seconds: Option<f64>,
    /// The first line of what the failure says, at most 500 characters.
    pub message: Option<String>,
    /// Runs that failed before the one that counts, as surefire notes them; a test that passed then is flaky.
    pub failed_before: u32,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TestRun {
    pub cases: Vec<TestCase>,
    pub suites: u32,
    /// The earliest time that a suite states.
    pub started_at: Option<Timestamp>,
    /// As the outermost suites state it, else the sum over the tests.
    pub seconds: f64,
}

/// Reads a file of test results.
///
/// # Errors
/// XML that is malformed or cut off, with its place; XML that is something else.
pub fn read(file: &File) -> Result<(TestRun, Report)> {
    let text = text(file)?;
    let mut reader = Tests {
        xml: Xml::new(file, &text),
        run: TestRun::default(),
        report: Report::default(),
        at: Vec::new(),
        stated: None,
    };
    reader.report.files = 1;
    reader.read(file)?;
    let Tests { mut run, report, stated, .. } = reader;
    let summed = || run.cases.iter().filter_map(|case| case.seconds).sum();
    run.seconds = stated.unwrap_or_else(summed);
    Ok((run, report))
}

struct Tests<'f> {
    xml: Xml<'f>,
    run: TestRun,
    report: Report,
    /// What is open: suites, and the case in hand.
    at: Vec<Open>,
    stated: Option<f64>,
}

enum Open {
    Suite(String),
    Case(Box<TestCase>),
    /// A failure within a case, and how it counts.
    Verdict(Verdict, Option<String>),
    /// A message within a failure, as NUnit and xUnit.net have it.
    Message,
    Other,
}

#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Is(TestOutcome),
    /// Another run that failed.
    Again,
}

const ROOTS: &[&str] = &["testsuites", "testsuite", "test-run", "test-results", "assemblies", "assembly"];
const SUITE_LEFT_OUT: &[&str] = &[
    "tests",
    "failures",
    "errors",
    "skipped",
    "disabled",
    "assertions",
    "hostname",
    "id",
    "package",
    "file",
    "version",
    "total",
    "passed",
    "failed",
    "asserts",
    "result",
    "testcasecount",
    "inconclusive",
    "start-time",
    "end-time",
    "filepath",
    "warnings",
    "schemaLocation",
    "noNamespaceSchemaLocation",
    "runstate",
    "fullname",
    "classname",
    "type",
    "executed",
    "run-date",
    "run-time",
    "environment",
    "test-framework",
    "config-file",
    "engine-version",
    "clr-version",
    "flakes",
    "log",
    "url",
    "group",
    "site",
    "label",
    "success",
];
const CASE_LEFT_OUT: &[&str] = &[
    "line",
    "assertions",
    "timestamp",
    "id",
    "fullname",
    "runstate",
    "seed",
    "asserts",
    "start-time",
    "end-time",
    "type",
    "method",
    "value_param",
    "type_param",
    "url",
    "group",
    "label",
    "requirement",
    "owner",
    "source-file",
    "source-line",
];

impl Tests<'_> {
    fn read(&mut self, file: &File) -> Result<()> {
        let mut first = true;
        while let Some(node) = self.xml.next()? {
            match node {
                Node::Open(name, attributes) => {
                    if std::mem::take(&mut first) && !ROOTS.contains(&&*name) {
                        return Err(self.xml.wrong(format!("<{name}> is no file of test results")));
                    }
                    let open = self.open(&name, &attributes);
                    self.at.push(open);
                }
                Node::Close(name, text) => {
                    let closed = self.at.pop();
                    self.close(closed, &name, text);
                }
            }
        }
        self.report.files = u64::from(!file.bytes.is_empty());
        Ok(())
    }

    fn open(&mut self, name: &str, attributes: &Value) -> Open {
        let fields = Fields::of(attributes);
        let in_case = self.at.iter().any(|open| matches!(open, Open::Case(_)));
        match name {
            "testsuites" | "test-run" | "test-results" | "assemblies" | "testsuite" | "test-suite" | "assembly"
            | "collection" => self.suite(name, &fields),
            "testcase" | "test-case" if !in_case => self.case(&fields),
            "test" if !in_case && attributes.get("result").is_some() => self.case(&fields),
            "failure" if in_case => verdict(&fields, TestOutcome::Failed),
            "error" if in_case => verdict(&fields, TestOutcome::Errored),
            "skipped" | "skip" | "ignored" | "reason" if in_case => verdict(&fields, TestOutcome::Skipped),
            "rerunFailure" | "rerunError" | "flakyFailure" | "flakyError" if in_case => {
                Open::Verdict(Verdict::Again, fields.text("message").map(str::to_owned))
            }
            "message" if in_case => Open::Message,
            _ => Open::Other,
        }
    }

    fn suite(&mut self, kind: &str, fields: &Fields<'_>) -> Open {
        let seconds = ["time", "duration", "run-time"].iter().find_map(|name| seconds(fields, name));
        let started_at = ["timestamp", "start-time"].iter().find_map(|name| instant(fields.at(name).whole()));
        let is_suite = matches!(kind, "testsuite" | "test-suite" | "collection");
        // A wrapper's own time is wall time; the suites within say what was spent, as other readers count it.
        let outermost = is_suite && !self.at.iter().any(|open| matches!(open, Open::Suite(name) if !name.is_empty()));
        if let (true, Some(seconds)) = (outermost, seconds) {
            *self.stated.get_or_insert_default() += seconds;
        }
        self.run.suites += u32::from(is_suite);
        self.run.started_at = [self.run.started_at, started_at].into_iter().flatten().min();
        let name = fields.text("name").unwrap_or("suite");
        self.report.add(kind, fields, SUITE_LEFT_OUT);
        Open::Suite(if is_suite { name.to_owned() } else { String::new() })
    }

    fn case(&mut self, fields: &Fields<'_>) -> Open {
        let suites = self.at.iter().filter_map(|open| match open {
            Open::Suite(name) if !name.is_empty() => Some(name.as_str()),
            _ => None,
        });
        let stated =
            ["status", "result", "executed"].map(|name| fields.text(name).unwrap_or_default().to_ascii_lowercase());
        let outcome = match () {
            () if stated.iter().any(|word| matches!(&**word, "fail" | "failed" | "failure")) => TestOutcome::Failed,
            () if stated[..2].iter().any(|word| word == "error") => TestOutcome::Errored,
            () if stated.iter().any(|word| SKIPPED.contains(&&**word)) => TestOutcome::Skipped,
            () => TestOutcome::Passed,
        };
        let case = TestCase {
            suite: suites.collect::<Vec<_>>().join(" / "),
            class: fields.text("classname").or_else(|| fields.text("class")).unwrap_or_default().to_owned(),
            name: fields.text("name").unwrap_or_default().to_owned(),
            file: fields.text("file").or_else(|| fields.text("filepath")).map(str::to_owned),
            outcome,
            seconds: ["time", "duration"].iter().find_map(|name| seconds(fields, name)),
            message: None,
            failed_before: 0,
        };
        fields.text("methodname");
        self.report.add("test case", fields, CASE_LEFT_OUT);
        Open::Case(Box::new(case))
    }

    fn close(&mut self, closed: Option<Open>, name: &str, text: String) {
        match closed {
            Some(Open::Case(case)) => self.run.cases.push(*case),
            Some(Open::Verdict(verdict, message)) => {
                self.report.count(name, 1);
                let said = message.or_else(|| first_line(&text));
                if let Some(case) = self.in_hand() {
                    judge(case, verdict, said);
                }
            }
            Some(Open::Message) => {
                let said = first_line(&text);
                if let Some(Open::Verdict(_, message)) = self.at.last_mut() {
                    *message = message.take().or(said);
                }
            }
            Some(Open::Other) if !text.trim().is_empty() || name == "property" => {
                self.report.count(&format!("{name} (left out)"), 1)
            }
            _ => {}
        }
    }

    fn in_hand(&mut self) -> Option<&mut TestCase> {
        self.at.iter_mut().rev().find_map(|open| match open {
            Open::Case(case) => Some(&mut **case),
            _ => None,
        })
    }
}

const SKIPPED: [&str; 9] =
    ["notrun", "skipped", "skip", "ignored", "disabled", "suppressed", "inconclusive", "false", "pending"];

fn verdict(fields: &Fields<'_>, outcome: TestOutcome) -> Open {
    Open::Verdict(Verdict::Is(outcome), fields.text("message").map(str::to_owned))
}

/// The first failure counts; a test that failed and says that it was skipped as well has failed.
fn judge(case: &mut TestCase, verdict: Verdict, said: Option<String>) {
    match verdict {
        Verdict::Again => case.failed_before += 1,
        Verdict::Is(outcome) => case.outcome = case.outcome.max(outcome),
    }
    let said = said.map(|said| said.lines().next().unwrap_or_default().chars().take(500).collect());
    case.message = case.message.take().or(said);
}

fn first_line(text: &str) -> Option<String> {
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

/// Some tools write thousands with a comma.
fn seconds(fields: &Fields<'_>, name: &str) -> Option<f64> {
    let text = fields.text(name)?;
    let number = text.parse::<f64>().or_else(|_| text.replace(',', "").parse()).ok()?;
    Some(number).filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

#[cfg(test)]
mod tests;
