use super::*;
use proptest::prelude::*;

fn text_of(pieces: &[Piece], without: ChangeTag) -> String {
    pieces.iter().filter(|piece| piece.fate != without).map(|piece| piece.text.as_str()).collect()
}

#[test]
fn the_words_that_differ_are_marked_and_no_others() {
    let pieces = by_words("which meeting of yours would nobody miss?", "which one meeting of yours would nobody need?");
    let shown = show(&pieces).into_string();
    assert_eq!(shown, "which <ins>one </ins>meeting of yours would nobody <del>miss?</del><ins>need?</ins>");
}

#[test]
fn what_was_typed_is_never_markup() {
    let shown = show(&by_words("a", "a <script>alert(1)</script>")).into_string();
    assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script>"), "{shown}");
}

#[test]
fn texts_without_a_word_in_common_are_compared_in_time() {
    let long = |word: &str| (0..20_000).map(|i| format!("{word}{i} ")).collect::<String>();
    let (before, after) = (long("a"), long("b"));
    let start = std::time::Instant::now();
    let pieces = by_words(&before, &after);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(text_of(&pieces, ChangeTag::Delete), after);
}

proptest! {
    #[test]
    fn both_texts_come_back_byte_for_byte(before in "[a-c <&\\n]{0,60}", after in "[a-c <&\\n]{0,60}") {
        let pieces = by_words(&before, &after);
        prop_assert_eq!(text_of(&pieces, ChangeTag::Insert), before);
        prop_assert_eq!(text_of(&pieces, ChangeTag::Delete), after);
    }
}
