use super::{Direction, Place, moved};
use kernel::{Id, Person};
use proptest::prelude::*;

fn id(number: usize) -> Id<Person> {
    Id::from_u128(number as u128)
}

/// The order of the list after a move: numbers of steps with their phases.
fn after(list: &[(usize, i64)], step: usize, direction: Direction) -> Vec<(usize, i64)> {
    let place = |(rank, (number, phase)): (i64, &(usize, i64))| Place { id: id(*number), phase: *phase, rank };
    let mut phases: Vec<i64> = list.iter().map(|(_, phase)| *phase).chain([5, 20]).collect();
    phases.sort_unstable();
    phases.dedup();
    let changed = moved((1..).zip(list).map(place).collect(), &phases, id(step), direction);
    let mut all: Vec<(i64, i64, usize)> = (1..)
        .zip(list)
        .map(|(rank, (number, phase))| match changed.iter().find(|place| place.id == id(*number)) {
            Some(place) => (place.phase, place.rank, *number),
            None => (*phase, rank, *number),
        })
        .collect();
    all.sort_unstable();
    all.into_iter().map(|(phase, _, number)| (number, phase)).collect()
}

const LIST: &[(usize, i64)] = &[(1, 5), (2, 5), (3, 20), (4, 20)];

#[test]
fn a_step_passes_its_neighbour() {
    assert_eq!(after(LIST, 2, Direction::Up), [(2, 5), (1, 5), (3, 20), (4, 20)]);
    assert_eq!(after(LIST, 3, Direction::Down), [(1, 5), (2, 5), (4, 20), (3, 20)]);
}

#[test]
fn at_the_edge_of_a_phase_it_goes_over_into_the_next() {
    assert_eq!(after(LIST, 2, Direction::Down), [(1, 5), (2, 20), (3, 20), (4, 20)]);
    assert_eq!(after(LIST, 3, Direction::Up), [(1, 5), (2, 5), (3, 5), (4, 20)]);
}

#[test]
fn the_ends_of_the_list_hold() {
    assert_eq!(after(LIST, 1, Direction::Up), LIST);
    assert_eq!(after(LIST, 4, Direction::Down), LIST);
}

proptest! {
    #[test]
    fn a_move_down_takes_a_move_up_back(sizes in prop::collection::vec(1..4_usize, 1..4), at in 0..9_usize) {
        let phases = [5, 20, 40];
        let list: Vec<(usize, i64)> = sizes.iter().zip(phases)
            .flat_map(|(size, phase)| std::iter::repeat_n(phase, *size)).enumerate().collect();
        let step = list[at % list.len()].0;
        let down = after(&list, step, Direction::Down);
        prop_assert_eq!(down.len(), list.len());
        if down != list {
            prop_assert_eq!(after(&down, step, Direction::Up), list);
        }
    }
}
