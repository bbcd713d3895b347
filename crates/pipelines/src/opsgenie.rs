//! Opsgenie: incidents and alerts of <https://docs.opsgenie.com/docs/api-overview>, and its webhooks.
use crate::{
    Incident, Record,
    walk::{Around, Found},
};
use intake::Fields;
use jiff::{SignedDuration, Timestamp};

pub(crate) fn recognise(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let named = fields.has("tinyId") && fields.has("message");
    let dated = fields.has("createdAt") || fields.has("status");
    (named && dated).then(|| Found::one("incident", incident(fields, around), LEFT_OUT)).flatten()
}

const LEFT_OUT: &[&str] = &[
    "description",
    "tags*",
    "ownerTeam*",
    "responders*",
    "extraProperties*",
    "links.api",
    "actions*",
    "updatedAt",
    "teams*",
    "owner*",
    "seen",
    "acknowledged",
    "isSeen",
    "snoozed",
    "count",
    "lastOccurredAt",
    "source",
    "integration*",
    "report*",
    "alias",
    "entity",
    "details*",
    "userId",
    "username",
    "recipients*",
    "insertedAt",
    "oldPriority",
    "impactDetectDate",
    "note",
    "team",
    "snoozedUntil",
    "impactedServices*",
];

fn incident(fields: &Fields<'_>, around: &Around<'_>) -> Result<Record, &'static str> {
    let created_at = since_1970(fields, "createdAt");
    let opened_at = fields.instant("impactStartDate").or(created_at).ok_or("when it was opened")?;
    let updated_at = since_1970(fields, "updatedAt");
    let action = around.parent.and_then(|parent| parent.get("action")?.as_str()).unwrap_or_default();
    let stated = fields.text("status").unwrap_or_default();
    let said = match action {
        "Close" | "Resolve" => "closed",
        "Acknowledge" => "acknowledged",
        _ => stated,
    };
    let report = fields.at("report");
    let after = |name: &str| created_at?.checked_add(SignedDuration::from_millis(report.integer(name)?)).ok();
    let is_over = matches!(said, "closed" | "resolved");
    let closed_at =
        after("closeTime").or_else(|| fields.instant("resolvedAt")).or_else(|| fields.instant("impactEndDate"));
    let acknowledged = fields.flag("acknowledged").unwrap_or_default() || said == "acknowledged";
    Ok(Record::Incident(Incident {
        id: fields.id("id").or_else(|| fields.id("alertId")).ok_or("an id")?,
        number: fields.integer("tinyId"),
        title: fields.text("message").unwrap_or_default().to_owned(),
        service: fields.list("impactedServices").first().and_then(|one| one.whole().as_str()).map(str::to_owned),
        severity: fields.text("priority").map(str::to_owned),
        said: said.to_owned(),
        opened_at,
        acknowledged_at: after("ackTime").or(updated_at.filter(|_| acknowledged)),
        resolved_at: closed_at.or(updated_at).filter(|_| is_over),
        as_of: updated_at.unwrap_or(opened_at),
        url: fields.at("links").text("web").map(str::to_owned),
    }))
}

/// Webhooks count milliseconds, and nanoseconds where it was updated.
fn since_1970(fields: &Fields<'_>, name: &str) -> Option<Timestamp> {
    match fields.integer(name) {
        Some(number) if number > 100_000_000_000_000_000 => Timestamp::from_nanosecond(i128::from(number)).ok(),
        Some(number) if number > 100_000_000_000_000 => Timestamp::from_microsecond(number).ok(),
        _ => fields.instant(name),
    }
}
