use super::{Coverage, Format, Share, read};
use intake::File;
use std::path::Path;

fn coverage(text: &str) -> Result<Coverage, String> {
    read(&File::new("x", text)).map(|(coverage, _)| coverage).map_err(|error| error.to_string())
}

#[test]
fn lcov_counts_a_line_once_though_two_tests_name_it() {
    let text = "TN:one\nSF:a.c\nDA:1,0\nDA:2,3,checksum\nBRDA:2,0,0,-\nBRDA:2,0,1,4\nend_of_record\nTN:two\nSF:a.c\nDA:1,5\nDA:2,0\nend_of_record\n";
    let found = coverage(text).unwrap();
    assert_eq!((found.lines, found.branches), (Share { covered: 2, of: 2 }, Share { covered: 1, of: 2 }));
    assert_eq!(coverage("SF:a\nLF:10\nLH:4\nend_of_record\n").unwrap().lines, Share { covered: 4, of: 10 });
}

#[test]
fn cobertura_counts_a_line_once_though_methods_and_classes_repeat_it() {
    let line = "<line number='1' hits='1' branch='True' condition-coverage='50% (1/2)'/><line number='2' hits='0'/>";
    let class = format!(
        "<class name='A' filename='a.py'><methods><method name='m'><lines>{line}</lines></method></methods><lines>{line}</lines></class>"
    );
    let text = format!(
        "<coverage lines-valid='4' lines-covered='2' timestamp='1477409499473'><packages><package><classes>{class}{class}</classes></package></packages></coverage>"
    );
    let found = coverage(&text).unwrap();
    assert_eq!((found.counted, found.branches), (Share { covered: 1, of: 2 }, Share { covered: 1, of: 2 }));
    assert_eq!((found.format, found.lines), (Format::Cobertura, Share { covered: 2, of: 4 }));
    assert_eq!(found.measured_at.unwrap().to_string(), "2016-10-25T15:31:39.473Z");
}

#[test]
fn what_is_cut_off_or_something_else_says_where() {
    assert_eq!(coverage("SF:a\nDA:1,1\n").unwrap_err(), "x, line 2, column 1: the report ends inside a record.");
    assert_eq!(coverage("SF:a\nDA:one,1\n").unwrap_err(), "x, line 2, column 1: `DA:one,1` cannot be read.");
    assert!(coverage("hello").unwrap_err().contains("`hello` is no line of LCOV"));
    assert!(coverage("").unwrap_err().contains("ends inside a record"));
    assert!(coverage("<coverage>\n<packages>").unwrap_err().contains("the file ends inside <packages>"));
    assert!(coverage("<other/>").unwrap_err().contains("<other> is no coverage report"));
}

/// The same four reports in several formats, and what the reports state of themselves.
#[test]
fn recorded_reports_add_up_to_what_they_state() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/coverage/danielpalme-ReportGenerator");
    if !root.exists() {
        eprintln!("Passed over: no recorded coverage at {}", root.display());
        return;
    }
    let (a, b) = ((75, 108, 75), (75, 108, 70));
    let expected = [
        ("docs/resources/reports/lcov/lcov.info", Format::Lcov, a),
        ("docs/resources/reports/Cobertura/Cobertura.xml", Format::Cobertura, b),
        ("docs/resources/reports/Clover/Clover.xml", Format::Clover, (75, 108, 57)),
        ("src/Testprojects/Java/Reports/JaCoCo0.8.3.xml", Format::Jacoco, (26, 38, 26)),
        ("src/Testprojects/Java/Reports/Cobertura2.1.1.xml", Format::Cobertura, (24, 36, 24)),
        ("src/Testprojects/CSharp/Reports/Cobertura_coverlet.xml", Format::Cobertura, (156, 255, 156)),
        ("src/Testprojects/Java/Reports/Clover_OpenClover4.3.1.xml", Format::Clover, (15, 22, 15)),
    ];
    for (path, format, lines) in expected {
        let (found, report) = read(&File::read(&root.join(path), &intake::Limits::default()).unwrap()).unwrap();
        assert_eq!(
            (found.format, (found.lines.covered, found.lines.of, found.counted.covered)),
            (format, lines),
            "{path}"
        );
        let unknown = report
            .kinds
            .values()
            .flat_map(|kind| &kind.fields)
            .filter(|(_, field)| field.fate == intake::Fate::Unknown);
        assert_eq!(unknown.map(|(name, _)| name).collect::<Vec<_>>(), [""; 0], "{path}");
    }
}
