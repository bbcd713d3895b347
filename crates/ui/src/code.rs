//! Pull requests and commits beside a record.
use crate::{Cx, Markup, ago, chip, html};
use kernel::{CodeChange, CodeState};

/// As a list, in the order in which they come.
pub fn code_changes(cx: &Cx, all: &[CodeChange]) -> Markup {
    html! { @if !all.is_empty() { ul.list.plain { @for change in all { (line(cx, change)) } } } }
}

fn line(cx: &Cx, change: &CodeChange) -> Markup {
    let (tone, word) = says(change.state);
    html! { li {
        div.what {
            p { @match &change.href {
                Some(href) => a href=(href) rel="noopener nofollow" { (change.title) },
                None => (change.title),
            } }
            p.small.muted {
                (change.name)
                @if let Some(name) = &change.by_name { " · " (name) }
                " · " (ago(change.at, cx.now(), &cx.viewer.zone))
                @if change.mentions { " · mentions it" }
            }
        }
        (chip(tone, word))
    } }
}

fn says(state: CodeState) -> (&'static str, &'static str) {
    match state {
        CodeState::Draft => ("", "Draft"),
        CodeState::Open => ("info", "Open"),
        CodeState::Merged => ("good", "Merged"),
        CodeState::Closed => ("", "Closed"),
        CodeState::Committed => ("", "Commit"),
    }
}
