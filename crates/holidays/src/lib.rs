//! Public holidays of the world's countries and their regions, bundled with the program, and a reader of holidays and
//! leave from iCalendar files.
//!
//! The data stands in `holidays.txt`, which `generate.py` writes; a look-up reads the lines of one country only.

mod data;
pub mod ics;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::Date;

/// The first year that the bundled data holds.
pub const FIRST_YEAR: i16 = 2024;

/// The last year that the bundled data holds; a few countries end earlier, see [`Country::last_year`].
pub const LAST_YEAR: i16 = 2030;

/// A country, or a territory that has an ISO 3166-1 code of its own.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code, such as `DE`. Kosovo has the customary `XK`.
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    /// The last year whose holidays are known, for places that announce them only a year or two ahead.
    pub last_year: i16,
    /// Regions by code. Empty when the holidays are the same everywhere.
    pub regions: Vec<Region>,
    lines: &'static str,
}

/// A part of a country: a state, province, canton, or sometimes a city.
#[derive(Debug)]
pub struct Region {
    /// ISO 3166-2 code without its country, such as `BY`; a plain name such as `South Canterbury` where ISO has no code.
    pub code: &'static str,
    /// English or native name; the code when no name is known.
    pub name: &'static str,
}

/// One public holiday. Two holidays may fall on one date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    pub date: Date,
    /// English name. It ends in `(observed)` for a day off in place of one that falls on a weekend, and in `(estimated)`
    /// where the date depends on a sighting of the moon or a later announcement.
    pub name: &'static str,
}

/// A country, or one of its regions.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub country: &'static Country,
    pub region: Option<&'static Region>,
}

/// A code that names no country or region of the bundled data. Its text is a sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownCode {
    Country { code: String },
    Region { country: &'static str, code: String },
}

/// All countries, sorted by code.
pub fn countries() -> impl Iterator<Item = &'static Country> {
    data::countries().iter()
}

/// The place with a code such as `DE` or `DE-BY`, in upper or lower case.
pub fn find(code: &str) -> Result<Place, UnknownCode> {
    let code = code.trim();
    let (country_code, region_code) = code.split_once('-').map_or((code, None), |(head, tail)| (head, Some(tail)));
    let country = data::countries()
        .iter()
        .find(|country| country.code.eq_ignore_ascii_case(country_code))
        .ok_or_else(|| UnknownCode::Country { code: country_code.to_owned() })?;
    let Some(region_code) = region_code else { return Ok(Place { country, region: None }) };
    let region = country
        .regions
        .iter()
        .find(|region| region.code.eq_ignore_ascii_case(region_code))
        .ok_or_else(|| UnknownCode::Region { country: country.name, code: region_code.to_owned() })?;
    Ok(Place { country, region: Some(region) })
}

/// The public holidays of the place with this code in these years, sorted by date. Years outside
/// [`FIRST_YEAR`]`..=`[`LAST_YEAR`] have none. A country's own code gives the holidays of the whole country, without
/// those of single regions.
pub fn holidays(code: &str, years: RangeInclusive<i16>) -> Result<Vec<Holiday>, UnknownCode> {
    Ok(find(code)?.holidays(years))
}

/// The code of the country to suggest to someone in this IANA time zone, old names such as `Asia/Calcutta` included.
pub fn for_zone(zone: &str) -> Option<&'static str> {
    data::country_of_zone(zone).filter(|code| find(code).is_ok())
}

/// The IANA time zones of a country, old names included, by its code.
pub fn zones(country: &str) -> impl Iterator<Item = &'static str> {
    data::zones_of_country(country)
}

impl Place {
    /// The code that [`find`] takes, such as `DE-BY`.
    pub fn code(&self) -> String {
        match self.region {
            Some(region) => format!("{}-{}", self.country.code, region.code),
            None => self.country.code.to_owned(),
        }
    }

    /// The public holidays in these years, see [`holidays`].
    pub fn holidays(&self, years: RangeInclusive<i16>) -> Vec<Holiday> {
        data::holidays(self, years)
    }
}

/// The name as one would say it, such as `Germany, Bayern`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.region {
            Some(region) => write!(f, "{}, {}", self.country.name, region.name),
            None => f.write_str(self.country.name),
        }
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country { code } => write!(f, "No country has the code “{code}”."),
            Self::Region { country, code } => write!(f, "{country} has no region with the code “{code}”."),
        }
    }
}

impl std::error::Error for UnknownCode {}
