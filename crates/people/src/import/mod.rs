//! Importing people from the exports of other systems.
mod apply;
mod choices;
mod columns;
mod dates;
mod decode;
mod directory;
mod draft;
mod headers;
mod lines;
mod managers;
mod operation;
mod page;
mod places;
mod plan;
#[cfg(test)]
mod properties;
mod reader;
mod report;
mod rows;
mod state;
mod table;
mod teams;
#[cfg(test)]
mod tests;
mod upload;
mod values;
mod view;
mod vocabulary;
mod zones;

pub use headers::Field;
pub use operation::{Defaults, ImportPeople};
pub use page::pages;
pub use reader::{
    Choice, Column, DateColumn, DateOrder, DateQuestion, Delimiter, EmploymentType, Encoding, Manager, Mapping, Order,
    Parsed, Reading, Reason, Row, RowError, Status, Unreadable, read,
};
pub use report::{Counts, Difference, Outcome, Report, ReportRow, errors_as_csv, report_as_text};
pub use upload::{JOB, SCHEDULE};
