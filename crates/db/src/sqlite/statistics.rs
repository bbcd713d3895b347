//! What SQLite's planner believes of the data. It measures nothing by itself, and without numbers it takes any column
//! for one that selects ten rows, so that it reads all rows of a workspace where an index knows the five that are wanted.
//!
//! The numbers are written, not measured: `analyze` (and `pragma optimize`) on a new database says nothing of the
//! company that is imported a minute later, connections that are open do not notice it, and the plan of a statement would
//! be another one on each installation. With these a statement has the same plan everywhere, which a test can look at.
use rusqlite::{Connection, Transaction, params};

/// One workspace holds every row of its database.
const ROWS: u32 = 1_000_000;
/// How many rows have the same value of the second column of an index; each further column leaves a fifth of them.
const ALIKE: u32 = 100;
const FURTHER: u32 = 5;
const FEWEST: u32 = 5;
/// An index of only some of the rows holds one in so many.
const SOME: u32 = 10;

/// Writes the numbers for each index that begins with the workspace, where they are not there yet.
pub fn write(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute_batch("analyze sqlite_schema")?; // makes the table of the numbers if there is none
    let wanted = wanted(tx)?;
    let mut known = tx.prepare("select tbl, idx, stat from sqlite_stat1 order by tbl, idx")?;
    let known = known.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if known.collect::<rusqlite::Result<Vec<Numbers>>>().is_ok_and(|known| known == wanted) {
        return Ok(());
    }
    tx.execute("delete from sqlite_stat1", [])?;
    let mut insert = tx.prepare("insert into sqlite_stat1 (tbl, idx, stat) values (?1, ?2, ?3)")?;
    for (table, index, numbers) in wanted {
        insert.execute(params![table, index, numbers])?;
    }
    Ok(())
}

/// Makes a connection that was open before they were written know them.
pub fn read(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("analyze sqlite_schema")
}

/// Table, index, and the numbers in the form of `sqlite_stat1`.
type Numbers = (String, String, String);

fn wanted(tx: &Transaction<'_>) -> rusqlite::Result<Vec<Numbers>> {
    let mut indexes = tx.prepare(
        "select t.name, i.name, i.\"unique\", i.partial, (select count(*) from pragma_index_info(i.name))
           from sqlite_schema t join pragma_index_list(t.name) i
          where t.type = 'table' and (select name from pragma_index_info(i.name) where seqno = 0) = 'workspace_id'
          order by t.name, i.name",
    )?;
    let found =
        indexes.query_map([], |row| Ok((row.get(0)?, row.get(1)?, numbers(row.get(2)?, row.get(3)?, row.get(4)?))))?;
    found.collect()
}

/// The rows of the table, then how many of them are alike in the first column, in the first two, and so on. To go through
/// all values of a column for the sake of the next one never pays here.
fn numbers(unique: bool, partial: bool, columns: u32) -> String {
    let share = if partial { SOME } else { 1 };
    let rows = ROWS / share;
    let mut alike = vec![rows];
    alike.extend((0..columns.saturating_sub(1)).map(|further| (ALIKE / share / FURTHER.pow(further)).max(FEWEST)));
    if let Some(last) = alike.last_mut().filter(|_| unique) {
        *last = 1;
    }
    let alike: Vec<String> = alike.iter().map(u32::to_string).collect();
    format!("{rows} {} noskipscan", alike.join(" "))
}

#[cfg(test)]
mod tests;
