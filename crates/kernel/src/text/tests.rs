use super::{Email, Line, Markdown, Name};

#[test]
fn a_mail_address_is_trimmed_lowered_and_plain() {
    assert_eq!(&*" Mara@Northwind.Example ".parse::<Email>().unwrap(), "mara@northwind.example");
    for bad in [
        "",
        "mara",
        "mara@",
        "@x.example",
        "a b@x.example",
        "a@x",
        "a@-x.example",
        "a@b@x.example",
        "a@x..example",
        "a\r\nb@x.example",
        "\"a\"@x.example",
    ] {
        assert!(bad.parse::<Email>().is_err(), "{bad:?} was taken for a mail address");
    }
}

#[test]
fn a_name_holds_something_and_nothing_that_deceives() {
    assert_eq!(&*"  Ana\u{301} Ruiz ".parse::<Name>().unwrap(), "Ana\u{301} Ruiz");
    for bad in ["", "   ", "cod\u{202e}fdp.exe", "a\0b", "a\nb", "a\u{feff}b"] {
        assert!(bad.parse::<Name>().is_err(), "{bad:?} was taken for a name");
    }
    assert!("x".repeat(121).parse::<Name>().is_err());
    assert!("é".repeat(120).parse::<Name>().is_ok(), "characters are counted, not bytes");
}

#[test]
fn a_line_may_be_empty_and_markdown_keeps_every_byte() {
    assert!("".parse::<Line>().unwrap().is_empty());
    assert_eq!(&*" a\r\n\tb ".parse::<Markdown>().unwrap(), " a\r\n\tb ");
}
