use proptest::prelude::*;

use super::*;

fn verdict(lines: &[&str]) -> Verdict {
    judge(format!("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n", lines.concat()).as_bytes(), 8)
}

const EMPTY_BYTES: u64 = 28;

#[test]
fn a_request_without_a_body_ends_with_its_header() {
    assert_eq!(verdict(&[]), Verdict::Pass(EMPTY_BYTES));
}

#[test]
fn a_body_belongs_to_its_request() {
    assert_eq!(verdict(&["content-LENGTH: 7\r\n"]), Verdict::Pass(EMPTY_BYTES + 19 + 7));
    assert_eq!(verdict(&["Transfer-Encoding: Chunked\r\n"]), Verdict::Pass(u64::MAX));
}

#[test]
fn a_length_that_can_be_read_in_two_ways_is_refused() {
    for lines in [
        &["Content-Length: 7\r\n", "Transfer-Encoding: chunked\r\n"][..],
        &["Transfer-Encoding: chunked\r\n", "Content-Length: 7\r\n"],
        &["Content-Length: 7\r\n", "Content-Length: 8\r\n"],
        &["Content-Length: 7\r\n", "Content-Length: 7\r\n"],
        &["Content-Length: 7, 7\r\n"],
        &["Content-Length: +7\r\n"],
        &["Content-Length: 0x7\r\n"],
        &["Content-Length: \r\n"],
        &["Content-Length: 99999999999999999999\r\n"],
        &["Transfer-Encoding: gzip, chunked\r\n"],
        &["Transfer-Encoding: chunked, identity\r\n"],
        &["Transfer-Encoding: identity\r\n"],
        &["Transfer-Encoding: xchunked\r\n"],
        &["Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n"],
        &["Transfer-Encoding:\r\n chunked\r\n"],
        &["Transfer-Encoding : chunked\r\n"],
    ] {
        assert_eq!(verdict(lines), Verdict::Refuse, "{lines:?}");
    }
}

fn scan(bytes: &[u8], scanned: usize) -> Option<usize> {
    match header_end(bytes, scanned) {
        Scan::Partial => None,
        Scan::Malformed => Some(0),
        Scan::Complete(end) => Some(end),
    }
}

proptest! {
    #[test]
    fn the_end_of_a_header_does_not_depend_on_how_it_arrives(
        text in "[a\r\n]{0,6}(a\r\n){0,3}(\r\n)?[a\r\n]{0,6}",
        cut in 0_usize..24,
    ) {
        let bytes = text.as_bytes();
        let cut = cut.min(bytes.len());
        let in_parts = scan(&bytes[..cut], 0).or_else(|| scan(bytes, cut));
        prop_assert_eq!(in_parts, scan(bytes, 0));
    }
}
