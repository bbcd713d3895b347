use super::*;
use proptest::prelude::*;

/// The key of the examples in RFC 6238, appendix B.
const KEY: &[u8] = b"12345678901234567890";

fn at(seconds: i64) -> Time {
    Time(seconds * 1_000_000)
}

#[test]
fn the_examples_of_the_standard_come_out() {
    for (seconds, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(code_at(&base32(KEY), seconds / STEP).as_deref(), Some(code));
        assert_eq!(step_of(&base32(KEY), code, at(seconds), 0), Some(seconds / STEP));
    }
}

#[test]
fn a_code_is_taken_for_a_step_around_its_own_and_once() {
    let secret = base32(KEY);
    let code = code_at(&secret, 100).unwrap();
    let taken = |seconds| step_of(&secret, &code, at(seconds), 0).is_some();
    let table: Vec<bool> = [2969, 2970, 3000, 3029, 3059, 3060].into_iter().map(taken).collect();
    assert_eq!(table, [false, true, true, true, true, false]);
    assert_eq!(step_of(&secret, &code, at(3000), 100), None, "it was used already");
    assert_eq!(step_of(&secret, "", at(3000), 0), None);
}

#[test]
fn the_address_names_the_workspace_and_the_account() {
    let found = address("ABC", "North & West", "ola@north.example");
    assert_eq!(found, "otpauth://totp/North%20%26%20West:ola%40north.example?secret=ABC&issuer=North%20%26%20West");
}

proptest! {
    #[test]
    fn base32_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        prop_assert_eq!(from_base32(&base32(&bytes)), Some(bytes));
    }
}
