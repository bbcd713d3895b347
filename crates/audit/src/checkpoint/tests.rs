use super::*;

const HEAD: &str = "a398dfb276ee44beb6da606c8ec438e562c237b1156aaa910dd15e14be2c68ad";
const WORKSPACE: &str = "01jq8z5k3w7y9t2m4n6p8r0v1x";

fn key() -> SigningKey {
    SigningKey::from_bytes("cairn.example.com", &[7; 32]).unwrap()
}

fn checkpoint(size: i64) -> Checkpoint {
    Checkpoint { workspace: WORKSPACE.into(), size, head: HEAD.into() }
}

#[test]
fn a_checkpoint_is_three_lines_and_a_signature() {
    let note = sign(&key(), &checkpoint(2)).unwrap();
    let body =
        "cairn/01jq8z5k3w7y9t2m4n6p8r0v1x\n2\no5jfsnbuRL622mBsjsQ45WLCN7EVaqqRDdFeFL4saK0=\n\n— cairn.example.com ";
    assert!(note.starts_with(body), "{note}");
    let read = open(&note, &[key().verifier()]).unwrap();
    assert_eq!((read.workspace.as_str(), read.size, read.head.as_str()), (WORKSPACE, 2, HEAD));
}

#[test]
fn a_head_that_is_no_hash_is_not_signed() {
    assert!(sign(&key(), &Checkpoint { head: "abc".into(), ..checkpoint(2) }).is_err());
}

#[test]
fn a_signed_text_of_another_layout_is_no_checkpoint() {
    let head = "o5jfsnbuRL622mBsjsQ45WLCN7EVaqqRDdFeFL4saK0=";
    let texts = [
        format!("other/{WORKSPACE}\n2\n{head}\n"),
        format!("cairn/\n2\n{head}\n"),
        format!("cairn/{WORKSPACE}\n02\n{head}\n"),
        format!("cairn/{WORKSPACE}\n+2\n{head}\n"),
        format!("cairn/{WORKSPACE}\n-2\n{head}\n"),
        format!("cairn/{WORKSPACE}\n9223372036854775808\n{head}\n"),
        format!("cairn/{WORKSPACE}\n2\no5jf\n"),
        format!("cairn/{WORKSPACE}\n2\n{head}\nmore\n"),
        format!("cairn/{WORKSPACE}\n2\n{head}\n\n"),
        format!("cairn/{WORKSPACE}\n2\n"),
    ];
    for text in texts {
        let note = key().sign(&text).unwrap();
        assert!(matches!(open(&note, &[key().verifier()]), Err(Refused::Malformed(_))), "{text}");
    }
}

#[test]
fn a_note_is_found_in_what_people_saved() {
    let note = sign(&key(), &checkpoint(2)).unwrap();
    let letter = format!("Hello Mara,\n\nthis is a checkpoint.\n\n{note}\nTo check it, run cairn verify.\n");
    for saved in [note.clone(), note.trim_end().into(), letter.clone(), letter.replace('\n', "\r\n")] {
        assert_eq!(find(&saved).as_deref(), Some(note.as_str()));
    }
    for nothing in ["", "cairn/x\n2\n", "— a b\ncairn/x\n"] {
        assert_eq!(find(nothing), None, "{nothing:?}");
    }
}
