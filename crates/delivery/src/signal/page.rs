//! What changed, as a list on other pages.
use super::{LOOKS, TeamSignal};
use kernel::{Id, Team, Tone};
use ui::{Cx, Markup, html};

/// The signals of a team; nothing where there is none.
pub(crate) fn list(cx: &Cx, team: Id<Team>, all: &[TeamSignal]) -> Markup {
    html! { @if let Some(first) = all.first() {
        section.card #signals {
            header { h2 { "What changed" } span.right.small.muted { "Looked for " (ui::ago(first.found_at, cx.now(), &cx.viewer.zone)) } }
            ul.list { @for one in all { li {
                (ui::chip(state(one.tone), if one.tone == Tone::Good { "Better" } else { "Look" }))
                div {
                    a href={ "/teams/" (team) "/" (one.series.page()) } { (one.sentence) }
                    p.small.muted { (one.basis) "." }
                }
            } } }
            footer.small.muted { "The weeks of half a year are looked at in every order that they could have had, and reviews rest on two people where these alone answered more than half of what was merged, by more than chance makes of any two. What is shown here is so clear that a team where nothing is the matter shows anything in at most one look of " (LOOKS) ", if one week does not depend on the one before." }
        }
    } }
}

fn state(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Warn => "warn",
        Tone::Good => "good",
    }
}
