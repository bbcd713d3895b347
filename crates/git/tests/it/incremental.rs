use crate::maker::{Maker, all, read};
use git::{Error, ObjectId};
use std::ops::ControlFlow;

#[test]
fn the_second_time_only_what_is_new_is_read() {
    let maker = Maker::new();
    maker.change("a", "1\n", "First");
    let before = maker.open().refs().unwrap();
    let second = maker.change("a", "2\n", "Second");
    let repository = maker.open();
    let now = repository.refs().unwrap();
    let new = |known: &[ObjectId]| repository.commits(now.tips.iter().map(|tip| &tip.id), known, None).unwrap();
    let known: Vec<ObjectId> = before.tips.iter().map(|tip| tip.id.clone()).collect();
    assert_eq!(new(&known), [ObjectId::parse(&second).unwrap()]);
    let gone = ObjectId::parse(&"0".repeat(39).replace('0', "a").chars().chain(['b']).collect::<String>()).unwrap();
    assert_eq!(new(&[gone]).len(), 2, "what was known and is not here any more is passed over");
    assert!(repository.lost(&before.tips, &now).unwrap().is_empty());
}

#[test]
fn a_branch_that_was_rewritten_is_noticed() {
    let maker = Maker::new();
    maker.change("a", "1\n", "First");
    maker.change("a", "2\n", "Second");
    maker.git(&["branch", "kept"]);
    maker.git(&["checkout", "-q", "-b", "work"]);
    maker.change("a", "3\n", "Third");
    let before = maker.open().refs().unwrap();
    maker.git(&["reset", "-q", "--hard", "main"]);
    maker.change("a", "4\n", "Third again");
    maker.git(&["branch", "-q", "-D", "kept"]);
    let now = maker.open().refs().unwrap();
    let repository = maker.open();
    let lost: Vec<&str> = repository.lost(&before.tips, &now).unwrap().iter().map(|tip| tip.name.as_str()).collect();
    assert_eq!(lost, ["refs/heads/work"], "`kept` is gone, and main still reaches its commit");
}

#[test]
fn only_what_was_committed_since_a_day_is_read() {
    let mut maker = Maker::new();
    for (number, date) in ["1577836800 +0000", "1672531200 +0000", "1773741600 +0000"].into_iter().enumerate() {
        maker.date = date.to_owned();
        maker.change("a", &number.to_string(), date);
    }
    let repository = maker.open();
    let refs = repository.refs().unwrap();
    let since = |at| repository.commits(refs.tips.iter().map(|tip| &tip.id), [], Some(at)).unwrap().len();
    assert_eq!((since(1_773_000_000), since(1_600_000_000), since(0)), (1, 2, 3));
}

#[test]
fn many_commits_come_in_bunches_each_once_and_can_be_stopped() {
    let maker = Maker::new();
    let mut stream = String::new();
    for number in 0..700 {
        let text = format!("{number}\n");
        stream.push_str(&format!(
            "commit refs/heads/main\ncommitter A <a@x> {} +0000\ndata 3\nc\n\nM 644 inline f{}\ndata {}\n{text}\n",
            1_700_000_000 + number,
            number % 7,
            text.len()
        ));
    }
    maker.git_with(&["fast-import", "--quiet"], stream.as_bytes());
    let repository = maker.open();
    let ids = all(&repository, &repository.refs().unwrap());
    let commits = read(&repository, &ids);
    assert_eq!(commits.iter().map(|commit| &commit.id).collect::<Vec<_>>(), ids.iter().collect::<Vec<_>>());
    assert!(commits.iter().all(|commit| commit.changes.len() == 1));
    let mut calls = 0;
    let stopped = repository.read(&ids, |_, progress| {
        calls += 1;
        assert_eq!(progress.total, 700);
        ControlFlow::Break(())
    });
    assert_eq!((stopped, calls), (Err(Error::Stopped), 1));
}

#[test]
fn a_damaged_repository_is_told_in_a_sentence() {
    let maker = Maker::new();
    maker.change("a", "1\n", "First");
    let blob = maker.git(&["rev-parse", "HEAD:a"]);
    maker.change("a", "2\n", "Second");
    let path = maker.folder.join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    std::fs::remove_file(path).unwrap();
    let repository = maker.open();
    let ids = all(&repository, &repository.refs().unwrap());
    let error = repository.read(&ids, |_, _| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(&error, Error::Failed { said, .. } if said.contains(&blob)), "{error}");
}
