use kernel::{Id, words};

words! {
    /// Where to a step is moved in its list.
    pub enum Direction {
        Up = "up",
        Down = "down",
    }
}

/// A step and its place in a list.
pub struct Place<T> {
    pub id: Id<T>,
    /// The phase, by the day with which it ends.
    pub phase: i64,
    pub rank: i64,
}

/// The places that change when one step moves by one: it passes its neighbour, and at the edge of its phase it goes over
/// into the next one. `places` stand in their order, and so do `phases`.
pub fn moved<T>(mut places: Vec<Place<T>>, phases: &[i64], id: Id<T>, direction: Direction) -> Vec<Place<T>> {
    let Some(at) = places.iter().position(|place| place.id == id) else { return Vec::new() };
    let phase = places[at].phase;
    let neighbour = match direction {
        Direction::Up => at.checked_sub(1),
        Direction::Down => Some(at + 1),
    };
    match neighbour.filter(|other| places.get(*other).is_some_and(|place| place.phase == phase)) {
        Some(other) => places.swap(at, other),
        None => match next_phase(phases, phase, direction) {
            Some(next) => places[at].phase = next,
            None => return Vec::new(),
        },
    }
    let order =
        |(place, rank): (Place<T>, i64)| (place.rank != rank || place.id == id).then_some(Place { rank, ..place });
    places.into_iter().zip(1..).filter_map(order).collect()
}

fn next_phase(phases: &[i64], phase: i64, direction: Direction) -> Option<i64> {
    match direction {
        Direction::Up => phases.iter().copied().filter(|other| *other < phase).max(),
        Direction::Down => phases.iter().copied().filter(|other| *other > phase).min(),
    }
}

#[cfg(test)]
mod tests;
