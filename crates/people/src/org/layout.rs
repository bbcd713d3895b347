//! Where the boxes of an organisation chart stand.
use super::forest::Forest;
use std::fmt::Write;

pub const WIDTH: f64 = 200.0;
pub const HEIGHT: f64 = 56.0;
const ROW: f64 = 80.0;
const GAP: f64 = 24.0;
const INDENT: f64 = 12.0;
/// A manager's reports who lead nobody stand below each other, so many to a column.
const COLUMN: usize = 12;

/// All measures in pixels, from the left upper corner.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The left upper corner of each box, in the order of the people.
    pub boxes: Vec<(f64, f64)>,
    /// SVG paths from the managers to those below them.
    pub edges: Vec<String>,
    pub width: f64,
    pub height: f64,
}

/// Draws the trees side by side, every manager above the middle of those who report to them.
///
/// Subtrees are pushed together until their outlines touch, after Reingold and Tilford, "Tidier Drawings of Trees"
/// (1981); an outline holds the left and the right end of each row. Those who lead nobody are stacked.
pub fn layout(forest: &Forest) -> Layout {
    let mut subtrees: Vec<Subtree> = vec![Subtree::default(); forest.below.len()];
    for one in forest.order.iter().rev() {
        subtrees[*one] = Subtree::above(side_by_side(limbs(forest, &forest.below[*one]), &subtrees));
    }
    let all = side_by_side(limbs(forest, &forest.roots), &subtrees);
    let left = all.outline.iter().map(|(left, _)| *left).fold(0.0, f64::min);
    let right = all.outline.iter().map(|(_, right)| *right).fold(0.0, f64::max);
    let rows = all.outline.len() as f64;
    let mut layout = Layout {
        boxes: vec![(0.0, 0.0); forest.below.len()],
        edges: Vec::new(),
        width: right - left + 2.0,
        height: (rows * ROW - ROW + HEIGHT).max(0.0) + 2.0,
    };
    layout.draw(all, 1.0 - left, &mut subtrees);
    layout
}

/// What hangs below a manager.
#[derive(Clone, Debug)]
enum Limb {
    Person(usize),
    Stack(Vec<usize>),
}

/// Limbs, each with its distance from the middle, and the ends of each of their rows.
#[derive(Clone, Debug, Default)]
struct Subtree {
    limbs: Vec<(Limb, f64)>,
    outline: Vec<(f64, f64)>,
}

impl Subtree {
    fn above(mut below: Subtree) -> Subtree {
        below.outline.insert(0, (-WIDTH / 2.0, WIDTH / 2.0));
        below
    }
}

fn limbs(forest: &Forest, people: &[usize]) -> Vec<Limb> {
    let (leaves, leads): (Vec<usize>, Vec<usize>) = people.iter().partition(|one| forest.below[**one].is_empty());
    let columns = leaves.len().div_ceil(COLUMN).max(1);
    let stacks = leaves.chunks(leaves.len().div_ceil(columns).max(1)).map(|column| match column {
        [one] => Limb::Person(*one),
        several => Limb::Stack(several.to_vec()),
    });
    stacks.chain(leads.into_iter().map(Limb::Person)).collect()
}

fn side_by_side(limbs: Vec<Limb>, subtrees: &[Subtree]) -> Subtree {
    let mut all = Subtree::default();
    for limb in limbs {
        let outline = match &limb {
            Limb::Person(one) => subtrees[*one].outline.clone(),
            Limb::Stack(several) => vec![(-WIDTH / 2.0, WIDTH / 2.0 + INDENT); several.len()],
        };
        let overlaps = all.outline.iter().zip(&outline).map(|((_, right), (left, _))| right + GAP - left);
        let shift = overlaps.reduce(f64::max).unwrap_or(0.0);
        for (row, (left, right)) in outline.into_iter().enumerate() {
            match all.outline.get_mut(row) {
                Some(ends) => ends.1 = right + shift,
                None => all.outline.push((left + shift, right + shift)),
            }
        }
        all.limbs.push((limb, shift));
    }
    let end = |found: Option<&(Limb, f64)>| found.map_or(0.0, |(_, x)| *x);
    let middle = (end(all.limbs.first()) + end(all.limbs.last())) / 2.0;
    all.limbs.iter_mut().for_each(|(_, x)| *x -= middle);
    all.outline.iter_mut().for_each(|(left, right)| (*left, *right) = (*left - middle, *right - middle));
    all
}

impl Layout {
    fn draw(&mut self, all: Subtree, middle: f64, subtrees: &mut [Subtree]) {
        let mut waiting: Vec<(Limb, f64, usize, Option<f64>)> =
            all.limbs.into_iter().map(|(limb, x)| (limb, middle + x, 0, None)).collect();
        while let Some((limb, x, row, manager)) = waiting.pop() {
            match limb {
                Limb::Person(one) => {
                    self.boxes[one] = (x - WIDTH / 2.0, top(row));
                    self.edges.extend(manager.map(|above| format!("{} V {}", bus(above, row, x), top(row))));
                    let below = std::mem::take(&mut subtrees[one].limbs);
                    waiting.extend(below.into_iter().map(|(limb, away)| (limb, x + away, row + 1, Some(x))));
                }
                Limb::Stack(several) => {
                    let spine = x - WIDTH / 2.0;
                    for (place, one) in several.iter().enumerate() {
                        self.boxes[*one] = (spine + INDENT, top(row + place));
                    }
                    self.edges.extend(manager.map(|above| comb(bus(above, row, spine), spine, row, several.len())));
                }
            }
        }
    }
}

fn top(row: usize) -> f64 {
    1.0 + row as f64 * ROW
}

/// From below the manager to above `x`.
fn bus(manager: f64, row: usize, x: f64) -> String {
    let gap = ROW - HEIGHT;
    format!("M {manager} {} V {} H {x}", top(row) - gap, top(row) - gap / 2.0)
}

/// Down along the spine, with a tooth to each box.
fn comb(bus: String, spine: f64, row: usize, boxes: usize) -> String {
    let middle = |place: usize| top(row + place) + HEIGHT / 2.0;
    let mut path = format!("{bus} V {}", middle(boxes - 1));
    for place in 0..boxes {
        let _ = write!(path, " M {spine} {} h {INDENT}", middle(place)); // writing to a string cannot fail
    }
    path
}

#[cfg(test)]
mod tests;
