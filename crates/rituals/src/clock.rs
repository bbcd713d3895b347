//! Days as they are on somebody's clock.
use jiff::{
    civil::{self, Date},
    tz::TimeZone,
};
use kernel::Time;

/// The last minute of a day in an IANA zone; UTC where the zone is not known. Nothing at the end of all time.
pub(crate) fn evening(day: Date, zone: &str) -> Option<Time> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let end = day.to_datetime(civil::time(23, 59, 0, 0)).to_zoned(zone).ok()?;
    Some(end.timestamp().into())
}
