use super::{check, hash, verify};

#[tokio::test]
async fn the_right_password_opens_and_gives_the_same_key_each_time() {
    let (stored, key) = hash("correct horse battery").await.unwrap();
    let again = verify("correct horse battery", Some(&stored)).await.unwrap().unwrap();
    assert_eq!(again.0, key.0);
    assert!(verify("correct horse batterz", Some(&stored)).await.unwrap().is_none());
    assert!(verify("correct horse battery", None).await.unwrap().is_none());
    let (other, _) = hash("correct horse battery").await.unwrap();
    assert_ne!(stored, other, "each password has its own salt");
}

#[tokio::test]
async fn two_spellings_of_one_letter_are_one_password() {
    let (stored, _) = hash("caf\u{e9} at the harbour").await.unwrap();
    assert!(verify("cafe\u{301} at the harbour", Some(&stored)).await.unwrap().is_some());
}

#[test]
fn what_everyone_tries_first_is_refused() {
    for bad in [
        "short",
        "passwordpassword",
        "password12345",
        "aaaaaaaaaaaaaa",
        "abcabcabcabc",
        "qwertyuiopas",
        "123456789012",
        "Welcome2026!!",
    ] {
        assert!(check("password", bad).is_err(), "{bad} was accepted");
    }
    for good in ["correct horse battery", "señor-ñandú-2026", "lanterns under the pier"] {
        assert!(check("password", good).is_ok(), "{good} was refused");
    }
}
