//! The pages of accounts: those that work without a session, and what the card on a person's page is sent to.
mod first_run;
mod invitation;
mod person;
mod prove;
mod reset;
mod second_step;
mod sign_in;

pub use prove::ask as ask_for_password;

use super::factor::policy;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Actor, Door};
use ui::{Cx, Markup, Pages, html};

pub fn pages() -> Pages {
    Pages::new()
        .get("/sign-in", sign_in::show)
        .post("/sign-in", sign_in::submit)
        .get("/sign-in/code", second_step::show)
        .post("/sign-in/code", second_step::submit)
        .post("/admin/second-factor", policy::save)
        .post("/sign-out", sign_in::sign_out)
        .get("/first-run", first_run::show)
        .post("/first-run", first_run::submit)
        .get("/invitations/{secret}", invitation::show)
        .post("/invitations/{secret}", invitation::submit)
        .get("/forgotten", reset::forgotten)
        .post("/forgotten", reset::request)
        .get("/reset/{secret}", reset::show)
        .post("/reset/{secret}", reset::submit)
        .get("/prove", prove::show)
        .post("/prove", prove::submit)
        .post("/people/{person}/invitations", person::invite)
        .post("/people/{person}/invitations/{invitation}/revocation", person::revoke)
        .post("/people/{person}/roles", person::set_roles)
        .post("/people/{person}/reset", person::send_reset)
        .post("/people/{person}/second-factor/removal", person::remove_second_factor)
        .post("/people/{person}/account/disabling", person::disable)
        .post("/people/{person}/account/enabling", person::enable)
}

/// A page without the sidebar.
fn alone(cx: &Cx, status: StatusCode, title: &str, body: Markup) -> Response {
    (status, ui::alone(title, &cx.viewer.workspace_name, cx.viewer.theme, body)).into_response()
}

/// What a link that no longer works shows; why it does not is not told.
fn link_is_over(cx: &Cx, what_to_do: Markup) -> Response {
    let body = html! {
        h1 { "This link does not work" }
        p.lead { "It was used already, it is too old, or a newer one has taken its place." }
        (what_to_do)
    };
    alone(cx, StatusCode::NOT_FOUND, "This link does not work", body)
}

/// Whoever has a link or a password is a stranger until it was looked at, even in a browser that is signed in.
fn stranger(cx: &Cx) -> Actor {
    Actor::stranger(cx.site.workspace, Door::Page)
}
