//! Small pieces of pages. The classes are those of `web/README.md`.
use crate::{Cx, Markup, NavPlace, asset_url, html};
use kernel::{Id, Person, fingerprint};

/// The head of a page: a sentence, where it is, and at most two things to do.
#[derive(Default)]
pub struct Head<'a> {
    pub crumbs: Vec<(&'a str, &'a str)>,
    pub title: &'a str,
    pub lead: &'a str,
    pub face: Option<Markup>,
    pub actions: Option<Markup>,
}

impl Head<'_> {
    pub fn show(&self) -> Markup {
        html! {
            header.page-head {
                @if let Some(face) = &self.face { (face) }
                div.grow {
                    @if !self.crumbs.is_empty() {
                        nav.crumbs aria-label="Where this is" { @for (href, label) in &self.crumbs { a href=(href) { (label) } } }
                    }
                    h1 { (self.title) }
                    @if !self.lead.is_empty() { p.lead { (self.lead) } }
                }
                @if let Some(actions) = &self.actions { div.actions { (actions) } }
            }
        }
    }
}

pub fn icon(name: &str) -> Markup {
    html! { svg.icon aria-hidden="true" { use href={ (asset_url("icons.svg")) "#" (name) } {} } }
}

/// `good`, `warn`, `bad`, `info`, `line` or nothing; the word says it, the colour repeats it.
pub fn chip(state: &str, words: &str) -> Markup {
    html! { span class={ "chip " (state) } { (words) } }
}

/// A person's colour: the same on every page, and nothing but decoration.
pub fn hue(id: &Id<Person>) -> u64 {
    (fingerprint(id.as_str()) as u64) % 12
}

/// The first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let letter = |word: &str| {
        word.chars().find(|c| c.is_alphanumeric()).into_iter().flat_map(char::to_uppercase).collect::<String>()
    };
    let first = words.next().map(letter).unwrap_or_default();
    words.next_back().map(letter).map_or(first.clone(), |last| first + &last)
}

pub fn avatar(id: &Id<Person>, name: &str) -> Markup {
    html! { span class={ "avatar hue-" (hue(id)) } aria-hidden="true" { (initials(name)) } }
}

pub fn avatar_small(id: &Id<Person>, name: &str) -> Markup {
    html! { span class={ "avatar s hue-" (hue(id)) } aria-hidden="true" { (initials(name)) } }
}

pub fn avatar_large(id: &Id<Person>, name: &str) -> Markup {
    html! { span class={ "avatar xl hue-" (hue(id)) } aria-hidden="true" { (initials(name)) } }
}

/// The photo where there is one, else the letters; `size` is `s`, ``, `l` or `xl`.
pub fn face(id: &Id<Person>, name: &str, photo: Option<&str>, size: &str) -> Markup {
    let pixels = match size {
        "s" => 19,
        "l" => 36,
        "xl" => 64,
        _ => 24,
    };
    html! {
        @if let Some(photo) = photo {
            img class={ "avatar " (size) } src={ "/people/" (id) "/photo/" (photo) } alt="" width=(pixels) height=(pixels);
        } @else {
            span class={ "avatar " (size) " hue-" (hue(id)) } aria-hidden="true" { (initials(name)) }
        }
    }
}

pub fn person_link(id: &Id<Person>, name: &str) -> Markup {
    html! { a.person href={ "/people/" (id) } { (avatar(id, name)) span { (name) } } }
}

/// An empty place: what it is for, and the one thing to do.
pub fn empty(what: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        section.card.empty {
            p { (what) }
            @if let Some((href, label)) = action { a.button href=(href) { (label) } }
        }
    }
}

/// Pairs of a word and what it stands for.
pub fn facts(pairs: &[(&str, Markup)]) -> Markup {
    html! { dl.facts { @for (word, value) in pairs { div { dt { (word) } dd { (value) } } } } }
}

/// The pages of a team, beside each other.
pub fn team_tabs(cx: &Cx, team: impl std::fmt::Display) -> Markup {
    let home = format!("/teams/{team}");
    let items = cx.site.nav.iter().filter(|item| item.place == NavPlace::Team && (item.shown)(cx.actor()));
    let tabs = std::iter::once((home.clone(), "People"))
        .chain(items.map(|item| (format!("{home}/{}", item.href), item.label)));
    html! {
        nav.tabs aria-label="Pages of the team" {
            @for (href, label) in tabs { a href=(href) aria-current=[(cx.path == href).then_some("page")] { (label) } }
        }
    }
}

pub fn load_more(href: Option<&str>) -> Markup {
    html! { @if let Some(href) = href { div.pages { a.button rel="next" href=(href) { "Show more" } } } }
}
