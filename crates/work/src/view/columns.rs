use crate::custom::CustomField;
use kernel::{Id, words};

words! {
    /// What a list of issues shows beside the title.
    pub enum Column {
        Key = "key",
        State = "state",
        Priority = "priority",
        Estimate = "estimate",
        InState = "in_state",
        Assignee = "assignee",
        Due = "due",
        Sprint = "sprint",
        Project = "project",
        Team = "team",
        Created = "created",
        Updated = "updated",
    }
}

impl Column {
    /// The columns of a list that names none.
    pub const USUAL: [Column; 5] = [Column::Key, Column::State, Column::Estimate, Column::InState, Column::Assignee];

    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Column::Key => "Key",
            Column::State => "State",
            Column::Priority => "Priority",
            Column::Estimate => "Estimate",
            Column::InState => "In state",
            Column::Assignee => "Assignee",
            Column::Due => "Due",
            Column::Sprint => "Sprint",
            Column::Project => "Project",
            Column::Team => "Team",
            Column::Created => "Created",
            Column::Updated => "Updated",
        }
    }
}

/// Columns as they are stored and as they stand in an address, with commas between; each once.
pub(super) fn read(text: &str) -> Vec<Column> {
    let mut all = Vec::new();
    for column in text.split(',').filter_map(|word| word.trim().parse().ok()) {
        if !all.contains(&column) {
            all.push(column);
        }
    }
    all
}

/// The fields that were added to issues among the columns as they are stored; each once.
pub(super) fn fields(text: &str) -> Vec<Id<CustomField>> {
    let mut all = Vec::new();
    for field in text.split(',').filter_map(|word| word.strip_prefix(FIELD)?.parse().ok()) {
        if !all.contains(&field) {
            all.push(field);
        }
    }
    all
}

const FIELD: &str = "field:";

pub(super) fn write(columns: &[Column], fields: &[Id<CustomField>]) -> String {
    let own = columns.iter().map(|column| column.word().to_owned());
    own.chain(fields.iter().map(|field| format!("{FIELD}{field}"))).collect::<Vec<_>>().join(",")
}
