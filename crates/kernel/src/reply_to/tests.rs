use super::ReplyTo;

#[test]
fn the_address_of_a_letter_gives_its_secret_back_in_any_case() {
    let replies: ReplyTo = "Reply@Cairn.example".parse().unwrap();
    let address = replies.of("1f2e3d");
    assert_eq!(address, "reply+1f2e3d@cairn.example");
    for same in [address.as_str(), "REPLY+1F2E3D@CAIRN.EXAMPLE", " reply+1f2e3d@cairn.example "] {
        assert_eq!(replies.secret(same).as_deref(), Some("1f2e3d"), "{same}");
    }
    let others = [
        "reply@cairn.example",
        "reply+@cairn.example",
        "reply+1f2e3d@evil.example",
        "reply+1f2e3d@sub.cairn.example",
        "other+1f2e3d@cairn.example",
        "reply+1f2e3d@cairn.example@evil.example",
        "reply+1f 2e@cairn.example",
        "",
    ];
    for other in others {
        assert_eq!(replies.secret(other), None, "{other}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for wrong in
        ["", "reply", "@cairn.example", "reply+x@cairn.example", "a-name-of-more-than-23-letters@cairn.example"]
    {
        assert!(wrong.parse::<ReplyTo>().is_err(), "{wrong}");
    }
}
