//! Reads the bundled files, whose heads explain their formats. A test walks every line of them, so what is malformed
//! cannot be released.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use jiff::civil::Date;

use crate::{Country, FIRST_YEAR, Holiday, LAST_YEAR, Place, Region};

const HOLIDAYS: &str = include_str!("../holidays.txt");
const ZONES: &str = include_str!("../zones.txt");

/// What stands in a line's `where` for the country itself.
const NATIONAL: &str = "=";

const WELL_FORMED: &str = "the bundled data is well-formed";

pub fn countries() -> &'static [Country] {
    static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| HOLIDAYS.split("\n[").skip(1).map(country).collect());
    &COUNTRIES
}

pub fn country_of_zone(zone: &str) -> Option<&'static str> {
    let is_there = |zones: &str| zones.split(' ').any(|known| known.eq_ignore_ascii_case(zone));
    zone_lines().find_map(|(country, zones)| is_there(zones).then_some(country))
}

pub fn zones_of_country(code: &str) -> impl Iterator<Item = &'static str> {
    let line = zone_lines().find(|(country, _)| country.eq_ignore_ascii_case(code));
    line.into_iter().flat_map(|(_, zones)| zones.split(' '))
}

fn zone_lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    ZONES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

/// By the codes of a country and of what holds the holiday.
type ByPlace = BTreeMap<(&'static str, &'static str), Arc<[Holiday]>>;

/// Read from the file once for each place, as every page with working hours asks for them.
pub fn holidays(place: &Place, years: RangeInclusive<i16>) -> Vec<Holiday> {
    static KNOWN: RwLock<ByPlace> = RwLock::new(BTreeMap::new());
    let key = (place.country.code, place.region.map_or(NATIONAL, |region| region.code));
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    let all = known.unwrap_or_else(|| {
        let all: Arc<[Holiday]> = read(place, key.1).into();
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(key, all.clone());
        all
    });
    let from = all.partition_point(|holiday| holiday.date.year() < *years.start());
    let to = all.partition_point(|holiday| holiday.date.year() <= *years.end());
    all.get(from..to).unwrap_or_default().to_vec()
}

/// All holidays of a place that the file has, sorted by date.
fn read(place: &Place, holder: &str) -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for line in place.country.lines.lines() {
        let (name, holders, dates) = holiday_line(line).expect(WELL_FORMED);
        if is_held(holders, holder) {
            let days = (FIRST_YEAR..=LAST_YEAR).flat_map(|year| days(dates, year));
            holidays.extend(days.map(|date| Holiday { date, name }));
        }
    }
    holidays.sort_unstable();
    holidays
}

/// Reads one country's part of the file, which begins after the bracket.
fn country(section: &'static str) -> Country {
    let (head, body) = section.split_once('\n').unwrap_or((section, ""));
    let (identity, name) = head.split_once("] ").expect(WELL_FORMED);
    let (code, last_year) = identity.split_once(' ').expect(WELL_FORMED);
    let region_lines = body.lines().take_while(|line| line.starts_with('@'));
    let lines_start = region_lines.clone().map(|line| line.len() + 1).sum::<usize>().min(body.len());
    Country {
        code,
        name,
        last_year: last_year.parse().expect(WELL_FORMED),
        regions: region_lines.map(region).collect(),
        lines: &body[lines_start..],
    }
}

fn region(line: &'static str) -> Region {
    let (code, name) = line[1..].split_once('\t').expect(WELL_FORMED);
    Region { code, name }
}

fn holiday_line(line: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (name, rest) = line.split_once('|')?;
    let (holders, dates) = rest.split_once('|')?;
    Some((name, holders, dates))
}

fn is_held(holders: &str, holder: &str) -> bool {
    match holders.strip_prefix('!') {
        Some(lacking) => lacking.split(',').all(|code| code != holder),
        None => holders == "*" || holders.split(',').any(|code| code == holder),
    }
}

/// The days of one year in a line's dates. The year must be one of those that the file holds.
fn days(dates: &'static str, year: i16) -> impl Iterator<Item = Date> {
    let column = usize::try_from(year - FIRST_YEAR).expect("the year is not before the first one");
    let field = if dates.contains(' ') { dates.split(' ').nth(column).expect(WELL_FORMED) } else { dates };
    field.split(',').filter(|day| *day != "-").map(move |day| {
        let (month, day) = day.split_once('-').expect(WELL_FORMED);
        Date::new(year, month.parse().expect(WELL_FORMED), day.parse().expect(WELL_FORMED)).expect(WELL_FORMED)
    })
}
