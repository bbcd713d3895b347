//! The page of an issue: the text at the left, the fields at the right, what happened below.
use super::{Brief, Direction, Full, Issue, Priority, Relation, ShowIssue, Stay, code, picker, project};
use crate::{
    custom::{self, FieldView, Held, Kind, ListFields},
    estimate::{Measure, SIZES},
    intake_form,
    label::{Label, ListLabels},
    sprint::{ListSprints, Sprint, Stage},
    team::{ShowWork, WorkView},
};
use axum::response::{IntoResponse, Redirect};
use kernel::{Error, Id, Person, Result, Team, Time};
use people::person::{Named, choices::Picker};
use ui::{Answer, Cx, Form, Head, Markup, Submitted, ago, chip, html, icon, prose};

/// What the fields of an issue let one choose from.
pub struct Choices {
    work: Option<WorkView>,
    labels: Vec<Label>,
    people: Picker,
    assignee: Option<Named<Person>>,
    sprints: Vec<Sprint>,
    projects: Vec<(String, String)>,
    /// Fields that were added to issues, and what this one holds in them.
    custom: Vec<FieldView>,
    held: Vec<Held>,
}

impl Choices {
    pub async fn load(cx: &Cx, team: Option<Id<Team>>, typed: &str) -> Result<Choices> {
        let work = match team {
            Some(team) => Some(cx.read(ShowWork { team }).await?),
            None => None,
        };
        let sprints = match team {
            Some(team) => cx.read(ListSprints { team, limit: Some(0) }).await?.open,
            None => Vec::new(),
        };
        let labels = cx.read(ListLabels { team, all: false }).await?;
        let projects = cx.read(project::OpenProjects {}).await?;
        let custom = match team {
            Some(_) => cx.read(ListFields { team, all: false }).await?,
            None => Vec::new(),
        };
        let people = Picker::load(cx, typed).await?;
        Ok(Choices { work, labels, sprints, projects, people, custom, assignee: None, held: Vec::new() })
    }

    fn states(&self) -> Vec<(String, String)> {
        let states = self.work.iter().flat_map(|work| &work.states);
        states.map(|state| (state.id.to_string(), state.name.clone())).collect()
    }

    /// The sprints into which it can go, and the one in which it was finished; with a reason if one of them runs.
    fn sprint(&self, form: &Form) -> Markup {
        let mut all: Vec<(String, String)> =
            self.sprints.iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
        let now = form.value("sprint");
        if !now.is_empty() && all.iter().all(|(id, _)| id != now) {
            all.push((now.to_owned(), form.value("sprint_name").to_owned()));
        }
        let runs = self.sprints.iter().any(|sprint| sprint.stage == Stage::Running);
        html! {
            @if !all.is_empty() {
                (form.select("sprint", "Sprint", "", Some("None"), &all))
                @if runs && form.has("before") { (form.optional("reason", "Why the sprint changes", "Its ledger says so, where this changes what it holds.")) }
            }
        }
    }

    /// The projects that go on with their milestones, and where it is now.
    fn project(&self, form: &Form) -> Markup {
        let mut all = self.projects.clone();
        let now = form.value("project");
        if !now.is_empty() && all.iter().all(|(value, _)| value != now) {
            all.push((now.to_owned(), form.value("project_name").to_owned()));
        }
        html! { @if !all.is_empty() { (form.combo("project", "Project", "", Some("None"), &all)) } }
    }

    fn measure(&self) -> Measure {
        self.work.as_ref().map_or(Measure::Points, |work| work.estimates)
    }
}

/// The fields that stand at the right of an issue, new or not.
pub(super) fn fields(form: &Form, choices: &Choices) -> Markup {
    let nobody = Some("Nobody");
    let priorities: Vec<(String, String)> =
        Priority::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let states = choices.states();
    html! {
        @if !states.is_empty() {
            (form.select("state", "State", "", if form.value("state").is_empty() { Some("Where new issues begin") } else { None }, &states))
        }
        (choices.people.field(form, "assignee", "Assignee", "", nobody, choices.assignee.as_ref()))
        (form.select("priority", "Priority", "", None, &priorities))
        (estimate(form, choices.measure()))
        (form.input("date", "due_on", "Due", "", true))
        (choices.sprint(form))
        (choices.project(form))
        @if !choices.labels.is_empty() { (labels(form, &choices.labels)) }
        (custom::inputs(form, &choices.custom, &choices.people, &choices.held, "Nothing"))
    }
}

/// The fields that are changed for many issues at once: empty ones stay as they are.
pub(super) fn many(form: &Form, choices: &Choices) -> Markup {
    let stays = Some("As it is");
    let mut sprints: Vec<(String, String)> = vec![("none".to_owned(), "No sprint".to_owned())];
    sprints.extend(choices.sprints.iter().map(|one| (one.id.to_string(), one.name.clone())));
    let mut projects: Vec<(String, String)> = vec![("none".to_owned(), "No project".to_owned())];
    projects.extend(choices.projects.iter().cloned());
    let priorities: Vec<(String, String)> =
        Priority::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let states = choices.states();
    let labels: Vec<(String, String)> =
        choices.labels.iter().map(|label| (label.id.to_string(), label.name.clone())).collect();
    html! {
        @if !states.is_empty() { (form.select("state", "State", "", stays, &states)) }
        (choices.people.field(form, "assignee", "Assignee", "", stays, None))
        (form.select("priority", "Priority", "", stays, &priorities))
        @if choices.measure() != Measure::Nothing { (form.optional("estimate", "Estimate", "Such as 3; none takes it away.")) }
        (form.input("date", "due_on", "Due", "", true))
        @if sprints.len() > 1 {
            (form.select("sprint", "Sprint", "", stays, &sprints))
            (form.optional("reason", "Why the sprint changes", "Its ledger says so, where this changes what it holds."))
        }
        @if !choices.projects.is_empty() { (form.combo("project", "Project", "", stays, &projects)) }
        @if !labels.is_empty() {
            (form.select("labels", "Add a label", "", Some("None"), &labels))
            (form.select("remove_labels", "Take a label away", "", Some("None"), &labels))
        }
        (custom::inputs_of_many(form, &choices.custom, &choices.people))
    }
}

fn estimate(form: &Form, measure: Measure) -> Markup {
    let sizes: Vec<(String, String)> = SIZES.iter().map(|(size, _)| ((*size).to_owned(), (*size).to_owned())).collect();
    match measure {
        Measure::Points => form.optional("estimate", "Points", ""),
        Measure::Hours => form.optional("estimate", "Hours", ""),
        Measure::Sizes => form.select("estimate", "Size", "", Some("None"), &sizes),
        Measure::Nothing => html! {},
    }
}

fn labels(form: &Form, labels: &[Label]) -> Markup {
    html! {
        fieldset.choices { legend { "Labels" }
            // An empty list is sent as well, for an issue from which all labels are taken.
            input type="hidden" name="labels" value="";
            @for label in labels { label.choice {
                input type="checkbox" name="labels" value=(label.id) checked[form.holds("labels", label.id.as_str())];
                span { (label.name) }
            } }
        }
    }
}

/// `GET /issues/{issue}`: a key of the past leads to the one of today.
pub async fn show(cx: Cx) -> Answer {
    let full = cx.read_here::<ShowIssue>().await?;
    if cx.text("issue") != full.issue.key {
        let query = match cx.text("comments") {
            "" => String::new(),
            comments => format!("?comments={comments}"),
        };
        return Ok(Redirect::permanent(&format!("{}{query}", full.issue.href())).into_response());
    }
    let body = view(&cx, &full, None).await?;
    let (id, topic) = (full.issue.id.to_string(), super::topic(full.issue.team_id));
    Ok(cx.live_page(&format!("{} {}", full.issue.key, full.issue.title), &[&id, &topic], body))
}

/// The page again, with what is wrong about one of its forms.
pub(super) async fn again(form: &Submitted, error: Error) -> Answer {
    let refused = form.refused(error)?;
    let full = form.cx.read_here::<ShowIssue>().await?;
    let body = view(&form.cx, &full, Some(refused)).await?;
    Ok(form.again(&full.issue.title, body))
}

async fn view(cx: &Cx, full: &Full, refused: Option<Form>) -> Result<Markup> {
    let issue = &full.issue;
    let mut choices = Choices::load(cx, Some(issue.team_id), "").await?;
    choices.held = full.fields.clone();
    choices.assignee = issue.assignee_id.zip(issue.assignee_name.clone()).map(|(id, name)| Named { id, name });
    let conversation = cx.conversation("issue", issue.id).await?;
    let teams = people::person::choices::teams(cx).await?;
    let (team, issues) = (format!("/teams/{}", issue.team_id), format!("/teams/{}/issues", issue.team_id));
    let edit = format!("{}/edit", issue.href());
    let actions = html! {
        a.button href=(edit) data-key="t" data-key-label="Edit the title and the text" { "Edit" kbd { "T" } }
        (menu(cx, issue))
    };
    let head = Head {
        crumbs: vec![(&team, &issue.team_name), (&issues, "Issues"), (&edit, &issue.key)],
        title: &issue.title,
        actions: (issue.deleted_at.is_none()).then_some(actions),
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        div.stack {
        @if issue.deleted_at.is_some() { (deleted(cx, issue)) }
        @else { div.desk-only data-issue=(issue.id) data-title={ (issue.key) " " (issue.title) } { (picker::bar_of(issue, &full.labels)) } }
        (project::line(issue)) @if let Some(sent) = &full.sent { (intake_form::line(sent)) } (blocked(cx, full)) (promised(cx, full))
        div.cols {
            div.stack { (text(cx, full)) (below(full)) (relations(cx, full, refused.as_ref())) (code::card(cx, full)) (conversation) }
            div.stack {
                (side(cx, full, &choices, refused.as_ref())) (beside(full, &choices)) (ui::asides(&full.asides)) (times(full)) (team_card(cx, issue, &teams))
                (origin(full))
            }
        }
        }
    })
}

fn menu(cx: &Cx, issue: &Issue) -> Markup {
    html! {
        details.menu name="menu" {
            summary.button.quiet.icon-only aria-label={ "More for " (issue.key) } { (icon("more-horizontal")) }
            div.panel {
                a href={ "/issues/new?team=" (issue.team_id) "&parent=" (issue.key) } { "Add an issue below" }
                form method="post" action={ (issue.href()) "/deletion" } { (ui::token(cx)) button.danger { (icon("trash")) "Delete" } }
            }
        }
    }
}

fn deleted(cx: &Cx, issue: &Issue) -> Markup {
    html! {
        div.ask.warn {
            p.grow { strong { "This issue is deleted." } " It is in no list, and its key is not given again." }
            form method="post" action={ "/issues/" (issue.id) "/restoration" } { (ui::token(cx)) button.button.small { "Bring it back" } }
        }
    }
}

/// Since when it waits, and on whom.
fn blocked(cx: &Cx, full: &Full) -> Markup {
    let Some(since) = full.issue.blocked_since else { return html! {} };
    let blocks = |one: &&Relation| one.direction == Direction::BlockedBy && !one.other.category.is_finished();
    html! {
        div.ask.bad #blocked {
            p.grow { strong { "Blocked" } " for " (days(cx.now(), since)) " by "
                @for (place, one) in full.relations.iter().filter(blocks).enumerate() {
                    @if place > 0 { ", " }
                    a.link href={ "/issues/" (one.other.key) } { (one.other.key) }
                    @match &one.other.assignee_name { Some(name) => { " (" (name) ")" }, None => " (nobody’s yet)" }
                }
                "."
            }
        }
    }
}

/// By when somebody looks at it, or is done with it.
fn promised(cx: &Cx, full: &Full) -> Markup {
    let Some(due) = full.promised else { return html! {} };
    let times = [("To be looked at by ", due.look_at), ("To be done by ", due.done_at)];
    let triage = format!("/teams/{}/triage", full.issue.team_id);
    html! {
        @for (words, at) in times.into_iter().filter_map(|(words, at)| Some((words, at?))) {
            div.ask.bad[at < cx.now()] {
                p.grow { strong { (words) (ui::day_and_time(at, &cx.viewer.zone)) ", your time." }
                    @if at < cx.now() { " That is over." } " " a.link href=(triage) { "Promised by the team" } }
            }
        }
    }
}

fn text(cx: &Cx, full: &Full) -> Markup {
    let tasks = markdown::tasks(&full.body);
    html! {
        section.card #text {
            @if let Some(parent) = &full.parent { header { p.small { "Part of " (brief_link(parent)) } } }
            div.body {
                @if full.body.is_empty() { p.muted { "No description. " a.link href={ (full.issue.href()) "/edit" } { "Write one" } } }
                @else { div.prose.compact { (prose(&full.body)) } }
            }
            @if !tasks.is_empty() { footer { (checklist(cx, &full.issue, &tasks)) } }
        }
    }
}

/// The tasks of the text once more, each with a button: without script a box in the text cannot be ticked.
fn checklist(cx: &Cx, issue: &Issue, tasks: &[markdown::Task]) -> Markup {
    let done = tasks.iter().filter(|task| task.done).count();
    html! {
        details { summary { "Checklist, " (done) " of " (tasks.len()) " done" }
            ul.list.plain { @for (place, task) in tasks.iter().enumerate() { li {
                div.what { p { @if task.done { s { (task.text) } } @else { (task.text) } } }
                form method="post" action={ (issue.href()) "/tasks" } {
                    (ui::token(cx))
                    input type="hidden" name="task" value=(place);
                    button.button.small name="done" value=(if task.done { "false" } else { "true" }) aria-label={ (if task.done { "Open again: " } else { "Done: " }) (task.text) } {
                        @if task.done { "Open again" } @else { (icon("check")) "Done" }
                    }
                }
            } } }
        }
    }
}

/// Where it was before it was brought over.
fn origin(full: &Full) -> Markup {
    html! { @if let Some(origin) = &full.origin { section.card #origin { div.body { p {
        "It was " a.link href={ (full.issue.href()) "/former" } { (origin) } "."
    } } } } }
}

fn brief_link(brief: &Brief) -> Markup {
    html! { a href={ "/issues/" (brief.key) } { span.muted { (brief.key) } " " (brief.title) } }
}

fn brief_line(brief: &Brief, more: Markup) -> Markup {
    html! {
        li id={ "brief-" (brief.id) } {
            div.what { p { (brief_link(brief)) } @if let Some(name) = &brief.assignee_name { p.small.muted { (name) } } }
            span.row { (chip(brief.category.look(), &brief.state_name)) (more) }
        }
    }
}

fn below(full: &Full) -> Markup {
    html! {
        @if !full.below.is_empty() {
            section.card #below {
                header { h2 { "Issues below" }
                    @if let Some(progress) = &full.progress { span.right.small.muted { (progress.in_words()) } }
                }
                ul.list.plain { @for one in &full.below { (brief_line(one, html! {})) } }
            }
        }
    }
}

fn relations(cx: &Cx, full: &Full, refused: Option<&Form>) -> Markup {
    let issue = &full.issue;
    let form = refused.filter(|form| form.has("direction")).cloned().unwrap_or_default();
    let directions: Vec<(String, String)> =
        Direction::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    let groups = Direction::ALL.iter().map(|direction| (direction, of(full, *direction)));
    html! {
        section.card #relations {
            header { h2 { "Relations" } }
            @for (direction, all) in groups.filter(|(_, all)| !all.is_empty()) {
                div.body { h3.small.muted { (direction.title()) } }
                ul.list.plain { @for one in all { (brief_line(&one.other, unrelate(cx, issue, one))) } }
            }
            div.body { details open[form.flaw("other").is_some()] { summary { "Add a relation" }
                form.form method="post" action={ (issue.href()) "/relations" } {
                    (ui::token(cx)) (form.summary())
                    div.field-row {
                        (form.select("direction", "This issue", "", None, &directions))
                        (form.text("other", "Other issue", "Its key, such as PAY-12."))
                    }
                    div.buttons { button.button { "Add" } }
                }
            } }
        }
    }
}

fn of(full: &Full, direction: Direction) -> Vec<&Relation> {
    full.relations.iter().filter(|one| one.direction == direction).collect()
}

fn unrelate(cx: &Cx, issue: &Issue, relation: &Relation) -> Markup {
    html! {
        form method="post" action={ (issue.href()) "/relations/removal" } {
            (ui::token(cx))
            input type="hidden" name="direction" value=(relation.direction.word());
            input type="hidden" name="other" value=(relation.other.key);
            button.button.quiet.small.icon-only aria-label={ "Take back: " (relation.direction.title()) " " (relation.other.key) } title="Take back" { (icon("x")) }
        }
    }
}

fn side(cx: &Cx, full: &Full, choices: &Choices, refused: Option<&Form>) -> Markup {
    let issue = &full.issue;
    let form = refused.filter(|form| form.has("priority")).cloned().unwrap_or_else(|| state_of(full, choices));
    html! {
        section.card #fields {
            header { h2 { (issue.key) } span.right.small.muted { @if issue.finished_at.is_none() { "Open" } @else { "Finished" } } }
            div.body {
                form.form method="post" action={ (issue.href()) "/fields" } data-guard {
                    (ui::token(cx)) (form.summary())
                    (fields(&form, choices))
                    (form.optional("parent", "Part of", "The key of the issue above."))
                    div.buttons { button.button.primary data-key="mod+enter" { "Save" } }
                }
            }
            footer.small.muted {
                "Created " (ago(issue.created_at, cx.now(), &cx.viewer.zone))
                @if let Some(name) = &full.creator_name { " by " (name) }
                @if !full.former_keys.is_empty() { ". Was " (full.former_keys.join(", ")) }
                "."
            }
        }
    }
}

/// What it holds in fields that were put away or are those of another team, and the links, which a form does not open.
fn beside(full: &Full, choices: &Choices) -> Markup {
    let offered = |held: &Held| choices.custom.iter().any(|view| view.field.id == held.field_id);
    let shown: Vec<&Held> = full.fields.iter().filter(|held| held.kind == Kind::Link || !offered(held)).collect();
    html! { @if !shown.is_empty() { section.card #held {
        header { h2 { "Also" } }
        div.body { dl.facts { @for held in shown { div { dt { (held.field_name) } dd {
            @if held.kind == Kind::Link { a.link href=(held.value) rel="noopener nofollow" { (held.words) } } @else { (held.words) }
        } } } } }
    } } }
}

/// The form as the issue stands.
fn state_of(full: &Full, choices: &Choices) -> Form {
    let issue = &full.issue;
    let estimate = issue.estimate.map(|estimate| match issue.estimates {
        Measure::Sizes => issue.estimates.says(estimate),
        _ => estimate.to_string(),
    });
    let mut texts = vec![
        ("state".to_owned(), issue.state_id.to_string()),
        ("assignee".to_owned(), choices.people.text(choices.assignee.as_ref())),
        ("priority".to_owned(), issue.priority.word().to_owned()),
        ("estimate".to_owned(), estimate.unwrap_or_default()),
        ("due_on".to_owned(), issue.due_on.map(|date| date.to_string()).unwrap_or_default()),
        ("sprint".to_owned(), issue.sprint_id.map(|id| id.to_string()).unwrap_or_default()),
        ("sprint_name".to_owned(), issue.sprint_name.clone().unwrap_or_default()),
        ("project".to_owned(), project::value_of(issue)),
        ("project_name".to_owned(), project::words_of(issue).unwrap_or_default()),
        ("before".to_owned(), issue.key.clone()),
        ("parent".to_owned(), full.parent.as_ref().map(|parent| parent.key.clone()).unwrap_or_default()),
    ];
    texts.extend(custom::texts(&full.fields, &choices.people));
    texts.extend(full.labels.iter().map(|label| ("labels".to_owned(), label.id.to_string())));
    Form::refused(texts, Vec::new())
}

fn times(full: &Full) -> Markup {
    let line = |stay: &Stay| html! { div { dt { (stay.state_name) } dd.num { (span(stay.seconds)) } } };
    html! {
        section.card #times { header { h2 { "Time in each state" } }
            div.body { dl.facts { @for stay in &full.stays { (line(stay)) } } } }
    }
}

fn team_card(cx: &Cx, issue: &Issue, teams: &[(String, String)]) -> Markup {
    let form = Form::of([("team", issue.team_id.to_string())]);
    html! {
        section.card { div.body { details { summary { "Move to another team" }
            form.form method="post" action={ "/issues/" (issue.id) "/team" } {
                (ui::token(cx))
                input type="hidden" name="before" value=(issue.team_id);
                (form.combo("team", "Team", "It gets a new key there. The old one goes on leading to it.", None, teams))
                div.buttons { button.button { "Move" } }
            }
        } } }
    }
}

/// How long ago, in whole hours or days.
pub(super) fn days(now: Time, since: Time) -> String {
    span((now.0 - since.0) / 1_000_000)
}

/// `6 d`, `19 h`, `12 min`
fn span(seconds: i64) -> String {
    match seconds {
        ..3_600 => format!("{} min", seconds.max(0) / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
