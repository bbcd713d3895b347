//! Which column feeds which field.

use super::{
    headers::{self, Field, Meaning},
    reader::{Choice, Column, Mapping, Picked, Reason},
    table::Record,
};

/// The columns of a file, and those that are read.
pub struct Layout {
    pub columns: Vec<Column>,
    /// The columns that are read, by field and then from the best to the least.
    pub slots: Vec<Slot>,
}

pub struct Slot {
    pub field: Field,
    pub header: String,
    column: usize,
    rank: usize,
}

impl Layout {
    pub fn new(header: &Record, mapping: &Mapping) -> Self {
        let mut cells = header.cells.as_slice();
        while let [rest @ .., last] = cells
            && last.trim().is_empty()
        {
            cells = rest;
        }
        let mut layout = Self { columns: Vec::new(), slots: Vec::new() };
        for (index, cell) in cells.iter().enumerate() {
            layout.add(index, cell.trim(), mapping);
        }
        layout.slots.sort_by_key(|slot| (slot.field, slot.rank, slot.column));
        layout.leave_out_home_address();
        layout.prefer();
        layout
    }

    /// The names of the columns with such a reason.
    pub fn headers(&self, has: impl Fn(Reason) -> bool) -> Vec<String> {
        self.columns.iter().filter(|column| has(column.reason)).map(|column| column.header.clone()).collect()
    }

    pub fn has(&self, field: Field) -> bool {
        self.slots.iter().any(|slot| slot.field == field)
    }

    pub fn names_people(&self) -> bool {
        [Field::Name, Field::FirstName, Field::LastName, Field::PreferredName].into_iter().any(|field| self.has(field))
    }

    pub fn pick<'t>(&self, mut record: Record<'t>) -> Picked<'t> {
        let cells = self.slots.iter().map(|slot| std::mem::take(&mut record.cells[slot.column])).collect();
        Picked { line: record.line, cells }
    }

    fn add(&mut self, index: usize, header: &str, mapping: &Mapping) {
        let header = match header.len() {
            1..=headers::LONGEST_HEADER => header.to_owned(),
            _ => format!("Column {}", index + 1),
        };
        let (known, reason) = match (mapping.choice(&header), headers::meaning(&header)) {
            (Some(Choice::Use(field)), _) => (Some((field, 0)), Reason::Chosen),
            (Some(Choice::Ignore), _) => (None, Reason::Ignored),
            (None, Meaning::Known { field, rank }) => (Some((field, rank + 1)), Reason::Recognised),
            (None, Meaning::Sensitive) => (None, Reason::Sensitive),
            (None, Meaning::Unknown) => (None, Reason::Unknown),
        };
        if let Some((field, rank)) = known {
            self.slots.push(Slot { field, header: header.clone(), column: index, rank });
        }
        self.columns.push(Column { header, field: known.map(|(field, _)| field), reason });
    }

    /// Personal e-mail is read only in a file without e-mail at work, and of several e-mail columns only the best,
    /// since another one may be private. A column that the person chose is the only one for its field.
    fn prefer(&mut self) {
        let has_email = self.has(Field::Email);
        let mut previous: Option<(Field, bool)> = None;
        let columns = &mut self.columns;
        self.slots.retain(|slot| {
            let column = &mut columns[slot.column];
            let chosen = column.reason == Reason::Chosen;
            let better = previous.filter(|(field, _)| *field == slot.field);
            let is_private = slot.field == Field::PersonalEmail && has_email;
            let is_single = matches!(slot.field, Field::Email | Field::PersonalEmail);
            let used = !is_private && better.is_none_or(|(_, chosen)| !chosen && !is_single);
            column.reason = match (used, better) {
                (false, _) if slot.field == Field::PersonalEmail => Reason::Sensitive,
                (false, _) => Reason::Unused,
                (true, Some(_)) => Reason::SecondChoice,
                (true, None) => column.reason,
            };
            previous = better.or(Some((slot.field, chosen)));
            if !used {
                column.field = None;
            }
            used
        });
    }

    /// A city beside a street is where someone lives, except in a directory of accounts, which holds office addresses.
    fn leave_out_home_address(&mut self) {
        const STREETS: [&str; 9] =
            ["address", "addressline1", "address1", "street", "street1", "streetaddress", "strasse", "zip", "zipcode"];
        let has_street = self.columns.iter().any(|column| STREETS.contains(&headers::fold(&column.header).as_str()));
        if !has_street || self.has(Field::Login) {
            return;
        }
        let columns = &mut self.columns;
        self.slots.retain(|slot| {
            let column = &mut columns[slot.column];
            let at_home = slot.field == Field::City
                && column.reason == Reason::Recognised
                && ["city", "stadt", "ort", "ciudad", "ville"].contains(&headers::fold(&slot.header).as_str());
            if at_home {
                column.field = None;
                column.reason = Reason::HomeAddress;
            }
            !at_home
        });
    }
}

/// Whether the last record of a file is a line of totals or a remark rather than a person.
pub fn is_footer(record: &Record) -> bool {
    const TOTALS: [&str; 14] = [
        "total",
        "totals",
        "totalemployees",
        "totalheadcount",
        "grandtotal",
        "gesamt",
        "gesamtsumme",
        "summe",
        "insgesamt",
        "anzahl",
        "count",
        "rowcount",
        "recordcount",
        "endofreport",
    ];
    const REMARKS: [&str; 4] = ["reportgenerated", "generatedon", "exportedon", "exportiertam"];
    let Some(first) = record.filled().next().map(headers::fold) else { return false };
    let unnumbered = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (TOTALS.contains(&unnumbered) || REMARKS.iter().any(|remark| first.starts_with(remark)))
        && record.filled().count() <= 3
        && !record.filled().any(|cell| cell.contains('@'))
}
