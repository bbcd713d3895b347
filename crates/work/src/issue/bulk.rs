use super::{
    Issue, Priority, Which,
    change::{self, Batch, Told, Wanted},
    labels_of,
    page::{self, Choices},
    picker, project,
};
use crate::{
    custom::{self, Values},
    estimate::Estimate,
    label::Label,
    sprint::{Sprint, ledger::Why},
    team::State,
};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Error, Id, Method::Post, Milestone, Operation, Person, Project, Result, Route, Team, Tx, text::Line,
};
use people::person::choices::with_ids;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Change the same fields of several issues, all or none of them. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMany {
    /// 1 to 100.
    pub issues: Vec<Which>,
    /// Only say what would be different.
    #[serde(default)]
    pub preview: bool,
    #[serde(default)]
    pub state: Option<Id<State>>,
    #[serde(default)]
    pub assignee: Change<Id<Person>>,
    #[serde(default)]
    pub priority: Option<Priority>,
    #[serde(default)]
    pub estimate: Change<Estimate>,
    #[serde(default)]
    pub due_on: Change<Date>,
    #[serde(default)]
    pub sprint: Change<Id<Sprint>>,
    #[serde(default)]
    pub project: Change<Id<Project>>,
    #[serde(default)]
    pub milestone: Change<Id<Milestone>>,
    /// Why the scope of a running sprint changes by this.
    #[serde(default)]
    pub reason: Line<300>,
    /// Labels that they are to have besides those they have.
    #[serde(default)]
    pub labels: Vec<Id<Label>>,
    /// Labels that they are to have no more.
    #[serde(default)]
    pub remove_labels: Vec<Id<Label>>,
    /// What they are to hold in fields that were added to issues, by the ids of the fields.
    #[serde(default)]
    pub fields: Values,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Edits {
    /// What is different, or would be, issue by issue.
    pub changes: Vec<Edit>,
    /// By what all of it is undone; nothing for a preview, or if nothing is different.
    pub batch: Option<Id<Batch>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Edit {
    pub key: String,
    pub title: String,
    /// The field, and what it says before and after, in words.
    pub field: super::Field,
    /// The name of a field that was added to issues.
    pub named: Option<String>,
    pub before: String,
    pub after: String,
}

const MOST: usize = 100;

impl Operation for EditMany {
    const NAME: &str = "issue.edit_many";
    const ROUTE: Route = Route(Post, "/issue-edits");
    type Target = Vec<Issue>;
    type Output = Edits;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        let issues = chosen(tx, &self.issues).await?;
        let labels = [self.labels.as_slice(), &self.remove_labels].concat();
        change::look_up(tx, &self.assignee, &self.sprint, &labels).await?;
        project::look_up(tx, &self.project, &self.milestone).await?;
        custom::look_up(tx, &self.fields).await?;
        Ok(issues)
    }

    fn allows(actor: &Actor, _: &Vec<Issue>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<Edits> {
        let (batch, why) = (tx.id(), Why { kind: None, reason: self.reason.to_string() });
        let mut changes = Vec::new();
        for issue in &issues {
            let wanted = self.wanted(tx, issue).await?;
            let told = change::differences(tx, issue, &wanted).await.map_err(|error| named(error, issue))?;
            let edit = |Told { field, named, before, after }| {
                let (key, title) = (issue.key.clone(), issue.title.clone());
                Edit { key, title, field, named, before, after }
            };
            changes.extend(told.into_iter().map(edit));
            if !self.preview {
                change::apply_because(tx, issue, &wanted, batch, &why).await?;
            }
        }
        let batch = (!self.preview && !changes.is_empty()).then_some(batch);
        Ok(Edits { changes, batch })
    }
}

impl EditMany {
    async fn wanted(&self, tx: &mut Tx<'_>, issue: &Issue) -> Result<Wanted> {
        let mut labels = None;
        if !self.labels.is_empty() || !self.remove_labels.is_empty() {
            let mut all: Vec<Id<Label>> =
                labels_of(tx, &[issue.id]).await?.into_iter().map(|(_, label)| label.id).collect();
            all.extend(&self.labels);
            all.retain(|label| !self.remove_labels.contains(label));
            all.sort_unstable();
            all.dedup();
            labels = Some(all);
        }
        Ok(Wanted {
            state: self.state,
            assignee: self.assignee.clone(),
            priority: self.priority,
            estimate: self.estimate.clone(),
            due_on: self.due_on.clone(),
            sprint: self.sprint.clone(),
            project: self.project.clone(),
            milestone: self.milestone.clone(),
            labels,
            custom: self.fields.clone(),
            ..Wanted::default()
        })
    }
}

/// The issues, each once, in the order in which they are named.
pub(super) async fn chosen(tx: &mut Tx<'_>, named: &[Which]) -> Result<Vec<Issue>> {
    if !(1..=MOST).contains(&named.len()) {
        return Err(Error::invalid("issues", format!("Choose 1 to {MOST} issues.")));
    }
    let mut ids: Vec<Id<Issue>> = Vec::new();
    for which in named {
        let id = which.find(tx).await?.ok_or(Error::NotFound)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut issues = Issue::with_ids(tx, &ids).await?;
    issues.retain(|issue| issue.deleted_at.is_none());
    if issues.len() < ids.len() {
        return Err(Error::NotFound);
    }
    issues.sort_by_key(|issue| ids.iter().position(|id| *id == issue.id));
    Ok(issues)
}

/// One of many issues does not fit: it says which.
fn named(error: Error, issue: &Issue) -> Error {
    match error {
        Error::Invalid(mut flaws) => {
            for flaw in flaws.iter_mut() {
                flaw.sentence = format!("{}: {}", issue.key, flaw.sentence);
            }
            Error::Invalid(flaws)
        }
        other => other,
    }
}

/// `GET /issue-edits/new`: what is to be different about the issues that were chosen in a list.
pub async fn new(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let form = Form::refused(cx.texts.clone(), Vec::new());
    let body = fields(&cx, &form, &cx.texts).await?;
    Ok(cx.page("Change issues", body))
}

/// `POST /issue-edits`: first a preview, then the change.
pub async fn save(form: Submitted) -> Answer {
    let done = async {
        let form = change_of(&form).await?;
        let fields = custom::parted(&form).await?;
        form.change(EditMany { fields, ..form.input()? }).await
    }
    .await;
    match done {
        Ok(edits) if form.text("preview") == "true" => {
            let body = preview(&form, &edits);
            Ok(form.cx.page("Change issues", body))
        }
        Ok(edits) => {
            let flash = Flash::says(format!("{} are made.", changes(edits.changes.len())));
            let flash = match edits.batch {
                Some(batch) => flash.undo(format!("/issue-changes/{batch}/undo")),
                None => Flash::says("Nothing was different."),
            };
            Ok(form.go(&back(form.text("back")), flash))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let body = fields(&form.cx, &refused, &form.texts).await?;
            Ok(form.again("Change issues", body))
        }
    }
}

/// In this form an empty field leaves what is there, and `none` clears.
pub(super) async fn change_of(form: &Submitted) -> Result<Submitted> {
    let clears = |name: &str, text: String| match (name, text.as_str()) {
        ("assignee" | "sprint" | "estimate" | "project", "none") => String::new(),
        (name, "none") if custom::is_input(name) => String::new(),
        _ => text,
    };
    let texts = form.texts.iter().filter(|(_, text)| !text.is_empty()).cloned();
    let texts = texts.map(|(name, text)| (name.clone(), clears(&name, text))).collect();
    with_ids(&project::parted(&Submitted { cx: form.cx.clone(), texts }), &["assignee"]).await
}

fn back(path: &str) -> String {
    let known = path.starts_with("/issues?") || path.starts_with("/teams/") || path == "/issues";
    if known { path.to_owned() } else { "/issues".to_owned() }
}

/// The keys of the issues about which something is different.
pub(super) fn changed_issues(edits: &Edits) -> Vec<&str> {
    let mut keys: Vec<&str> = edits.changes.iter().map(|edit| edit.key.as_str()).collect();
    keys.dedup();
    keys
}

fn changes(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

fn named_in(texts: &[(String, String)]) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for (_, text) in texts.iter().filter(|(name, text)| name == "issues" && !text.is_empty()) {
        // In a list by label, an issue can be chosen in two groups.
        if !ids.contains(&text.as_str()) {
            ids.push(text);
        }
    }
    ids
}

async fn fields(cx: &Cx, form: &Form, texts: &[(String, String)]) -> Result<Markup> {
    let issues = named_in(texts);
    let team: Option<Id<Team>> = form.value("team").parse().ok();
    let choices = Choices::load(cx, team, form.value("assignee")).await?;
    let to = back(form.value("back"));
    let title = match issues.len() {
        0 => "No issue is chosen".to_owned(),
        1 => "Change one issue".to_owned(),
        many => format!("Change {many} issues"),
    };
    let lead = "What you leave as it is stays. You see what would be different before anything is.";
    Ok(html! {
        (Head { crumbs: vec![(&to, "Issues")], title: &title, lead, ..Head::default() }.show())
        @if issues.is_empty() { (ui::empty("Choose issues in the list first.", Some((&to, "Back to the list")))) }
        @else { section.card { div.body { form.form method="post" action="/issue-edits" data-turbo="false" {
            (ui::token(cx)) (form.summary())
            @for issue in &issues { input type="hidden" name="issues" value=(issue); }
            @for name in ["team", "back"] { input type="hidden" name=(name) value=(form.value(name)); }
            (page::many(form, &choices))
            footer.form-foot {
                button.button.primary name="preview" value="true" data-key="mod+enter" { "Preview" }
                a.button.quiet href=(to) { "Cancel" }
            }
        } } } }
    })
}

fn preview(form: &Submitted, edits: &Edits) -> Markup {
    let to = back(form.text("back"));
    let kept = form.texts.iter().filter(|(name, text)| !text.is_empty() && name != "csrf" && name != "preview");
    html! {
        (Head { crumbs: vec![(&to, "Issues")], title: &format!("{} to look at", changes(edits.changes.len())), lead: "Nothing is different yet.", ..Head::default() }.show())
        form method="post" action="/issue-edits" {
            (ui::token(&form.cx))
            @for (name, text) in kept { input type="hidden" name=(name) value=(text); }
            section.card { table.data.listed {
                caption.vh { "What would be different" }
                thead { tr { th.w-full scope="col" { "Issue" } th scope="col" { "Field" } th scope="col" { "Now" } th scope="col" { "Then" } } }
                tbody { @for edit in &edits.changes { tr {
                    td { span.muted { (edit.key) } " " (edit.title) }
                    td data-label="Field" { (edit.named.as_deref().unwrap_or(edit.field.title())) } td data-label="Now" { (edit.before) } td data-label="Then" { (edit.after) }
                } } }
            } }
            footer.form-foot {
                @if !edits.changes.is_empty() { button.button.primary data-key="mod+enter" { "Make " (changes(edits.changes.len())) } }
                a.button.quiet href=(to) { "Cancel" }
            }
        }
    }
}

/// A list in which issues are chosen, to be changed together.
pub(super) fn around(team: Option<Id<Team>>, path: &str, list: Markup) -> Markup {
    html! {
        issue-list { form method="get" action="/issue-edits/new" { (list) (foot(team, path)) } }
    }
}

/// The keys of rows and cards, for the map of the keys.
const KEYS: [(&str, &str); 6] = [
    ("j k", "Go down or up"),
    ("enter", "Open"),
    ("x", "Choose, or not"),
    ("shift x", "Choose all from the one chosen before"),
    ("shift arrowdown", "Choose while going down or up"),
    ("escape", "Choose none"),
];

/// What can be done with the chosen ones, within their form.
pub(super) fn foot(team: Option<Id<Team>>, path: &str) -> Markup {
    html! {
        @if let Some(team) = team { input type="hidden" name="team" value=(team); }
        input type="hidden" name="back" value=(path);
        footer.form-foot {
            button.button data-key="b" data-key-label="Change several fields of the chosen issues" { "Change the chosen" kbd { "B" } }
            (picker::bar())
            span.small.muted.right.desk-only.script-only {
                kbd { "J" } " and " kbd { "K" } " move, " kbd { "X" } " chooses, " kbd { "?" } " shows all keys"
                @for (keys, words) in KEYS { span hidden data-listed=(keys) data-key-label=(words) {} }
            }
        }
    }
}
