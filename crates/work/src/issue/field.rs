use kernel::words;

words! {
    /// A field of an issue that has a history.
    pub enum Field {
        Title = "title",
        Body = "body",
        State = "state",
        Assignee = "assignee",
        Priority = "priority",
        Estimate = "estimate",
        Due = "due",
        Label = "label",
        Parent = "parent",
        Sprint = "sprint",
        Team = "team",
    }
}

impl Field {
    /// The event that tells of a change of it.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Field::Title => "issue.retitled",
            Field::Body => "issue.described",
            Field::State => "issue.state_changed",
            Field::Assignee => "issue.assigned",
            Field::Priority => "issue.prioritised",
            Field::Estimate => "issue.estimated",
            Field::Due => "issue.due_changed",
            Field::Label => "issue.labelled",
            Field::Parent => "issue.parent_changed",
            Field::Sprint => "issue.sprint_changed",
            Field::Team => "issue.moved",
        }
    }
}
