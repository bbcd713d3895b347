//! All recorded payloads beside the repository, where they are.
use forge::{Kind, Place, Reader, Record, System};
use intake::{Limits, files};
use std::{collections::BTreeSet, fs::File, path::PathBuf};

fn read(system: System, folder: &str) -> Option<(Reader, Vec<Record>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
    let Ok(found) = files(std::slice::from_ref(&folder), &Limits::default()) else {
        println!("skipped: {} is not here", folder.display());
        return None;
    };
    let (mut reader, mut records) = (Reader::new(system, Place::default()), Vec::new());
    for file in found {
        let name = file.display().to_string();
        reader.read(&name, File::open(&file).unwrap(), &mut |record| records.push(record)).unwrap();
    }
    Some((reader, records))
}

fn count(records: &[Record], kind: Kind) -> usize {
    records.iter().filter(|record| record.kind == kind).count()
}

#[test]
fn every_file_is_read_and_every_field_is_counted() {
    let folders = [
        (System::GitHub, "github"),
        (System::GitHub, "github-actions"),
        (System::GitHub, "github-pr-archive"),
        (System::GitLab, "gitlab"),
    ];
    for (system, folder) in folders {
        let Some((reader, records)) = read(system, folder) else { continue };
        let report = reader.report();
        assert!(report.passed_over.is_empty() && report.problems.is_empty(), "{folder}");
        for kind in Kind::ALL {
            let named = report.taken.get(kind.word()).map_or(0, |thing| thing.count);
            assert!(
                named as usize >= count(&records, kind) || matches!(kind, Kind::Review | Kind::Event),
                "{folder}: {kind:?}"
            );
        }
        for pull in records.iter().filter(|record| record.kind == Kind::Pull) {
            assert!(pull.place.is_known() && pull.number.is_some(), "{folder}: {pull:?}");
            assert!(pull.fields.contains_key("created_at") && pull.stamp > 0, "{folder}: {pull:?}");
        }
    }
}

#[test]
fn the_archive_of_a_real_team_is_read_whole() {
    let Some((_, records)) = read(System::GitHub, "github-pr-archive") else { return };
    let counts = [Kind::Pull, Kind::Issue, Kind::Review].map(|kind| count(&records, kind));
    assert_eq!(counts, [582, 303, 1370]);
    assert!(records.iter().all(|record| record.place.name.as_deref() == Some("mlswg/mls-protocol")));
    let comments: BTreeSet<(Option<i64>, &str)> =
        records.iter().filter(|one| one.kind == Kind::Comment).map(|one| (one.number, one.id.as_str())).collect();
    // Of 3,155 two are the same in every respect: text, place, author and second.
    assert_eq!(comments.len(), 3154, "each has a key of its own, though the archive gives them no ids");
    let nobody = |one: &&Record| one.kind == Kind::Comment && !one.fields.contains_key("author");
    assert_eq!(records.iter().filter(nobody).count(), 0, "a comment in a review is by whoever wrote that");
    assert!(records.iter().filter(|record| record.kind == Kind::Review).all(|review| review.number.is_some()));
}

#[test]
fn webhooks_tell_what_happened() {
    let Some((_, records)) = read(System::GitHub, "github/octokit-webhooks") else { return };
    let mut events: Vec<&str> = records.iter().filter_map(|record| record.fields.get("event")?.as_str()).collect();
    events.sort_unstable();
    let wanted = ["closed", "drafted", "pushed", "ready", "reopened", "review_request_removed", "review_requested"];
    assert_eq!(events, wanted);
    assert!(records.iter().any(|record| record.fields.get("deleted").is_some()));
}
