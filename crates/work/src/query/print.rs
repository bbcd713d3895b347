use super::{
    Any, Asked, Part, Query, Term, What, Word,
    parse::{is_bare, is_or},
};
use std::fmt;

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any = Some(any(&self.any)).filter(|text| !text.is_empty());
        let sort = self.sort.map(|sort| format!("sort:{}", sort.word()));
        f.write_str(&any.into_iter().chain(sort).collect::<Vec<_>>().join(" "))
    }
}

fn any(alternatives: &Any) -> String {
    let all = |parts: &Vec<Part>| parts.iter().map(Part::to_string).collect::<Vec<_>>().join(" ");
    alternatives.iter().map(all).collect::<Vec<_>>().join(" or ")
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Term(term) => term.fmt(f),
            Part::Group { negated, any: within } => {
                write!(f, "{}({})", if *negated { "-" } else { "" }, any(within))
            }
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negated { "-" } else { "" };
        match &self.what {
            What::Text(word) => write!(f, "{sign}{}", text(word)),
            What::Is(field, words) => write!(f, "{sign}{}:{}", field.word(), list(words)),
            What::Compare(field, comparison, word) => {
                write!(f, "{sign}{}:{}{}", field.word(), comparison.sign(), quoted(&word.text, false))
            }
            What::TimeIn(states, comparison, word) => {
                write!(f, "{sign}time-in({}):{}{}", list(states), comparison.sign(), quoted(&word.text, false))
            }
            What::Custom(field, Asked::Is(words)) => {
                write!(f, "{sign}field({}):{}", quoted(&field.text, true), list(words))
            }
            What::Custom(field, Asked::Compare(comparison, word)) => {
                let (field, value) = (quoted(&field.text, true), quoted(&word.text, false));
                write!(f, "{sign}field({field}):{}{value}", comparison.sign())
            }
        }
    }
}

fn list(words: &[Word]) -> String {
    words.iter().map(|word| quoted(&word.text, false)).collect::<Vec<_>>().join(",")
}

/// A word by itself must look neither like a field nor like something negated, nor part alternatives.
fn text(word: &Word) -> String {
    quoted(&word.text, word.text.contains(':') || word.text.starts_with('-') || is_or(&word.text))
}

fn quoted(text: &str, anyway: bool) -> String {
    let plain = !anyway && !text.is_empty() && text.chars().all(is_bare) && !text.starts_with(['<', '>']);
    match plain {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}
