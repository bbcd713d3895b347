use super::*;
use crate::web::Web;
use kernel::{Error, Fetch};

fn admits(inside: &str, url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| Inside::parse(inside).unwrap().admits(&url).is_ok())
}

#[test]
fn addresses_inside_the_network_are_refused_however_they_are_written() {
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[2001::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
    ] {
        assert!(!admits("", &format!("https://{host}/api/v4")), "{host}");
        assert!(!admits("", &format!("https://user@{host}:8443/")), "{host}");
    }
    for host in ["140.82.121.6", "172.15.0.1", "100.63.0.1", "[2606:50c0:8000::154]", "api.github.com"] {
        assert!(admits("", &format!("https://{host}/")), "{host}");
    }
}

#[test]
fn a_named_server_is_asked_at_its_own_port_only() {
    let inside = "git.example.internal, http://10.0.0.8:3000";
    for (url, good) in [
        ("https://git.example.internal/api/v4", true),
        ("https://git.example.internal:8443/", false),
        ("http://git.example.internal/", false),
        ("http://10.0.0.8:3000/", true),
        ("http://10.0.0.8/", false),
        ("https://10.0.0.8:3000/", false),
        ("http://api.github.com/", false),
    ] {
        assert_eq!(admits(inside, url), good, "{url}");
    }
    for wrong in ["ftp://git.example", "https://git.example/path", "not a name"] {
        assert!(Inside::parse(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_name_that_stands_for_an_address_inside_is_refused_when_it_is_connected() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let asked = Web::new(Inside::default()).fetch(Fetch { url, headers: Vec::new(), body: None, most: 100 }).await;
    let Err(Error::Invalid(flaws)) = asked else { panic!("{asked:?}") };
    assert!(flaws[0].sentence.starts_with("localhost is inside the network"), "{flaws:?}");
    let connected = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(connected.is_err(), "nobody connected");
}
