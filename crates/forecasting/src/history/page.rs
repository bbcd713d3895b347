use super::{
    ChooseItems, FinishImport, Histories, ImportFinishes, ImportedFinishes, RemoveFinishes, RestoreFinishes,
    ShowHistory,
};
use kernel::{Error, Id};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, Upload, date_long, html};

const TITLE: &str = "What forecasts are made from";

/// `GET /teams/{team}/forecast/history`
pub async fn show(cx: Cx) -> Answer {
    let history = cx.read_here::<ShowHistory>().await?;
    let body = view(&cx, &history, &Form::of([("name", "Finish dates".into())]));
    Ok(cx.live_page(TITLE, &["history", "repository"], body))
}

/// `POST /teams/{team}/forecast/history/preview`: says what the file would do.
pub async fn preview(Upload { mut form, bytes, .. }: Upload) -> Answer {
    let text = String::from_utf8(bytes.to_vec());
    if let Ok(text) = text.as_ref().map(|text| text.trim_start_matches('\u{feff}')).map(str::to_owned) {
        form.texts.retain(|(name, _)| name != "file");
        form.texts.push(("file".to_owned(), text));
    }
    let planned = async {
        match (text.is_err(), bytes.is_empty()) {
            (true, _) => return Err(Error::invalid("file", "This is not a text in UTF-8; save it as CSV.")),
            (_, true) => return Err(Error::invalid("file", "Choose a file with a finish date on each line.")),
            _ => {}
        }
        form.change(ImportFinishes { dry_run: true, ..form.input()? }).await
    };
    match planned.await {
        Ok(imported) => {
            let history = form.cx.read_here::<ShowHistory>().await?;
            Ok(form.cx.page(TITLE, planned_view(&form, &history, &imported)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let history = form.cx.read_here::<ShowHistory>().await?;
            Ok(form.again(TITLE, view(&form.cx, &history, &state)))
        }
    }
}

/// `POST /teams/{team}/forecast/history`
pub async fn apply(form: Submitted) -> Answer {
    let imported = form.submit::<ImportFinishes>().await?;
    let done = format!("{} finished items are imported. The past is being forecast now.", imported.items);
    Ok(form.go(&format!("/teams/{}/forecast", form.text("team")), Flash::says(done)))
}

/// `POST /teams/{team}/forecast/items`
pub async fn choose(form: Submitted) -> Answer {
    form.submit::<ChooseItems>().await?;
    Ok(form.go(&address(&form), Flash::says("From now on this is what counts.")))
}

/// `POST /teams/{team}/forecast/history/{import}/remove`
pub async fn remove(form: Submitted) -> Answer {
    form.submit::<RemoveFinishes>().await?;
    let undo = format!("{}/{}/restore", address(&form), form.text("import"));
    Ok(form.go(&address(&form), Flash::says("The file counts no more.").undo(undo)))
}

/// `POST /teams/{team}/forecast/history/{import}/restore`
pub async fn restore(form: Submitted) -> Answer {
    form.submit::<RestoreFinishes>().await?;
    Ok(form.go(&address(&form), Flash::says("The file counts again.")))
}

fn address(form: &Submitted) -> String {
    format!("/teams/{}/forecast/history", form.text("team"))
}

fn head(history: &Histories, lead: &str) -> Markup {
    let (team, page) = (format!("/teams/{}", history.team), format!("/teams/{}/forecast", history.team));
    let crumbs = vec![("/teams", "Teams"), (&*team, &*history.team_name), (&*page, "Forecast")];
    Head { crumbs, title: TITLE, lead, ..Head::default() }.show()
}

fn view(cx: &Cx, history: &Histories, state: &Form) -> Markup {
    let lead = "Finish dates of the team's items, and nothing else of them: no names, no titles.";
    html! {
        (head(history, lead))
        div.cols {
            div.stack { (sources_card(cx, history)) (imports_card(cx, history)) }
            div.stack { @if history.may_keep { (upload_card(cx, history, state)) } }
        }
    }
}

fn sources_card(cx: &Cx, history: &Histories) -> Markup {
    html! {
        section.card #sources {
            header { h2 { "What counts as an item" } }
            @if history.sources.is_empty() {
                div.body { p.muted { "Nothing that this team finished is known yet. Import finish dates here, or the histories of its repositories with " code { "cairn import git" } "." } }
            } @else { table.data.listed {
                caption.vh { "Sources of finish dates" }
                thead { tr { th scope="col" { "Source" } th.n scope="col" { "Items" } th scope="col" { "Known" } th scope="col" { span.vh { "Choice" } } } }
                tbody { @for one in &history.sources { tr id={ "source-" (one.kind.word()) } {
                    td { (one.kind.title()) }
                    td.n data-label="Items" { (one.items) }
                    td data-label="Known" { @if let Some(first) = one.first_on { (date_long(first)) " to before " (date_long(one.as_of)) } }
                    td { @if Some(one.kind) == history.counted { (ui::chip("good", "Counts")) } @else if history.may_keep { (choice(cx, history, one.kind)) } }
                } } }
            } }
            div.body { details.fold { summary { "How this is counted" } div.body {
                p { "An item counts on the day in UTC on which it was finished. Pull requests are those that reached the main line of a repository of the team; bots are left out. One kind counts, so that nothing is counted twice." }
            } } }
        }
    }
}

fn choice(cx: &Cx, history: &Histories, kind: super::ItemKind) -> Markup {
    html! {
        form method="post" action={ "/teams/" (history.team) "/forecast/items" } {
            (ui::token(cx)) input type="hidden" name="kind" value=(kind.word());
            button.button.small { "Count these" span.vh { ": " (kind.title()) } }
        }
    }
}

fn imports_card(cx: &Cx, history: &Histories) -> Markup {
    html! { @if !history.imports.is_empty() {
        section.card #imports {
            header { h2 { "Imported files" } }
            ul.list.plain { @for one in &history.imports { li id={ "import-" (one.id) } {
                div.what.wrap {
                    p { (one.name) }
                    p.small.muted { (one.items) " items, complete until " (date_long(one.complete_until)) ", imported " (ui::ago(one.imported_at, cx.now(), &cx.viewer.zone)) }
                }
                @if history.may_keep { (removal(cx, history, one.id)) }
            } } }
        }
    } }
}

fn removal(cx: &Cx, history: &Histories, import: Id<FinishImport>) -> Markup {
    html! {
        form method="post" action={ "/teams/" (history.team) "/forecast/history/" (import) "/remove" } {
            (ui::token(cx)) button.button.quiet.small { "Remove" }
        }
    }
}

fn upload_card(cx: &Cx, history: &Histories, state: &Form) -> Markup {
    html! {
        section.card #import {
            header { h2 { "Import finish dates" } }
            div.body {
                form.form method="post" action={ "/teams/" (history.team) "/forecast/history/preview" } enctype="multipart/form-data" data-turbo="false" {
                    (ui::token(cx)) (state.summary())
                    drop-file data-max-bytes="4194304" { div.field {
                        label for="file" { "CSV file" }
                        p.hint #file-hint { "A date or an instant on each line, such as 2026-02-17. Other columns are not read." }
                        input #file type="file" name="file" accept=".csv,.txt,text/csv,text/plain" required aria-describedby="file-hint";
                    } }
                    (state.text("name", "Name", "A file of the same name takes the place of the one before it."))
                    (state.input("date", "complete_until", "Complete until", "The last day of which the file tells everything. Without it, the last date in the file.", true))
                    footer.form-foot { button.button.primary { "Look at the file" } }
                }
            }
        }
    }
}

fn planned_view(form: &Submitted, history: &Histories, imported: &ImportedFinishes) -> Markup {
    let page = format!("/teams/{}/forecast/history", history.team);
    html! {
        (head(history, "Nothing is imported before you have seen what it does."))
        section.card { div.body { (ui::facts(&[
            ("Items", html! { (imported.items) }),
            ("First finished", html! { (date_long(imported.first_on)) }),
            ("Last finished", html! { (date_long(imported.last_on)) }),
            ("Complete until", html! { (date_long(imported.complete_until)) }),
        ]))
        @if let Some(old) = imported.replaces { p { "It takes the place of a file of the same name with " (old) " items." } }
        } }
        form.form method="post" action=(page) {
            (ui::token(&form.cx))
            @for name in ["name", "complete_until", "file"] { input type="hidden" name=(name) value=(form.text(name)); }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Import" }
                a.button.quiet href=(page) { "Another file" }
            }
        }
    }
}
