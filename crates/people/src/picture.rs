//! Pictures that people bring: decoded within limits and written anew, so that nothing of the file but its pixels
//! remains. That takes a while, so it happens before a transaction and beside the requests.
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};
use std::{
    io::Cursor,
    sync::{Mutex, PoisonError},
};

/// The pixels of a large picture fill a quarter of a gigabyte, so there is room for those of one at a time.
static DESK: Mutex<()> = Mutex::new(());
const LARGEST_SIDE: u32 = 8_000;
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

/// Does something with the pixels of a file, after all others that want the same. It may take a while: call it on a thread
/// of its own.
///
/// # Errors
/// A sentence for whoever brought the file.
pub fn read<T>(bytes: &[u8], work: impl FnOnce(DynamicImage) -> Result<T, String>) -> Result<T, String> {
    let _place = DESK.lock().unwrap_or_else(PoisonError::into_inner);
    work(decode(bytes)?)
}

/// The pixels of a JPEG, PNG, WebP or GIF file, turned the way its camera was held; of a moving picture the first one.
fn decode(bytes: &[u8]) -> Result<DynamicImage, String> {
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
pub fn encode(picture: DynamicImage, format: ImageFormat) -> Result<Vec<u8>, String> {
    let mut out = Cursor::new(Vec::new());
    let written = match format {
        ImageFormat::Jpeg => picture.into_rgb8().write_to(&mut out, format),
        _ => picture.into_rgba8().write_to(&mut out, format),
    };
    written.map_err(|_| "This picture cannot be written.".to_owned())?;
    Ok(out.into_inner())
}
