//! For those who keep the server running.
use super::listener::Client;
use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Actor, Door};
use metrics_exporter_prometheus::PrometheusHandle;
use people::account::first_run::IsNew;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use ui::Site;

#[derive(Clone)]
pub struct Metrics(pub Option<PrometheusHandle>);

/// The process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The process can reach its database.
pub async fn ready(State(site): State<Site>) -> Response {
    match site.app.call(&Actor::stranger(site.workspace, Door::Page), IsNew {}).await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

/// Prometheus' text format, for programs on this machine only: what a reverse proxy on this machine passes on comes from
/// elsewhere.
pub async fn metrics(client: Option<Extension<Client>>, Extension(Metrics(handle)): Extension<Metrics>) -> Response {
    let local = client.is_none_or(|Extension(client)| client.address.is_loopback() && !client.forwarded);
    match handle.filter(|_| local) {
        Some(handle) => handle.render().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

const LONGEST_REPORT: usize = 4096;
const REPORTS_A_MINUTE: u32 = 20;

/// When the current minute of reports began, and how many came in it.
static REPORTS: Mutex<Option<(Instant, u32)>> = Mutex::new(None);

/// What browsers refused to load; logged without the address of the page, and not more often than somebody would read.
pub async fn csp_report(body: Bytes) -> StatusCode {
    if too_many_reports() {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    let report: Option<kernel::Json> =
        (body.len() <= LONGEST_REPORT).then(|| serde_json::from_slice(&body).ok()).flatten();
    let directive = report.as_ref().and_then(|report| report["csp-report"]["violated-directive"].as_str());
    tracing::warn!(directive, "a browser refused something by the content security policy");
    StatusCode::NO_CONTENT
}

fn too_many_reports() -> bool {
    let mut reports = REPORTS.lock().unwrap_or_else(PoisonError::into_inner);
    let (since, count) =
        reports.filter(|(since, _)| since.elapsed() < Duration::from_secs(60)).unwrap_or_else(|| (Instant::now(), 0));
    *reports = Some((since, count.saturating_add(1)));
    count >= REPORTS_A_MINUTE
}
