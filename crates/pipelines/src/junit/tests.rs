use super::{TestOutcome, TestRun, read};
use intake::File;
use proptest::prelude::*;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

fn run(text: &str) -> TestRun {
    read(&File::new("x.xml", text)).unwrap().0
}

fn outcomes(text: &str) -> Vec<(String, TestOutcome, u32)> {
    run(text).cases.into_iter().map(|case| (case.name, case.outcome, case.failed_before)).collect()
}

#[test]
fn surefire_tells_reruns_from_flaky_tests() {
    let text = "<testsuite name='s' time='1,234.5'><testcase name='again'><failure message='m'/><rerunFailure/><rerunFailure/></testcase>
        <testcase name='flaky' time='0.1'><flakyFailure message='once'><system-out>x</system-out></flakyFailure></testcase></testsuite>";
    let expected = [("again".to_owned(), TestOutcome::Failed, 2), ("flaky".to_owned(), TestOutcome::Passed, 1)];
    assert_eq!(outcomes(text), expected);
    assert_eq!(run(text).seconds, 1234.5);
    assert_eq!(run(text).cases[1].message.as_deref(), Some("once"));
}

#[test]
fn suites_within_suites_name_their_tests() {
    let found = run("<testsuites><testsuite name='a'><testsuite name='b'><properties><property name='p'/></properties>
        <testcase name='t' classname='c' file='f.py'><system-out><![CDATA[</testcase>]]></system-out></testcase></testsuite></testsuite></testsuites>");
    assert_eq!((found.suites, found.cases[0].suite.as_str()), (2, "a / b"));
    assert_eq!(found.cases[0].file.as_deref(), Some("f.py"));
}

#[test]
fn gtest_nunit_and_xunit() {
    let gtest = "<testsuites><testsuite name='g'><testcase name='a' status='notrun'/><testcase name='b' status='run' result='skipped'/><testcase name='c' status='run' result='completed'/></testsuite></testsuites>";
    let names = |text: &str| outcomes(text).into_iter().map(|(name, outcome, _)| (name, outcome)).collect::<Vec<_>>();
    let case = |name: &str, outcome| (name.to_owned(), outcome);
    use TestOutcome::{Failed, Passed, Skipped};
    assert_eq!(names(gtest), [case("a", Skipped), case("b", Skipped), case("c", Passed)]);
    let nunit = "<test-run duration='2'><test-suite name='n'><test-case name='a' result='Failed' duration='1'><failure><message><![CDATA[\n no ]]></message></failure></test-case><test-case name='b' result='Passed'/></test-suite></test-run>";
    assert_eq!(names(nunit), [case("a", Failed), case("b", Passed)]);
    assert_eq!(run(nunit).cases[0].message.as_deref(), Some("no"));
    let xunit = "<assemblies><assembly name='x.dll'><collection name='c'><test name='a' type='T' result='Fail' time='0.1'><failure><message>m</message></failure></test><test name='b' result='Skip'><reason>r</reason></test></collection></assembly></assemblies>";
    assert_eq!(names(xunit), [case("a", Failed), case("b", Skipped)]);
}

#[test]
fn other_xml_and_pieces_of_it_are_refused_with_their_place() {
    let error = |text: &str| read(&File::new("x.xml", text)).unwrap_err().to_string();
    assert_eq!(error("<html></html>"), "x.xml, line 1, column 7: <html> is no file of test results.");
    assert_eq!(
        error("<testsuite>\n<testcase name='a'"),
        "x.xml, line 2, column 19: syntax error: tag not closed: `>` not found before end of input."
    );
}

proptest! {
    #[test]
    fn any_text_ends_in_results_or_one_sentence(text in "[<>/a-z'= \n&;!-]{0,80}") {
        let _ = read(&File::new("x.xml", format!("<testsuite>{text}</testsuite>")));
    }
}

/// Results that another tool made of the same files, with its rule: a test is its class and name, and its worst run counts.
#[test]
fn recorded_files_give_the_results_of_another_tool() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/junit/EnricoMi-publish-unit-test-result-action/junit-xml");
    if !root.exists() {
        eprintln!("Passed over: no recorded test results at {}", root.display());
        return;
    }
    let mut compared = 0;
    for path in intake::files(&[root], &intake::Limits::default()).unwrap() {
        let expected = path.with_extension("results.json");
        if path.extension().is_none_or(|end| end != "xml") || !expected.exists() {
            continue;
        }
        let expected: Value = serde_json::from_slice(&fs::read(&expected).unwrap()).unwrap();
        let stats = &expected["stats"];
        let (found, _) = read(&File::read(&path, &intake::Limits::default()).unwrap()).unwrap();
        let mut worst: BTreeMap<(&str, &str, &str), TestOutcome> = BTreeMap::new();
        for case in &found.cases {
            let key = (case.file.as_deref().unwrap_or_default(), case.class.as_str(), case.name.as_str());
            let known = worst.entry(key).or_insert(case.outcome);
            *known = (*known).max(case.outcome);
        }
        let of = |outcome| worst.values().filter(|one| **one == outcome).count();
        let runs = |outcome| found.cases.iter().filter(|case| case.outcome == outcome).count();
        let expect = |name: &str| stats[name].as_u64().unwrap() as usize;
        let name = path.display();
        assert_eq!(found.suites as usize, expect("suites"), "{name}");
        assert_eq!((worst.len(), found.cases.len()), (expect("tests"), expect("runs")), "{name}");
        assert_eq!(of(TestOutcome::Failed), expect("tests_fail"), "{name}");
        assert_eq!(of(TestOutcome::Errored), expect("tests_error"), "{name}");
        assert_eq!(of(TestOutcome::Skipped), expect("tests_skip"), "{name}");
        assert_eq!(runs(TestOutcome::Passed), expect("runs_succ"), "{name}");
        assert_eq!(runs(TestOutcome::Failed), expect("runs_fail"), "{name}");
        assert_eq!(found.seconds as u64, stats["duration"].as_u64().unwrap(), "{name}");
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}
