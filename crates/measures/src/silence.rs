//! Whether something that happened in most weeks has stopped, by a permutation test: of all orders of the weeks since it was first
//! seen, how many end with so many silent ones. If it goes on as before, each order is as likely as any other, so that a level of
//! one in a hundred raises a false alarm at most once in a hundred looks. Weeks that depend on each other raise more.

/// Something that has stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silence {
    /// Weeks without it up to now.
    pub weeks: usize,
    /// Weeks in which it happened, of those from the first to the last such.
    pub active: usize,
    pub of: usize,
    /// The share of orders of the weeks that end as silently.
    pub p: f64,
}

/// In fewer weeks than these nobody knows how it goes on.
const FEWEST_WEEKS: usize = 8;

/// The silence at the end of these weeks, the oldest first, if it is clear at this level; each says whether it happened.
pub fn silence(happened: &[bool], level: f64) -> Option<Silence> {
    let first = happened.iter().position(|week| *week)?;
    let last = happened.iter().rposition(|week| *week)?;
    let active = happened.iter().filter(|week| **week).count();
    let weeks = happened.len() - 1 - last;
    if active < FEWEST_WEEKS {
        return None;
    }
    // With the first it began. Any of the others could have been silent.
    let (others, silent) = (happened.len() - 1 - first, happened.len() - first - active);
    let p = (0..weeks).map(|week| (silent - week) as f64 / (others - week) as f64).product();
    (weeks > 0 && p <= level).then_some(Silence { weeks, active, of: last + 1 - first, p })
}

#[cfg(test)]
mod tests;
