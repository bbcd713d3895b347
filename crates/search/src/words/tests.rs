use super::{slips, words};
use proptest::prelude::*;

fn texts(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.text).collect()
}

#[test]
fn a_word_has_no_case_no_accents_and_no_marks_around_it() {
    assert_eq!(texts("Zażółć gęślą jaźń!"), ["zazolc", "gesla", "jazn"]);
    assert_eq!(texts("Straße, ŒUVRE; Þór İstanbul ﬁn"), ["strasse", "oeuvre", "thor", "istanbul", "fin"]);
    assert_eq!(texts("NW-9001 a_b O'Neill"), ["nw", "9001", "a", "b", "o", "neill"]);
    assert_eq!(texts("e\u{301}te\u{301}"), ["ete"]);
    assert_eq!(texts("👍 \0 \"*()"), [""; 0]);
}

#[test]
fn one_slip_of_the_hand_leaves_something_in_common() {
    let meet = |one: &str, other: &str| !slips(one).is_disjoint(&slips(other));
    assert!(meet("payments", "paymnts") && meet("payments", "paymments"));
    assert!(meet("payments", "paynents") && meet("payments", "pyaments"));
    assert!(!meet("payments", "pavnents") && !meet("cat", "car"));
}

proptest! {
    #[test]
    fn a_word_stands_where_it_says_and_is_the_same_when_read_again(text in any::<String>()) {
        let mut before = 0;
        for word in words(&text) {
            prop_assert!(word.start >= before && word.end > word.start);
            prop_assert!(text.get(word.start..word.end).is_some());
            prop_assert!(word.text.chars().all(char::is_alphanumeric));
            prop_assert!(!word.text.bytes().any(|b| b.is_ascii_uppercase()));
            before = word.end;
        }
    }
}
