//! Pictures that people bring: decoded within limits and written anew, so that nothing of the file but its pixels
//! remains. That takes a while, so it happens before a transaction and beside the requests.
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};
use std::io::Cursor;

const LARGEST_SIDE: u32 = 8_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

/// The pixels of a JPEG, PNG, WebP or GIF file, turned the way its camera was held; of a moving picture the first one.
///
/// # Errors
/// A sentence for whoever brought the file.
pub fn decode(bytes: &[u8]) -> Result<DynamicImage, String> {
    let unreadable = || "This is not a JPEG, PNG, WebP or GIF picture that can be read.".to_owned();
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| unreadable())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| unreadable())?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| unreadable())?;
    picture.apply_orientation(turned);
    Ok(picture)
}

/// A picture as a file of this format.
///
/// # Errors
/// A sentence for whoever brought the file.
pub fn encode(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, String> {
    let mut out = Cursor::new(Vec::new());
    let written = match format {
        ImageFormat::Jpeg => picture.to_rgb8().write_to(&mut out, format),
        _ => picture.to_rgba8().write_to(&mut out, format),
    };
    written.map_err(|_| "This picture cannot be written.".to_owned())?;
    Ok(out.into_inner())
}
