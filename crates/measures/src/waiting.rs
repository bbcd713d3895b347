//! Awake-aware waiting: who could have acted while a pull request waited.
use crate::{Act, Pull, PullOptions, Segment, Stage, What, stage::segments};
use kernel::{
    Time,
    calendar::{Calendar, Span},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Microseconds of one stage by who could have acted. They sum to the calendar time of the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiting {
    /// Nobody who may review was at work.
    pub nobody: i64,
    /// Somebody was, and did not pick it up.
    pub someone: i64,
    /// It was the author's turn: others had answered, and the author had not done anything since.
    pub author: i64,
}

/// Pickup and review of a pull request. `eligible` are the calendars of all who may review it, without the author; if it is
/// empty nothing can be said.
pub fn waiting<W: PartialEq + Clone>(
    pull: &Pull<W>,
    options: &PullOptions,
    eligible: &[Calendar],
) -> Option<(Waiting, Waiting)> {
    if eligible.is_empty() {
        return None;
    }
    let mut acts: Vec<&Act<W>> = pull.acts.iter().filter(|act| !act.bot).collect();
    acts.sort_by_key(|act| (act.at, act.what));
    let (mut pickup, mut review) = (Waiting::default(), Waiting::default());
    for segment in segments(pull, options) {
        let waits = match segment.stage {
            Stage::Pickup => &mut pickup,
            Stage::Review => &mut review,
            Stage::Coding | Stage::Merge => continue,
        };
        for (span, authors) in turns(pull, &acts, segment) {
            let length = span.end.0 - span.start.0;
            match authors {
                true => waits.author += length,
                false => {
                    let awake = awake(eligible, span);
                    waits.someone += awake;
                    waits.nobody += length - awake;
                }
            }
        }
    }
    Some((pickup, review))
}

/// The pieces of a segment, and whether it was the author's turn in them. A response hands the turn to the author, and
/// whatever the author does hands it back.
fn turns<W: PartialEq>(pull: &Pull<W>, acts: &[&Act<W>], segment: Segment) -> Vec<(Span, bool)> {
    let mut cuts = vec![segment.from];
    cuts.extend(acts.iter().map(|act| act.at).filter(|at| segment.from < *at && *at < segment.to));
    cuts.push(segment.to);
    let pieces = cuts.windows(2).filter(|pair| pair[0] < pair[1]);
    pieces.map(|pair| (Span { start: pair[0], end: pair[1] }, is_authors_turn(pull, acts, pair[0]))).collect()
}

fn is_authors_turn<W: PartialEq>(pull: &Pull<W>, acts: &[&Act<W>], at: Time) -> bool {
    let passes = |act: &&&Act<W>| {
        let own = act.by.is_some() && act.by == pull.author;
        let answers = matches!(act.what, What::Reviewed(_) | What::Commented);
        let works = matches!(act.what, What::Pushed | What::ForcePushed | What::Requested | What::Ready);
        answers || (own && works)
    };
    let last = acts.iter().rev().filter(|act| act.at >= pull.opened_at && act.at <= at).find(passes);
    last.is_some_and(|act| act.by.is_none() || act.by != pull.author)
}

/// Microseconds of a span in which at least one of these people was at work.
fn awake(eligible: &[Calendar], span: Span) -> i64 {
    let mut spans: Vec<Span> = eligible.iter().flat_map(|one| one.working(span.start, span.end)).collect();
    spans.sort_unstable_by_key(|one| one.start);
    let (mut total, mut until) = (0, span.start);
    for one in spans {
        let (from, to) = (one.start.max(until), one.end.min(span.end));
        if from < to {
            total += to.0 - from.0;
            until = to;
        }
    }
    total
}
