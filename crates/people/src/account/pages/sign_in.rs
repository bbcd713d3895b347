use super::{alone, second_step::go_on, stranger};
use crate::account::{
    cookies, first_run::IsNew, return_to, sealed, session::SignOut, sign_in::sign_in, visitor::Visitor,
};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Redirect},
};
use ui::{Answer, Cx, Form, Markup, Submitted, html, token};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// `GET /sign-in`
pub async fn show(cx: Cx) -> Answer {
    let to = return_to::local(cx.text("return_to"));
    if !cx.actor().is_stranger() {
        return Ok(Redirect::to(to).into_response());
    }
    if cx.read(IsNew {}).await? {
        return Ok(Redirect::to("/first-run").into_response());
    }
    let form = Form::of([("return_to", to.to_owned())]);
    Ok(alone(&cx, StatusCode::OK, "Sign in", view(&cx, &form)))
}

/// `POST /sign-in`
pub async fn submit(visitor: Visitor, form: Submitted) -> Answer {
    let (app, cx) = (&form.cx.site.app, &form.cx);
    match sign_in(app, &stranger(cx), form.text("email"), form.text("password"), &visitor).await {
        Ok(entry) => Ok(go_on(cx, &entry, form.text("return_to"))),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(alone(cx, StatusCode::UNPROCESSABLE_ENTITY, "Sign in", view(cx, &state)))
        }
    }
}

/// `POST /sign-out`
pub async fn sign_out(form: Submitted) -> Answer {
    if form.cx.actor().session.is_some() {
        form.change(SignOut {}).await?;
    }
    sealed::lock(&form.cx);
    let mut response = Redirect::to("/sign-in").into_response();
    cookies::end(&mut response);
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\""));
    Ok(response)
}

fn view(cx: &Cx, form: &Form) -> Markup {
    html! {
        h1 { "Sign in to " (cx.viewer.workspace_name) }
        form.form method="post" action="/sign-in" {
            (form.summary())
            (token(cx))
            input type="hidden" name="return_to" value=(return_to::local(form.value("return_to")));
            (form.input("email", "email", "Mail address", "", false))
            (form.input("password", "password", "Password", "", false))
            footer.form-foot {
                button.button.primary { "Sign in" }
                a.button.quiet href="/forgotten" { "Forgotten your password?" }
            }
        }
    }
}
