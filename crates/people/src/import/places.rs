//! What a place says about clocks and holidays.
use super::{
    headers::fold,
    reader::Parsed,
    vocabulary::{COUNTRIES, dictionary},
    zones::{self, WINDOWS},
};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use std::{collections::HashMap, sync::LazyLock};

/// The code of a country by its code, its English name or another usual name.
pub fn country(text: &str) -> Option<&'static str> {
    static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let others = dictionary(COUNTRIES).into_iter().map(|(name, (code, _))| (name, code));
        let own = holidays::countries().flat_map(|one| [(fold(one.code), one.code), (fold(one.name), one.code)]);
        others.chain(own).collect()
    });
    BY_NAME.get(&fold(text)).copied()
}

/// The zone of a city of the time zone database, unless the row says that it is in another country, or else that of a
/// country with one time.
pub fn zone(person: &Parsed) -> Option<String> {
    let country = person.country.as_deref().and_then(country);
    let fits = |zone: &String| country.is_none() || holidays::for_zone(zone) == country;
    let mut places = [&person.city, &person.location].into_iter().flatten();
    places.find_map(|place| zones::find(place).filter(fits)).or_else(|| only_zone(country?).map(str::to_owned))
}

/// The zone of a country whose clocks all show the same time all year.
fn only_zone(country: &'static str) -> Option<&'static str> {
    static KNOWN: LazyLock<HashMap<&str, &str>> =
        LazyLock::new(|| holidays::countries().filter_map(|one| Some((one.code, agreed(one.code)?))).collect());
    KNOWN.get(country).copied()
}

fn agreed(country: &str) -> Option<&'static str> {
    let zones: Vec<&str> = holidays::zones(country).filter(|zone| zone.contains('/')).collect();
    let mut clocks = zones.iter().map(|zone| offsets(zone));
    let first = clocks.next()??;
    if !clocks.all(|other| other.as_ref() == Some(&first)) {
        return None;
    }
    // Of the old and the new name of one zone, the list of Windows zones has the new one.
    let usual = zones.iter().find(|zone| WINDOWS.iter().any(|(_, name)| name == *zone));
    usual.or(zones.first()).copied()
}

/// Minutes from UTC in each month of a year.
fn offsets(zone: &str) -> Option<Vec<i32>> {
    let zone = TimeZone::get(zone).ok()?;
    let instant = |month| date(2026, month, 15).to_zoned(TimeZone::UTC).map(|day| day.timestamp()).ok();
    let months = (1..=12).filter_map(instant);
    Some(months.map(|at: Timestamp| zone.to_offset(at).seconds() / 60).collect())
}
