#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod examples;
mod forms;
mod hostile;
mod recorded;

use forge::{Kind, Place, Reader, Record, Report, System};
use intake::Error;

/// Everything that a file of these bytes tells.
fn read(system: System, bytes: &[u8]) -> (Vec<Record>, Report, Result<(), Error>) {
    let (mut reader, mut records) = (Reader::new(system, Place::default()), Vec::new());
    let result = reader.read("a file", bytes, &mut |record| records.push(record));
    (records, reader.report().clone(), result)
}

fn of(kind: Kind, records: &[Record]) -> Vec<&Record> {
    records.iter().filter(|record| record.kind == kind).collect()
}
