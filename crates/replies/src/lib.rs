//! Replies by mail: who wrote, to whom, whether a person or a machine, and what is left of the text without quotes and
//! signatures; and the answers in it. Pure: no network, no database, no clock.
mod answers;
mod automatic;
mod body;
mod html;
mod languages;
mod mail;
mod quotes;
mod signature;

pub use answers::{Answer, Confusion, Kind, answers};
pub use mail::{LARGEST, Mail, Unreadable};

/// What somebody wrote themselves: `text` without the quoted letter, the signature, and the name below it.
///
/// `sender` is the display name of who wrote. `own` are sentences that stand in every letter which can be answered: where
/// the manner of quoting is unknown, the quote begins at such a line.
pub fn written(text: &str, sender: &str, own: &[&str]) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let kept = signature::before(quotes::without(&lines, own), sender);
    let mut text = String::new();
    let mut blank = 0;
    for line in kept {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        text.push_str(line);
    }
    text
}

#[cfg(test)]
mod tests;
