use super::Mailbox;

#[test]
fn the_address_of_a_mailbox_is_read() {
    let mailbox = Mailbox::parse("imaps://cairn%40example.com:p%3Aw%2Fd@mail.example.com/Answers").unwrap();
    assert_eq!((mailbox.user.as_str(), mailbox.password.as_str()), ("cairn@example.com", "p:w/d"));
    assert_eq!((mailbox.host.as_str(), mailbox.port, mailbox.name.as_str()), ("mail.example.com", 993, "Answers"));
    assert!(mailbox.tls.is_some());
    let near = Mailbox::parse("imap://a:b@127.0.0.1:1143").unwrap();
    assert_eq!((near.port, near.name.as_str(), near.tls.is_none()), (1143, "INBOX", true));
}

#[test]
fn a_password_never_goes_over_the_network_in_the_clear() {
    for wrong in [
        "imap://a:b@mail.example.com/INBOX",
        "imaps://mail.example.com",
        "imaps://a@mail.example.com",
        "https://a:b@x.example",
        "mail.example.com",
        "",
    ] {
        assert!(Mailbox::parse(wrong).is_err(), "{wrong}");
    }
}
