use super::{Row, in_order, waits};
use kernel::Id;

fn row(id: &str, parent: Option<&str>, leaf: bool) -> Row {
    let (issue_id, parent_id) = (id.to_owned(), parent.map(str::to_owned));
    Row { issue_id, parent_id, team_id: Id::new(), team_name: "Team".into(), leaf }
}

fn pair(before: &str, after: &str) -> (String, String) {
    (before.to_owned(), after.to_owned())
}

#[test]
fn what_blocks_an_issue_above_blocks_all_below_and_what_is_below_a_blocker_blocks_as_well() {
    let rows = [
        row("api", Some("root"), false),
        row("api-1", Some("api"), true),
        row("api-2", Some("api"), true),
        row("app", Some("root"), false),
        row("app-1", Some("app"), true),
        row("text", Some("root"), true),
    ];
    let blocks = [pair("api", "app"), pair("gone", "text")];
    let waits = waits(&rows, &blocks);
    assert_eq!(waits["app-1"].iter().copied().collect::<Vec<_>>(), ["api-1", "api-2"]);
    assert!(waits["text"].is_empty() && waits["api-1"].is_empty(), "what is done blocks nothing");
    let leaves: Vec<&Row> = rows.iter().filter(|row| row.leaf).collect();
    let order: Vec<&str> = in_order(&leaves, &waits).iter().map(|row| row.issue_id.as_str()).collect();
    assert_eq!(order, ["api-1", "api-2", "text", "app-1"]);
}

#[test]
fn a_circle_is_broken_and_nothing_is_lost() {
    let rows = [row("a", None, true), row("b", None, true), row("c", None, true)];
    let blocks = [pair("a", "b"), pair("b", "a"), pair("b", "c")];
    let waits = waits(&rows, &blocks);
    let leaves: Vec<&Row> = rows.iter().collect();
    assert_eq!(in_order(&leaves, &waits).len(), 3);
}
