//! When two people go back and forth, a call is quicker.
use crate::comment::{Comment, Mark};
use kernel::{Id, Person, Time};
use std::time::Duration;

/// So many times somebody wrote and the other one answered.
const EXCHANGES: usize = 3;
const WITHIN: Duration = Duration::from_secs(2 * 24 * 3600);

/// The two people who wrote the last comments in turn, three times each, within two days. Several comments of one person
/// after each other are one turn, and the outcome of a call ends the back and forth.
pub(crate) fn two_in_turn(comments: &[Comment], now: Time) -> Option<[Id<Person>; 2]> {
    let since = now - WITHIN;
    let lately = comments.iter().rev().filter(|comment| comment.deleted_at.is_none());
    let lately = lately.take_while(|comment| comment.mark != Mark::Call && comment.created_at > since);
    let mut turns: Vec<Id<Person>> = lately.map(|comment| comment.author_id).collect();
    turns.dedup();
    let [last, other, ..] = turns[..] else { return None };
    let wanted = [last, other].into_iter().cycle().take(2 * EXCHANGES);
    let enough = turns.len() >= 2 * EXCHANGES && turns.iter().zip(wanted).all(|(turn, wanted)| *turn == wanted);
    enough.then_some([other, last])
}

#[cfg(test)]
mod tests;
