//! PagerDuty: incidents of <https://developer.pagerduty.com/api-reference/> and of webhooks of version 2 and 3.
use crate::{
    Incident, Record,
    walk::{Around, Found},
};
use intake::Fields;

pub(crate) fn recognise(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let has = |names: &[&str]| names.iter().all(|name| fields.has(name));
    let numbered = fields.has("incident_number") || fields.has("number");
    match () {
        () if has(&["event_type", "occurred_at", "data"]) => hook(fields),
        () if has(&["id", "status", "created_at"]) && numbered => {
            Found::one("incident", incident(fields, around), LEFT_OUT)
        }
        () => None,
    }
}

const LEFT_OUT: &[&str] = &[
    "assignments*",
    "assigned_via",
    "first_trigger_log_entry",
    "escalation_policy",
    "teams*",
    "acknowledgements[].acknowledger",
    "last_status_change_by",
    "type",
    "summary",
    "self",
    "incident_key",
    "log_entries*",
    "alerts*",
    "alert_counts",
    "pending_actions*",
    "impacted_services*",
    "is_mergeable",
    "basic_alert_grouping",
    "incidents_responders*",
    "responder_requests*",
    "subscriber_requests*",
    "conference_bridge",
    "description",
    "body",
    "service.id",
    "service.type",
    "service.self",
    "service.html_url",
    "priority.*",
    "assignees*",
    "resolve_reason",
    "incident_type",
    "merged_incidents*",
    "event_type",
    "resource_type",
    "agent",
    "client",
    "data*",
    "service.*",
    "alert_grouping",
    "external_references*",
    "occurrence",
    "metadata",
    "title",
    "updated_at",
    "resolved_by",
    "id",
];

fn incident(fields: &Fields<'_>, around: &Around<'_>) -> Result<Record, &'static str> {
    let said = fields.text("status").unwrap_or_default();
    let opened_at = fields.instant("created_at").ok_or("when it was opened")?;
    let changed_at = fields.instant("last_status_change_at");
    let updated_at = fields.instant("updated_at");
    let happened = around.parent.map(Fields::of).and_then(|parent| parent.instant("occurred_at"));
    let logged = |kind: &str| {
        let entries = fields.list("log_entries");
        let of_kind = entries.iter().filter(|entry| entry.text("type").is_some_and(|named| named.starts_with(kind)));
        of_kind.filter_map(|entry| entry.instant("created_at")).min()
    };
    let acknowledged = fields.list("acknowledgements").iter().filter_map(|one| one.instant("at")).min();
    let resolved_at = fields.instant("resolved_at").or_else(|| logged("resolve_log_entry"));
    let as_of = [Some(opened_at), changed_at, updated_at, happened, resolved_at].into_iter().flatten().max();
    Ok(Record::Incident(Incident {
        id: fields.id("id").ok_or("an id")?,
        number: fields.integer("incident_number").or_else(|| fields.integer("number")),
        title: fields.text("title").or_else(|| fields.text("summary")).unwrap_or_default().to_owned(),
        service: fields.at("service").text("summary").map(str::to_owned),
        severity: fields.at("priority").text("summary").or_else(|| fields.text("urgency")).map(str::to_owned),
        said: said.to_owned(),
        opened_at,
        acknowledged_at: acknowledged
            .or_else(|| logged("acknowledge_log_entry"))
            .or(changed_at.or(happened).filter(|_| said == "acknowledged")),
        resolved_at: resolved_at.or(changed_at).or(happened).or(updated_at).filter(|_| said == "resolved"),
        as_of: as_of.unwrap_or(opened_at),
        url: fields.text("html_url").map(str::to_owned),
    }))
}

/// Version 3: what happened, with the incident in `data`.
fn hook(fields: &Fields<'_>) -> Option<Found> {
    let kind = fields.text("event_type").unwrap_or_default();
    if !kind.starts_with("incident.") || !fields.at("data").has("status") {
        let left_out: &[&str] = &["data", "agent", "client", "id", "resource_type", "occurred_at"];
        return Some(Found::new("other webhook", Vec::new(), left_out));
    }
    fields.instant("occurred_at");
    fields.id("id");
    Some(Found { inside: &["data"], ..Found::new("webhook", Vec::new(), LEFT_OUT) })
}
