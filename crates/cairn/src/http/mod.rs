//! The doors: pages, REST, the live stream, and what stands before all of them.
mod calendar;
mod demonstration;
mod guard;
mod health;
mod hooks;
pub mod listener;
mod live;
mod openapi;
mod rest;
mod session;
mod today;
mod unsubscribe;

pub use openapi::openapi;
pub use session::SESSION_COOKIE;
pub use today::ShowToday;

use axum::{
    Extension, Router, middleware,
    routing::{get, post},
};
use db::Db;
use kernel::App;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use ui::Site;

/// What the doors need beside the site.
#[derive(Clone)]
pub struct Doors {
    pub site: Site,
    pub db: Arc<Db>,
    /// What `/metrics` shows; nothing where no recorder was installed.
    pub metrics: Option<PrometheusHandle>,
}

/// The whole program as one service, to be served or called in tests.
pub fn router(doors: Doors) -> Router {
    let Doors { site, db, metrics } = doors;
    let app: App = site.app.clone();
    let pages = crate::pages()
        .get("/", today::home)
        .get("/today", today::today)
        .post("/demonstration/eyes", demonstration::look)
        .into_router()
        .route("/live", get(live::live))
        .route("/guest-boards/{retrospective}/live", get(live::guest::live))
        .layer(Extension(db))
        .layer(middleware::from_fn_with_state(site.clone(), session::establish))
        .layer(middleware::from_fn(guard::pages));
    let api = rest::router(site.clone()).layer(middleware::from_fn(guard::api));
    Router::new()
        .merge(pages)
        .nest("/api/v1", api)
        .route("/assets/{name}", get(ui::serve_asset))
        .route("/unsubscribe/{secret}", get(unsubscribe::question).post(unsubscribe::one_click))
        .route("/calendar/{file}", get(calendar::feed))
        .route("/hooks/{system}/{id}", post(hooks::receive))
        .route("/csp-report", post(health::csp_report))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(session::nothing_here)
        .layer(Extension(health::Metrics(metrics)))
        .layer(Extension(app))
        .layer(middleware::from_fn(guard::everything))
        .with_state(site)
}
