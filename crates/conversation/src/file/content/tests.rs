use super::*;
use image::{DynamicImage, RgbaImage};

fn png() -> Vec<u8> {
    picture::encode(DynamicImage::ImageRgba8(RgbaImage::new(3, 2)), ImageFormat::Png).unwrap()
}

#[test]
fn a_file_is_what_its_bytes_say() {
    let kind = |bytes: &[u8]| Content::of(bytes).map(|content| content.content_type);
    assert_eq!(kind(&png()), Ok(ContentType::Png));
    assert_eq!(kind(b"%PDF-1.7 and so on"), Ok(ContentType::Pdf));
    assert_eq!(kind(b"PK\x03\x04rest"), Ok(ContentType::Zip));
    assert_eq!(kind(b"\0\0\0\x18ftypisom\0\0"), Ok(ContentType::Film));
    assert_eq!(kind("<svg onload='alert(1)'/> ä".as_bytes()), Ok(ContentType::Text));
    for refused in [&b""[..], b"\x7fELF\x02\x01", b"MZ\x90\0", b"\x89PNG\r\n\x1a\nbroken", b"\xff\xd8\xff broken"] {
        assert!(Content::of(refused).is_err(), "{refused:?}");
    }
    assert!(Content::of(&vec![b'a'; LARGEST + 1]).is_err());
}

#[test]
fn a_picture_loses_all_but_its_pixels() {
    let mut file = png();
    // A text chunk before the end, as cameras and editors write it.
    let end = file.len() - 12;
    let chunk = b"tEXtComment\0Lisbon, 38.7, -9.1";
    let mut text = ((chunk.len() - 4) as u32).to_be_bytes().to_vec();
    text.extend(chunk);
    text.extend(crc(chunk).to_be_bytes());
    file.splice(end..end, text);
    let content = Content::of(&file).unwrap();
    assert!(!content.blob.bytes().windows(6).any(|window| window == b"Lisbon"));
}

/// CRC-32 as in PNG (ISO/IEC 15948, annex D).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

#[test]
fn a_name_does_not_lie() {
    let named = |bytes: &[u8], name: &str| Content::of(bytes).unwrap().named(name).map_err(|error| error.to_string());
    assert_eq!(named(&png(), "graph.png").unwrap(), "graph.png");
    assert_eq!(named(&png(), "graph.gif").unwrap(), "graph.png");
    assert_eq!(named(&png(), "page.html").unwrap(), "page.html.png");
    assert_eq!(named(b"a,b\n1,2\n", "../../numbers.csv").unwrap(), "..-..-numbers.csv");
    for lie in ["logo.png", "logo.JPEG"] {
        assert!(named(b"<svg xmlns='http://www.w3.org/2000/svg'/>", lie).is_err(), "{lie}");
    }
}
