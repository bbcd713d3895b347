use jiff::civil::Weekday;
use schemars::schema_for;

use super::*;

fn sentence<T: std::str::FromStr<Err = crate::Error> + std::fmt::Debug>(text: &str) -> String {
    text.parse::<T>().unwrap_err().to_string()
}

#[test]
fn a_week_is_written_canonically() {
    for (typed, written) in [
        ("Mon-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
        ("Mon-Thu 08:00-12:00 13:00-17:00; Fri 08:00-12:00", "Mon-Thu 08:00-12:00 13:00-17:00; Fri 08:00-12:00"),
        ("Sun-Thu 10:00-18:00", "Sun-Thu 10:00-18:00"),
        ("Mon-Fri 22:00-06:00", "Mon-Fri 22:00-06:00"),
        ("", ""),
        ("  ;  ", ""),
        ("monday-FRIDAY 9-17", "Mon-Fri 09:00-17:00"),
        ("Tues, Thurs 9:30–12, 13-17", "Tue,Thu 09:30-12:00 13:00-17:00"),
        ("Wed 13-17 8-12", "Wed 08:00-12:00 13:00-17:00"),
        ("Mon 9-17; Wed 9-17; Fri-Sat 9-17", "Mon,Wed,Fri-Sat 09:00-17:00"),
        ("Mon 08:00-12:00; Mon 13:00-17:00", "Mon 08:00-12:00 13:00-17:00"),
        ("Sun-Sat 0-24", "Mon-Sun 00:00-24:00"),
        ("Sat-Mon 22:00-00:00;", "Sat-Mon 22:00-24:00"),
        ("Fri 20-4; Sat 4-8; Sun 9-10; Mon 9-10", "Fri 20:00-04:00; Sat 04:00-08:00; Sun-Mon 09:00-10:00"),
    ] {
        let week: Week = typed.parse().unwrap();
        assert_eq!(week.to_string(), written, "{typed}");
        assert_eq!(week.to_string().parse::<Week>().unwrap(), week, "{typed}");
    }
}

#[test]
fn a_mistake_in_a_week_is_quoted_with_its_mend() {
    for (typed, expected) in [
        ("Mon 25:00-26:00", "`25:00` is not a time of day; use 00:00 to 24:00."),
        ("Mon 09:00-24:01", "`24:01` is not a time of day; use 00:00 to 24:00."),
        ("Mon 9:5-10", "`9:5` is not a time of day; use 00:00 to 24:00."),
        ("Mon 9--10", "`-10` is not a time of day; use 00:00 to 24:00."),
        ("Mon 9-+10", "`+10` is not a time of day; use 00:00 to 24:00."),
        ("Mon 9:00", "`9:00` needs a start and an end, such as 09:00-17:00."),
        ("Mon 24:00-06:00", "`24:00-06:00` starts when its day is over; use 00:00 of the next day."),
        ("Mon 09:00-09:00", "`09:00-09:00` has no length; write 00:00-24:00 for a whole day."),
        ("Mo 9-17", "`Mo` is not a day of the week; use Mon, Tue, Wed, Thu, Fri, Sat or Sun."),
        ("Mon-Fry 9-17", "`Fry` is not a day of the week; use Mon, Tue, Wed, Thu, Fri, Sat or Sun."),
        ("Möndag 9-17", "`Möndag` is not a day of the week; use Mon, Tue, Wed, Thu, Fri, Sat or Sun."),
        ("Mon-Fri", "`Mon-Fri` has no hours; write for example Mon-Fri 09:00-17:00."),
        ("09:00-17:00", "`09:00-17:00` names no day; write for example Mon-Fri 09:00-17:00."),
        ("Mon 9-17 Tue 9-17", "`Tue` follows hours; put a semicolon before it, and days before their hours."),
        ("Mon 9-12 11-13", "On Monday, 09:00-12:00 and 11:00-13:00 overlap; join them or keep them apart."),
        ("Mon-Fri 9-17; Fri 8-12", "On Friday, 08:00-12:00 and 09:00-17:00 overlap; join them or keep them apart."),
        ("Mon 1-2 3-4 5-6 7-8 9-10 11-12 13-14", "On Monday, 7 intervals are too many for a day; use at most 6."),
        ("Sun 22-6; Mon 5-9", "Sun 22:00-06:00 and Mon 05:00-09:00 overlap; end the first before the second begins."),
    ] {
        assert_eq!(sentence::<Week>(typed), expected, "{typed}");
    }
}

#[test]
fn a_week_is_limited_as_typed_and_as_written() {
    let padded = format!("Mon 9-17{}", " ".repeat(400));
    assert!(sentence::<Week>(&padded).contains("at most 400 characters and these take 408"));
    let six = |past: u8| (0..12).step_by(2).map(|hour| format!("{hour}-{hour}:{past}")).collect::<Vec<_>>().join(" ");
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let days: Vec<_> = names.iter().zip(10..).map(|(name, past)| format!("{name} {}", six(past))).collect();
    let (five, six) = (days[..5].join(";"), days.join(";"));
    assert!(six.len() <= 400);
    assert!(five.parse::<Week>().is_ok());
    assert!(sentence::<Week>(&six).contains("use fewer intervals"));
}

#[test]
fn hours_of_a_date_are_read_and_refused_like_a_week() {
    assert_eq!(hours("15-16, 10-14").to_string(), "10:00-14:00 15:00-16:00");
    assert_eq!(hours(""), Hours::FREE);
    assert_eq!(hours("22-6").minutes(), 480);
    assert_eq!(sentence::<Hours>("9-12 11-13"), "09:00-12:00 and 11:00-13:00 overlap; join them or keep them apart.");
    assert_eq!(sentence::<Hours>("noon"), "`noon` needs a start and an end, such as 09:00-17:00.");
}

#[test]
fn a_week_is_counted_in_minutes() {
    assert_eq!(Week::standard().to_string(), OFFICE);
    assert_eq!(Week::standard().minutes_per_week(), 40 * 60);
    assert_eq!("Mon-Fri 22:00-06:00".parse::<Week>().unwrap().minutes_per_week(), 40 * 60);
    assert_eq!("Mon-Sun 0-24".parse::<Week>().unwrap().minutes_per_week(), 7 * 24 * 60);
    assert_eq!(Week::default().minutes_per_week(), 0);
    assert_eq!("Wed 9-10".parse::<Week>().unwrap().day(Weekday::Wednesday).to_string(), "09:00-10:00");
}

#[test]
fn a_week_is_a_string_in_json() {
    let week: Week = serde_json::from_str("\"mon 9-17\"").unwrap();
    assert_eq!(serde_json::to_string(&week).unwrap(), "\"Mon 09:00-17:00\"");
    let error = serde_json::from_str::<Week>("\"mon 9-77\"").unwrap_err().to_string();
    assert!(error.starts_with("`77` is not a time of day; use 00:00 to 24:00."), "{error}");
    assert_eq!(schema_for!(Week).get("type").unwrap(), "string");
    assert_eq!(schema_for!(Hours).get("type").unwrap(), "string");
}

#[test]
fn a_zone_is_known_by_its_name() {
    assert_eq!(person("europe/berlin", OFFICE).zone_name(), "Europe/Berlin");
    assert_eq!(person("UTC", OFFICE).zone_name(), "UTC");
    for name in ["Europe/Berln", "", "Etc/Unknown", "+01:00"] {
        let error = zone(name).unwrap_err().to_string();
        assert!(error.ends_with("is not a known time zone; use a name such as Europe/Berlin."), "{error}");
    }
}
