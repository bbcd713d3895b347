//! What stands below a text: the signature, the line that a telephone adds, the name.
use crate::languages::{DEVICES, SENT_FROM};
use crate::quotes::is_rule;

/// The lines above the signature. `sender` is the display name of who wrote.
pub fn before<'a>(mut lines: Vec<&'a str>, sender: &str) -> Vec<&'a str> {
    let end = lines.iter().position(|line| is_delimiter(line) || is_added(line));
    lines.truncate(end.unwrap_or(lines.len()));
    pop_blank(&mut lines);
    if lines.len() > 1 && lines.last().is_some_and(|line| is_name(line, sender)) {
        lines.pop();
        pop_blank(&mut lines);
        if lines.len() > 1 && lines.last().is_some_and(|line| is_farewell(line)) {
            lines.pop();
        }
    }
    pop_blank(&mut lines);
    lines
}

fn pop_blank(lines: &mut Vec<&str>) {
    while lines.last().is_some_and(|line| line.is_empty() || is_rule(line)) {
        lines.pop();
    }
}

/// The line of RFC 3676, section 4.3, which some programs write with dashes or low lines instead.
fn is_delimiter(line: &str) -> bool {
    matches!(line, "--" | "—" | "––" | "——") || line.len() >= 2 && line.bytes().all(|b| b == b'_')
}

/// "Sent from my iPhone", "Von meinem iPhone gesendet", "Get Outlook for Android".
fn is_added(line: &str) -> bool {
    const LONGEST: usize = 140;
    const WORDS: usize = 7;
    let text = line.trim_matches([' ', '*', '_', '<', '>', '(', ')', '.', '。']).to_lowercase();
    if line.chars().count() > LONGEST {
        return false;
    }
    let sent = SENT_FROM.iter().any(|words| text.starts_with(words) || text.ends_with(words) || is_mine(&text, words));
    let store = text.contains("outlook") && (text.contains("ios") || text.contains("android"));
    sent && DEVICES.iter().any(|device| text.contains(device)) || store && text.split_whitespace().count() <= WORDS
}

/// "Von meinem Handy mit der App gesendet und so weiter", "从我的手机发送".
fn is_mine(text: &str, words: &str) -> bool {
    text.contains(words) && ["von meinem", "从我的", "나의"].iter().any(|start| text.starts_with(start))
}

/// The sender's name, or the first word of it.
fn is_name(line: &str, sender: &str) -> bool {
    let (line, sender) = (line.trim_matches(['-', ' ', ',', '.', '*']).to_lowercase(), sender.trim().to_lowercase());
    !line.is_empty() && (line == sender || sender.split_whitespace().next() == Some(line.as_str()))
}

/// "Thanks,", "Viele Grüße,": few words above the name.
fn is_farewell(line: &str) -> bool {
    const MOST: usize = 4;
    let first = line.chars().next().is_some_and(char::is_alphabetic);
    first && line.split_whitespace().count() <= MOST && line.ends_with([',', '!'])
}
