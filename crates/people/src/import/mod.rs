//! Importing people from the exports of other systems.
mod columns;
mod dates;
mod decode;
mod headers;
mod managers;
#[cfg(test)]
mod properties;
mod reader;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod vocabulary;
mod zones;

pub use headers::Field;
pub use reader::{
    Choice, Column, DateColumn, DateOrder, DateQuestion, Delimiter, EmploymentType, Encoding, Manager, Mapping, Order,
    Parsed, Reading, Reason, Row, RowError, Status, Unreadable, read,
};
