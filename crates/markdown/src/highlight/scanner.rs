use super::languages::Language;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Plain,
    Comment,
    String,
    Number,
    Keyword,
    Type,
    Function,
    Property,
}

/// The tokens of a piece of code with their text, which together is all of it.
pub struct Scanner<'c> {
    rest: &'c str,
    before: Option<char>,
    language: &'static Language,
}

impl<'c> Scanner<'c> {
    pub fn new(code: &'c str, language: &'static Language) -> Self {
        Scanner { rest: code, before: None, language }
    }

    fn token(&self, first: char) -> (Token, usize) {
        let language = self.language;
        let follows_word = self.before.is_some_and(is_word);
        if let Some(length) = self.comment() {
            (Token::Comment, length)
        } else if let Some(length) = self.string(first) {
            let is_key = language.has_keys && self.followed_by(length, ':');
            (if is_key { Token::Property } else { Token::String }, length)
        } else if first.is_ascii_digit() && !follows_word {
            (Token::Number, self.while_in(|c| is_word(c) || c == '.'))
        } else if is_word(first) {
            let length = self.while_in(|c| is_word(c) || language.word_characters.contains(c));
            (self.word(length), length)
        } else {
            (Token::Plain, first.len_utf8())
        }
    }

    fn comment(&self) -> Option<usize> {
        // In a shell, a hash within a word is part of it.
        let stands_free = |mark: &str| mark != "#" || self.before.is_none_or(char::is_whitespace);
        if self.language.line_comments.iter().any(|mark| self.rest.starts_with(mark) && stands_free(mark)) {
            return Some(self.rest.find('\n').unwrap_or(self.rest.len()));
        }
        let (open, close) = self.language.block_comment?;
        let inner = self.rest.strip_prefix(open)?;
        Some(inner.find(close).map_or(self.rest.len(), |end| open.len() + end + close.len()))
    }

    /// A string from its quote to its end; one that is not closed ends with its line.
    fn string(&self, quote: char) -> Option<usize> {
        if !self.language.quotes.contains(quote) || (quote == '\'' && self.is_apostrophe()) {
            return None;
        }
        let long = if quote == '"' { "\"\"\"" } else { "'''" };
        if self.language.has_long_strings && self.rest.starts_with(long) {
            return Some(self.rest[long.len()..].find(long).map_or(self.rest.len(), |end| end + 2 * long.len()));
        }
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                '\n' if quote != '`' => return Some(at),
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == quote => return Some(at + c.len_utf8()),
                _ => {}
            }
        }
        Some(self.rest.len())
    }

    /// A quote that opens nothing: in a word, or before a lifetime.
    fn is_apostrophe(&self) -> bool {
        let mut following = self.rest.chars().skip(1);
        let (first, second) = (following.next(), following.next());
        let is_lifetime = self.language.has_lifetimes && first != Some('\\') && second != Some('\'');
        is_lifetime || self.before.is_some_and(is_word)
    }

    fn word(&self, length: usize) -> Token {
        let word = &self.rest[..length];
        if self.language.is_keyword(word) {
            Token::Keyword
        } else if self.language.has_keys && (self.followed_by(length, ':') || self.followed_by(length, '=')) {
            Token::Property
        } else if self.rest[length..].starts_with('(') {
            Token::Function
        } else if self.language.has_types && word.starts_with(|c: char| c.is_uppercase()) {
            Token::Type
        } else {
            Token::Plain
        }
    }

    fn followed_by(&self, length: usize, mark: char) -> bool {
        let rest = &self.rest[length..];
        rest.starts_with(mark) || rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(mark))
    }

    fn while_in(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }
}

impl<'c> Iterator for Scanner<'c> {
    type Item = (Token, &'c str);

    fn next(&mut self) -> Option<Self::Item> {
        let (token, length) = self.token(self.rest.chars().next()?);
        let (text, rest) = self.rest.split_at(length);
        self.before = text.chars().next_back();
        self.rest = rest;
        Some((token, text))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
