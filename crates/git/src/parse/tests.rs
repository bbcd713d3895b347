use super::{Contents, MARK, format, parse};
use crate::{Change, Commit, Lines, Links, ObjectId, Signature, printable};
use proptest::{collection::vec, prelude::*};

fn id() -> impl Strategy<Value = ObjectId> {
    "([0-9a-f]{40}|[0-9a-f]{64})".prop_map(|text| ObjectId::parse(&text).unwrap())
}

fn signature() -> impl Strategy<Value = Signature> {
    let texts = ("[^\\pC\\s]([^\\pC]{0,10}[^\\pC\\s])?", "[a-z@.]{0,12}");
    (texts, any::<bool>(), 0i64..9_999_999_999, -900i32..900).prop_map(|((name, mail), mapped, at, offset)| Signature {
        name: printable(name.as_bytes()),
        mail,
        mapped,
        at,
        offset,
    })
}

/// Any characters that a path may hold, line feeds, tabs and quotes among them.
fn path() -> impl Strategy<Value = String> {
    "[^\\x00]{1,20}"
}

fn change() -> impl Strategy<Value = Change> {
    let lines = prop_oneof![
        Just(Lines::Binary),
        (any::<u32>(), any::<u32>()).prop_map(|(a, d)| Lines::Counted { added: a.into(), deleted: d.into() })
    ];
    (path(), proptest::option::of(path()), lines).prop_map(|(path, renamed_from, lines)| Change {
        path,
        renamed_from,
        lines,
    })
}

fn commit() -> impl Strategy<Value = Commit> {
    (id(), vec(id(), 0..4), signature(), signature(), "[a-z]{0,20}", vec(change(), 0..6)).prop_map(
        |(id, parents, author, committer, subject, changes)| Commit {
            id,
            parents,
            author,
            committer,
            subject,
            links: Links::default(),
            changes,
        },
    )
}

/// As a reader is shown it.
fn shown(mut commit: Commit) -> Commit {
    for change in &mut commit.changes {
        change.path = printable(change.path.as_bytes());
        change.renamed_from = change.renamed_from.take().map(|old| printable(old.as_bytes()));
    }
    commit
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(commits in vec(commit(), 0..5), size in 1usize..64) {
        let mut bytes: Vec<u8> = commits.iter().flat_map(format).collect();
        bytes.extend_from_slice(MARK.as_bytes());
        bytes.extend_from_slice(b"rest");
        let mut from = std::io::BufReader::with_capacity(size, &bytes[..]);
        let read = parse(&mut from, Contents::Lines).unwrap();
        prop_assert_eq!(read, commits.into_iter().map(shown).collect::<Vec<_>>());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut from, &mut rest).unwrap();
        prop_assert_eq!(rest, "rest");
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in vec(any::<u8>(), 0..300)) {
        for contents in [Contents::Lines, Contents::Paths, Contents::Nothing] {
            let _ = parse(&mut &bytes[..], contents);
        }
    }

    #[test]
    fn different_paths_stay_different(one in vec(any::<u8>(), 0..6), other in vec(any::<u8>(), 0..6)) {
        prop_assume!(one != other && !one.contains(&b'\\') && !other.contains(&b'\\'));
        prop_assert_ne!(printable(&one), printable(&other));
    }
}

#[test]
fn a_rename_without_contents_is_read() {
    let id = "1a3e64c6c4a623626ff0687008732a8e007e2a1c";
    let text = format!(
        "{id}\0\0A\0a\0A\0a\01 +0000\0A\0a\0A\0a\02 -0330\0Move\n\0\0\n:100644 100644 1 1 R100\0old\0new\0:100644 100644 1 2 M\0other\0"
    );
    let commits = parse(&mut text.as_bytes(), Contents::Paths).unwrap();
    let paths: Vec<_> =
        commits[0].changes.iter().map(|c| (c.renamed_from.as_deref(), c.path.as_str(), c.lines)).collect();
    assert_eq!(paths, [(Some("old"), "new", Lines::Unknown), (None, "other", Lines::Unknown)]);
    assert_eq!((commits[0].committer.at, commits[0].committer.offset), (2, -210));
}
