use super::{alone, link_is_over, second_step::go_on, stranger};
use crate::account::{
    cookies,
    factor::step::Entry,
    reset::{FindReset, Owned, RequestReset, reset},
    visitor::Visitor,
};
use axum::{http::StatusCode, response::Response};
use kernel::{Error, Result};
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html, token};

/// `GET /forgotten`
pub async fn forgotten(cx: Cx) -> Answer {
    Ok(alone(&cx, StatusCode::OK, "A new password", ask(&cx, &Form::default())))
}

/// `POST /forgotten`
pub async fn request(visitor: Visitor, form: Submitted) -> Answer {
    let request = RequestReset { email: form.text("email").to_owned(), address: visitor.address };
    match form.cx.site.app.call(&stranger(&form.cx), request).await {
        Ok(()) => {
            let body = html! {
                h1 { "Look into your mail" }
                p.lead { "If this address belongs to an account here, a link is on its way. It works for an hour." }
                p { a.button href="/sign-in" { "Back to signing in" } }
            };
            // Turbo takes a page as the answer to a form if it is not a plain 200.
            Ok(alone(&form.cx, StatusCode::ACCEPTED, "Look into your mail", body))
        }
        Err(error) => {
            let state = form.refused(error)?;
            Ok(alone(&form.cx, StatusCode::UNPROCESSABLE_ENTITY, "A new password", ask(&form.cx, &state)))
        }
    }
}

fn ask(cx: &Cx, form: &Form) -> Markup {
    html! {
        h1 { "A new password" }
        p.lead { "We send a link to your mail address." }
        form.form method="post" action="/forgotten" {
            (form.summary())
            (token(cx))
            (form.input("email", "email", "Mail address", "", false))
            footer.form-foot {
                button.button.primary { "Send the link" }
                a.button.quiet href="/sign-in" { "Cancel" }
            }
        }
    }
}

/// `GET /reset/{secret}`
pub async fn show(cx: Cx) -> Answer {
    match find(&cx).await {
        Ok(owned) => Ok(alone(&cx, StatusCode::OK, "A new password", choose(&cx, &owned, &Form::default()))),
        Err(Error::NotFound) => Ok(over(&cx)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /reset/{secret}`
pub async fn submit(visitor: Visitor, form: Submitted) -> Answer {
    let owned = match find(&form.cx).await {
        Err(Error::NotFound) => return Ok(over(&form.cx)),
        found => found?,
    };
    let (cx, secret) = (&form.cx, form.cx.text("secret"));
    match reset(&cx.site.app, &stranger(cx), secret, form.text("new_password"), &visitor).await {
        Ok(Entry::SignedIn(signed_in)) => {
            let mut response = form.go("/", Flash::says("You have a new password. All other sessions have ended."));
            cookies::keep(&mut response, cx.site.workspace, &signed_in);
            Ok(response)
        }
        Ok(entry) => Ok(go_on(cx, &entry, "/")),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(alone(cx, StatusCode::UNPROCESSABLE_ENTITY, "A new password", choose(cx, &owned, &state)))
        }
    }
}

async fn find(cx: &Cx) -> Result<Owned> {
    cx.site.app.call(&stranger(cx), FindReset { secret: cx.text("secret").to_owned() }).await
}

fn over(cx: &Cx) -> Response {
    link_is_over(cx, html! { p { a.button href="/forgotten" { "Ask for a new link" } } })
}

fn choose(cx: &Cx, owned: &Owned, form: &Form) -> Markup {
    html! {
        h1 { "A new password for " (owned.name) }
        p.lead { "All sessions and tokens of this account end." }
        form.form method="post" action=(cx.path) {
            (form.summary())
            (token(cx))
            (form.input("password", "new_password", "New password", "At least 12 characters. A sentence is good.", false))
            footer.form-foot { button.button.primary { "Save" } }
        }
    }
}
