use super::{How, Landing, Node, landings};
use proptest::{collection::vec, prelude::*};
use std::collections::HashMap;

fn node(hash: &str, parents: &[&str], subject: &str, number: Option<i64>) -> Node {
    Node {
        hash: hash.into(),
        parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
        author: format!("author of {hash}"),
        authored_at: 10,
        committed_at: 20,
        subject: subject.into(),
        pull_number: number,
        pull_title: None,
        additions: 5,
        deletions: 1,
    }
}

fn told(landings: &[Landing]) -> Vec<(&str, How, Option<i64>, i64, i64)> {
    landings.iter().map(|one| (one.hash.as_str(), one.how, one.number, one.commits, one.additions)).collect()
}

#[test]
fn merges_squashes_and_direct_commits_are_told_apart() {
    let nodes = [
        node("a", &[], "First", None),
        node("b", &["a"], "Work", None),
        node("c", &["b"], "More work", None),
        node("d", &["a"], "Fix", None),
        node("e", &["d", "c"], "Merge branch 'work'", None),
        node("f", &["e"], "Pay (#7)", Some(7)),
        node("g", &["e"], "Elsewhere", None),
        node("h", &["f", "g"], "Merge branch 'main' of git.example:pay", None),
        node("x", &["a"], "Never merged", None),
    ];
    let (found, loose) = landings(&nodes, "h", &HashMap::new());
    let expected = [
        ("a", How::Direct, None, 1, 5),
        ("d", How::Direct, None, 1, 5),
        ("e", How::Merged, None, 2, 10),
        ("f", How::Squashed, Some(7), 1, 5),
        ("h", How::Synced, None, 1, 5),
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found[2].author, "author of c");
    assert_eq!(loose, ["x"]);
}

#[test]
fn the_number_of_a_pull_request_is_known_by_its_tip() {
    let nodes = [node("a", &[], "First", None), node("b", &["a"], "Work", None), node("c", &["a", "b"], "Merge", None)];
    let (found, _) = landings(&nodes, "c", &HashMap::from([("b".to_owned(), 12)]));
    assert_eq!(told(&found)[1], ("c", How::Merged, Some(12), 1, 5));
}

#[test]
fn where_the_history_was_cut_off_it_begins() {
    let nodes = [node("b", &["a"], "Second", None), node("c", &["b"], "Third", None)];
    assert_eq!(landings(&nodes, "c", &HashMap::new()).0.len(), 2);
    assert_eq!(landings(&nodes, "z", &HashMap::new()), (vec![], vec!["b".to_owned(), "c".to_owned()]));
}

proptest! {
    /// In any history, each commit lands once or not at all.
    #[test]
    fn every_commit_is_brought_once(parents in vec(vec(0usize..1000, 0..3), 1..60)) {
        let names: Vec<String> = (0..parents.len()).map(|i| format!("c{i}")).collect();
        let nodes: Vec<Node> = parents.iter().enumerate().map(|(i, of)| {
            let mut of: Vec<&str> = of.iter().filter(|_| i > 0).map(|p| names[p % i].as_str()).collect();
            of.dedup();
            node(&names[i], &of, "Work", None)
        }).collect();
        let (found, loose) = landings(&nodes, names.last().unwrap(), &HashMap::new());
        let plain = nodes.iter().filter(|node| node.parents.len() < 2 && !loose.contains(&node.hash)).count();
        prop_assert_eq!(found.iter().map(|one| one.commits).sum::<i64>(), plain as i64);
    }
}
