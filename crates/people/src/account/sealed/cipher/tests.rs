use super::*;
use proptest::prelude::*;

const HERE: Place<'static> = Place { table: "t", row: "r", column: "c", owner: "o", revision: 1 };

fn key(byte: u8) -> Key {
    Key([byte; 32])
}

#[test]
fn a_text_opens_where_it_was_sealed_and_nowhere_else() {
    let sealed = key(7).seal(HERE, b"Watch for the long evenings.").unwrap();
    let opened = key(7).open(HERE, &sealed).unwrap().unwrap();
    assert_eq!(opened.as_slice(), b"Watch for the long evenings.");
    let elsewhere = [
        Place { table: "u", ..HERE },
        Place { row: "s", ..HERE },
        Place { column: "d", ..HERE },
        Place { owner: "p", ..HERE },
        Place { revision: 2, ..HERE },
    ];
    for place in elsewhere {
        assert!(key(7).open(place, &sealed).unwrap().is_none());
    }
    assert!(key(8).open(HERE, &sealed).unwrap().is_none());
}

#[test]
fn lengths_fall_into_few_sizes() {
    let size = |length: usize| key(1).seal(HERE, &vec![b'x'; length]).unwrap().len();
    assert_eq!(size(0), size(252));
    assert!(size(252) < size(253));
    assert_eq!(size(253), size(1020));
    assert_eq!(size(1021), size(4092));
    assert_eq!(size(4093), size(8188));
}

/// What an earlier version wrote has to open for ever. Version, nonce and the first 16 bytes of the text, and the tag,
/// were computed by another implementation, which gives the result of draft-irtf-cfrg-xchacha-03, A.3.1.
#[test]
fn a_text_of_before_still_opens() {
    let sealed = key(0x42).seal_with(HERE, b"cairn", [9; NONCE]).unwrap();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (start, tag) = (hex(&sealed[..41]), hex(&sealed[sealed.len() - 16..]));
    assert_eq!(start, "0109090909090909090909090909090909090909090909090979a21a0bccd582a25f9e3daa8272b877");
    assert_eq!(tag, "4bc9d4665bb8b398364356db0eeb9693");
    assert_eq!(key(0x42).open(HERE, &sealed).unwrap().unwrap().as_slice(), b"cairn");
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unseen(text in proptest::collection::vec(any::<u8>(), 0..600), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut sealed = key(3).seal(HERE, &text).unwrap();
        let opened = key(3).open(HERE, &sealed).unwrap().unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
        let place = at.index(sealed.len());
        sealed[place] ^= flip;
        prop_assert!(key(3).open(HERE, &sealed).unwrap().is_none());
    }
}
