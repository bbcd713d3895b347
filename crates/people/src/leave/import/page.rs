use super::{Import, ImportLeaves, Imported, Outcome};
use crate::leave::{Kind, form::MayEnterLeave};
use kernel::{Error, Person};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, Upload, chip, date_range, html};

type Whose = crate::person::Named<Person>;

/// `GET /people/{person}/leaves/import`
pub async fn start(cx: Cx) -> Answer {
    let person = whose(&cx).await?;
    let state = Form::of([("kind", Kind::Holiday.word().into())]);
    Ok(cx.page(&title(&person), upload_form(&cx, &person, &state)))
}

/// `POST /people/{person}/leaves/import`: says what the file would do.
pub async fn preview(Upload { mut form, bytes, .. }: Upload) -> Answer {
    let person = whose(&form.cx).await?;
    let text = String::from_utf8(bytes.to_vec());
    form.texts.extend(text.iter().map(|text| ("file".to_owned(), text.clone())));
    let planned = async {
        text.map_err(|_| Error::invalid("file", "This is not a text in UTF-8, as calendar files are."))?;
        form.change(ImportLeaves { dry_run: true, ..form.input()? }).await
    };
    match planned.await {
        Ok(import) => Ok(form.cx.page(&title(&person), planned_view(&form, &person, &import))),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again(&title(&person), upload_form(&form.cx, &person, &state)))
        }
    }
}

/// `POST /people/{person}/leaves/import/apply`
pub async fn apply(form: Submitted) -> Answer {
    let import = form.submit::<ImportLeaves>().await?;
    let done = format!("Imported: {}.", in_words(&import).unwrap_or_else(|| "nothing had changed".into()));
    Ok(form.go(&format!("/people/{}/leaves", form.text("person")), Flash::says(done)))
}

async fn whose(cx: &Cx) -> kernel::Result<Whose> {
    cx.read(MayEnterLeave { person: cx.text("person").parse()? }).await
}

fn title(person: &Whose) -> String {
    format!("Import leave of {}", person.name)
}

fn head(person: &Whose, lead: &str) -> Markup {
    let (page, leaves) = (format!("/people/{}", person.id), format!("/people/{}/leaves", person.id));
    let crumbs = vec![("/people", "People"), (page.as_str(), person.name.as_str()), (leaves.as_str(), "Leave")];
    Head { crumbs, title: &title(person), lead, ..Head::default() }.show()
}

fn upload_form(cx: &Cx, person: &Whose, state: &Form) -> Markup {
    let kinds: Vec<(String, String)> =
        Kind::ALL.iter().map(|kind| (kind.word().to_owned(), kind.title().to_owned())).collect();
    html! {
        (head(person, "From the calendar file (.ics) of a personnel system or another calendar. Nothing is entered before you have seen what it does."))
        form.form method="post" action={ "/people/" (person.id) "/leaves/import" } enctype="multipart/form-data" data-turbo="false" {
            (ui::token(cx)) (state.summary())
            drop-file data-max-bytes="524288" { div.field {
                label for="file" { "Calendar file" }
                p.hint #file-hint { "At most 512 KB. Bring the same file again when it has changed." }
                input #file type="file" name="file" accept=".ics,text/calendar" required aria-describedby="file-hint";
            } }
            (state.select("kind", "Kind of leave", "For events whose title does not say it. Titles are not kept.", None, &kinds))
            footer.form-foot {
                button.button.primary { "Look at the file" }
                a.button.quiet href={ "/people/" (person.id) "/leaves" } { "Cancel" }
            }
        }
    }
}

fn planned_view(form: &Submitted, person: &Whose, import: &Import) -> Markup {
    let words = in_words(import);
    let lead = words.clone().unwrap_or_else(|| "The file changes nothing here.".into());
    let leaves = format!("/people/{}/leaves", person.id);
    html! {
        (head(person, &lead))
        @if !import.events.is_empty() { section.card { (events_table(&form.cx, import)) } }
        form.form method="post" action={ (leaves) "/import/apply" } {
            (ui::token(&form.cx))
            @for name in ["kind", "file"] { input type="hidden" name=(name) value=(form.text(name)); }
            footer.form-foot {
                @if words.is_some() { button.button.primary data-key="mod+enter" { "Import" } }
                a.button.quiet href={ (leaves) "/import" } { "Another file" }
            }
        }
    }
}

fn events_table(cx: &Cx, import: &Import) -> Markup {
    html! {
        table.data.diff.listed {
            caption.vh { "Events of the file" }
            thead { tr { th scope="col" { "What" } th scope="col" { "When" } th scope="col" { "Title" } th.n scope="col" { "Line" } } }
            tbody { @for event in &import.events {
                tr class=(row_class(event.outcome)) {
                    td { (outcome_chip(event.outcome)) }
                    td data-label="When" { (when(cx, event)) }
                    td data-label="Title" { (event.title) }
                    td.n data-label="Line" { (event.line) }
                }
                @if !event.sentence.is_empty() { tr.why { td colspan="4" { "Line " (event.line) ": " (event.sentence) } } }
            } }
        }
    }
}

fn when(cx: &Cx, event: &Imported) -> String {
    let dates = event.first_on.zip(event.last_on).map(|(first, last)| date_range(first, last, cx.today()));
    [dates, event.hours.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn row_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Entered | Outcome::Restored => "added",
        Outcome::Changed => "changed",
        Outcome::Withdrawn => "removed",
        Outcome::Kept => "",
        Outcome::LeftOut => "wrong",
    }
}

fn outcome_chip(outcome: Outcome) -> Markup {
    match outcome {
        Outcome::Entered => chip("good", "Enter"),
        Outcome::Restored => chip("good", "Enter again"),
        Outcome::Changed => chip("info", "Change"),
        Outcome::Withdrawn => chip("warn", "Withdraw"),
        Outcome::Kept => chip("", "As it is"),
        Outcome::LeftOut => chip("bad", "Left out"),
    }
}

/// `12 to enter, 1 to change`; nothing if nothing changes.
fn in_words(import: &Import) -> Option<String> {
    let count = |outcomes: &[Outcome]| import.events.iter().filter(|event| outcomes.contains(&event.outcome)).count();
    let counts = [
        (count(&[Outcome::Entered, Outcome::Restored]), "entered"),
        (count(&[Outcome::Changed]), "changed"),
        (count(&[Outcome::Withdrawn]), "withdrawn"),
    ];
    let left_out = count(&[Outcome::LeftOut]);
    let changes: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    match (changes.is_empty(), left_out) {
        (true, _) => None,
        (false, 0) => Some(changes.join(", ")),
        (false, n) => Some(format!("{}, {n} left out", changes.join(", "))),
    }
}
