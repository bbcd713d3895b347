//! Answers to a letter that numbers its asks.
use std::fmt;

/// What somebody answers to one ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The number of the ask in the letter, from one.
    pub number: usize,
    pub kind: Kind,
    /// The answer, or why it is declined; may be empty only where it is done.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Done,
    Declined,
}

/// Why a text answers nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confusion {
    /// There was nothing in it.
    Empty,
    /// The letter asked several things, and no line began with a number.
    NoNumber,
    NoSuchNumber(usize),
    Twice(usize),
    /// A number with nothing behind it.
    NoAnswer(usize),
    NoReason(usize),
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Confusion::Empty => f.write_str("There was no text in it."),
            Confusion::NoNumber => {
                f.write_str("No line in it began with a number, so it is not clear which ask it answers.")
            }
            Confusion::NoSuchNumber(number) => {
                write!(f, "It answered number {number}, which the letter does not have.")
            }
            Confusion::Twice(number) => write!(f, "It answered number {number} twice."),
            Confusion::NoAnswer(number) => write!(f, "There was no answer behind the number {number}."),
            Confusion::NoReason(number) => write!(f, "It declined number {number} without saying why."),
        }
    }
}

/// Reads the answers in a text to a letter that asked `count` things.
///
/// A line that begins with a number answers that ask, and the lines below it belong to it: "2 done", "2: yes, ship it",
/// "1, 3 read", "2 decline: I am not the right one". Text without numbers answers a letter that asked one thing.
pub fn answers(text: &str, count: usize) -> Result<Vec<Answer>, Confusion> {
    let text = without_salutation(text.trim());
    if text.is_empty() {
        return Err(Confusion::Empty);
    }
    let (before, said) = numbered(text, count)?;
    match (said.is_empty(), count) {
        (true, 1) => Ok(vec![answer(1, text)?]),
        (true, _) => Err(Confusion::NoNumber),
        (false, 1) if !before.is_empty() => Ok(vec![answer(1, text)?]),
        (false, _) => collect(&before, said),
    }
}

/// The numbers with which a line began, and what was said to them.
type Said = (Vec<usize>, String);

fn numbered(text: &str, count: usize) -> Result<(String, Vec<Said>), Confusion> {
    let mut before: Vec<&str> = Vec::new();
    let mut said: Vec<Said> = Vec::new();
    let mut above = "";
    for line in text.lines() {
        let (numbers, rest) = numbers(line);
        let known = numbers.iter().all(|number| (1..=count).contains(number));
        if !numbers.is_empty() && known && !is_broken(above, rest) {
            said.push((numbers, rest.to_owned()));
        } else if !known && count > 1 && (said.is_empty() || is_command(rest)) {
            return Err(Confusion::NoSuchNumber(numbers.into_iter().find(|n| !(1..=count).contains(n)).unwrap_or(0)));
        } else if let Some((_, text)) = said.last_mut() {
            text.push('\n');
            text.push_str(line);
        } else {
            before.push(line);
        }
        above = line;
    }
    Ok((before.join("\n").trim().to_owned(), said))
}

fn collect(before: &str, said: Vec<Said>) -> Result<Vec<Answer>, Confusion> {
    let mut answers: Vec<Answer> = Vec::new();
    for (place, (numbers, text)) in said.into_iter().enumerate() {
        for number in numbers {
            if answers.iter().any(|answer| answer.number == number) {
                return Err(Confusion::Twice(number));
            }
            let mut answer = answer(number, text.trim())?;
            if place == 0 && !before.is_empty() {
                answer.text = format!("{before}\n\n{}", answer.text).trim().to_owned();
            }
            answers.push(answer);
        }
    }
    Ok(answers)
}

/// What ends an ask without a word to it.
const DONE: [&str; 19] = [
    "done",
    "finished",
    "ok",
    "okay",
    "read",
    "answered",
    "reviewed",
    "decided",
    "approved",
    "prepared",
    "filled in",
    "acknowledged",
    "noted",
    "seen",
    "ack",
    "yes, done",
    "all done",
    "+1",
    "👍",
];

fn answer(number: usize, text: &str) -> Result<Answer, Confusion> {
    let bare = text.trim_matches([' ', '.', '!']).to_lowercase();
    if bare.is_empty() {
        return Err(Confusion::NoAnswer(number));
    }
    if let Some(reason) = after(text, "declined").or_else(|| after(text, "decline")) {
        let kind = Kind::Declined;
        return if reason.is_empty() {
            Err(Confusion::NoReason(number))
        } else {
            Ok(Answer { number, kind, text: reason.to_owned() })
        };
    }
    let said = match after(text, "done") {
        _ if DONE.contains(&bare.as_str()) => "",
        Some(said) if text[4..].starts_with([':', ',', '.', ' ', '\n', '-', '–', '—']) => said,
        _ => text,
    };
    Ok(Answer { number, kind: Kind::Done, text: said.to_owned() })
}

/// What stands behind a word and its punctuation, if the text begins with this word.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (head.eq_ignore_ascii_case(word) && ends)
        .then(|| rest.trim_start_matches([':', ',', '.', ';', '-', '–', '—', ' ', '\n']).trim())
}

/// Whether a line can only mean an ask: "7 done", "7 decline: no".
fn is_command(rest: &str) -> bool {
    let bare = rest.trim_matches([' ', '.', '!']).to_lowercase();
    bare.is_empty()
        || DONE.contains(&bare.as_str())
        || after(rest, "decline").or_else(|| after(rest, "declined")).is_some()
}

/// The numbers at the beginning of a line ("2", "#2", "2)", "1, 3", "1 and 3") and what follows them.
fn numbers(line: &str) -> (Vec<usize>, &str) {
    let mut found = Vec::new();
    let mut rest = line.trim_start().trim_start_matches(['#', '(']);
    while let Some((number, behind)) = number(rest) {
        found.push(number);
        let joined = behind.strip_prefix([',', '&', '+']).or_else(|| behind.trim_start().strip_prefix("and "));
        let next = joined.or_else(|| behind.trim_start().strip_prefix(['&', '+']));
        match next.map(|next| next.trim_start().trim_start_matches('#')) {
            Some(next) if self::number(next).is_some() => rest = next,
            _ => {
                let said = behind.trim_start().trim_start_matches(['.', ')', ':', ',', '-', '–', '—']);
                return (found, said.trim());
            }
        }
    }
    (Vec::new(), line)
}

/// A number of at most three digits that ends there: neither "2.5" nor "2:30" nor "2nd".
fn number(text: &str) -> Option<(usize, &str)> {
    const DIGITS: usize = 3;
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = (1..=DIGITS).contains(&length).then(|| text[..length].parse().ok())??;
    let rest = &text[length..];
    let mut behind = rest.chars();
    let ends = match behind.next() {
        None | Some(' ' | '\t') => true,
        Some(',' | '&' | '+') => true,
        Some('.' | ')' | ':' | '-' | '–' | '—') => behind.next().is_none_or(char::is_whitespace),
        Some(_) => false,
    };
    ends.then_some((number, rest))
}

/// Mail programs break lines before column 79, and a sentence may go on with a number.
fn is_broken(above: &str, rest: &str) -> bool {
    (71..=79).contains(&above.chars().count()) && !is_command(rest)
}

/// "Hi," and an empty line.
fn without_salutation(text: &str) -> &str {
    const MOST: usize = 4;
    match text.split_once("\n\n") {
        Some((first, rest))
            if first.ends_with([',', '!']) && first.split_whitespace().count() <= MOST && !first.contains('\n') =>
        {
            rest.trim()
        }
        _ => text,
    }
}
