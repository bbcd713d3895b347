//! Everything of a team's work as plain records: what is exported is what another Cairn brings over.
pub mod folder;
mod issues;
mod past;
mod sprints;
pub mod table;
mod team;

pub use issues::{ExportIssues, Exported};
pub use sprints::{ExportSprints, ExportedSprints};
pub use team::{ExchangedLabel, ExchangedState, ExchangedTeam, ExportTeam, ImportTeam, ListWork};

use crate::import::{Outsider, Somebody, Tracker};
use kernel::{Error, FromRow, Id, Person, Result, Row, text::Name};

/// A person or an outsider, from the columns that [`WHO`] selects.
struct Who(Option<Somebody>);

/// The columns of a person `p` and an outsider `o`.
const WHO: &str = " p.id as who_id, p.name as who_name, p.email as who_email, o.id as who_outsider_id,
    o.source as who_source, o.source_id as who_there, o.name as who_outsider_name, o.email as who_outsider_email ";

impl FromRow for Who {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Who::at(row, "who")
    }
}

impl Who {
    /// From columns with this prefix. A person is known by the mail address, an outsider by the source and its name for
    /// them.
    fn at(row: &Row<'_>, prefix: &str) -> Result<Who> {
        let column = |name: &str| format!("{prefix}_{name}");
        let person: Option<Id<Person>> = row.get(&column("id"))?;
        let outsider: Option<Id<Outsider>> = row.get(&column("outsider_id"))?;
        let (id, name, mail): (String, String, Option<String>) = match (person, outsider) {
            (Some(person), _) => {
                let mail: Option<String> = row.get(&column("email"))?;
                (mail.clone().unwrap_or_else(|| person.to_string()), row.get(&column("name"))?, mail)
            }
            (None, Some(_)) => {
                let (source, there): (Tracker, String) = (row.get(&column("source"))?, row.get(&column("there"))?);
                let id = if source == Tracker::Cairn { there } else { format!("{}:{there}", source.word()) };
                (id, row.get(&column("outsider_name"))?, row.get(&column("outsider_email"))?)
            }
            (None, None) => return Ok(Who(None)),
        };
        let mail = mail.map(|mail| mail.try_into().map_err(unreadable)).transpose()?;
        Ok(Who(Some(Somebody { id: text(id)?, name: text(name)?, mail, here: None })))
    }
}

/// A name that was checked before it was stored.
fn text<const MOST: usize>(stored: String) -> Result<Name<MOST>> {
    stored.try_into().map_err(unreadable)
}

fn unreadable(sentence: String) -> Error {
    Error::internal(format!("a text that is stored cannot be read: {sentence}"))
}
