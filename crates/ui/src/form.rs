use crate::{Cx, Markup, html};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Flaw;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The state of a form: what its fields hold, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Form {
    texts: Vec<(String, String)>,
    flaws: Vec<Flaw>,
}

impl Form {
    /// A form as the record stands: pairs of field and text.
    pub fn of<const N: usize>(texts: [(&str, String); N]) -> Form {
        Form { texts: texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect(), flaws: Vec::new() }
    }

    pub fn refused(texts: Vec<(String, String)>, flaws: Vec<Flaw>) -> Form {
        Form { texts, flaws }
    }

    pub fn value(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, text)| text)
    }

    /// All texts of one name, in their order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.texts.iter().filter(move |(key, _)| key == name).map(|(_, text)| text.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.texts.iter().any(|(key, _)| key == name)
    }

    pub fn holds(&self, name: &str, text: &str) -> bool {
        self.texts.iter().any(|(key, value)| key == name && value == text)
    }

    pub fn flaw(&self, name: &str) -> Option<&str> {
        self.flaws.iter().find(|flaw| flaw.field == name).map(|flaw| flaw.sentence.as_str())
    }

    /// All that has to be mended, above the fields.
    pub fn summary(&self) -> Markup {
        let count = match self.flaws.len() {
            0 => return html! {},
            1 => "One thing needs a change".to_owned(),
            n => format!("{n} things need a change"),
        };
        html! {
            section.error-summary #errors role="alert" tabindex="-1" {
                h2 { (count) }
                ul { @for flaw in &self.flaws { li {
                    @if flaw.field.is_empty() { (flaw.sentence) } @else { a href={ "#" (flaw.field) } { (label_of(&flaw.field)) ": " (flaw.sentence) } }
                } } }
            }
        }
    }

    /// One line of text.
    pub fn text(&self, name: &str, label: &str, hint: &str) -> Markup {
        self.input("text", name, label, hint, false)
    }

    pub fn optional(&self, name: &str, label: &str, hint: &str) -> Markup {
        self.input("text", name, label, hint, true)
    }

    /// A field of an HTML type such as `date`, `email` or `password`.
    pub fn input(&self, kind: &str, name: &str, label: &str, hint: &str, optional: bool) -> Markup {
        let value = if kind == "password" { "" } else { self.value(name) };
        let complete = match name {
            "email" if optional => Some("off"), // somebody else's
            "token" => Some("off"),             // of another system
            "email" => Some("username"),
            "password" => Some("current-password"),
            "new_password" => Some("new-password"),
            "code" => Some("one-time-code"),
            _ => None,
        };
        self.field(name, label, hint, optional, html! {
            input id=(name) name=(name) type=(kind) value=(value) autocomplete=[complete]
                required[!optional] aria-describedby=[self.described(name, hint)] aria-invalid=[self.flaw(name).map(|_| "true")];
        })
    }

    pub fn area(&self, name: &str, label: &str, hint: &str, rows: u32) -> Markup {
        self.field(name, label, hint, true, html! {
            textarea.writing id=(name) name=(name) rows=(rows)
                aria-describedby=[self.described(name, hint)] aria-invalid=[self.flaw(name).map(|_| "true")] { (self.value(name)) }
        })
    }

    /// One of several; `nothing` is the words for no choice, where that is one.
    pub fn select(
        &self,
        name: &str,
        label: &str,
        hint: &str,
        nothing: Option<&str>,
        choices: &[(String, String)],
    ) -> Markup {
        self.field(name, label, hint, nothing.is_some(), self.options(name, hint, nothing, choices))
    }

    /// A select with type-ahead, for long lists.
    pub fn combo(
        &self,
        name: &str,
        label: &str,
        hint: &str,
        nothing: Option<&str>,
        choices: &[(String, String)],
    ) -> Markup {
        let select = self.options(name, hint, nothing, choices);
        self.field(name, label, hint, nothing.is_some(), html! { combo-box { (select) } })
    }

    /// A text with proposals: the pairs are what is filled in, and what is said of it.
    pub fn proposed(
        &self,
        name: &str,
        label: &str,
        hint: &str,
        optional: bool,
        choices: &[(String, String)],
    ) -> Markup {
        let list = format!("{name}-choices");
        self.field(name, label, hint, optional, html! {
            input id=(name) name=(name) type="text" value=(self.value(name)) autocomplete="off" list=(list)
                required[!optional] aria-describedby=[self.described(name, hint)] aria-invalid=[self.flaw(name).map(|_| "true")];
            datalist id=(list) { @for (value, words) in choices { option value=(value) { (words) } } }
        })
    }

    /// The working hours of a week.
    pub fn hours(&self, name: &str, label: &str, hint: &str) -> Markup {
        html! { hours-editor { (self.input("text", name, label, hint, false)) } }
    }

    fn options(&self, name: &str, hint: &str, nothing: Option<&str>, choices: &[(String, String)]) -> Markup {
        html! {
            select id=(name) name=(name) aria-describedby=[self.described(name, hint)] aria-invalid=[self.flaw(name).map(|_| "true")] {
                @if let Some(words) = nothing { option value="" { (words) } }
                @for (value, words) in choices { option value=(value) selected[self.value(name) == value] { (words) } }
            }
        }
    }

    fn field(&self, name: &str, label: &str, hint: &str, optional: bool, control: Markup) -> Markup {
        html! {
            div.field {
                label for=(name) { (label) @if optional { " " span.optional { "optional" } } }
                @if !hint.is_empty() { p.hint id={ (name) "-hint" } { (hint) } }
                (control)
                @if let Some(sentence) = self.flaw(name) { p.error id={ (name) "-error" } { (sentence) } }
            }
        }
    }

    fn described(&self, name: &str, hint: &str) -> Option<String> {
        let hint = (!hint.is_empty()).then(|| format!("{name}-hint"));
        let error = self.flaw(name).map(|_| format!("{name}-error"));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }
}

/// `starts_on` is "Starts on" to a reader. Behind a point stands an id, which says nothing.
fn label_of(field: &str) -> String {
    let words = field.split('.').next().unwrap_or(field).replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// The hidden field that every form carries: it proves that a page of this session made the form.
pub fn token(cx: &Cx) -> Markup {
    html! { @if let Some(secret) = &cx.viewer.secret { input type="hidden" name="csrf" value=(derive("form", secret, "")); } }
}

pub(crate) fn is_token(cx: &Cx, token: &str) -> bool {
    match &cx.viewer.secret {
        Some(secret) => derive("form", secret, "").as_bytes().ct_eq(token.as_bytes()).into(),
        None => true, // nobody is signed in; the origin of the request was checked before
    }
}

/// Whether a page of this session was given these topics of the live stream.
pub fn proven(cx: &Cx, topics: &str, proof: &str) -> bool {
    let Some(secret) = &cx.viewer.secret else { return false };
    derive("live", secret, topics).as_bytes().ct_eq(proof.as_bytes()).into()
}

/// A value that only the server and this session can make, for one purpose and one text.
pub(crate) fn derive(purpose: &str, secret: &str, text: &str) -> String {
    let parts = [purpose, "\0", secret, "\0", text];
    let hash = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part.as_bytes())).finalize();
    URL_SAFE_NO_PAD.encode(hash)
}
