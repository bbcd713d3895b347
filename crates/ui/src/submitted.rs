use crate::{Answer, Cx, Failure, Flash, Form, Markup, Site, form, input::refuse_doubles};
use axum::{
    RequestExt,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, RawForm, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Error, Operation, Result, parse};

/// A form that came from a page of the reader's own session. Only through it does a page change anything.
pub struct Submitted {
    pub cx: Cx,
    /// What was typed, and the parameters of the path.
    pub texts: Vec<(String, String)>,
}

/// A form with one file in it.
pub struct Upload {
    pub form: Submitted,
    pub file_name: String,
    pub bytes: Bytes,
}

/// So many bytes are read of a form with files.
pub const LARGEST_FORM: usize = 32 * 1024 * 1024;

/// A form with any number of files in it: their names and what is in them.
pub struct Uploads {
    pub form: Submitted,
    pub files: Vec<(String, Bytes)>,
}

impl Submitted {
    /// Calls an operation with what was typed.
    pub async fn submit<O: Operation>(&self) -> Result<O::Output> {
        self.change(self.input::<O>()?).await
    }

    /// Calls an operation with an input that the page made.
    pub async fn change<O: Operation>(&self, input: O) -> Result<O::Output> {
        self.cx.site.app.call(self.cx.actor(), input).await
    }

    pub fn input<O: Operation>(&self) -> Result<O> {
        parse(crate::fields::<O>().from_form(self.texts.iter().cloned())?)
    }

    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, text)| text)
    }

    /// What was typed, to be shown again with what is wrong about it.
    pub fn refused(&self, error: Error) -> Result<Form, Failure> {
        match error {
            Error::Invalid(flaws) => Ok(Form::refused(self.texts.clone(), flaws)),
            Error::Conflict(sentence) => {
                Ok(Form::refused(self.texts.clone(), vec![kernel::Flaw { field: String::new(), sentence }]))
            }
            other => Err(Failure(other)),
        }
    }

    /// The page again, with status 422 and all that was typed.
    pub fn again(&self, title: &str, body: Markup) -> Response {
        let mut response = self.cx.page(title, body);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }

    /// On to the page that shows what was done, with a sentence that says so.
    pub fn go(&self, to: &str, flash: Flash) -> Response {
        let mut response = Redirect::to(to).into_response();
        response.headers_mut().append(header::SET_COOKIE, flash.cookie());
        response
    }

    /// For destructive acts: whether the reader was asked. Without script the question is a page of its own.
    pub fn confirmed(&self) -> bool {
        self.text("confirmed") == "yes"
    }

    /// The page that asks.
    pub fn ask(&self, question: &str, button: &str) -> Answer {
        let body = crate::html! {
            header.page-head { div.grow { h1 { (question) } } }
            form.form method="post" action=(self.cx.path) {
                (form::token(&self.cx))
                @for (name, text) in self.texts.iter().filter(|(name, _)| name != "csrf") {
                    input type="hidden" name=(name) value=(text);
                }
                input type="hidden" name="confirmed" value="yes";
                footer.form-foot {
                    button.button.danger { (button) }
                }
            }
        };
        Ok(self.cx.page(question, body))
    }
}

impl FromRequest<Site> for Submitted {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Submitted, Failure> {
        let (mut parts, body) = request.into_parts();
        let cx = Cx::from_request_parts(&mut parts, site).await?;
        let request = Request::from_parts(parts, body);
        let RawForm(bytes) = RawForm::from_request(request, site).await.map_err(unreadable)?;
        let typed = form_urlencoded::parse(&bytes).into_owned().collect();
        Submitted::checked(cx, typed)
    }
}

impl Submitted {
    fn checked(cx: Cx, typed: Vec<(String, String)>) -> Result<Submitted, Failure> {
        let token = typed.iter().find(|(name, _)| name == "csrf").map_or("", |(_, token)| token);
        if !form::is_token(&cx, token) {
            return Err(Failure(Error::conflict(
                "This form is out of date. Go back, load the page again, and send it again.",
            )));
        }
        let texts: Vec<_> = typed.into_iter().chain(cx.texts.iter().cloned()).collect();
        refuse_doubles(&cx.site.app, &texts)?;
        Ok(Submitted { texts, cx })
    }
}

fn unreadable(rejection: impl IntoResponse) -> Failure {
    match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure(Error::TooLarge),
        _ => Failure(Error::malformed("form", "This form could not be read.")),
    }
}

impl FromRequest<Site> for Upload {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Upload, Failure> {
        let Uploads { form, mut files } = Uploads::from_request(request, site).await?;
        let (file_name, bytes) = files.pop().unwrap_or_default();
        Ok(Upload { form, file_name, bytes })
    }
}

impl FromRequest<Site> for Uploads {
    type Rejection = Failure;

    async fn from_request(mut request: Request, site: &Site) -> Result<Uploads, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Ok(Uploads { form: Submitted::from_request(request, site).await?, files: Vec::new() });
        }
        let cx = request.extract_parts_with_state::<Cx, Site>(site).await?;
        // Before the body is read: a large file of nobody's would only fill the memory.
        if cx.actor().is_stranger() {
            return Err(Failure(Error::SignedOut));
        }
        let unreadable = |_| Failure(Error::invalid("file", "This file could not be read, or is larger than 20 MB."));
        let mut parts = Multipart::from_request(request, site).await.map_err(|_| unreadable(()))?;
        let (mut typed, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = parts.next_field().await.map_err(|_| unreadable(()))? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                Some(name) => files.push((name, part.bytes().await.map_err(|_| unreadable(()))?)),
                None => typed.push((name, part.text().await.map_err(|_| unreadable(()))?)),
            }
        }
        // A field in which nothing was chosen is sent as a file without a name.
        files.retain(|(name, bytes)| !name.is_empty() || !bytes.is_empty());
        Ok(Uploads { form: Submitted::checked(cx, typed)?, files })
    }
}
