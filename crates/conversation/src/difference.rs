//! What changed from one version of a text to the next, word by word.
use similar::{Algorithm, ChangeTag, TextDiff};
use std::time::Duration;
use ui::{Markup, html};

/// A stretch of text that was kept, added or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub fate: ChangeTag,
    pub text: String,
}

/// Texts that have little in common are compared in larger pieces after this time.
const PATIENCE: Duration = Duration::from_millis(100);

/// The pieces of both texts in their order. Without those that were removed they are the text after, without those that
/// were added the text before, byte for byte (Myers, "An O(ND) difference algorithm and its variations", 1986).
pub(crate) fn by_words(before: &str, after: &str) -> Vec<Piece> {
    let compared = TextDiff::configure().algorithm(Algorithm::Myers).timeout(PATIENCE).diff_words(before, after);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in compared.iter_all_changes() {
        match pieces.last_mut().filter(|last| last.fate == change.tag()) {
            Some(last) => last.text.push_str(change.value()),
            None => pieces.push(Piece { fate: change.tag(), text: change.value().to_owned() }),
        }
    }
    pieces
}

pub(crate) fn show(pieces: &[Piece]) -> Markup {
    html! { @for piece in pieces { @match piece.fate {
        ChangeTag::Equal => (piece.text),
        ChangeTag::Insert => ins { (piece.text) },
        ChangeTag::Delete => del { (piece.text) },
    } } }
}

#[cfg(test)]
mod tests;
