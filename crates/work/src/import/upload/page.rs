//! The pages of a file: choose it, see what it would become, settle who and what things are, and bring it over.
use super::{
    ChooseForUpload, KeepUpload, LookAtUpload, Upload,
    file::{self, LARGEST, Summary},
    form,
    proposal::{Choices, TeamChoice},
    start::StartImport,
    view,
};
use crate::import::{Tracker, page::href, reading::Mapping};
use axum::{
    extract::DefaultBodyLimit,
    handler::Handler,
    response::{IntoResponse, Redirect},
};
use kernel::{Error, Id, Result};
use people::{
    access::cares_for_people,
    person::choices::{Picker, teams},
};
use ui::{Answer, Cx, Failure, Flash, Form, Pages, Submitted};

/// What stands around the file in a form.
const AROUND: usize = 64 * 1024;
const TITLE: &str = "Bring issues over";

pub fn pages() -> Pages {
    Pages::new()
        .get("/issue-imports/new", new)
        .post("/issue-imports/files", keep.layer(DefaultBodyLimit::max(LARGEST + AROUND)))
        .get("/issue-imports/files/{upload}", show)
        .post("/issue-imports/files/{upload}", choose)
}

/// `GET /issue-imports/new`
async fn new(cx: Cx) -> Answer {
    if !cares_for_people(cx.actor()) {
        return Err(Failure(Error::Forbidden));
    }
    let chosen = Form::of([("source", "jira".to_owned()), ("team", cx.text("team").to_owned())]);
    let body = view::new(&cx, &chosen, &teams(&cx).await?);
    Ok(cx.page(TITLE, body))
}

/// `POST /issue-imports/files`: reads the file, and keeps it for its owner until they decide.
async fn keep(upload: ui::Upload) -> Answer {
    let ui::Upload { form, file_name, bytes } = upload;
    if !cares_for_people(form.cx.actor()) {
        return Err(Failure(Error::Forbidden));
    }
    match kept(&form, file_name, bytes.to_vec()).await {
        Ok(id) => Ok(Redirect::to(&format!("/issue-imports/files/{id}")).into_response()),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view::new(&form.cx, &state, &teams(&form.cx).await?);
            Ok(form.again(TITLE, body))
        }
    }
}

async fn kept(form: &Submitted, file_name: String, bytes: Vec<u8>) -> Result<Id<Upload>> {
    let source = Tracker::FILES.iter().find(|source| source.word() == form.text("source")).copied();
    let source = source.ok_or_else(|| Error::invalid("source", "Say from which system it is."))?;
    if bytes.is_empty() {
        return Err(Error::invalid("file", "Choose a file that is not empty."));
    }
    let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    let file_name = if file_name.trim().is_empty() { "file".to_owned() } else { file_name.trim().to_owned() };
    let name = file_name.clone();
    // On a thread on which nobody waits for a page.
    let work = move || {
        let reading = file::read(source, &name, &bytes, Mapping::default())?;
        Ok::<_, Error>((Summary::of(reading)?, bytes))
    };
    let (summary, bytes) = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    let mut choices = Choices::default();
    if let Ok(team) = form.text("team").parse() {
        choices.teams = summary.projects.iter().map(|one| (one.key.clone(), TeamChoice::Is(team))).collect();
    }
    form.change(KeepUpload { source, file_name, bytes, summary, choices }).await
}

/// `GET /issue-imports/files/{upload}`: what the file would become.
async fn show(cx: Cx) -> Answer {
    let looked = cx.read_here::<LookAtUpload>().await?;
    if let Some(import) = looked.import {
        return Ok(Redirect::to(&format!("/issue-imports/{import}")).into_response());
    }
    let picker = Picker::load(&cx, "").await?;
    let body = view::looked(&cx, &looked, &picker, &teams(&cx).await?, &view::filled(&looked, &picker));
    Ok(cx.page(TITLE, body))
}

/// `POST /issue-imports/files/{upload}`: keeps what was chosen, and begins if that was pressed.
async fn choose(form: Submitted) -> Answer {
    let looked = form.cx.read_here::<LookAtUpload>().await?;
    let picker = Picker::load(&form.cx, "").await?;
    let upload = looked.id;
    let done = async {
        let choices = form::choices(&form, &looked, &picker).await?;
        if form.text("step") != "import" {
            form.change(ChooseForUpload { upload, choices }).await?;
            return Ok((format!("/issue-imports/files/{upload}"), "Your choices are kept. Nothing has changed yet."));
        }
        let import = form.change(StartImport { upload, choices }).await?;
        Ok((href(&import), "The issues are being brought over."))
    };
    match done.await {
        Ok((to, says)) => Ok(form.go(&to, Flash::says(says))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view::looked(&form.cx, &looked, &picker, &teams(&form.cx).await?, &state);
            Ok(form.again(TITLE, body))
        }
    }
}
