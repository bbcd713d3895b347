//! For those who keep the server running.
use super::listener::PeerAddress;
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

/// Prometheus' text format, for programs on this machine only.
pub async fn metrics(peer: Option<Extension<PeerAddress>>, Extension(Metrics(handle)): Extension<Metrics>) -> Response {
    let local = peer.is_none_or(|Extension(PeerAddress(address))| address.is_loopback());
    match handle.filter(|_| local) {
        Some(handle) => handle.render().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

const LONGEST_REPORT: usize = 4096;

/// What browsers refused to load; logged without the address of the page.
pub async fn csp_report(body: Bytes) -> StatusCode {
    let report: Option<kernel::Json> =
        (body.len() <= LONGEST_REPORT).then(|| serde_json::from_slice(&body).ok()).flatten();
    let directive = report.as_ref().and_then(|report| report["csp-report"]["violated-directive"].as_str());
    tracing::warn!(directive, "a browser refused something by the content security policy");
    StatusCode::NO_CONTENT
}
