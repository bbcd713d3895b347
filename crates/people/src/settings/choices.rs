//! Long lists to choose from.
use std::sync::LazyLock;

/// The time zones that are places, with nothing said beside them.
pub(crate) fn zones() -> &'static [(String, String)] {
    static ZONES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        const REGIONS: [&str; 10] = [
            "Africa/",
            "America/",
            "Antarctica/",
            "Arctic/",
            "Asia/",
            "Atlantic/",
            "Australia/",
            "Europe/",
            "Indian/",
            "Pacific/",
        ];
        let all = jiff::tz::db().available().map(|zone| zone.to_string());
        let places = all.filter(|zone| zone == "UTC" || REGIONS.iter().any(|region| zone.starts_with(region)));
        places.map(|zone| (zone, String::new())).collect()
    });
    &ZONES
}

/// Countries and their regions, such as `DE-BY` and "Germany, Bayern", by name.
pub(crate) fn holiday_places() -> &'static [(String, String)] {
    static PLACES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let whole = holidays::countries().map(|country| holidays::Place { country, region: None });
        let regional = holidays::countries().flat_map(|country| {
            country.regions.iter().map(move |region| holidays::Place { country, region: Some(region) })
        });
        let mut all: Vec<_> = whole.chain(regional).map(|place| (place.code(), place.to_string())).collect();
        all.sort_by_cached_key(|(_, name)| crate::person::folded(name));
        all
    });
    &PLACES
}

#[cfg(test)]
mod tests;
