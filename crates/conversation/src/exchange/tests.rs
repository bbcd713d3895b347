use super::*;

const NOW: Time = Time(1_773_748_800_000_000);

/// Comments in their order; `!` is the outcome of a call, `-` one that was deleted.
fn said(authors: &str, minutes: u64) -> Vec<Comment> {
    let count = authors.len() as u64;
    let one = |(i, author): (usize, char)| Comment {
        id: Id::from_u128(i as u128),
        author_id: Id::from_u128(if author.is_ascii_uppercase() { author as u128 } else { 0 }),
        author_name: author.to_string(),
        author_photo: None,
        mark: if author == '!' { Mark::Call } else { Mark::Comment },
        body: "Hm.".into(),
        created_at: NOW - Duration::from_secs(60 * minutes * (count - i as u64)),
        edited_at: None,
        deleted_at: (author == '-').then_some(NOW),
        reactions: Vec::new(),
        mentions: Vec::new(),
        files: Vec::new(),
    };
    authors.chars().enumerate().map(one).collect()
}

#[test]
fn a_call_is_offered_after_three_exchanges_and_not_before() {
    let pair = Some([Id::from_u128('A' as u128), Id::from_u128('B' as u128)]);
    for (authors, expected) in [
        ("ABABAB", pair),
        ("CABABAB", pair),
        ("AABBBABAAB", pair),
        ("ABAB-AB", pair),
        ("ABABA", None),
        ("ABACAB", None),
        ("ABABABC", None),
        ("AAAAAAAA", None),
        ("ABAB!AB", None),
        ("ABABAB!", None),
        ("", None),
    ] {
        assert_eq!(two_in_turn(&said(authors, 30), NOW), expected, "{authors}");
    }
    assert_eq!(two_in_turn(&said("ABABAB", 12 * 60), NOW), None, "three days are no back and forth");
}
