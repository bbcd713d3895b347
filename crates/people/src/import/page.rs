//! The pages of an import: choose a file, see what it would do, do it, and see what came of it.
use super::{
    choices::Choices,
    operation::{ImportPeople, PreviewImport},
    reader::{Mapping, read},
    report::{Report, errors_as_csv},
    upload::{KeepUpload, Kept, ReadUpload},
    view,
};
use crate::access::cares_for_people;
use axum::{
    extract::DefaultBodyLimit,
    handler::Handler,
    http::header,
    response::{IntoResponse, Redirect},
};
use kernel::{Error, Result};
use ui::{Answer, Cx, Failure, Flash, Form, Pages, Submitted, Upload};

pub const LARGEST_FILE: usize = 20 * 1024 * 1024;
/// What stands around the file in a form.
const FORM: usize = 64 * 1024;

pub fn pages() -> Pages {
    Pages::new()
        .get("/people/import", choose)
        .post("/people/import/preview", keep.layer(DefaultBodyLimit::max(LARGEST_FILE + FORM)))
        .get("/people/import/{import}", show)
        .post("/people/import/{import}/apply", apply)
        .get("/people/import/{import}/errors.csv", errors)
}

/// `GET /people/import`
async fn choose(cx: Cx) -> Answer {
    match cares_for_people(cx.actor()) {
        true => Ok(cx.page("Import people", view::choose(&cx, &Form::default()))),
        false => Err(Failure(Error::Forbidden)),
    }
}

/// `POST /people/import/preview`: keeps the file for its owner until they decide.
async fn keep(upload: Upload) -> Answer {
    let Upload { form, file_name, bytes } = upload;
    let bytes = if bytes.is_empty() { form.text("text").as_bytes().to_vec() } else { bytes.to_vec() };
    let checked = match bytes.is_empty() {
        true => Err(Error::invalid("file", "Choose a file, or paste its text.")),
        false => parsed(bytes.clone(), Choices::default()).await.map(|_| ()),
    };
    let file_name = if file_name.is_empty() { "pasted text".to_owned() } else { file_name.chars().take(200).collect() };
    let kept = match checked {
        Ok(()) => form.change(KeepUpload { file_name, bytes }).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(id) => Ok(Redirect::to(&format!("/people/import/{id}")).into_response()),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("Import people", view::choose(&form.cx, &state)))
        }
    }
}

/// `GET /people/import/{import}`: what the file would do, or what it did.
async fn show(cx: Cx) -> Answer {
    let mut kept = cx.read_here::<ReadUpload>().await?;
    if let Some(report) = kept.report.take() {
        return Ok(cx.page("People were imported", view::result(&kept, &report)));
    }
    let choices = Choices::read(&cx.texts);
    let title = "Import people";
    match preview(&cx, &mut kept, &choices).await {
        Ok(report) => Ok(cx.page(title, view::preview(&cx, &kept, &choices, &report, &choices.form()))),
        Err(Error::Invalid(flaws)) => {
            let refused = Form::refused(choices.pairs(), flaws);
            let report = preview(&cx, &mut kept, &Choices::default()).await?;
            Ok(cx.page(title, view::preview(&cx, &kept, &choices, &report, &refused)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/import/{import}/apply`
async fn apply(form: Submitted) -> Answer {
    let kept = form.cx.read_here::<ReadUpload>().await?;
    let path = format!("/people/import/{}", kept.id);
    if kept.report.is_some() {
        return Ok(form.go(&path, Flash::says("This file was imported already.")));
    }
    let import = parsed(kept.bytes, Choices::read(&form.texts)).await?;
    let report = form.change(ImportPeople { upload: Some(kept.id), ..import }).await?;
    Ok(form.go(&path, Flash::says(format!("{}.", report.counts.in_words()))))
}

/// `GET /people/import/{import}/errors.csv`
async fn errors(cx: Cx) -> Answer {
    let mut kept = cx.read_here::<ReadUpload>().await?;
    let report = match kept.report.take() {
        Some(report) => report,
        None => preview(&cx, &mut kept, &Choices::read(&cx.texts)).await?,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rows-not-imported.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, errors_as_csv(&report)).into_response())
}

async fn preview(cx: &Cx, kept: &mut Kept, choices: &Choices) -> Result<Report> {
    let import = parsed(kept.bytes.clone(), choices.clone()).await?;
    cx.read(PreviewImport(ImportPeople { after_line: choices.after_line, upload: Some(kept.id), ..import })).await
}

/// Reads a file on a thread on which nobody waits for a page.
async fn parsed(bytes: Vec<u8>, choices: Choices) -> Result<ImportPeople> {
    let work = move || {
        let unreadable = |one: super::Unreadable| Error::invalid("file", one.sentence);
        let headers = match choices.columns.is_empty() {
            true => Vec::new(),
            false => read(&bytes, &Mapping::default()).map_err(unreadable)?.columns,
        };
        ImportPeople::new(&bytes, &choices.mapping(&headers), &choices.defaults)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
