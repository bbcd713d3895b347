use proptest::prelude::*;

use super::*;

fn client(peer: &str, lines: &[(&'static str, &str)]) -> Client {
    let trusted = ["10.0.0.1", "10.0.0.2"].map(|address| address.parse().unwrap());
    let mut headers: HeaderMap = lines
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .fold(HeaderMap::new(), |mut headers, (name, value): (header::HeaderName, HeaderValue)| {
            headers.append(name, value);
            headers
        });
    let client = Client::of(&mut headers, peer.parse().unwrap(), &trusted);
    assert!(headers.is_empty());
    client
}

fn expect(address: &str, https: bool) -> Client {
    Client { address: address.parse().unwrap(), https, forwarded: true }
}

#[test]
fn a_stranger_is_not_believed() {
    let lines = [(FORWARDED_FOR, "192.0.2.9"), (FORWARDED_PROTO, "https")];
    assert_eq!(client("198.51.100.1", &lines), expect("198.51.100.1", false));
}

#[test]
fn the_nearest_address_that_is_no_proxy_is_the_client() {
    for (hops, address) in [
        ("192.0.2.9", "192.0.2.9"),
        ("203.0.113.5, 192.0.2.9", "192.0.2.9"),
        ("203.0.113.5, 192.0.2.9,10.0.0.2", "192.0.2.9"),
        ("10.0.0.2", "10.0.0.2"),
        ("192.0.2.9, unknown, 10.0.0.2", "10.0.0.2"),
        ("192.0.2.9:4711", "192.0.2.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.9", "192.0.2.9"),
        ("", "10.0.0.1"),
    ] {
        assert_eq!(client("10.0.0.1", &[(FORWARDED_FOR, hops)]), expect(address, false), "{hops}");
    }
}

#[test]
fn whoever_comes_by_themselves_is_told_from_whom_a_proxy_lets_through() {
    assert!(!client("127.0.0.1", &[]).forwarded);
    assert!(client("127.0.0.1", &[(FORWARDED_FOR, "127.0.0.1")]).forwarded);
}

#[test]
fn several_lines_read_as_one_list() {
    let lines = [(FORWARDED_FOR, "203.0.113.5"), (FORWARDED_FOR, "192.0.2.9"), (FORWARDED_PROTO, "http, https")];
    assert_eq!(client("10.0.0.1", &lines), expect("192.0.2.9", true));
}

proptest! {
    #[test]
    fn nothing_that_a_client_writes_changes_its_address(claim in "[ -~]{0,40}") {
        let hops = format!("{claim},192.0.2.9");
        prop_assert_eq!(client("10.0.0.1", &[(FORWARDED_FOR, &hops)]), expect("192.0.2.9", false));
    }
}

#[test]
fn a_host_is_a_name_or_an_address_with_a_port() {
    for host in ["cairn.example", "localhost:8080", "192.0.2.1", "[::1]", "[2001:db8::1]:443", "a_b-c.d"] {
        assert!(is_host(&host.parse().unwrap()), "{host}");
    }
    for host in [
        "", ":80", "a b", "a/b", "a@b", "a,b", "a\"b", "a:b", "a:", "a:80:80", "a:65536", "a:+80", "::1", "[::1",
        "::1]", "[a]", "[::1]x", "x[::1]", "a?b", "a#b", "a%00b", "ä", "<script>",
    ] {
        assert!(!is_host(&HeaderValue::from_bytes(host.as_bytes()).unwrap()), "{host}");
    }
}
