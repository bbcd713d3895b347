use super::{Marks, Piece, extract, title};
use proptest::prelude::*;

fn marks(words: &[&str], start: Option<&str>) -> Marks {
    Marks {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        start: start.map(str::to_owned),
        slips: false,
    }
}

fn shown(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

#[test]
fn what_was_looked_for_is_marked_as_it_is_written() {
    assert_eq!(shown(&title("Café “Zażółć” pays", &marks(&["cafe"], Some("pay")))), "[Café] “Zażółć” [pays]");
    let slip = Marks { slips: true, ..marks(&["zielinsky"], None) };
    assert_eq!(shown(&title("Tomasz Zieliński", &slip)), "Tomasz [Zieliński]");
}

#[test]
fn an_extract_is_where_most_of_the_words_are() {
    let filler = "so it goes on ".repeat(20);
    let text = format!("budget {filler}the retry\n\n budget is spent {filler}");
    let found = shown(&extract(&text, &marks(&["retry", "budget"], None)));
    assert!(found.starts_with("… ") && found.ends_with(" …"), "{found}");
    assert!(found.contains("the [retry] [budget] is spent"), "{found}");
    assert_eq!(shown(&extract("Nothing of it.", &marks(&["retry"], None))), "Nothing of it.");
    assert_eq!(extract("", &marks(&["retry"], None)), []);
}

proptest! {
    #[test]
    fn an_extract_of_any_text_is_short_and_on_one_line(text in any::<String>(), times in 1..200_usize) {
        let pieces = extract(&text.repeat(times), &marks(&["a", "1"], Some("b")));
        let shown: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        prop_assert!(shown.chars().count() < 4_000);
        prop_assert!(!shown.contains(['\n', '\0']));
        prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
    }
}
