use super::{holiday_places, zones};

#[test]
fn zones_are_places_and_all_of_them_are_known() {
    let names: Vec<&str> = zones().iter().map(|(name, _)| name.as_str()).collect();
    for known in ["Europe/Lisbon", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "UTC"] {
        assert!(names.contains(&known), "{known} is missing");
    }
    assert!(!names.iter().any(|name| name.starts_with("posix") || name.starts_with("Etc/") || *name == "EST5EDT"));
    for name in names {
        assert!(jiff::tz::TimeZone::get(name).is_ok(), "{name} is not known");
    }
}

#[test]
fn every_place_with_holidays_is_found_by_its_code() {
    let places = holiday_places();
    assert!(places.contains(&("DE-BY".into(), "Germany, Bayern".into())));
    for (code, name) in places {
        assert_eq!(holidays::find(code).unwrap().to_string(), *name);
    }
}
