use crate::maker::{Maker, all, paths, read};
use git::{Completeness, Contents, Lines, Repository};
use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

#[test]
fn a_merge_lists_its_parents_and_no_changes_of_its_own() {
    let maker = Maker::new();
    let first = maker.change("a.txt", "one\n", "First");
    maker.git(&["checkout", "-q", "-b", "side"]);
    let side = maker.change("b.txt", "two\nthree\n", "Side");
    maker.git(&["checkout", "-q", "main"]);
    let main = maker.change("a.txt", "one\nmore\n", "Main");
    maker.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #7 from mara/side\n\nAdd b", "side"]);
    let merge = maker.find(&maker.git(&["rev-parse", "HEAD"]));
    assert_eq!(merge.parents.iter().map(|id| id.as_str()).collect::<Vec<_>>(), [&main, &side]);
    assert!(merge.changes.is_empty() && merge.is_merge());
    let pull = merge.links.pull.unwrap();
    assert_eq!((pull.number, pull.title.as_str(), pull.squashed), (7, "Add b", false));
    assert_eq!(paths(&maker.find(&side)), [("b.txt", 2, 0)]);
    assert_eq!(paths(&maker.find(&first)), [("a.txt", 1, 0)], "the first commit has changes too");
}

#[test]
fn octopus_and_criss_cross_merges_are_read() {
    let maker = Maker::new();
    maker.change("a", "1\n", "First");
    for branch in ["x", "y", "z"] {
        maker.git(&["checkout", "-q", "-b", branch, "main"]);
        maker.change(branch, "1\n", branch);
    }
    maker.git(&["checkout", "-q", "main"]);
    maker.git(&["merge", "-q", "-m", "Octopus", "x", "y", "z"]);
    let octopus = maker.find(&maker.git(&["rev-parse", "HEAD"]));
    assert_eq!(octopus.parents.len(), 3, "main was below all three, so it went forward to the first");
    maker.git(&["checkout", "-q", "-b", "one", "x"]);
    maker.git(&["merge", "-q", "-m", "One", "y"]);
    maker.git(&["checkout", "-q", "-b", "two", "y"]);
    maker.git(&["merge", "-q", "-m", "Two", "x"]);
    maker.git(&["merge", "-q", "-m", "Cross", "one"]);
    assert_eq!(maker.read().iter().filter(|commit| commit.is_merge()).count(), 4);
}

#[test]
fn renames_keep_both_names_and_binary_files_have_no_lines() {
    let maker = Maker::new();
    let text: String = (0..40).map(|line| format!("line {line}\n")).collect();
    maker.write("old name.txt", &text);
    maker.write("picture.png", [0u8, 1, 2, 0, 255]);
    maker.commit("First");
    maker.git(&["mv", "old name.txt", "new name.txt"]);
    maker.write("picture.png", [0u8, 9, 9, 0, 255]);
    let id = maker.change("new name.txt", &(text + "more\n"), "Move");
    let changes = maker.find(&id).changes;
    assert_eq!((changes[0].path.as_str(), changes[0].renamed_from.as_deref()), ("new name.txt", Some("old name.txt")));
    assert_eq!(changes[0].lines, Lines::Counted { added: 1, deleted: 0 });
    assert_eq!((changes[1].path.as_str(), changes[1].lines), ("picture.png", Lines::Binary));
}

#[test]
fn people_are_named_by_the_mailmap_also_in_a_bare_copy() {
    let mut maker = Maker::new();
    maker.author = ("mara".into(), "mara@laptop.local".into());
    let first = maker.change("a", "1\n", "First");
    maker.change(".mailmap", "Mara Lindqvist <mara@northwind.example> <mara@laptop.local>\n", "Map");
    let author = maker.find(&first).author;
    assert_eq!(
        (author.name.as_str(), author.mail.as_str(), author.mapped),
        ("Mara Lindqvist", "mara@northwind.example", true)
    );
    let bare = Maker::empty();
    bare.git(&["clone", "-q", "--bare", maker.folder.to_str().unwrap(), "copy.git"]);
    let repository = Repository::open(&bare.folder.join("copy.git")).unwrap();
    let commits = read(&repository, &all(&repository, &repository.refs().unwrap()));
    assert!(commits.iter().all(|commit| commit.author.name == "Mara Lindqvist" && commit.author.mapped));
}

#[test]
fn bytes_that_are_no_text_are_shown_and_stay_apart() {
    let maker = Maker::new();
    for name in [&b"caf\xe9"[..], b"caf\xc3\xa9", b"line\nbreak", b"tab\tand \"quote\"", b"\x1b[31mred", b"-rf"] {
        maker.write(OsStr::from_bytes(name), "1\n");
    }
    let id = maker.commit("Names");
    let commit = maker.find(&id);
    let mut names: Vec<&str> = commit.changes.iter().map(|change| change.path.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["-rf", "\\x1B[31mred", "caf\\xE9", "café", "line\\x0Abreak", "tab\\x09and \"quote\""]);
    let tree = maker.git(&["rev-parse", "HEAD^{tree}"]);
    let raw = [
        format!("tree {tree}\nauthor ").as_bytes(),
        b"Jos\xe9 \xff <jose@x> 1773741600 +0100\ncommitter J <j@x> 1773741600 +0100\n\nH\xe9llo\n",
    ]
    .concat();
    let odd = maker.git_with(&["hash-object", "-t", "commit", "-w", "--stdin"], &raw);
    maker.git(&["branch", "odd", &odd]);
    let commit = maker.find(&odd);
    assert_eq!((commit.author.name.as_str(), commit.author.mail.as_str()), ("Jos\\xE9 \\xFF", "jose@x"));
    assert_eq!(commit.subject, "H\\xE9llo");
}

#[test]
fn dates_before_1970_and_after_2038_and_odd_offsets() {
    let mut maker = Maker::new();
    for (date, expected) in
        [("4102444800 +0545", (4_102_444_800, 345)), ("9999999999 -1200", (9_999_999_999, -720)), ("0 +0000", (0, 0))]
    {
        maker.date = format!("@{date}");
        let author = maker.find(&maker.commit(date)).author;
        assert_eq!((author.at, author.offset), expected, "{date}");
    }
    let tree = maker.git(&["rev-parse", "HEAD^{tree}"]);
    for (date, expected) in [("-86400 +0000", (0, 0)), ("1500000000 +9999", (1_500_000_000, 0)), ("soon", (0, 0))] {
        let raw = format!("tree {tree}\nauthor A <a@x> {date}\ncommitter A <a@x> {date}\n\n{date}\n");
        let odd = maker.git_with(&["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], raw.as_bytes());
        maker.git(&["branch", &format!("odd{}", date.len()), &odd]);
        let author = maker.find(&odd).author;
        assert_eq!((author.at, author.offset), expected, "{date}");
    }
}

#[test]
fn nothing_is_found_where_nothing_was_committed() {
    let maker = Maker::new();
    let repository = maker.open();
    let refs = repository.refs().unwrap();
    assert_eq!((refs.tips.len(), refs.main.clone()), (0, None));
    assert!(all(&repository, &refs).is_empty());
    assert_eq!(read(&repository, &[]), []);
    let elsewhere = Maker::empty();
    let error = Repository::open(&elsewhere.folder).unwrap_err();
    assert!(error.to_string().ends_with("is no git repository."), "{error}");
}

#[test]
fn empty_commits_submodules_and_unusual_messages_are_read() {
    let maker = Maker::new();
    let empty = maker.commit("Nothing");
    assert_eq!(paths(&maker.find(&empty)), []);
    let gitlink = format!("160000,{empty},modules/pay");
    maker.git(&["update-index", "--add", "--cacheinfo", &gitlink]);
    maker.git(&["commit", "-q", "-m", "Add a submodule"]);
    let commit = maker.find(&maker.git(&["rev-parse", "HEAD"]));
    assert_eq!(paths(&commit), [("modules/pay", 1, 0)]);
    maker.git(&["commit", "-q", "--allow-empty", "--allow-empty-message", "-m", ""]);
    assert_eq!(maker.find(&maker.git(&["rev-parse", "HEAD"])).subject, "");
    let said = "Pay\n\n1\t2\tno.txt\n~\n\nCo-authored-by: Yuki Tanaka <yuki@northwind.example>";
    maker.git(&["commit", "-q", "--allow-empty", "-m", said]);
    let commit = maker.find(&maker.git(&["rev-parse", "HEAD"]));
    assert_eq!(commit.links.co_authors, [("Yuki Tanaka".to_owned(), "yuki@northwind.example".to_owned())]);
    assert!(commit.changes.is_empty());
}

#[test]
fn notes_and_the_refs_of_proposed_changes_are_read() {
    let maker = Maker::new();
    let first = maker.change("a", "1\n", "First");
    maker.git(&["notes", "add", "-m", "Reviewed by Yuki", &first]);
    maker.git(&["checkout", "-q", "-b", "proposed"]);
    let proposed = maker.change("b", "1\n", "Proposed");
    for name in ["refs/pull/12/head", "refs/merge-requests/3/head"] {
        maker.git(&["update-ref", name, &proposed]);
    }
    maker.git(&["checkout", "-q", "main"]);
    maker.git(&["branch", "-q", "-D", "proposed"]);
    maker.git(&["tag", "-a", "v1", "-m", "One", &first]);
    maker.git(&["tag", "tree", "HEAD^{tree}"]);
    let refs = maker.open().refs().unwrap();
    let names: Vec<&str> = refs.tips.iter().map(|tip| tip.name.as_str()).collect();
    assert_eq!(names, ["refs/heads/main", "refs/merge-requests/3/head", "refs/pull/12/head", "refs/tags/v1"]);
    assert_eq!(refs.main.as_deref(), Some("refs/heads/main"));
    assert_eq!(maker.read().len(), 2);
    let notes = maker.open().notes().unwrap();
    assert_eq!((notes[0].0.as_str(), notes[0].1.trim()), (first.as_str(), "Reviewed by Yuki"));
}

#[test]
fn a_copy_without_contents_says_so_and_fetches_nothing() {
    let maker = Maker::new();
    maker.git(&["config", "uploadpack.allowFilter", "true"]);
    maker.change("a.txt", "1\n", "First");
    maker.git(&["mv", "a.txt", "b.txt"]);
    maker.commit("Move");
    maker.change("b.txt", "1\n2\n", "Change");
    let address = format!("file://{}", maker.folder.display());
    let copies = Maker::empty();
    for (filter, contents) in [("blob:none", Contents::Paths), ("tree:0", Contents::Nothing)] {
        copies.git(&["clone", "-q", "--bare", "--filter", filter, &address, contents_name(contents)]);
        let repository = Repository::open(&copies.folder.join(contents_name(contents))).unwrap();
        assert_eq!(repository.completeness(), Completeness { contents, shallow: false });
        let commits = read(&repository, &all(&repository, &repository.refs().unwrap()));
        let found: Vec<usize> = commits.iter().map(|commit| commit.changes.len()).collect();
        assert_eq!(found, if contents == Contents::Paths { [1, 1, 1] } else { [0, 0, 0] });
        let renamed = commits[1].changes.first().and_then(|change| change.renamed_from.as_deref());
        assert_eq!(renamed, (contents == Contents::Paths).then_some("a.txt"));
    }
    copies.git(&["clone", "-q", "--depth", "1", &address, "shallow"]);
    let repository = Repository::open(&copies.folder.join("shallow")).unwrap();
    assert_eq!(repository.completeness(), Completeness { contents: Contents::Lines, shallow: true });
    assert_eq!(all(&repository, &repository.refs().unwrap()).len(), 1);
}

fn contents_name(contents: Contents) -> &'static str {
    if contents == Contents::Paths { "paths" } else { "nothing" }
}

#[test]
fn replacements_and_grafts_change_nothing() {
    let maker = Maker::new();
    let first = maker.change("a", "1\n", "First");
    let second = maker.change("a", "2\n", "Second");
    maker.git(&["replace", "--graft", &second]);
    maker.write(".git/info/grafts", format!("{second}\n"));
    assert_eq!(maker.find(&second).parents[0].as_str(), first);
    assert_eq!(maker.read().len(), 2);
}
