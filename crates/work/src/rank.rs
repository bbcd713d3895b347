//! A place in an order, as text that sorts by its bytes: between any two there is another one, so that nothing is ever
//! numbered anew. Six digits to the base 36, which count on where something is put at an end, and more where something is
//! put between two neighbours; the last of those is never `0`.
use kernel::{Error, Result};

const BASE: u64 = 36;
const DIGITS: &[u8; BASE as usize] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const WHOLE: usize = 6;
const MIDDLE: u64 = BASE.pow(WHOLE as u32) / 2;

/// The place of the first thing that is put into an order.
pub fn first() -> String {
    whole(MIDDLE)
}

/// A place between two others. Without one of them it is the end of the order.
///
/// # Errors
/// A conflict where `after` does not come before `before`, as somebody has moved them meanwhile.
pub fn between(after: Option<&str>, before: Option<&str>) -> Result<String> {
    let full = || Error::conflict("This order has no room left at its end.");
    match (after, before) {
        (None, None) => Ok(first()),
        (Some(after), None) => {
            number(after).checked_add(1).filter(|next| *next < MIDDLE * 2).map(whole).ok_or_else(full)
        }
        (None, Some(before)) => number(before).checked_sub(1).map(whole).ok_or_else(full),
        (Some(after), Some(before)) if after < before => Ok(middle(after, before)),
        _ => Err(Error::conflict("These have been moved meanwhile. Look again and move it once more.")),
    }
}

/// Whether a text can be a place.
pub fn fits(rank: &str) -> bool {
    rank.len() >= WHOLE && rank.bytes().all(|byte| DIGITS.contains(&byte))
}

fn whole(number: u64) -> String {
    let digit = |place: usize| DIGITS[(number / BASE.pow((WHOLE - 1 - place) as u32) % BASE) as usize] as char;
    (0..WHOLE).map(digit).collect()
}

/// The first six digits; those of a text that is none of ours are its nearest.
fn number(rank: &str) -> u64 {
    (0..WHOLE).fold(0, |number, place| number * BASE + digit(rank, place))
}

fn digit(rank: &str, place: usize) -> u64 {
    let byte = rank.as_bytes().get(place).copied().unwrap_or(b'0');
    DIGITS.iter().position(|digit| *digit >= byte).map_or(BASE - 1, |value| value as u64)
}

/// The texts are read as fractions to the base 36: the shortest one near the middle of the two.
fn middle(after: &str, before: &str) -> String {
    let (low, high) = (number(after), number(before));
    if high - low > 1 {
        return whole(low + (high - low) / 2);
    }
    let mut found = String::new();
    let mut open = false;
    for place in 0.. {
        let low = digit(after, place);
        let high = if open { BASE } else { digit(before, place) };
        if high - low > 1 {
            found.push(DIGITS[(low + (high - low) / 2) as usize] as char);
            break;
        }
        found.push(DIGITS[low as usize] as char);
        open |= high > low;
    }
    found
}

#[cfg(test)]
mod tests;
