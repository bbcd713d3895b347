//! The search page, and what the command palette asks while one types.
use crate::{
    complete::{CompleteSearch, Proposal},
    extract::Piece,
    find::{FindRecords, Found, Hit},
};
use axum::{http::header, response::IntoResponse};
use kernel::Error;
use serde::Serialize;
use ui::{Answer, Cx, Head, Markup, Pages, chip, empty, html, icon, load_more};

pub fn pages() -> Pages {
    Pages::new().get("/search", search).get("/search.json", typed)
}

const IN_PALETTE: i64 = 8;

#[derive(Serialize)]
struct Typed {
    records: Vec<Hit>,
    /// How the filter that is being typed may go on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    proposals: Vec<Proposal>,
    /// What is wrong with the question, as a sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

/// `GET /search.json?q=…`: the best few, for the command palette.
async fn typed(cx: Cx) -> Answer {
    let find = FindRecords { q: cx.text("q").to_owned(), limit: Some(IN_PALETTE) };
    let proposals = cx.read(CompleteSearch { q: find.q.clone() }).await?;
    let answer = match cx.read(find).await {
        Ok(found) => Typed { records: found.hits, proposals, hint: String::new() },
        // A filter that is still being typed is not wrong yet.
        Err(Error::Invalid(_)) if !proposals.is_empty() => {
            Typed { records: Vec::new(), proposals, hint: String::new() }
        }
        Err(error @ Error::Invalid(_)) => Typed { records: Vec::new(), proposals, hint: error.to_string() },
        Err(error) => return Err(error.into()),
    };
    let text = serde_json::to_string(&answer).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

/// `GET /search`
async fn search(cx: Cx) -> Answer {
    let find: FindRecords = cx.input()?;
    let found = match cx.read(find.clone()).await {
        Ok(found) => Ok(found),
        Err(error @ Error::Invalid(_)) => Err(error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let proposals = match &found {
        Err(_) => cx.read(CompleteSearch { q: find.q.clone() }).await?,
        Ok(_) => Vec::new(),
    };
    let body = html! {
        (Head { title: "Search", ..Head::default() }.show())
        div.stack {
            (form(&find.q))
            (completions(&proposals))
            @match &found {
                Err(sentence) => (empty(sentence, Some(("/search", "Start over")))),
                Ok(_) if find.q.trim().is_empty() => (help()),
                Ok(found) if found.hits.is_empty() => (nothing(&find.q)),
                Ok(found) => (results(&find, found)),
            }
        }
    };
    Ok(cx.page("Search", body))
}

fn form(q: &str) -> Markup {
    html! {
        form.toolbar method="get" action="/search" role="search" {
            label.vh for="q" { "Search" }
            div.search { (icon("search")) input #q type="search" name="q" value=(q) placeholder="Words, names, filters" autofocus autocomplete="off"; }
            button.button { "Search" }
        }
    }
}

/// How a filter that was not understood may go on.
fn completions(proposals: &[Proposal]) -> Markup {
    let href =
        |q: &str| format!("/search?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish());
    html! { @if !proposals.is_empty() {
        nav.row aria-label="Filters" { @for one in proposals { a.button.small href=(href(&one.q)) { (one.text) } } }
    } }
}

/// What can be typed, where nothing is.
fn help() -> Markup {
    let filters = [
        ("is:person", "of this kind"),
        ("by:me", "written by you; by:name for somebody else"),
        ("team:payments", "of this team"),
        ("before:2026-05", "begun before this year, month or day; after: for later"),
        ("in:title", "with the words in the title"),
        ("\"exactly once\"", "with these words side by side"),
        ("-draft", "without this word"),
    ];
    html! {
        section.card {
            header { h2 { "What you can type" } }
            div.body.stack.tight {
                p { "Some words, or their beginnings. These narrow it down:" }
                dl.facts { @for (word, means) in filters { div { dt { code { (word) } } dd { (means) } } } }
            }
        }
    }
}

fn nothing(q: &str) -> Markup {
    let q: String = q.trim().chars().take(80).collect();
    empty(
        &format!("Nothing fits “{q}”. Look for fewer words, or for the beginning of one."),
        Some(("/search", "What you can type")),
    )
}

fn results(find: &FindRecords, found: &Found) -> Markup {
    let more = found.more && find.limit.is_none_or(|limit| limit < 100);
    html! {
        @for (heading, hits) in groups(&found.hits) {
            section.card {
                header { h2 { (heading) } }
                ul.list { @for hit in hits { (line(hit)) } }
            }
        }
        (load_more(more.then(|| further(find)).as_deref()))
        @if found.more && !more { p.small.muted { "There are more than 100. Add a word or a filter to narrow it down." } }
    }
}

fn line(hit: &Hit) -> Markup {
    html! {
        li { div.what {
            p { a href=(hit.href) { (marked(&hit.title)) } @if !hit.mark.is_empty() { " " (chip("line", &hit.mark)) } }
            @if !hit.extract.is_empty() { p.small.muted { (marked(&hit.extract)) } }
        } }
    }
}

fn marked(pieces: &[Piece]) -> Markup {
    html! { @for piece in pieces { @if piece.hit { mark { (piece.text) } } @else { (piece.text) } } }
}

/// Kinds in the order of their best hit.
fn groups(hits: &[Hit]) -> Vec<(&str, Vec<&Hit>)> {
    let mut groups: Vec<(&str, Vec<&Hit>)> = Vec::new();
    for hit in hits {
        match groups.iter_mut().find(|(heading, _)| *heading == hit.heading) {
            Some((_, group)) => group.push(hit),
            None => groups.push((&hit.heading, vec![hit])),
        }
    }
    groups
}

/// The same question with a larger limit.
fn further(find: &FindRecords) -> String {
    let limit = if find.limit.is_none_or(|limit| limit < 50) { "50" } else { "100" };
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("q", &find.q).append_pair("limit", limit).finish();
    format!("/search?{query}")
}
