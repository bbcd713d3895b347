use super::*;
use proptest::prelude::*;

const ABOUT: &str = "factors.secret of 1";

fn vault() -> Vault {
    Vault::new([7; 32])
}

#[test]
fn a_secret_of_the_first_version_opens_for_ever() {
    assert_eq!(vault().open("totp", ABOUT, FIRST).as_deref(), Some("JBSWY3DPEHPK3PXP"));
}

/// Made by another implementation, which keeps the test vector A.3.1 of the draft.
const FIRST: &str = "1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYX+kQ5FmPbS9McSay0Cegi8kp507H3jF102gbTvsef6DQ";

proptest! {
    #[test]
    fn what_was_sealed_opens_in_its_place_only(secret in "\\PC{0,80}") {
        let sealed = vault().seal("totp", ABOUT, &secret).unwrap();
        prop_assert_eq!(vault().open("totp", ABOUT, &sealed), Some(secret.clone()));
        prop_assert_eq!(vault().open("totp", "factors.secret of 2", &sealed), None);
        prop_assert_eq!(vault().open("cookie", ABOUT, &sealed), None);
        prop_assert_eq!(Vault::new([8; 32]).open("totp", ABOUT, &sealed), None);
        prop_assert_eq!(Vault::closed().open("totp", ABOUT, &sealed), None);
        prop_assert!(secret.len() < 8 || !sealed.contains(&secret));
        prop_assert_ne!(vault().seal("totp", ABOUT, &secret).unwrap(), sealed);
    }

    #[test]
    fn a_changed_letter_opens_nothing(at in 0_usize..60, letter in "[A-Za-z0-9+/]") {
        let sealed = vault().seal("totp", ABOUT, "JBSWY3DPEHPK3PXP").unwrap();
        let mut changed = sealed.clone();
        changed.replace_range(at..=at, &letter);
        prop_assert!(changed == sealed || vault().open("totp", ABOUT, &changed).is_none());
    }
}

#[test]
fn without_a_key_nothing_is_sealed() {
    assert!(Vault::closed().seal("totp", ABOUT, "secret").is_err());
}
