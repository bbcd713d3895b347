//! What a file is, by its bytes and never by its name.
use base64::{Engine, engine::general_purpose::STANDARD};
use image::ImageFormat;
use kernel::{Blob, Error, Result, words};
use people::picture;
use serde::Deserialize;

words! {
    /// What a file is.
    pub enum ContentType {
        Jpeg = "image/jpeg",
        Png = "image/png",
        Pdf = "application/pdf",
        Zip = "application/zip",
        Gzip = "application/gzip",
        Film = "video/mp4",
        Text = "text/plain; charset=utf-8",
    }
}

impl ContentType {
    /// Whether it is a picture, which we have written ourselves.
    pub fn is_picture(self) -> bool {
        matches!(self, ContentType::Jpeg | ContentType::Png)
    }
}

/// What is in a file that was read within limits. It happens before the transaction.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Content {
    pub content_type: ContentType,
    pub blob: Blob,
}

const LARGEST: usize = 20 * 1024 * 1024;
const PICTURES: [&str; 5] = ["png", "jpg", "jpeg", "gif", "webp"];
/// The first bytes of what is taken as it is.
const TAKEN: [(&[u8], ContentType); 3] =
    [(b"%PDF-", ContentType::Pdf), (b"PK\x03\x04", ContentType::Zip), (b"\x1f\x8b", ContentType::Gzip)];
/// The brands of MP4 (ISO/IEC 14496-12, section 4.3) that are films and nothing else.
const FILMS: [&[u8]; 6] = [b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V "];

impl schemars::JsonSchema for Content {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Content".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "contentEncoding": "base64" })
    }
}

impl TryFrom<String> for Content {
    type Error = String;

    fn try_from(text: String) -> Result<Content, String> {
        let bytes = STANDARD.decode(text).map_err(|_| "This is not base64.".to_owned())?;
        Content::of(&bytes)
    }
}

impl Content {
    /// What these bytes are. A picture is written anew, so that nothing of the file but its pixels remains.
    ///
    /// # Errors
    /// A sentence for whoever brought the file.
    pub fn of(bytes: &[u8]) -> Result<Content, String> {
        if bytes.is_empty() {
            return Err("This file is empty.".into());
        }
        if bytes.len() > LARGEST {
            return Err("This file is larger than 20 MB.".into());
        }
        match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => written(bytes, ImageFormat::Jpeg, ContentType::Jpeg),
            Ok(ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif) => {
                written(bytes, ImageFormat::Png, ContentType::Png)
            }
            _ => {
                let content_type = sniffed(bytes)
                    .ok_or("Files of this kind are not taken: pictures, PDF, ZIP, gzip, MP4 and text are.")?;
                Ok(Content { content_type, blob: Blob::of(bytes.to_vec()) })
            }
        }
    }

    /// The name with the ending that belongs to the content: a picture may have become another kind of picture.
    ///
    /// # Errors
    /// `Invalid`, if the name says that this is a picture, and it is none.
    pub fn named(&self, name: &str) -> Result<String> {
        let name: String = name.chars().map(|c| if matches!(c, '/' | '\\') { '-' } else { c }).collect();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let says_picture = PICTURES.contains(&ending.to_lowercase().as_str());
        match self.content_type {
            ContentType::Jpeg if ["jpg", "jpeg"].contains(&ending.to_lowercase().as_str()) => Ok(name),
            ContentType::Jpeg => Ok(format!("{}.jpg", if says_picture { stem } else { &name })),
            ContentType::Png if ending.eq_ignore_ascii_case("png") => Ok(name),
            ContentType::Png => Ok(format!("{}.png", if says_picture { stem } else { &name })),
            _ if says_picture => {
                Err(Error::invalid("file", format!("{name} is not a picture, whatever its name says.")))
            }
            _ => Ok(name),
        }
    }
}

fn written(bytes: &[u8], format: ImageFormat, content_type: ContentType) -> Result<Content, String> {
    let bytes = picture::read(bytes, |picture| picture::encode(picture, format))?;
    Ok(Content { content_type, blob: Blob::of(bytes) })
}

fn sniffed(bytes: &[u8]) -> Option<ContentType> {
    let begins = TAKEN.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind);
    let is_film = bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| FILMS.contains(&brand));
    let is_text = |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    let film = is_film.then_some(ContentType::Film);
    let text = || std::str::from_utf8(bytes).is_ok_and(is_text).then_some(ContentType::Text);
    begins.or(film).or_else(text)
}

#[cfg(test)]
mod tests;
