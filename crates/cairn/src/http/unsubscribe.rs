//! The end of the letters with one click from the mail program (RFC 8058): without a session, a cookie or a page of ours
//! before it, so that it stands outside of what guards the forms. The secret in the address is all it needs.
use asks::delivery::{FindLetter, Unsubscribe};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Door, Error};
use ui::{Failure, Site, Theme, html};

/// `GET /unsubscribe/{secret}`: programs that only look at links must not end anything.
pub async fn question(State(site): State<Site>, Path(secret): Path<String>) -> Result<Response, Failure> {
    let stranger = Actor::stranger(site.workspace, Door::Page);
    match site.app.call(&stranger, FindLetter { secret: secret.clone() }).await {
        Ok(found) => Ok(ask(&secret, &found.name).into_response()),
        Err(Error::NotFound) => Ok(gone().into_response()),
        Err(error) => Err(Failure(error)),
    }
}

fn ask(secret: &str, name: &str) -> ui::Markup {
    let body = html! {
        h1 { "No more letters for " (name) "?" }
        p.lead { "What waits for you stays in your inbox, and urgent asks still come by mail. You can choose letters again there at any time." }
        form.form method="post" action={ "/unsubscribe/" (secret) } { button.button.primary { "No more letters" } }
    };
    ui::alone("No more letters", "", Theme::System, body)
}

fn gone() -> ui::Markup {
    let body = html! { h1 { "This link is not good any more" } p.lead { "The newest letter has one that is." } };
    ui::alone("Not good any more", "", Theme::System, body)
}

/// `POST /unsubscribe/{secret}`
pub async fn one_click(State(site): State<Site>, Path(secret): Path<String>) -> Result<Response, Failure> {
    let stranger = Actor::stranger(site.workspace, Door::Page);
    match site.app.call(&stranger, Unsubscribe { secret }).await {
        Ok(()) => {
            let body = html! { h1 { "No more letters" } p.lead { "What waits for you stays in your inbox. Urgent asks still come by mail." } p { a.link href="/inbox" { "Open the inbox" } } };
            Ok(ui::alone("No more letters", "", Theme::System, body).into_response())
        }
        Err(Error::NotFound) => Ok(gone().into_response()),
        Err(error) => Err(Failure(error)),
    }
}
