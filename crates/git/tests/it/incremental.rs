use crate::maker::{Maker, all, read};
use git::{Error, Lines, ObjectId};
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
fn what_is_damaged_is_read_as_far_as_it_can_be() {
    let maker = Maker::new();
    let first = maker.change("a", "1\n", "First");
    let (blob, tree) = (maker.git(&["rev-parse", "HEAD:a"]), maker.git(&["rev-parse", "HEAD^{tree}"]));
    let second = maker.change("b", "2\n", "Second");
    maker.change("a", "2\n", "Third");
    maker.change("c", "3\n", "Fourth");
    let lose = |id: &str| {
        std::fs::remove_file(maker.folder.join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    };
    lose(&blob);
    let told: Vec<_> = maker.read().iter().map(|commit| commit.changes[0].lines).collect();
    let one = Lines::Counted { added: 1, deleted: 0 };
    assert_eq!(told, [Lines::Unknown, one, Lines::Unknown, one]);
    lose(&tree);
    let told: Vec<usize> = maker.read().iter().map(|commit| commit.changes.len()).collect();
    assert_eq!(told, [0, 0, 1, 1]);
    lose(&first);
    let error = maker.open().commits(&[ObjectId::parse(&second).unwrap()], [], None).unwrap_err();
    assert!(matches!(&error, Error::Failed { said, .. } if said.contains(&second)), "{error}");
}
