//! Of one day, what follows from something comes after it.
use super::{Act, Found, Line};
use std::collections::HashMap;

/// Two zones may be nearer to each other in summer than in winter, so of one day an answer could come before its question.
#[derive(Default)]
pub(super) struct Order {
    /// The day and the second of each comment.
    said: HashMap<Line, (i64, i64)>,
    /// The second of what was last found of a row on a day.
    last: HashMap<(usize, &'static str, i64), i64>,
}

impl Order {
    /// The second of its day at which something happens, after what it is about.
    pub fn after_its_cause(&mut self, found: &Found<'_>, own: i64) -> i64 {
        const APART: i64 = 60;
        if let Act::EditComment(line, _) | Act::React(line, _) = &found.act {
            let said = self.said.get(line).filter(|(day, _)| *day == found.day);
            return said.map_or(own, |(_, second)| own.max(second + APART));
        }
        let Some(story) = found.act.story() else { return own };
        let last = self.last.entry((found.place.row, story, found.day)).or_insert(own - APART);
        let second = own.max(*last + APART);
        *last = second;
        if let Act::Say(_, line, _) = &found.act {
            self.said.insert(*line, (found.day, second));
        }
        second
    }
}

impl Act<'_> {
    /// In which stories each thing follows from the one before.
    fn story(&self) -> Option<&'static str> {
        match self {
            Act::Ask(..) | Act::Turn(..) => Some("ask"),
            Act::Say(..) | Act::Resolve(..) => Some("thread"),
            Act::Meet(..) => Some("one-on-one"),
            Act::Refine(..) | Act::InRound(..) => Some("round"),
            Act::LookBack(..) | Act::OnBoard(..) => Some("board"),
            _ => None,
        }
    }
}
