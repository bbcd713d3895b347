//! The columns with which a board can begin.
use kernel::words;

words! {
    /// How a board is laid out.
    pub enum Format {
        StartStopContinue = "start_stop_continue",
        FourLs = "four_ls",
        Sailboat = "sailboat",
        Incident = "incident",
        Health = "health",
        /// With columns that whoever starts it names.
        Own = "own",
    }
}

/// A column: its title and what it asks.
pub type Column = (&'static str, &'static str);

impl Format {
    pub fn title(self) -> &'static str {
        match self {
            Format::StartStopContinue => "Start, stop, continue",
            Format::FourLs => "Four Ls",
            Format::Sailboat => "Sailboat",
            Format::Incident => "Incident timeline",
            Format::Health => "Team health check",
            Format::Own => "Your own columns",
        }
    }

    pub fn columns(self) -> &'static [Column] {
        match self {
            Format::StartStopContinue => &[
                ("Start", "What should we begin to do?"),
                ("Stop", "What should we do no more?"),
                ("Continue", "What should we keep?"),
            ],
            Format::FourLs => &[
                ("Liked", "What was good?"),
                ("Learned", "What do we know now that we did not?"),
                ("Lacked", "What was missing?"),
                ("Longed for", "What would you have wished for?"),
            ],
            Format::Sailboat => &[
                ("Wind", "What moved us forward?"),
                ("Anchors", "What held us back?"),
                ("Rocks", "What could sink us?"),
                ("Island", "Where do we want to be?"),
            ],
            Format::Incident => &[
                ("What happened", "In the order in which we saw it, with times."),
                ("What helped", "What made it shorter or smaller?"),
                ("What made it worse", "Conditions, not people."),
                ("What surprised us", "What did we believe that was not so?"),
            ],
            Format::Health => &[
                ("Speaking up", "I can say that I do not know, or that I was wrong."),
                ("Help", "When I am stuck, I get help within a working day."),
                ("Purpose", "I know why what we do now matters."),
                ("Pace", "I could work at this pace for another year."),
                ("Craft", "I am proud of what we leave behind in the code."),
                ("Say", "I have a say in how we work."),
            ],
            Format::Own => &[],
        }
    }

    /// The place of the column for what went wrong.
    pub fn for_trouble(self) -> usize {
        match self {
            Format::StartStopContinue | Format::Sailboat => 1,
            Format::FourLs | Format::Incident => 2,
            Format::Health | Format::Own => 0,
        }
    }

    /// Each column is a sentence that people rate.
    pub fn is_rated(self) -> bool {
        self == Format::Health
    }
}
