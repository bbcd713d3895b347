use super::*;
use proptest::prelude::*;

#[test]
fn numbers_are_read_as_they_are_meant() {
    for (text, shown) in [("7", "7"), ("007.50", "7.5"), ("-0.000001", "-0.000001"), ("-0", "0"), ("12.0", "12")] {
        assert_eq!(text.parse::<Number>().unwrap().to_string(), shown);
    }
    for wrong in ["", "-", ".5", "5.", "1e3", "1,5", "1000000000000", "0.0000001", "--1", "+1", "١"] {
        assert!(wrong.parse::<Number>().is_err(), "{wrong}");
    }
}

#[test]
fn only_addresses_of_pages_are_links() {
    assert!(link("https://example.org/a?b=c#d").is_ok());
    for wrong in ["javascript:alert(1)", "data:text/html,x", "example.org", "https://", "https://a b", "file:///etc"] {
        assert!(link(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn keys_of_numbers_sort_like_them(one in -999_999_999_999_999_999_i64..OFFSET, other in -999_999_999_999_999_999_i64..OFFSET) {
        prop_assert_eq!(one.cmp(&other), Number(one).key().cmp(&Number(other).key()));
        prop_assert_eq!(Number(one).to_string().parse::<Number>(), Ok(Number(one)));
    }

    #[test]
    fn what_a_field_holds_lies_between_its_ends(text in "\\PC{0,300}", place in any::<u32>()) {
        let (field, other) = (Id::at(kernel::Time(1), place), Id::at(kernel::Time(2), place));
        let ([first, last], key) = (everything(field), sought(field, &text_key(&text)));
        prop_assert!(first < key && key < last);
        let elsewhere = sought(other, &text_key(&text));
        prop_assert!(field == other || elsewhere < first || last < elsewhere);
        prop_assert!(key.chars().count() < 160);
    }
}
