//! The HTML of the import pages.
use super::{
    choices::{Choices, FIELDS, choice_word, word},
    page::LARGEST_FILE,
    reader::{Column, DateQuestion, Order, Reason, RowError},
    report::{Difference, Outcome, Report, ReportRow},
    upload::Kept,
};
use crate::person::choices::zones;
use ui::{Cx, Form, Head, Markup, date_long, empty, facts, html, icon, load_more};

/// The most errors, and the most notes, that a page lists; the file of errors has them all.
const MOST_REMARKS: usize = 200;

pub fn choose(cx: &Cx, form: &Form) -> Markup {
    let flaw = form.flaw("file");
    html! {
        (Head {
            crumbs: vec![("/people", "People")],
            title: "Import people",
            lead: "Take the export of your people system as it is. You see what would change before anything does.",
            ..Head::default()
        }.show())
        div.cols {
            form.form method="post" action="/people/import/preview" enctype="multipart/form-data" {
                (ui::token(cx))
                (form.summary())
                drop-file data-max-bytes=(LARGEST_FILE) {
                    div.field {
                        label for="file" { "CSV file" }
                        p.hint #file-hint { "At most 20 MB and 50,000 people." }
                        input #file type="file" name="file" accept=".csv,.tsv,.txt,text/csv" aria-describedby="file-hint" aria-invalid=[flaw.map(|_| "true")];
                        @if let Some(sentence) = flaw { p.error #file-error { (sentence) } }
                    }
                }
                (form.area("text", "Or its text", "Paste rows with their column names.", 6))
                footer.form-foot {
                    button.button.primary { "See what would change" }
                    a.button.quiet href="/people" { "Cancel" }
                }
            }
            (advice())
        }
    }
}

fn advice() -> Markup {
    html! {
        div.stack {
            section.card {
                header { h2 { "What is read" } }
                div.body.prose.compact {
                    p { "Exports of ADP, BambooHR, Factorial, Google Workspace, HiBob, Microsoft 365, Okta, Personio, SAP SuccessFactors, Workday and Zoho People, and any other file with a line of column names and a line for each person." }
                    p { "People are recognised by mail address or employee id. Cells that are empty change nothing. Importing a file again changes nothing either." }
                }
            }
            section.card {
                header { h2 { "What is left out" } }
                div.body.prose.compact { p { "Pay, birth dates, home addresses, health and the like are not read, even if the file has them. The file is deleted when you import it, or after a day." } }
            }
        }
    }
}

pub fn preview(cx: &Cx, kept: &Kept, choices: &Choices, report: &Report, form: &Form) -> Markup {
    let path = format!("/people/import/{}", kept.id);
    let lead = format!("{}. Nothing has changed yet.", report.counts.in_words());
    let more = report.next.map(|line| format!("{path}?{}&after={line}", choices.query()));
    html! {
        (Head {
            crumbs: vec![("/people", "People"), ("/people/import", "Import")],
            title: &format!("What {} would change", kept.file_name),
            lead: &lead,
            actions: Some(apply_form(cx, &path, choices, report)),
            ..Head::default()
        }.show())
        div.stack {
            (reading_form(cx, &path, choices, report, form))
            (errors(report, &format!("{path}/errors.csv?{}", choices.query())))
            (changes(report, "The file changes nothing: all that it says is here already."))
            (load_more(more.as_deref()))
            (remarks(report))
        }
    }
}

pub fn result(kept: &Kept, report: &Report) -> Markup {
    let counts = report.counts;
    let number = |count: u64| html! { span.num { (count) } };
    html! {
        (Head {
            crumbs: vec![("/people", "People"), ("/people/import", "Import")],
            title: "People were imported",
            lead: &format!("From {}.", kept.file_name),
            actions: Some(html! { a.button.primary href="/people" { "Go to the people" } }),
            ..Head::default()
        }.show())
        div.stack {
            section.card { div.body {
                (facts(&[
                    ("Added", number(counts.added)),
                    ("Changed", number(counts.changed)),
                    ("Ended", number(counts.ended)),
                    ("Unchanged", number(counts.unchanged)),
                    ("Not imported", number(counts.refused)),
                ]))
            } }
            (errors(report, &format!("/people/import/{}/errors.csv", kept.id)))
            (changes(report, "The file changed nothing: all that it says was here already."))
            @if report.next.is_some() { p.muted.small { "These are the first of them." } }
            (remarks(report))
        }
    }
}

fn apply_form(cx: &Cx, path: &str, choices: &Choices, report: &Report) -> Markup {
    let counts = report.counts;
    let label = match counts.added + counts.changed + counts.ended {
        1 => "Import 1 person".to_owned(),
        count => format!("Import {count} people"),
    };
    html! {
        @if counts.is_change() && report.date_question.is_none() {
            form method="post" action={ (path) "/apply" } {
                (ui::token(cx))
                @for (name, text) in choices.pairs() { input type="hidden" name=(name) value=(text); }
                button.button.primary { (label) }
            }
        }
    }
}

fn reading_form(cx: &Cx, path: &str, choices: &Choices, report: &Report, form: &Form) -> Markup {
    html! {
        section.card {
            header { h2 { "How the file is read" } }
            div.body {
                form.form.wide method="get" action=(path) {
                    (form.summary())
                    input type="hidden" name="chosen" value="true";
                    @if let Some(question) = &report.date_question { (date_question(question)) }
                    @else if let Some(order) = choices.date_order { input type="hidden" name="date_order" value=(word(order)); }
                    div.field-row {
                        (form.combo("zone", "Time zone of new people", "Where neither the file nor the country tells it.", Some("None: report these rows"), &zones(cx.now(), form.value("zone"))))
                        (form.optional("hours", "Working hours of new people", "Mon-Fri 09:00-17:00 if you write nothing."))
                    }
                    label.choice {
                        input type="checkbox" name="create_teams" value="true" checked[choices.defaults.create_teams];
                        span { "Make the teams that are not here yet" @if !report.teams.is_empty() { span.hint { (report.teams.join(", ")) } } }
                    }
                    details.fold { summary { "What the columns hold" } div.body { (columns(choices, &report.columns)) } }
                    footer.form-foot { button.button { "Read it this way" } }
                }
            }
        }
    }
}

fn date_question(question: &DateQuestion) -> Markup {
    let orders = [
        (Order::DayFirst, "The day stands first", question.day_first),
        (Order::MonthFirst, "The month stands first", question.month_first),
    ];
    html! {
        fieldset.choices {
            legend { "Which day is " (question.value) "?" }
            p.hint { "Nothing in the file tells, so say it before you import. It holds for all dates." }
            @for (order, label, date) in orders {
                label.choice {
                    input type="radio" name="date_order" value=(word(order)) required;
                    span { (label) span.hint { (date_long(date)) } }
                }
            }
        }
    }
}

fn columns(choices: &Choices, columns: &[Column]) -> Markup {
    html! {
        table.data.listed {
            caption.vh { "Columns of the file" }
            thead { tr { th scope="col" { "Column" } th scope="col" { "Holds" } th scope="col" { "Why" } } }
            tbody {
                @for (place, column) in columns.iter().enumerate() {
                    @let name = format!("column-{place}");
                    @let chosen = choices.columns.get(&place).copied().map(choice_word).unwrap_or_default();
                    tr {
                        td { label for=(name) { (column.header) } }
                        td data-label="Holds" {
                            select id=(name) name=(name) {
                                option value="" { (usual(column, chosen.is_empty())) }
                                option value="ignore" selected[chosen == "ignore"] { "Leave it out" }
                                @for (field, label) in FIELDS { option value=(word(field)) selected[chosen == word(field)] { (label) } }
                            }
                        }
                        td.small.muted data-label="Why" { (column.reason.sentence()) }
                    }
                }
            }
        }
    }
}

/// What becomes of a column about which nothing is chosen.
fn usual(column: &Column, is_usual: bool) -> &'static str {
    let label = FIELDS.iter().find(|(field, _)| Some(*field) == column.field).map(|(_, label)| *label);
    match (is_usual, label, column.reason) {
        (false, ..) => "As it was recognised",
        (true, Some(label), _) => label,
        (true, None, Reason::Sensitive | Reason::HomeAddress) => "Left out on purpose",
        (true, None, _) => "Not used",
    }
}

fn errors(report: &Report, csv: &str) -> Markup {
    html! {
        @if !report.errors.is_empty() {
            section.card #errors {
                header { h2 { "Rows that cannot be imported" } a.button.small.right href=(csv) download { (icon("download")) "Download them" } }
                table.data.diff.listed {
                    caption.vh { "Rows that cannot be imported" }
                    thead { tr { th scope="col" { "Line" } th scope="col" { "Column" } } }
                    tbody {
                        @for error in report.errors.iter().take(MOST_REMARKS) {
                            tr.wrong { td { span.chip.bad { "Line " (error.line) } } td data-label="Column" { (column_of(error)) } }
                            tr.why { td colspan="2" { (error.sentence) } }
                        }
                    }
                }
                @if report.errors.len() > MOST_REMARKS { footer.small.muted { "These are the first " (MOST_REMARKS) " of " (report.errors.len()) "." } }
            }
        }
    }
}

fn column_of(error: &RowError) -> &str {
    error.column.as_deref().unwrap_or("The whole row")
}

fn changes(report: &Report, nothing: &str) -> Markup {
    html! {
        @if report.rows.is_empty() { (empty(nothing, None)) } @else {
            section.card #changes {
                table.data.diff.listed {
                    caption.vh { "What becomes of people" }
                    thead { tr { th scope="col" { "What" } th scope="col" { "Person" } th scope="col" { "Line" } th scope="col" { "Fields" } } }
                    tbody { @for row in &report.rows { (change(row)) } }
                }
            }
        }
    }
}

fn change(row: &ReportRow) -> Markup {
    let (class, state, label) = match row.outcome {
        Outcome::Added => ("added", "good", "New"),
        Outcome::Changed => ("changed", "info", "Changed"),
        Outcome::Ended => ("removed", "warn", "Left"),
        Outcome::Unchanged => ("", "", "Unchanged"),
    };
    html! {
        tr class=(class) {
            td { span class={ "chip " (state) } { (label) } }
            td data-label="Person" { (row.name) }
            td.num data-label="Line" { (row.line) }
            td data-label="Fields" { @for one in row.changes.iter().filter(|one| one.field != "name" || row.outcome != Outcome::Added) { div { (difference(one, row.outcome)) } } }
        }
    }
}

fn difference(one: &Difference, outcome: Outcome) -> Markup {
    html! {
        span.muted { (one.label()) } " "
        @if outcome == Outcome::Added { (one.to) } @else {
            @if !one.from.is_empty() { del { (one.from) } " " }
            @if !one.to.is_empty() { ins { (one.to) } }
        }
    }
}

fn remarks(report: &Report) -> Markup {
    html! {
        @if !report.notes.is_empty() {
            details.fold #notes {
                summary { "Notes on rows that are imported: " (report.notes.len()) }
                div.body { ul.list.plain { @for note in report.notes.iter().take(MOST_REMARKS) {
                    li { div.what.wrap { p { (note.sentence) } p.small.muted { "Line " (note.line) } } }
                } } }
            }
        }
        @if !report.left_out.is_empty() {
            p.small.muted { "Left out on purpose: " (report.left_out.join(", ")) "." }
        }
        @if !report.ignored.is_empty() {
            p.small.muted { "Not used: " (report.ignored.join(", ")) "." }
        }
    }
}
