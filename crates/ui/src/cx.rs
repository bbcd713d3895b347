use crate::{Failure, Flash, Markup, Site, Viewer, html, input::refuse_doubles, shell};
use axum::{
    body::Bytes,
    extract::{FromRequestParts, Query, RawPathParams},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use kernel::{Actor, App, Content, Error, Operation, Reference, Result, Time, parse};
use std::sync::Arc;

/// A request for a page: who asks, and for what. It can read; only a [`Submitted`](crate::Submitted) form can change.
#[derive(Clone)]
pub struct Cx {
    pub site: Site,
    pub viewer: Arc<Viewer>,
    pub path: String,
    /// The parameters of the path and the query.
    pub texts: Vec<(String, String)>,
    pub flash: Option<Flash>,
}

impl Cx {
    pub fn actor(&self) -> &Actor {
        &self.viewer.actor
    }

    pub fn now(&self) -> Time {
        self.viewer.now
    }

    /// The date on the reader's wall.
    pub fn today(&self) -> jiff::civil::Date {
        self.now().date(&self.viewer.zone)
    }

    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, text)| text)
    }

    /// Calls an operation that reads.
    pub async fn read<O: Operation>(&self, input: O) -> Result<O::Output> {
        const { assert!(O::READS, "a page that is only looked at changes nothing") };
        self.site.app.call(self.actor(), input).await
    }

    /// Calls an operation that reads, with its input from the path and the query.
    pub async fn read_here<O: Operation>(&self) -> Result<O::Output> {
        let input: O = self.input()?;
        self.read(input).await
    }

    /// The bytes that an operation found for the reader.
    pub async fn bytes(&self, content: Content) -> Result<Vec<u8>> {
        match content {
            Content::Here(bytes) => Ok(bytes),
            Content::Stored(name) => {
                self.site.app.let_go().await?;
                self.site.blobs.get(&name).await
            }
        }
    }

    /// Whether the reader may do this now; a page asks it before it draws a button.
    pub async fn may<O: Operation>(&self, input: O) -> Result<bool> {
        self.site.app.can(self.actor(), input).await
    }

    /// The input of an operation, from the path and the query.
    pub fn input<O: Operation>(&self) -> Result<O> {
        parse(crate::fields::<O>().from_form(self.texts.iter().cloned())?)
    }

    /// What is said about a record, and where more can be said. The page listens to the record's id.
    pub async fn conversation(&self, kind: &str, id: impl ToString) -> Result<Markup> {
        (self.site.conversation)(self.clone(), Reference::to(kind, id)).await
    }

    /// Keeps a file of the reader for a text about a record, and returns what the text says to show it.
    pub async fn bring(&self, about: Reference, file: (String, Bytes)) -> Result<String> {
        (self.site.bring)(self.clone(), about, file).await
    }

    /// A whole page in the shell.
    pub fn page(&self, title: &str, body: Markup) -> Response {
        shell::document(self, title, &[], html! {}, body).into_response()
    }

    /// A whole page that the browser keeps no picture of: going back to it asks for it again, and for access to it.
    pub fn guarded_page(&self, title: &str, body: Markup) -> Response {
        let forget = html! { meta name="turbo-cache-control" content="no-cache"; };
        shell::document(self, title, &[], forget, body).into_response()
    }

    /// A whole page that shows by itself what others change: the topics are nouns (`person`) and ids of records.
    pub fn live_page(&self, title: &str, topics: &[&str], body: Markup) -> Response {
        shell::document(self, title, topics, html! {}, body).into_response()
    }
}

impl FromRequestParts<Site> for Cx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Cx, Failure> {
        let viewer = parts.extensions.get::<Arc<Viewer>>().cloned().ok_or(Failure(Error::SignedOut))?;
        let mut texts: Vec<(String, String)> = match RawPathParams::from_request_parts(parts, site).await {
            Ok(path) => path.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
            Err(_) => return Err(Failure(Error::NotFound)),
        };
        if let Ok(Query(query)) = Query::<Vec<(String, String)>>::from_request_parts(parts, site).await {
            texts.extend(query);
        }
        refuse_doubles(&site.app, &texts)?;
        let flash = Flash::read(&parts.headers);
        // Of the moment at which the reader was recognised, if the request only reads.
        let app = parts.extensions.get::<App>().unwrap_or(&site.app).clone();
        let site = Site { app, ..site.clone() };
        Ok(Cx { site, viewer, path: parts.uri.path().to_owned(), texts, flash })
    }
}
