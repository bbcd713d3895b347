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
        Project = "project",
        Milestone = "milestone",
        Team = "team",
        /// One that was added here.
        Custom = "custom",
        /// One that only a former tracker has.
        Former = "former",
    }
}

impl Field {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Field::Title => "Title",
            Field::Body => "Description",
            Field::State => "State",
            Field::Assignee => "Assignee",
            Field::Priority => "Priority",
            Field::Estimate => "Estimate",
            Field::Due => "Due",
            Field::Label => "Label",
            Field::Parent => "Part of",
            Field::Sprint => "Sprint",
            Field::Project => "Project",
            Field::Milestone => "Milestone",
            Field::Team => "Team",
            Field::Custom => "Field",
            Field::Former => "Other",
        }
    }

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
            Field::Project => "issue.project_changed",
            Field::Milestone => "issue.milestone_changed",
            Field::Team => "issue.moved",
            Field::Custom => "issue.field_changed",
            Field::Former => "issue.changed",
        }
    }
}
