//! What to do with the events of a file, given what is entered already.
use super::event::Wanted;
use crate::leave::{Leave, Stretch};
use jiff::civil::Date;
use kernel::Id;
use std::collections::BTreeMap;

/// A leave that is entered, or was.
pub struct Known {
    pub id: Id<Leave>,
    /// The event that made it; nothing for one that a person has entered.
    pub key: Option<String>,
    pub time: Stretch,
    pub withdrawn: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Enter(Stretch),
    Change(Id<Leave>, Stretch),
    /// It was withdrawn, and the file holds it again.
    Restore(Id<Leave>, Stretch),
    Withdraw(Id<Leave>),
    Keep,
    LeaveOut(String),
}

/// One step for each event. After them no leave overlaps another, and the same file has nothing left to do.
pub fn plan(wanted: &[Wanted], known: &[Known], today: Date) -> Vec<Step> {
    let by_key: BTreeMap<&str, &Known> = known.iter().filter_map(|one| Some((one.key.as_deref()?, one))).collect();
    let of = |event: &Wanted| event.key.as_deref().and_then(|key| by_key.get(key)).copied();
    let mut steps: Vec<Option<Step>> = wanted.iter().map(|event| settled(event, of(event))).collect();
    let withdrawn = |one: &Known| one.withdrawn || steps.contains(&Some(Step::Withdraw(one.id)));
    let standing = known.iter().filter(|one| !withdrawn(one));
    let mut taken: BTreeMap<Place, Stretch> = standing.map(|one| (Place::Known(one.id), one.time.clone())).collect();
    // A leave that moves makes room for others, so those that found none try again until nothing moves.
    loop {
        let before = steps.iter().flatten().count();
        for (i, event) in wanted.iter().enumerate() {
            let (None, Ok(time)) = (&steps[i], &event.time) else { continue };
            let place = of(event).map_or(Place::New(i), |known| Place::Known(known.id));
            if in_the_way(&taken, &place, time).is_none() {
                taken.insert(place, time.clone());
                steps[i] = Some(placing(of(event), time.clone()));
            }
        }
        if steps.iter().flatten().count() == before {
            break;
        }
    }
    let left_out = |i: usize| {
        let event: &Wanted = &wanted[i];
        let place = of(event).map_or(Place::New(i), |known| Place::Known(known.id));
        let other = event.time.as_ref().ok().and_then(|time| in_the_way(&taken, &place, time));
        Step::LeaveOut(other.map_or_else(String::new, |other| other.is_taken(today)))
    };
    steps.into_iter().enumerate().map(|(i, step)| step.unwrap_or_else(|| left_out(i))).collect()
}

/// Whose time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Known(Id<Leave>),
    New(usize),
}

/// What needs no look at other leave.
fn settled(event: &Wanted, known: Option<&Known>) -> Option<Step> {
    match (event.cancelled, &event.time, known) {
        (_, Err(sentence), _) if event.key.is_none() => Some(Step::LeaveOut(sentence.clone())),
        (true, _, Some(known)) if !known.withdrawn => Some(Step::Withdraw(known.id)),
        (true, ..) => Some(Step::LeaveOut("It is cancelled.".into())),
        (false, Err(sentence), _) => Some(Step::LeaveOut(sentence.clone())),
        (false, Ok(time), Some(known)) if !known.withdrawn && known.time == *time => Some(Step::Keep),
        (false, Ok(_), _) => None,
    }
}

fn placing(known: Option<&Known>, time: Stretch) -> Step {
    match known {
        None => Step::Enter(time),
        Some(known) if known.withdrawn => Step::Restore(known.id, time),
        Some(known) => Step::Change(known.id, time),
    }
}

fn in_the_way<'a>(taken: &'a BTreeMap<Place, Stretch>, own: &Place, time: &Stretch) -> Option<&'a Stretch> {
    taken.iter().find(|(place, other)| *place != own && time.overlaps(other)).map(|(_, other)| other)
}

#[cfg(test)]
mod tests;
