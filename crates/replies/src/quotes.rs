//! The quoted letter, in the shapes in which mail programs quote.
use crate::languages::{FROM, OPENINGS, SENT, SUBJECT, WROTE};

/// The lines that are not quoted. After a quote with `>` the text goes on; what begins with headers or a line such as
/// "Original message" goes to the end.
pub fn without<'a>(lines: &[&'a str], own: &[&str]) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let rest = &lines[i..];
        if !is_quoted(rest[0]) && is_own(rest[0], own) {
            forget_opening(&mut kept);
            break;
        }
        if begins_headers(rest) || names_original(rest[0]) {
            break;
        }
        match attribution(rest) {
            Some(length) => match quote_after(&rest[length..]) {
                Some(blank) => i += length + blank,
                None => break,
            },
            None => {
                if !is_quoted(rest[0]) {
                    kept.push(rest[0]);
                }
                i += 1;
            }
        }
    }
    while kept.last().is_some_and(|line| line.is_empty() || is_rule(line)) {
        kept.pop();
    }
    kept
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// `________`, `--------`, `* * *`: a line drawn with characters.
pub fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '—' | '–' | ' '))
}

/// How many empty lines stand before a quote with `>`, if one follows.
fn quote_after(lines: &[&str]) -> Option<usize> {
    const MOST: usize = 3;
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    (blank <= MOST && lines.get(blank).is_some_and(|line| is_quoted(line))).then_some(blank)
}

/// How many lines at the beginning say who wrote what is quoted below them: "On 18 March 2026 Cairn wrote:". A mail
/// program may have broken it into several.
fn attribution(lines: &[&str]) -> Option<usize> {
    const MOST: usize = 4;
    let length = (1..=MOST).find(|length| attributes(lines, *length))?;
    // A line of the text above it is none of it.
    let inner = (1..length).any(|skipped| attributes(&lines[skipped..], length - skipped));
    (!inner).then_some(length)
}

fn attributes(lines: &[&str], length: usize) -> bool {
    const LONGEST: usize = 320;
    let Some(head) = lines.get(..length) else { return false };
    if head.iter().any(|line| line.is_empty() || is_quoted(line)) {
        return false;
    }
    let text = head.join(" ").to_lowercase();
    let text = text.trim_matches(['-', '*', '_', ' ']);
    if text.chars().count() > LONGEST || !text.ends_with([':', '：']) {
        return false;
    }
    let is_dated = text.bytes().filter(u8::is_ascii_digit).count() >= 4;
    let is_addressed = text.contains('@');
    let opens = OPENINGS.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', ','])));
    let wrote = WROTE.iter().any(|word| text.contains(word));
    let stands_alone = wrote && (is_addressed || opens) && is_dated
        || wrote && is_addressed && text.contains('<')
        || text.contains('<') && is_addressed && is_dated;
    let first_belongs = length == 1 || opens || begins_with_date_or_address(lines[0]);
    first_belongs && (stands_alone || (wrote || is_addressed) && is_dated && quote_after(&lines[length..]) == Some(0))
}

fn begins_with_date_or_address(line: &str) -> bool {
    line.contains(['@', '<']) || line.bytes().filter(u8::is_ascii_digit).count() >= 4
}

/// "-----Original Message-----", "---- On … wrote ----", "Begin forwarded message:".
fn names_original(line: &str) -> bool {
    let bare = line.trim_matches(['-', ' ']);
    let ruled = line.trim_start().starts_with("----") && line.trim_end().ends_with("----");
    ruled && bare.chars().any(char::is_alphabetic) || line == "Begin forwarded message:"
}

/// From, Sent, Subject, each on a line of its own.
fn begins_headers(lines: &[&str]) -> bool {
    const MOST: usize = 8;
    let knows = |words: &[&str], label: &String| words.contains(&label.as_str());
    if !label(lines[0]).is_some_and(|label| knows(FROM, &label) || knows(SENT, &label)) {
        return false;
    }
    let labels: Vec<String> = lines.iter().take(MOST).filter_map(|line| label(line)).collect();
    [FROM, SENT, SUBJECT].iter().all(|words| labels.iter().any(|label| knows(words, label)))
}

/// What stands before the colon, without the stars of bold text, in lower case.
fn label(line: &str) -> Option<String> {
    const LONGEST: usize = 24;
    let (label, _) = line.split_once([':', '：'])?;
    let label = label.trim().trim_matches('*').trim().to_lowercase();
    (!label.is_empty() && label.chars().count() <= LONGEST).then_some(label)
}

fn is_own(line: &str, own: &[&str]) -> bool {
    own.iter().any(|sentence| line.contains(sentence))
}

/// Takes back the salutation of the letter, and the line above it that says who wrote, in whatever language.
fn forget_opening(kept: &mut Vec<&str>) {
    pop_blank(kept);
    if kept.last().is_some_and(|line| line.ends_with(',')) {
        kept.pop();
        pop_blank(kept);
    }
    if kept.last().is_some_and(|line| line.ends_with([':', '：'])) {
        kept.pop();
    }
}

fn pop_blank(kept: &mut Vec<&str>) {
    while kept.last().is_some_and(|line| line.is_empty() || is_rule(line)) {
        kept.pop();
    }
}
