//! The vectors come from another implementation of the module's documentation.
use super::*;

const WORKSPACE: &str = "01jq8z5k3w7y9t2m4n6p8r0v1x";

#[test]
fn the_chain_begins_with_its_workspace() {
    let begin = "383172b09e6887d43672ac2d8020b238bc85eff997525774063276f9d8d6b15b";
    assert_eq!(genesis(WORKSPACE).to_string(), begin);
    assert_ne!(genesis("01jq8z5k3w7y9t2m4n6p8r0v1y").to_string(), begin);
}

#[test]
fn a_commitment_keeps_salt_and_data_apart() {
    let zoe = commitment("5f0c1b2a3d4e46879899aabbccddeeff", r#"{"name":"Zoë"}"#);
    assert_eq!(zoe.to_string(), "0b7aa67e4ea982617da5bd7f736bb0eb55b0b0bf2630e20a834a88d682a6997f");
    assert_eq!(commitment("", "").to_string(), "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc");
    assert_ne!(commitment("ab", "c"), commitment("a", "bc"));
}

#[test]
fn two_events_have_these_hashes() {
    let first = Link {
        workspace: WORKSPACE,
        position: 1,
        event: "01jq8z5k3w7y9t2m4n6p8r0v2a",
        at: Time(1_773_824_400_000_000),
        actor: "01jq8z5k3w7y9t2m4n6p8r0v3b",
        door: "page",
        verb: "person.added",
        subject: "01jq8z5k3w7y9t2m4n6p8r0v4c",
        commitment: commitment("5f0c1b2a3d4e46879899aabbccddeeff", r#"{"name":"Zoë"}"#),
    };
    let second = Link {
        position: 2,
        event: "01jq8z5k3w7y9t2m4n6p8r0v5d",
        at: Time(-1),
        actor: "00000000000000000000000000",
        door: "system",
        verb: "checkin.closed",
        subject: "01jq8z5k3w7y9t2m4n6p8r0v6e",
        commitment: commitment("00112233445566778899aabbccddeeff", "{}"),
        ..first
    };
    let hash = first.hash(genesis(WORKSPACE));
    assert_eq!(hash.to_string(), "51cc1e57c63849b187043f6d364129ce3a6e01b7bb1c062cf86263a8a7b9f0e2");
    let hash = second.hash(hash);
    assert_eq!(hash.to_string(), "a398dfb276ee44beb6da606c8ec438e562c237b1156aaa910dd15e14be2c68ad");
}

#[test]
fn a_hash_has_one_spelling() {
    let hash = genesis(WORKSPACE);
    assert_eq!(hash.to_string().parse::<Hash>().unwrap(), hash);
    let text = hash.to_string();
    for wrong in ["", &text[1..], &text.to_uppercase(), &text.replace('3', "g"), &format!("{text}0")] {
        assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
    }
}
