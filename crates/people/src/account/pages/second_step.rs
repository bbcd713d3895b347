//! The page between the password and the session, for accounts with a second factor.
use super::{alone, stranger};
use crate::account::{
    cookies,
    factor::step::{self, Entry},
    return_to, secret,
    visitor::Visitor,
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header::SET_COOKIE, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use kernel::Error;
use ui::{Answer, Cx, Failure, Form, Markup, Site, Submitted, cookie, html, token};

const COOKIE: &str = "second-step";

/// On to where somebody wanted to go, or to the second step before.
pub(super) fn go_on(cx: &Cx, entry: &Entry, to: &str) -> Response {
    let to = return_to::local(to);
    match entry {
        Entry::SignedIn(signed_in) => {
            let to = if signed_in.lacks_factor { "/me/sign-in" } else { to };
            let mut response = Redirect::to(to).into_response();
            cookies::keep(&mut response, cx.site.workspace, signed_in);
            response
        }
        Entry::SecondStep(secret) => {
            let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
            let mut response = Redirect::to(&format!("/sign-in/code?return_to={to}")).into_response();
            let secret = secret::address(cx.site.workspace, secret);
            response.headers_mut().append(SET_COOKIE, cookie::set(COOKIE, &secret, step::OPEN.as_secs()));
            response
        }
    }
}

/// What the browser holds between the two steps.
pub struct Held(String);

impl FromRequestParts<Site> for Held {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Held, Failure> {
        let held = cookie::read(&parts.headers, COOKIE).and_then(secret::parse);
        let held = held.filter(|(workspace, _)| *workspace == site.workspace);
        held.map(|(_, secret)| Held(secret.to_owned())).ok_or(Failure(Error::SignedOut))
    }
}

/// `GET /sign-in/code`
pub async fn show(_: Held, cx: Cx) -> Answer {
    let form = Form::of([("return_to", cx.text("return_to").to_owned())]);
    Ok(alone(&cx, StatusCode::OK, "Your code", view(&cx, &form)))
}

/// `POST /sign-in/code`
pub async fn submit(Held(secret): Held, visitor: Visitor, form: Submitted) -> Answer {
    let cx = &form.cx;
    match step::finish(&cx.site.app, &stranger(cx), &secret, form.text("code"), &visitor).await {
        Ok(signed_in) => {
            let mut response = go_on(cx, &Entry::SignedIn(signed_in), form.text("return_to"));
            response.headers_mut().append(SET_COOKIE, cookie::end(COOKIE));
            Ok(response)
        }
        Err(Error::SignedOut) => Ok(Redirect::to("/sign-in").into_response()),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(alone(cx, StatusCode::UNPROCESSABLE_ENTITY, "Your code", view(cx, &state)))
        }
    }
}

fn view(cx: &Cx, form: &Form) -> Markup {
    html! {
        h1 { "Enter the code of your app" }
        p.lead { "Your account asks for a second factor." }
        form.form method="post" action="/sign-in/code" {
            (form.summary())
            (token(cx))
            input type="hidden" name="return_to" value=(return_to::local(form.value("return_to")));
            (form.input("text", "code", "Code", "The six digits that the app shows now, or one of your recovery codes.", false))
            footer.form-foot { button.button.primary { "Sign in" } a.button.quiet href="/sign-in" { "Start again" } }
        }
        p.small.muted { "Have you lost both? Ask an owner or admin to remove your second factor." }
    }
}
