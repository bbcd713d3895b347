use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, json};

/// Which status an error has, on every surface.
pub fn status(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::NotFound => (StatusCode::NOT_FOUND, "not-found"),
        Error::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        Error::SignedOut => (StatusCode::UNAUTHORIZED, "signed-out"),
        Error::Unproven => (StatusCode::FORBIDDEN, "unproven"),
        Error::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
        Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        Error::Conflict(_) | Error::Constraint(_) => (StatusCode::CONFLICT, "conflict"),
        Error::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
        Error::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    }
}

/// What a caller may read of an error: of the inside they learn nothing, the log does, once, here.
fn sentence(error: &Error) -> String {
    match error {
        Error::Internal(source) => {
            tracing::error!(%source, "an operation failed");
            "Something went wrong on our side. Nothing was changed.".to_owned()
        }
        Error::Constraint(name) => {
            tracing::error!(constraint = name, "a constraint refused and no sentence says why");
            "This conflicts with what is stored already.".to_owned()
        }
        error => error.to_string(),
    }
}

fn retry_after(response: &mut Response, error: &Error) {
    let seconds = match error {
        Error::Busy(_) => 1,
        Error::TooMany(seconds) => *seconds,
        _ => return,
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
}

/// An error as `application/problem+json` (RFC 9457).
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind) = status(&self.0);
        let mut body = json!({
            "type": format!("/problems/{kind}"), "title": status.canonical_reason(),
            "status": status.as_u16(), "detail": sentence(&self.0),
        });
        let flaws = match &self.0 {
            Error::Invalid(flaws) => flaws.as_slice(),
            Error::Malformed(flaw) => std::slice::from_ref(flaw),
            _ => &[],
        };
        if !flaws.is_empty() {
            let errors = flaws.iter().map(|flaw| json!({ "field": flaw.field, "detail": flaw.sentence }));
            body["errors"] = errors.collect();
        }
        let content = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, content, body.to_string()).into_response();
        retry_after(&mut response, &self.0);
        response
    }
}

/// An error of a page. The response carries it as an [`ErrorPage`], which the server dresses in the reader's shell.
pub struct Failure(pub Error);

/// What an error page says.
#[derive(Clone)]
pub struct ErrorPage {
    pub status: StatusCode,
    pub sentence: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, _) = status(&self.0);
        let sentence = sentence(&self.0);
        let mut response = (status, sentence.clone()).into_response();
        response.extensions_mut().insert(ErrorPage { status, sentence });
        retry_after(&mut response, &self.0);
        response
    }
}
