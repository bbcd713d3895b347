use super::*;
use rusqlite::TransactionBehavior;

const TABLES: &str = "
    create table teams (workspace_id text not null, id text not null, primary key (workspace_id, id));
    create table members (workspace_id text not null, id text not null, team_id text not null, name text not null,
                          primary key (workspace_id, id));
    create index members_team on members (workspace_id, team_id, name);
    create index members_name on members (workspace_id, name);
    create table unrelated (id text primary key);";

fn written(connection: &mut Connection) -> Vec<(String, String)> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    write(&tx).unwrap();
    tx.commit().unwrap();
    read(connection).unwrap();
    let mut all = connection.prepare("select idx, stat from sqlite_stat1 order by idx").unwrap();
    all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

fn plan(connection: &Connection, statement: &str) -> String {
    let mut steps = connection.prepare(&format!("explain query plan {statement}")).unwrap();
    let steps = steps.query_map([], |row| row.get::<_, String>(3)).unwrap().map(Result::unwrap);
    steps.collect::<Vec<_>>().join("; ")
}

#[test]
fn the_workspace_selects_nothing_and_a_unique_index_one_row() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(TABLES).unwrap();
    let numbers = |index: &str, numbers: &str| (index.to_owned(), numbers.to_owned());
    let expected = [
        numbers("members_name", "1000000 1000000 100 noskipscan"),
        numbers("members_team", "1000000 1000000 100 20 noskipscan"),
        numbers("sqlite_autoindex_members_1", "1000000 1000000 1 noskipscan"),
        numbers("sqlite_autoindex_teams_1", "1000000 1000000 1 noskipscan"),
    ];
    assert_eq!(written(&mut connection), expected);
    assert_eq!(written(&mut connection), expected, "writing them again changes nothing");
}

#[test]
fn a_list_of_ids_is_looked_up_one_by_one() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(TABLES).unwrap();
    let statement = "select name from members where workspace_id = 'w' and id in (select value from json_each('[]'))
                      order by name";
    let one_by_one = "sqlite_autoindex_members_1 (workspace_id=? AND id=?)";
    assert!(!plan(&connection, statement).contains(one_by_one), "without the numbers it reads all of the workspace");
    written(&mut connection);
    assert!(plan(&connection, statement).contains(one_by_one), "{}", plan(&connection, statement));
}

#[test]
fn an_index_of_some_rows_is_taken_where_it_holds_all_that_are_wanted() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(TABLES).unwrap();
    let tasks =
        "create table tasks (workspace_id text not null, id text not null, team_id text not null, place text not null,
                                     done_at integer, primary key (workspace_id, id));
                 create index tasks_team on tasks (workspace_id, team_id, place);
                 create index tasks_open on tasks (workspace_id, team_id, place) where done_at is null;";
    connection.execute_batch(tasks).unwrap();
    written(&mut connection);
    let of = |condition: &str| {
        let select = "select id from tasks where workspace_id = 'w' and team_id = 't'";
        plan(&connection, &format!("{select} {condition} order by place"))
    };
    assert!(of("and done_at is null").contains("tasks_open"), "{}", of("and done_at is null"));
    assert!(of("").contains("tasks_team"), "{}", of(""));
}
