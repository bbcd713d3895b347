//! The language in which issues are looked for: `team:payments (state:started or blocked:yes) updated:<5d assignee:me
//! time-in(review):>3d sort:rank`. It knows no database; what the names in it mean is found where it is used.
mod alternatives;
mod complete;
mod field;
mod parse;
mod print;

pub use complete::{Place, place};
pub use field::{FIELDS, Field, Kind, Moment, span};
pub use parse::close;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub any: Any,
    pub sort: Option<Sort>,
}

/// What stands between `or`, of which one holds; nothing at all holds always. Of each, all parts hold.
pub type Any = Vec<Vec<Part>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Term(Term),
    /// What stands between brackets, or, where it is negated, its opposite.
    Group {
        negated: bool,
        any: Any,
    },
}

/// One condition, or, where it is negated, its opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub negated: bool,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The title has this text in it.
    Text(Word),
    /// The field is one of these; `none` stands for an empty one.
    Is(Field, Vec<Word>),
    Compare(Field, Comparison, Word),
    /// The time in any of these states, in all.
    TimeIn(Vec<Word>, Comparison, Word),
    /// What it holds in a field of this name that was added to issues.
    Custom(Word, Asked),
}

/// What is asked of a field that was added to issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It holds one of these; `none` stands for nothing.
    Is(Vec<Word>),
    Compare(Comparison, Word),
}

/// A text of the query, and where it stands, in characters. The place makes no difference.
#[derive(Clone, Debug)]
pub struct Word {
    pub text: String,
    pub at: usize,
}

impl PartialEq for Word {
    fn eq(&self, other: &Word) -> bool {
        self.text == other.text
    }
}

impl Eq for Word {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessOrSame,
    More,
    MoreOrSame,
}

impl Comparison {
    pub const ALL: [Comparison; 4] =
        [Comparison::LessOrSame, Comparison::MoreOrSame, Comparison::Less, Comparison::More];

    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessOrSame => "<=",
            Comparison::More => ">",
            Comparison::MoreOrSame => ">=",
        }
    }

    /// Holds where this one does not.
    pub fn opposite(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::MoreOrSame,
            Comparison::LessOrSame => Comparison::More,
            Comparison::More => Comparison::LessOrSame,
            Comparison::MoreOrSame => Comparison::Less,
        }
    }

    /// What `a < b` is, seen from `b`: an age that is less is a moment that is later.
    pub fn reversed(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::More,
            Comparison::LessOrSame => Comparison::MoreOrSame,
            Comparison::More => Comparison::Less,
            Comparison::MoreOrSame => Comparison::LessOrSame,
        }
    }
}

/// In which order issues come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Rank,
    /// The latest first, like `created`.
    Updated,
    Created,
    /// The most urgent first.
    Priority,
    /// The earliest first, then those without a date.
    Due,
}

impl Sort {
    pub const ALL: [Sort; 5] = [Sort::Rank, Sort::Updated, Sort::Created, Sort::Priority, Sort::Due];

    pub fn word(self) -> &'static str {
        match self {
            Sort::Rank => "rank",
            Sort::Updated => "updated",
            Sort::Created => "created",
            Sort::Priority => "priority",
            Sort::Due => "due",
        }
    }
}

/// Where a query cannot be understood, and what would be right there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The character at which it begins; the first is 0.
    pub at: usize,
    pub sentence: String,
}

impl Mistake {
    pub fn new(at: usize, sentence: impl Into<String>) -> Mistake {
        Mistake { at, sentence: sentence.into() }
    }
}

impl From<Mistake> for kernel::Error {
    fn from(mistake: Mistake) -> kernel::Error {
        kernel::Error::invalid("q", format!("At character {}: {}", mistake.at + 1, mistake.sentence))
    }
}

#[cfg(test)]
mod tests;
