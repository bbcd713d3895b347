//! What was brought over, and what became of each field of it.
use super::{
    Import, ListImports, ShowImport,
    upload::{Progress, ReadProgress, Stage},
};
use kernel::Error;
use serde::Deserialize;
use std::collections::BTreeMap;
use ui::{Answer, Cx, Form, Head, Markup, Submitted, ago, chip, empty, html};

/// The report as the program that reads the files writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Report {
    kinds: BTreeMap<String, Kind>,
    unrecognised: BTreeMap<String, (u64, String)>,
    incomplete: BTreeMap<String, (u64, String)>,
    differences: BTreeMap<String, (u64, String)>,
    people: BTreeMap<String, u64>,
    sprints: Sprints,
}

/// What became of the sprints.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sprints {
    created: i64,
    renewed: i64,
    unchanged: i64,
    kept: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Kind {
    records: u64,
    fields: BTreeMap<String, Field>,
}

#[derive(Deserialize)]
struct Field {
    fate: String,
    count: u64,
    example: String,
}

/// `GET /issue-imports`
pub async fn list(cx: Cx) -> Answer {
    let imports = cx.read(ListImports {}).await?;
    let head = Head {
        crumbs: vec![("/issues", "Issues")],
        title: "Brought over",
        lead: "Issues from Jira, Linear, Shortcut and other Cairns, with their history.",
        actions: Some(html! {
            a.button href="/outsiders" { "People of former trackers" }
            a.button.primary href="/issue-imports/new" { "Bring issues over" }
        }),
        ..Head::default()
    };
    let body = html! {
        (head.show())
        @if imports.is_empty() {
            (empty("Nothing was brought over yet. You see what would become of a file before anything does.", Some(("/issue-imports/new", "Bring issues over"))))
        } @else {
            section.card { table.data.listed {
                thead { tr { th { "From" } th { "Begun" } th.n { "New" } th.n { "Different" } th.n { "As before" } th { "State" } } }
                tbody { @for import in &imports { tr {
                    td { a.link href=(href(import)) { (import.source.title()) ", " (import.label) } }
                    td data-label="Begun" { (ago(import.begun_at, cx.now(), &cx.viewer.zone)) }
                    td.n data-label="New" { (import.created) }
                    td.n data-label="Different" { (import.renewed) }
                    td.n data-label="As before" { (import.unchanged) }
                    td { (state(import)) }
                } } }
            } }
        }
    };
    Ok(cx.page("Brought over", body))
}

pub fn href(import: &Import) -> String {
    format!("/issue-imports/{}", import.id)
}

fn state(import: &Import) -> Markup {
    match (import.undone_at, import.finished_at) {
        (Some(_), _) => chip("line", "Taken back"),
        (None, Some(_)) => chip("good", "Done"),
        (None, None) => chip("warn", "Not finished"),
    }
}

/// `GET /issue-imports/{import}`
pub async fn show(cx: Cx) -> Answer {
    let import = cx.read_here::<ShowImport>().await?;
    let file = cx.read(ReadProgress { import: import.id }).await?;
    let body = view(&cx, &import, file.as_ref(), &Form::default());
    Ok(cx.live_page(import.source.title(), &[import.id.as_str()], body))
}

/// The page again, with why the import was not taken back.
pub async fn again(form: &Submitted, error: Error) -> Answer {
    let state = form.refused(error)?;
    let import = form.cx.read_here::<ShowImport>().await?;
    let file = form.cx.read(ReadProgress { import: import.id }).await?;
    Ok(form.again(import.source.title(), view(&form.cx, &import, file.as_ref(), &state)))
}

fn view(cx: &Cx, import: &Import, file: Option<&Progress>, form: &Form) -> Markup {
    let report: Report = serde_json::from_value(import.report.clone()).unwrap_or_default();
    let title = format!("{} issues from {}", import.stored(), import.source.title());
    let lead = format!(
        "Read from {}: {} new, {} different from before, {} as they were.",
        import.label, import.created, import.renewed, import.unchanged
    );
    html! {
        (Head { crumbs: vec![("/issues", "Issues"), ("/issue-imports", "Brought over")], title: &title, lead: &lead, ..Head::default() }.show())
        (form.summary())
        div.stack {
        (progress(cx, import, file))
        (people(&report.people))
        (sprints(&report.sprints))
        (what_became(&report))
        (undo(cx, import))
        }
    }
}

/// What became of each field, and of what did not come over as it was.
pub(super) fn what_became(report: &Report) -> Markup {
    let parts = [
        ("Did not come over as it was", &report.incomplete),
        ("Changed here, and different there", &report.differences),
        ("Not recognised", &report.unrecognised),
    ];
    html! {
        @for (title, lines) in parts { (said(title, lines)) }
        @for (name, kind) in &report.kinds { (fields(name, kind)) }
    }
}

fn progress(cx: &Cx, import: &Import, file: Option<&Progress>) -> Markup {
    let left = import.seconds_left(cx.now()).map(|seconds| match seconds {
        ..90 => format!(", about {seconds} s left"),
        _ => format!(", about {} min left", seconds / 60),
    });
    html! { @if import.undone_at.is_some() {
        p { (state(import)) }
    } @else if import.finished_at.is_none() {
        @let done = html! { strong { (import.stored()) " of " (import.expected) " issues are here" } };
        @match file.map(|file| (file.stage, &file.failure)) {
            Some((_, Some(sentence))) => div.ask.bad { p.grow { (done) ". It has stopped: " (sentence) } },
            Some((Stage::Storing, _)) => div.ask { p.grow { (done) (left.unwrap_or_default()) ". This page shows by itself how far it is." } },
            Some(_) => div.ask { p.grow { strong { "The file is being read" } ". This page shows by itself how far it is." } },
            None => div.ask.warn { p.grow {
                (done) (left.unwrap_or_default()) ". If it has stopped, run the same command again: it goes on where it was."
            } },
        }
    } }
}

fn undo(cx: &Cx, import: &Import) -> Markup {
    html! { @if import.undone_at.is_none() { section.card #undo {
        header { h2 { "Take it back" } }
        div.body { form.form method="post" action={ (href(import)) "/undo" } data-confirm="The issues and sprints that this import made go, with their history." {
            (ui::token(cx))
            p { "The issues and sprints that it made go, with their history. Those that were here before stay." }
            label.choice { input type="checkbox" name="also_changed" value="true"; span { "Also issues and sprints that were changed or discussed here since" } }
            div.buttons { button.button.danger { "Take the import back" } }
        } }
    } } }
}

/// How many are somebody here, and by what they were known.
fn people(counts: &BTreeMap<String, u64>) -> Markup {
    let words = |by: &str| match by {
        "mail" => "known by their mail address",
        "name" => "known by their name, which nobody else has",
        "said" => "known since somebody said who they are",
        "settled" => "chosen when they were brought over",
        _ => "nobody here until somebody says who they are",
    };
    html! { @if !counts.is_empty() { section.card #people {
        header { h2 { "People" } a.link.right href="/outsiders" { "Say who they are" } }
        div.body { dl.facts { @for (by, count) in counts { div { dt { (words(by)) } dd.num { (count) } } } } }
    } } }
}

fn sprints(sprints: &Sprints) -> Markup {
    let Sprints { created, renewed, unchanged, kept } = sprints;
    html! { @if created + renewed + unchanged > 0 || !kept.is_empty() { section.card #sprints {
        header { h2 { "Sprints" } }
        div.body {
            p { (created) " new, " (renewed) " different from before, " (unchanged) " as they were. Each has the commitment of its
                start and a ledger of what changed since, as the history of its issues tells it." }
            @if !kept.is_empty() { p {
                "Different there, and kept as they are here, since they are closed or were changed here: " (kept.join(", ")) "."
            } }
        }
    } } }
}

fn said(title: &str, all: &BTreeMap<String, (u64, String)>) -> Markup {
    let times = |count: u64| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    html! { @if !all.is_empty() { section.card { header { h2 { (title) } } ul.list.plain {
        @for (what, (count, first)) in all { li { div.what {
            p { (what) } p.small.muted { (times(*count)) ", first " (first) }
        } } }
    } } } }
}

fn fields(name: &str, kind: &Kind) -> Markup {
    let word = |fate: &str| match fate {
        "read" => "taken over",
        "left_out" => "left out on purpose",
        "beside" => "kept beside the issue",
        _ => "not known, kept beside the issue",
    };
    let unknown = kind.fields.iter().filter(|(_, field)| field.fate == "unknown");
    let known = kind.fields.iter().filter(|(_, field)| field.fate != "unknown");
    html! { section.card {
        header { h2 { (name) ": " (kind.records) " read" } }
        @if !kind.fields.is_empty() { table.data.listed {
            thead { tr { th { "Field" } th { "What became of it" } th.n { "Times" } th { "Example" } } }
            tbody { @for (path, field) in unknown.chain(known) {
                tr {
                    td { code { (path) } }
                    td { (word(&field.fate)) }
                    td.n data-label="Times" { (field.count) }
                    td data-label="Example" { (field.example) }
                }
            } }
        } }
    } }
}
