use crate::estimate::Estimate;
use jiff::{ToSpan, civil::Date};

/// What a query can ask of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Team,
    State,
    Assignee,
    Creator,
    Label,
    Priority,
    Estimate,
    Due,
    Created,
    Updated,
    Started,
    Finished,
    Parent,
    Sprint,
    Project,
    Milestone,
    Blocked,
    Is,
}

/// What a field holds, and so what can stand behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of something, or a key.
    Name,
    /// One of these.
    Words(&'static [&'static str]),
    Number,
    /// A moment in the past: a relative one is an age.
    Past,
    /// A day: a relative one lies ahead.
    Day,
}

/// All fields, with what they hold and what is said of them.
pub const FIELDS: [(Field, &str, Kind, &str); 18] = [
    (Field::Team, "team", Kind::Name, "a team's name or key"),
    (
        Field::State,
        "state",
        Kind::Name,
        "a state, or what it means: triage, backlog, unstarted, started, done, cancelled",
    ),
    (Field::Assignee, "assignee", Kind::Name, "me, none, a name or a mail address"),
    (Field::Creator, "creator", Kind::Name, "me, a name or a mail address"),
    (Field::Label, "label", Kind::Name, "a label, or none"),
    (Field::Priority, "priority", Kind::Words(&["none", "urgent", "high", "medium", "low"]), "how soon it is wanted"),
    (Field::Estimate, "estimate", Kind::Number, "3, <=5, M, or none"),
    (Field::Due, "due", Kind::Day, "today, <7d for the days ahead, 2026-04-01, or none"),
    (Field::Created, "created", Kind::Past, "<5d for less than five days ago, 2026-04-01"),
    (Field::Updated, "updated", Kind::Past, "<5d for less than five days ago, 2026-04-01"),
    (Field::Started, "started", Kind::Past, "<5d for less than five days ago, 2026-04-01, or none"),
    (Field::Finished, "finished", Kind::Past, "<5d for less than five days ago, 2026-04-01, or none"),
    (Field::Parent, "parent", Kind::Name, "the key of the issue above, or none"),
    (Field::Sprint, "sprint", Kind::Name, "current, next, none, a name or a number"),
    (Field::Project, "project", Kind::Name, "none or a name"),
    (Field::Milestone, "milestone", Kind::Name, "none or a name"),
    (Field::Blocked, "blocked", Kind::Words(&["yes", "no"]), "yes or no"),
    (Field::Is, "is", Kind::Words(&["open", "finished"]), "open or finished"),
];

impl Field {
    pub fn named(word: &str) -> Option<Field> {
        FIELDS.iter().find(|(_, name, ..)| *name == word).map(|(field, ..)| *field)
    }

    pub fn word(self) -> &'static str {
        self.row().1
    }

    pub fn kind(self) -> Kind {
        self.row().2
    }

    pub fn help(self) -> &'static str {
        self.row().3
    }

    fn row(self) -> &'static (Field, &'static str, Kind, &'static str) {
        FIELDS.iter().find(|(field, ..)| *field == self).expect("every field has its row")
    }

    /// Whether it can be empty, which `none` asks for.
    pub fn may_be_empty(self) -> bool {
        !matches!(
            self,
            Field::Team | Field::State | Field::Creator | Field::Created | Field::Updated | Field::Blocked | Field::Is
        )
    }

    /// Whether a text can stand behind it, compared or not.
    pub(super) fn takes(self, text: &str, compared: bool) -> bool {
        let empty = text == "none" && self.may_be_empty() && !compared;
        empty
            || match self.kind() {
                Kind::Name => !compared && text != "none",
                Kind::Words(words) => !compared && words.contains(&text),
                Kind::Number => text.parse::<Estimate>().is_ok(),
                Kind::Past => Moment::read(text).is_some_and(|moment| compared || !matches!(moment, Moment::Span(_))),
                Kind::Day => Moment::read(text).is_some_and(|moment| compared || !matches!(moment, Moment::Span(_))),
            }
    }
}

/// A point in time as a query says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So many seconds from now, back or ahead as the field has it.
    Span(i64),
    Day(Date),
    /// So many days from today.
    Near(i32),
}

impl Moment {
    /// `30m`, `5h`, `3d`, `2w`, `2026-04-01`, `today`, `yesterday` or `tomorrow`.
    pub fn read(text: &str) -> Option<Moment> {
        match text {
            "today" => return Some(Moment::Near(0)),
            "yesterday" => return Some(Moment::Near(-1)),
            "tomorrow" => return Some(Moment::Near(1)),
            _ => {}
        }
        if text.len() == 10
            && text.is_ascii()
            && let Ok(day) = text.parse::<Date>()
        {
            return (day.year() >= 1970).then_some(Moment::Day(day));
        }
        span(text).map(Moment::Span)
    }

    /// The day that it names on the calendar of whoever asks.
    pub fn day(self, today: Date) -> Date {
        match self {
            Moment::Span(seconds) => today.saturating_add((seconds / 86_400).days()),
            Moment::Day(day) => day,
            Moment::Near(days) => today.saturating_add(days.days()),
        }
    }
}

/// A length of time in seconds: `45m`, `5h`, `3d`, `2w`.
pub fn span(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let fits = (1..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if fits { number.parse::<i64>().ok().map(|number| number * seconds) } else { None }
}
