use super::{Any, Asked, Comparison, FIELDS, Field, Kind, Mistake, Part, Query, Sort, Term, What, Word, field::span};
use std::str::FromStr;

const LONGEST: usize = 2_000;
const MOST_TERMS: usize = 40;
const MOST_VALUES: usize = 100;
const DEEPEST: usize = 10;

impl FromStr for Query {
    type Err = Mistake;

    fn from_str(text: &str) -> Result<Query, Mistake> {
        let characters: Vec<char> = text.chars().collect();
        if characters.len() > LONGEST {
            return Err(Mistake::new(LONGEST, format!("A query has at most {LONGEST} characters.")));
        }
        let mut reader = Reader { text: &characters, at: 0, terms: 0, open: Vec::new(), sort: None };
        let any = reader.any()?;
        match reader.peek() {
            None => Ok(Query { any, sort: reader.sort }),
            Some(_) => Err(Mistake::new(reader.at, "This bracket closes nothing.")),
        }
    }
}

struct Reader<'t> {
    text: &'t [char],
    at: usize,
    terms: usize,
    /// Where the brackets around this place were opened.
    open: Vec<usize>,
    sort: Option<Sort>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn skip(&mut self, wanted: fn(char) -> bool) {
        while self.peek().is_some_and(wanted) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Alternatives up to the end or to a closing bracket.
    fn any(&mut self) -> Result<Any, Mistake> {
        let mut any = Any::new();
        loop {
            let start = self.at;
            let all = self.all()?;
            let joins = self.at;
            let goes_on = self.takes_or();
            let is_whole_query = any.is_empty() && !goes_on && self.open.is_empty();
            if all.is_empty() && is_whole_query {
                return Ok(any);
            }
            if all.is_empty() {
                let at = if goes_on { joins } else { start };
                return Err(Mistake::new(
                    at,
                    "Something has to stand here, on both sides of `or` and between brackets.",
                ));
            }
            any.push(all);
            if !goes_on {
                return Ok(any);
            }
        }
    }

    /// What stands side by side, up to the next `or`, the end, or a closing bracket.
    fn all(&mut self) -> Result<Vec<Part>, Mistake> {
        let mut all = Vec::new();
        loop {
            self.skip(char::is_whitespace);
            if matches!(self.peek(), None | Some(')')) || self.is_or() {
                return Ok(all);
            }
            if self.terms == MOST_TERMS {
                return Err(Mistake::new(self.at, format!("A query has at most {MOST_TERMS} terms.")));
            }
            self.terms += 1;
            all.extend(self.part()?);
        }
    }

    fn is_or(&self) -> bool {
        let word: String = self.text[self.at..].iter().take_while(|c| is_bare(**c)).collect();
        is_or(&word)
    }

    fn takes_or(&mut self) -> bool {
        let found = self.is_or();
        self.at += if found { 2 } else { 0 };
        found
    }

    /// A term or a group; nothing for an order.
    fn part(&mut self) -> Result<Option<Part>, Mistake> {
        let start = self.at;
        let negated = self.take('-');
        if self.peek() == Some('(') {
            return self.group(negated).map(Some);
        }
        let name = self.name();
        let what = match name.as_deref() {
            Some("sort") if negated => return Err(Mistake::new(start, "An order cannot be negated.")),
            Some("sort") if !self.open.is_empty() => {
                return Err(Mistake::new(start, "An order stands outside of brackets."));
            }
            Some("sort") => return self.sort().map(|()| None),
            Some("time-in") => self.time_in()?,
            Some("field") => self.custom()?,
            Some(name) => self.field(name, start + usize::from(negated))?,
            None => What::Text(self.value()?),
        };
        self.ends()?;
        Ok(Some(Part::Term(Term { negated, what })))
    }

    fn group(&mut self, negated: bool) -> Result<Part, Mistake> {
        let start = self.at;
        if self.open.len() == DEEPEST {
            return Err(Mistake::new(start, format!("Brackets stand at most {DEEPEST} deep.")));
        }
        self.at += 1;
        self.open.push(start);
        let any = self.any()?;
        if !self.take(')') {
            return Err(Mistake::new(start, "This bracket is not closed."));
        }
        self.open.pop();
        self.ends()?;
        Ok(Part::Group { negated, any })
    }

    /// The name before a colon or a bracket, if one stands here.
    fn name(&mut self) -> Option<String> {
        let length = self.text[self.at..].iter().take_while(|c| c.is_ascii_alphabetic() || **c == '-').count();
        let name: String = self.text[self.at..self.at + length].iter().collect();
        match self.text.get(self.at + length) {
            Some(':') if length > 0 => {
                self.at += length + 1;
                Some(name)
            }
            Some('(') if matches!(name.as_str(), "time-in" | "field") => {
                self.at += length + 1;
                Some(name)
            }
            _ => None,
        }
    }

    fn sort(&mut self) -> Result<(), Mistake> {
        let word = self.value()?;
        let words = Sort::ALL.map(Sort::word).join(", ");
        let found = Sort::ALL.into_iter().find(|sort| sort.word() == word.text);
        let sort = found.ok_or_else(|| Mistake::new(word.at, format!("Sort by one of {words}.")))?;
        if self.sort.replace(sort).is_some() {
            return Err(Mistake::new(word.at, "There is an order already."));
        }
        self.ends()
    }

    fn field(&mut self, name: &str, at: usize) -> Result<What, Mistake> {
        let Some(field) = Field::named(name) else { return Err(unknown(name, at)) };
        if let Some(comparison) = self.comparison() {
            let word = self.value()?;
            return match field.takes(&word.text, true) {
                true => Ok(What::Compare(field, comparison, word)),
                false => Err(wrong(field, &word)),
            };
        }
        let words = self.list()?;
        match words.iter().find(|word| !field.takes(&word.text, false)) {
            Some(word) => Err(wrong(field, word)),
            None => Ok(What::Is(field, words)),
        }
    }

    fn time_in(&mut self) -> Result<What, Mistake> {
        let states = self.list()?;
        let how = "Write it as time-in(review):>3d.";
        if !self.take(')') {
            return Err(Mistake::new(self.at, format!("A closing bracket is missing. {how}")));
        }
        self.take(':');
        let comparison = self.comparison().ok_or_else(|| Mistake::new(self.at, format!("Compare the time. {how}")))?;
        let word = self.value()?;
        match span(&word.text) {
            Some(_) => Ok(What::TimeIn(states, comparison, word)),
            None => {
                Err(Mistake::new(word.at, format!("`{}` is no length of time; write 45m, 5h, 3d or 2w.", word.text)))
            }
        }
    }

    fn custom(&mut self) -> Result<What, Mistake> {
        let how = "Write it as field(\"Customer\"):Acme.";
        if self.text[..self.at].last() != Some(&'(') {
            return Err(Mistake::new(self.at, format!("The name of the field stands between brackets. {how}")));
        }
        let field = self.value()?;
        if !self.take(')') {
            return Err(Mistake::new(self.at, format!("A closing bracket is missing. {how}")));
        }
        if !self.take(':') {
            return Err(Mistake::new(self.at, format!("A colon is missing. {how}")));
        }
        match self.comparison() {
            Some(comparison) => Ok(What::Custom(field, Asked::Compare(comparison, self.value()?))),
            None => Ok(What::Custom(field, Asked::Is(self.list()?))),
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let rest = &self.text[self.at..];
        let begins = |sign: &str| sign.chars().zip(rest).filter(|(one, other)| one == *other).count() == sign.len();
        let found = Comparison::ALL.into_iter().find(|comparison| begins(comparison.sign()))?;
        self.at += found.sign().len();
        Some(found)
    }

    fn list(&mut self) -> Result<Vec<Word>, Mistake> {
        let mut words = vec![self.value()?];
        while self.take(',') {
            if words.len() == MOST_VALUES {
                return Err(Mistake::new(self.at, format!("A list has at most {MOST_VALUES} values.")));
            }
            words.push(self.value()?);
        }
        Ok(words)
    }

    /// A word, or any text within quotation marks.
    fn value(&mut self) -> Result<Word, Mistake> {
        let at = self.at;
        let text = if self.take('"') { self.quoted(at)? } else { self.bare() };
        match text.is_empty() {
            true => Err(Mistake::new(at, "Something has to stand here.")),
            false => Ok(Word { text, at }),
        }
    }

    fn bare(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(is_bare) {
            self.at += 1;
        }
        self.text[start..self.at].iter().collect()
    }

    fn quoted(&mut self, at: usize) -> Result<String, Mistake> {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '"' => return Ok(text),
                '\\' => {
                    text.extend(self.peek());
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
        Err(Mistake::new(at, "This quotation mark is not closed."))
    }

    /// A term ends with a space, or with the brackets around it.
    fn ends(&self) -> Result<(), Mistake> {
        match self.peek() {
            None => Ok(()),
            Some(c) if c.is_whitespace() || c == ')' => Ok(()),
            Some(c) => {
                Err(Mistake::new(self.at, format!("`{c}` cannot stand here. Put a text with it into quotation marks.")))
            }
        }
    }
}

/// The word between alternatives, which as a text stands in quotation marks.
pub(super) fn is_or(word: &str) -> bool {
    word.eq_ignore_ascii_case("or")
}

/// What needs no quotation marks within a word.
pub(super) fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '"' | ',' | '(' | ')' | '\\')
}

fn unknown(name: &str, at: usize) -> Mistake {
    let near = FIELDS.iter().map(|(_, word, ..)| *word).chain(["sort"]).find(|word| close(word, name));
    match near {
        Some(word) => Mistake::new(at, format!("There is no field `{name}`. Did you mean `{word}`?")),
        None => {
            let all: Vec<&str> = FIELDS.iter().map(|(_, word, ..)| *word).chain(["time-in", "field", "sort"]).collect();
            Mistake::new(at, format!("There is no field `{name}`. The fields are {}.", all.join(", ")))
        }
    }
}

fn wrong(field: Field, word: &Word) -> Mistake {
    let Word { text, at } = word;
    let near = match field.kind() {
        Kind::Words(words) => words.iter().find(|word| close(word, text)),
        _ => None,
    };
    let hint = near.map_or_else(|| format!("It takes {}.", field.help()), |near| format!("Did you mean `{near}`?"));
    Mistake::new(*at, format!("`{text}` does not fit `{}`. {hint}", field.word()))
}

/// Whether one letter more, less or other, or two that changed places, makes the one of the other.
pub fn close(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[..one.len() - end], &other[..other.len() - end]);
    match (one, other) {
        ([a, b], [c, d]) => a == d && b == c,
        (one, other) => one.len() <= 1 && other.len() <= 1,
    }
}
