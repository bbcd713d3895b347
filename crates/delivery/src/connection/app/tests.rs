use super::*;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

const PEM: &str = include_str!("../../../fixtures/app_key.pem");
const PEM_OF_PKCS8: &str = include_str!("../../../fixtures/app_key_8.pem");

#[test]
fn a_key_is_read_from_both_forms_and_from_one_line() {
    let joined = PEM.replace('\n', "");
    let keys: Vec<Vec<u8>> = [PEM, PEM_OF_PKCS8, &joined, &PEM.replace('\n', "\r\n")]
        .iter()
        .map(|pem| key(pem).expect("it is a key").public_key().as_ref().to_vec())
        .collect();
    assert!(keys.iter().all(|one| *one == keys[0]));
    for wrong in ["", "marigold", "-----BEGIN PRIVATE KEY-----", &PEM.replace("RSA PRIVATE", "EC PRIVATE"), &PEM[..400]]
    {
        assert!(key(wrong).is_none(), "{wrong}");
    }
}

#[test]
fn what_is_signed_says_who_and_until_when_and_verifies() {
    let key = key(PEM).unwrap();
    let now: Time = "2026-03-17T12:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    let signed = signed(&key, "12345", now).unwrap();
    let (text, signature) = signed.rsplit_once('.').unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(text.as_bytes(), &signature).expect("it is signed with the key");
    let part =
        |text: &str| serde_json::from_slice::<kernel::Json>(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    let parts: Vec<kernel::Json> = text.split('.').map(part).collect();
    let claims = json!({ "exp": 1_773_749_340, "iat": 1_773_748_740, "iss": "12345" });
    assert_eq!(parts, [json!({ "alg": "RS256", "typ": "JWT" }), claims]);
}
