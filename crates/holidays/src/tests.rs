use std::collections::HashSet;

use jiff::civil::{Date, date};

use super::*;

fn names_on(code: &str, day: Date) -> Vec<&'static str> {
    let holidays = holidays(code, day.year()..=day.year()).unwrap();
    holidays.into_iter().filter(|holiday| holiday.date == day).map(|holiday| holiday.name).collect()
}

fn is_off(code: &str, day: Date) -> bool {
    !names_on(code, day).is_empty()
}

/// Every place of the bundled data: countries and regions.
fn places() -> impl Iterator<Item = Place> {
    countries().flat_map(|country| {
        let regions = country.regions.iter().map(Some);
        regions.chain([None]).map(move |region| Place { country, region })
    })
}

#[test]
fn germany() {
    assert_eq!(names_on("DE", date(2026, 10, 3)), ["German Unity Day"]);
    assert_eq!(names_on("DE-BY", date(2026, 6, 4)), ["Corpus Christi"]);
    assert!(!is_off("DE-BE", date(2026, 6, 4)));
    assert!(is_off("DE-BE", date(2026, 3, 8)));
    assert!(!is_off("DE", date(2026, 3, 8)));
}

#[test]
fn europe() {
    assert!(is_off("GB-SCT", date(2026, 1, 2)));
    assert!(!is_off("GB-ENG", date(2026, 1, 2)));
    assert_eq!(names_on("PL", date(2026, 11, 11)), ["National Independence Day"]);
    assert_eq!(names_on("NL", date(2025, 4, 26)), ["King's Day"]);
    assert!(!is_off("NL", date(2025, 4, 27)));
    assert_eq!(names_on("PT", date(2026, 4, 25)), ["Freedom Day"]);
}

#[test]
fn americas() {
    assert_eq!(names_on("US", date(2026, 11, 26)), ["Thanksgiving Day"]);
    assert_eq!(names_on("CA-ON", date(2026, 2, 16)), ["Family Day"]);
    assert!(!is_off("CA-QC", date(2026, 2, 16)));
    assert_eq!(names_on("BR", date(2026, 9, 7)), ["Independence Day"]);
    assert!(is_off("BR-SP", date(2026, 7, 9)));
}

#[test]
fn asia_africa_and_oceania() {
    assert!(is_off("JP", date(2026, 5, 6)), "the substitute for 3 May, a Sunday");
    assert_eq!(names_on("IN", date(2026, 1, 26)), ["Republic Day"]);
    assert!(is_off("NG", date(2026, 10, 1)));
    assert_eq!(names_on("NZ-AUK", date(2026, 1, 26)), ["Auckland Anniversary Day"]);
    assert!(!is_off("NZ-WGN", date(2026, 1, 26)));
    assert_eq!(names_on("NZ-WGN", date(2026, 1, 19)), ["Wellington Anniversary Day"]);
}

#[test]
fn every_place_has_sorted_unique_holidays_within_its_years() {
    for place in places() {
        let holidays = place.holidays(i16::MIN..=i16::MAX);
        assert!(holidays.is_sorted_by(|one, next| one < next), "{place}");
        for Holiday { date, name } in holidays {
            assert!((FIRST_YEAR..=place.country.last_year).contains(&date.year()), "{place}: {date}");
            assert!(!name.is_empty() && name.trim() == name, "{place}: {name}");
        }
    }
}

#[test]
fn every_country_has_holidays_in_every_year_but_ukraine_under_martial_law() {
    assert!(countries().count() >= 200);
    for country in countries() {
        for year in FIRST_YEAR..=country.last_year {
            let count = holidays(country.code, year..=year).unwrap().len();
            assert_eq!(count >= 3, country.code != "UA", "{} has {count} in {year}", country.name);
        }
    }
    let shorter: Vec<_> =
        countries().filter(|country| country.last_year < LAST_YEAR).map(|country| country.code).collect();
    assert_eq!(shorter, ["LK"]);
}

#[test]
fn codes_are_unique_and_lead_back_to_their_place() {
    let mut seen = HashSet::new();
    for place in places() {
        assert!(seen.insert(place.code().to_ascii_uppercase()), "{place}");
        assert_eq!(find(&place.code()).unwrap().to_string(), place.to_string());
    }
    assert!(countries().map(|country| country.code).is_sorted());
}

#[test]
fn every_holder_named_in_the_data_is_a_region() {
    for country in countries() {
        let known: HashSet<_> = country.regions.iter().map(|region| region.code).chain(["=", "*"]).collect();
        for line in country.lines.lines() {
            let holders = line.split('|').nth(1).unwrap();
            for holder in holders.trim_start_matches('!').split(',') {
                assert!(known.contains(holder), "{}: {line}", country.name);
            }
        }
    }
}

#[test]
fn places_are_found_in_either_case_and_named() {
    assert_eq!(find("de-by").unwrap().code(), "DE-BY");
    assert_eq!(find(" DE-BY ").unwrap().to_string(), "Germany, Bayern");
    assert_eq!(find("FR").unwrap().to_string(), "France");
}

#[test]
fn an_unknown_code_says_which_part_is_unknown() {
    assert_eq!(find("QQ-BY").unwrap_err().to_string(), "No country has the code “QQ”.");
    assert_eq!(find("DE-QQ").unwrap_err().to_string(), "Germany has no region with the code “QQ”.");
    assert!(find("").is_err());
    assert!(find("DE-").is_err());
}

#[test]
fn years_outside_the_data_have_no_holidays() {
    assert_eq!(holidays("DE", 1990..=FIRST_YEAR - 1).unwrap(), []);
    assert_eq!(holidays("DE", LAST_YEAR + 1..=i16::MAX).unwrap(), []);
    let all = holidays("DE", FIRST_YEAR..=LAST_YEAR).unwrap();
    let by_year = (FIRST_YEAR..=LAST_YEAR).flat_map(|year| holidays("DE", year..=year).unwrap());
    assert!(by_year.eq(all));
}

#[test]
fn a_zone_suggests_a_country() {
    assert_eq!(for_zone("Europe/Berlin"), Some("DE"));
    assert_eq!(for_zone("europe/oslo"), Some("NO"));
    assert_eq!(for_zone("America/Argentina/Buenos_Aires"), Some("AR"));
    assert_eq!(for_zone("Asia/Calcutta"), Some("IN"));
    assert_eq!(for_zone("Europe/Kiev"), Some("UA"));
    assert_eq!(for_zone("US/Eastern"), Some("US"));
    assert_eq!(for_zone("Iceland"), Some("IS"));
    for placeless in ["UTC", "Etc/GMT+5", "EST", "CET", "Europe", "", "DE"] {
        assert_eq!(for_zone(placeless), None, "{placeless}");
    }
}
