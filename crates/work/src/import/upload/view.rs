//! The HTML of the pages of a file.
use super::{
    Looked,
    file::LARGEST,
    form::{MOST_PEOPLE, person_text, state_word, team_word},
    proposal::{ProposedPerson, ProposedState, StateChoice},
};
use crate::{
    import::{Tracker, page},
    team::Category,
};
use people::person::choices::Picker;
use ui::{Cx, Form, Head, Markup, facts, html};

type Options = Vec<(String, String)>;

const CRUMBS: [(&str, &str); 2] = [("/issues", "Issues"), ("/issue-imports", "Brought over")];

pub fn new(cx: &Cx, form: &Form, teams: &[(String, String)]) -> Markup {
    let flaw = form.flaw("file");
    let sources: Options = Tracker::FILES.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    html! {
        (Head {
            crumbs: CRUMBS.to_vec(),
            title: "Bring issues over",
            lead: "Take a dump or an export as it is. You see what would become of it before anything does.",
            ..Head::default()
        }.show())
        div.cols {
            form.form method="post" action="/issue-imports/files" enctype="multipart/form-data" {
                (ui::token(cx))
                (form.summary())
                (form.select("source", "From", "", None, &sources))
                drop-file data-max-bytes=(LARGEST) {
                    div.field {
                        label for="file" { "File" }
                        p.hint #file-hint { "JSON, lines of JSON or CSV, packed with zip or gzip or not. At most 20 MB, and 128 MB unpacked. Pack several files into one zip." }
                        input #file type="file" name="file" accept=".json,.jsonl,.ndjson,.csv,.tsv,.zip,.gz" aria-describedby="file-hint" aria-invalid=[flaw.map(|_| "true")];
                        @if let Some(sentence) = flaw { p.error #file-error { (sentence) } }
                    }
                }
                (form.combo("team", "Team that gets the issues", "You can still choose for each project.", Some("The team that is called like the project"), teams))
                footer.form-foot {
                    button.button.primary { "See what it would become" }
                    a.button.quiet href="/issue-imports" { "Cancel" }
                }
            }
            (advice())
        }
    }
}

fn advice() -> Markup {
    html! { div.stack {
        section.card {
            header { h2 { "What is read" } }
            div.body.prose.compact {
                p { "Answers of the REST API of Jira Cloud and Data Center, of the GraphQL API of Linear and of the API of Shortcut, with their histories, and the tables that they export. Tables hold no history." }
                p { "Bringing the same over again renews what is different there and keeps what was changed here." }
            }
        }
        section.card {
            header { h2 { "What becomes of the file" } }
            div.body.prose.compact {
                p { "Nobody but you reads it. It is deleted when its issues are here, when you bring another one, or after a week." }
                p { "What is larger, or is asked of the API, is brought over on the server: " code { "cairn import jira --help" } "." }
            }
        }
    } }
}

/// The form as it is proposed or was chosen.
pub fn filled(looked: &Looked, picker: &Picker) -> Form {
    let proposal = &looked.proposal;
    let teams = proposal.teams.iter().enumerate().map(|(at, (_, choice))| (format!("team.{at}"), team_word(choice)));
    let states = proposal.states.iter().enumerate().map(|(at, one)| (format!("state.{at}"), state_word(&one.chosen)));
    let people = proposal.people.iter().enumerate().map(|(at, one)| (format!("person.{at}"), person_text(one, picker)));
    Form::refused(teams.chain(states).chain(people).collect(), Vec::new())
}

pub fn looked(cx: &Cx, looked: &Looked, picker: &Picker, teams: &[(String, String)], form: &Form) -> Markup {
    let summary = &looked.summary;
    let report: page::Report =
        serde_json::to_value(&summary.report).and_then(serde_json::from_value).unwrap_or_default();
    let number = |count: u64| html! { span.num { (count) } };
    html! {
        (Head {
            crumbs: CRUMBS.into_iter().chain([("/issue-imports/new", "Bring issues over")]).collect(),
            title: &format!("What {} would become", looked.file_name),
            lead: &format!("Read as a file of {}. Nothing has changed yet.", looked.source.title()),
            ..Head::default()
        }.show())
        div.stack {
            section.card { div.body { (facts(&[
                ("Issues", number(summary.issues)),
                ("Comments", number(summary.comments)),
                ("Sprints", number(summary.sprints)),
                ("People", number(summary.people.len() as u64)),
            ])) } }
            form.form.wide method="post" action={ "/issue-imports/files/" (looked.id) } {
                (ui::token(cx))
                (form.summary())
                (projects(looked, teams, form))
                (people(looked, picker, form))
                (states(looked, form))
                footer.form-foot {
                    button.button name="step" value="look" { "Keep these choices" }
                    button.button.primary name="step" value="import" { "Bring over " @if summary.issues == 1 { "1 issue" } @else { (summary.issues) " issues" } }
                }
            }
            (page::what_became(&report))
        }
    }
}

fn projects(looked: &Looked, teams: &[(String, String)], form: &Form) -> Markup {
    html! { section.card #projects {
        header { h2 { "Projects" } }
        div.body { div.form.wide {
            @for (place, (project, _)) in looked.proposal.teams.iter().enumerate() {
                @let new = (team_word(&super::proposal::TeamChoice::New), format!("A new team called {}", project.name));
                @let options: Options = [new].into_iter().chain(teams.iter().cloned()).collect();
                @let label = if project.name == project.key { project.key.clone() } else { format!("{} ({})", project.name, project.key) };
                @let hint = if project.issues == 1 { "1 issue".to_owned() } else { format!("{} issues", project.issues) };
                (form.combo(&format!("team.{place}"), &label, &hint, None, &options))
            }
        } }
    } }
}

/// So many of those of whom nobody here is known are shown at once.
const AT_ONCE: usize = 10;

fn people(looked: &Looked, picker: &Picker, form: &Form) -> Markup {
    let all = &looked.proposal.people;
    let mut shown: Vec<(String, &ProposedPerson)> =
        all.iter().enumerate().take(MOST_PEOPLE).map(|(place, one)| (format!("person.{place}"), one)).collect();
    let first =
        |name: &str, one: &ProposedPerson| one.chosen.is_some() || one.by == "said" || form.flaw(name).is_some();
    shown.sort_by_key(|(name, one)| (!first(name, one), one.somebody.name.to_lowercase()));
    let known = shown.iter().take_while(|(name, one)| first(name, one)).count();
    let rest = shown.split_off((known + AT_ONCE).min(shown.len()));
    html! { @if !all.is_empty() { section.card #people {
        header { h2 { "People" } }
        div.body { p.hint {
            "Say who they are here by a name or a mail address. Of those who are nobody here the name stands until somebody says who they are."
            @if all.len() > MOST_PEOPLE { " These are the first " (MOST_PEOPLE) " of " (all.len()) "; the others stay as they are proposed." }
        } }
        (picker.shared("people-here"))
        (table_of(&shown, "People of the file", form))
        @if !rest.is_empty() { div.body { details.fold {
            summary { (rest.len()) " more of whom nobody here is known" }
            (table_of(&rest, "More people of the file", form))
        } } }
    } } }
}

fn table_of(people: &[(String, &ProposedPerson)], caption: &str, form: &Form) -> Markup {
    html! { table.data.listed {
        caption.vh { (caption) }
        thead { tr { th scope="col" { "There" } th scope="col" { "Here" } th scope="col" { "Why" } } }
        tbody { @for (name, one) in people { (person(name, one, form)) } }
    } }
}

fn person(name: &str, one: &ProposedPerson, form: &Form) -> Markup {
    let flaw = form.flaw(name);
    let why = match one.by {
        _ if one.chosen != one.proposed => "You chose it",
        "mail" => "The same mail address",
        "name" => "The same name, which nobody else has",
        "said" => "Somebody said so before",
        _ => "Nobody here fits",
    };
    html! { tr {
        td { @if one.by == "said" { (one.somebody.name) } @else { label for=(name) { (one.somebody.name) } } @if let Some(mail) = &one.somebody.mail { div.small.muted { (mail) } } }
        td data-label="Here" {
            @if one.by == "said" { (one.name.as_deref().unwrap_or_default()) }
            @else {
                div.field {
                    input id=(name) name=(name) type="text" value=(form.value(name)) list="people-here" autocomplete="off"
                        placeholder="Nobody here yet" aria-invalid=[flaw.map(|_| "true")];
                    @if let Some(sentence) = flaw { p.error { (sentence) } }
                }
            }
        }
        td.small.muted data-label="Why" { (why) }
    } }
}

fn states(looked: &Looked, form: &Form) -> Markup {
    let proposal = &looked.proposal;
    html! { section.card #states {
        header { h2 { "States" } }
        table.data.listed {
            caption.vh { "States of the file" }
            thead { tr { th scope="col" { "There" } th scope="col" { "Here" } } }
            tbody { @for (place, one) in proposal.states.iter().enumerate() {
                @let name = format!("state.{place}");
                tr {
                    td { label for=(name) { (one.name) } div.small.muted { (one.category.title()) } }
                    td data-label="Here" { div.field { select id=(name) name=(name) {
                        @for (value, words) in options(one, &proposal.known) {
                            option value=(value) selected[form.value(&name) == value] { (words) }
                        }
                    } } }
                }
            } }
        }
    } }
}

/// The states of the teams; where none of them is called like it, also a new one of each category.
fn options(one: &ProposedState, known: &[(String, Category)]) -> Options {
    let here = known
        .iter()
        .map(|(name, category)| (state_word(&StateChoice::Is(name.clone())), format!("{name} ({})", category.title())));
    let new = Category::ALL.iter().filter(|_| matches!(one.proposed, StateChoice::New(_)));
    let new = new.map(|category| {
        let words = format!("A new state called {} ({})", one.name, category.title());
        (state_word(&StateChoice::New(*category)), words)
    });
    new.chain(here).collect()
}
