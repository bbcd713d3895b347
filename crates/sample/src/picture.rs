//! Pictures of people and of numbers who do not exist, drawn by rule: a company in which nobody has a face and nothing is
//! attached would hide what photos and files look like.
use image::{ImageFormat, Rgb, RgbImage};
use kernel::{Error, Result};
use std::io::Cursor;

/// The side of a portrait, in pixels.
const SIDE: u32 = 256;
/// Samples of each pixel in either direction, for smooth edges.
const FINE: u32 = 3;

type Color = [u8; 3];

const GROUNDS: [Color; 6] =
    [[222, 232, 240], [236, 226, 214], [221, 234, 222], [232, 222, 236], [240, 228, 228], [214, 228, 230]];
/// Of paper and not of skin, as nobody is meant.
const FACES: [Color; 6] =
    [[243, 190, 160], [160, 196, 204], [232, 200, 128], [192, 176, 218], [172, 204, 168], [220, 166, 174]];
const HAIRS: [Color; 6] = [[44, 34, 30], [92, 62, 42], [148, 102, 58], [196, 158, 98], [120, 120, 124], [30, 30, 34]];
const CLOTHES: [Color; 6] = [[46, 84, 120], [124, 64, 72], [70, 104, 78], [96, 82, 128], [168, 110, 56], [64, 70, 82]];

/// A head with hair above shoulders, as a PNG file. The same key has the same picture always.
pub fn portrait(key: &str) -> Result<Vec<u8>> {
    let chance = kernel::fingerprint(key).unsigned_abs();
    let pick = |colors: &[Color; 6], by: u64| colors[(chance / by % 6) as usize];
    let (ground, skin, hair, cloth) = (pick(&GROUNDS, 1), pick(&FACES, 7), pick(&HAIRS, 53), pick(&CLOTHES, 389));
    let long = (chance / 2851).is_multiple_of(2);
    let color = |x: f64, y: f64| match () {
        () if within(x, y, [0.5, 0.44], [0.155, 0.2]) && y > 0.33 + 0.25 * (x - 0.46).abs() => skin,
        () if within(x, y, [0.5, 0.4], [0.2, 0.22]) && (long || y < 0.43) => hair,
        () if long && (0.3..0.7).contains(&x) && (0.4..0.62).contains(&y) => hair,
        () if (0.43..0.57).contains(&x) && (0.55..0.74).contains(&y) => skin,
        () if within(x, y, [0.5, 1.02], [0.4, 0.34]) => cloth,
        () => ground,
    };
    png(SIDE, SIDE, color)
}

/// Bars side by side, as a PNG file; the highest fills the picture.
pub fn bars(heights: &[u32]) -> Result<Vec<u8>> {
    let (count, most) = (heights.len().max(1) as f64, f64::from(heights.iter().copied().max().unwrap_or(1).max(1)));
    let color = |x: f64, y: f64| {
        let (place, share) = ((x * count) as usize, (x * count).fract());
        let height = f64::from(heights.get(place).copied().unwrap_or_default()) / most * 0.9;
        let is_bar = (0.15..0.85).contains(&share) && 0.97 - y < height && y < 0.97;
        if is_bar {
            CLOTHES[0]
        } else if y >= 0.97 {
            HAIRS[4]
        } else {
            [252, 252, 250]
        }
    };
    png(640, 320, color)
}

fn within(x: f64, y: f64, [center_x, center_y]: [f64; 2], [width, height]: [f64; 2]) -> bool {
    ((x - center_x) / width).powi(2) + ((y - center_y) / height).powi(2) < 1.0
}

/// A picture from the colour at each place, where both directions go from 0 to 1.
fn png(width: u32, height: u32, color: impl Fn(f64, f64) -> Color) -> Result<Vec<u8>> {
    let at = |pixel: u32, sample: u32, side: u32| (f64::from(pixel * FINE + sample) + 0.5) / f64::from(side * FINE);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let mut sum = [0_u32; 3];
        for sample in 0..FINE * FINE {
            let seen = color(at(x, sample % FINE, width), at(y, sample / FINE, height));
            sum.iter_mut().zip(seen).for_each(|(sum, seen)| *sum += u32::from(seen));
        }
        Rgb(sum.map(|sum| (sum / (FINE * FINE)) as u8))
    });
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).map_err(Error::internal)?;
    Ok(file.into_inner())
}
