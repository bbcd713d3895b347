use crate::cookie;
use axum::http::{HeaderMap, HeaderValue};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// A sentence on the next page about what was just done, and how to take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub sentence: String,
    /// Where a form with the one button "Undo" is sent.
    pub undo: Option<String>,
}

impl Flash {
    pub fn says(sentence: impl Into<String>) -> Flash {
        Flash { sentence: sentence.into(), undo: None }
    }

    pub fn undo(self, path: impl Into<String>) -> Flash {
        Flash { undo: Some(path.into()), ..self }
    }

    pub(crate) fn cookie(&self) -> HeaderValue {
        let text = serde_json::to_vec(self).unwrap_or_default();
        cookie::set("flash", &URL_SAFE_NO_PAD.encode(text), 60)
    }

    /// The cookie that ends the flash once it was shown.
    pub fn shown() -> HeaderValue {
        cookie::end("flash")
    }

    pub(crate) fn read(headers: &HeaderMap) -> Option<Flash> {
        let text = cookie::read(headers, "flash")?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}
