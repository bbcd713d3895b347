//! The fields of everyone or of a team, to be added, changed and put away.
use super::{
    AddField, ArchiveField, Choice, CustomField, DeleteField, EditField, FieldUses, FieldView, Kind, ListFieldUses,
    ListFields, RenameChoice, RestoreField,
};
use kernel::{Error, Id, Result, Team};
use people::person::{
    Named,
    choices::{Picker, with_ids},
};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, date_long, empty, html, icon};

/// `GET /custom-fields`
pub async fn list(cx: Cx) -> Answer {
    let body = overview(&cx, &Form::default()).await?;
    Ok(cx.live_page("Fields", &["custom_field"], body))
}

/// `POST /custom-fields`
pub async fn add(form: Submitted) -> Answer {
    let done = async { with_ids(&in_lines(&form), &["owner"]).await?.submit::<AddField>().await }.await;
    match done {
        Ok(field) => Ok(form.go(&place(field.team_id), Flash::says(format!("{} is added.", field.name)))),
        Err(error) => {
            let refused = form.refused(error)?;
            Ok(form.again("Fields", overview(&form.cx, &refused).await?))
        }
    }
}

/// `GET /custom-fields/{field}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let view = found(&cx).await?;
    let body = form_page(&cx, &view, None).await?;
    Ok(cx.page(&view.field.name, body))
}

/// `POST /custom-fields/{field}/edit`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&in_lines(&form), &["owner"]).await?.submit::<EditField>().await }.await;
    match done {
        Ok(field) => Ok(form.go(&place(field.team_id), Flash::says(format!("{} is saved.", field.name)))),
        Err(error) => again(&form, error).await,
    }
}

/// `POST /custom-fields/{field}/choices/{choice}`
pub async fn rename_choice(form: Submitted) -> Answer {
    match form.submit::<RenameChoice>().await {
        Ok(choice) => {
            let to = format!("/custom-fields/{}/edit", form.text("field"));
            Ok(form.go(&to, Flash::says(format!("It is called {} now.", choice.name))))
        }
        Err(error) => again(&form, error).await,
    }
}

/// `POST /custom-fields/{field}/archive`
pub async fn archive(form: Submitted) -> Answer {
    let field = form.submit::<ArchiveField>().await?;
    let undo = format!("/custom-fields/{}/restoration", field.id);
    Ok(form.go(&place(field.team_id), Flash::says(format!("{} is put away.", field.name)).undo(undo)))
}

/// `POST /custom-fields/{field}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let field = form.submit::<RestoreField>().await?;
    Ok(form.go(&place(field.team_id), Flash::says(format!("{} is back.", field.name))))
}

/// `POST /custom-fields/{field}/deletion`
pub async fn delete(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Delete this field?", "Delete");
    }
    let view = found(&form.cx).await?;
    match form.submit::<DeleteField>().await {
        Ok(()) => Ok(form.go(&place(view.field.team_id), Flash::says(format!("{} is deleted.", view.field.name)))),
        Err(error) => again(&form, error).await,
    }
}

fn place(team: Option<Id<Team>>) -> String {
    team.map_or_else(|| "/custom-fields".to_owned(), |team| format!("/custom-fields?team={team}"))
}

async fn again(form: &Submitted, error: Error) -> Answer {
    let refused = form.refused(error)?;
    let view = found(&form.cx).await?;
    Ok(form.again(&view.field.name, form_page(&form.cx, &view, Some(refused)).await?))
}

async fn found(cx: &Cx) -> Result<FieldView> {
    let field: Id<CustomField> = cx.text("field").parse()?;
    let all = cx.read(ListFields { team: None, all: true }).await?;
    all.into_iter().find(|view| view.field.id == field).ok_or(Error::NotFound)
}

/// What can be chosen stands in one text, a line for each.
fn in_lines(form: &Submitted) -> Submitted {
    let lines = |(name, text): &(String, String)| match name.as_str() {
        "choices" => text.split('\n').map(|line| (name.clone(), line.trim().to_owned())).collect(),
        _ => vec![(name.clone(), text.clone())],
    };
    Submitted { cx: form.cx.clone(), texts: form.texts.iter().flat_map(lines).collect() }
}

async fn overview(cx: &Cx, form: &Form) -> Result<Markup> {
    let team: Option<Id<Team>> = [form.value("team"), cx.text("team")].iter().find_map(|text| text.parse().ok());
    let fields = cx.read(ListFields { team, all: true }).await?;
    let uses = cx.read(ListFieldUses { team }).await?;
    let people = Picker::load(cx, form.value("owner")).await?;
    let (own, shared): (Vec<&FieldView>, Vec<&FieldView>) = fields.iter().partition(|view| view.field.team_id == team);
    let (used, away): (Vec<&FieldView>, Vec<&FieldView>) =
        own.into_iter().partition(|view| view.field.archived_at.is_none());
    let home = team.map(|team| format!("/teams/{team}/issues"));
    let crumb = uses.team_name.as_ref().map_or("Issues".to_owned(), |name| format!("Issues of {name}"));
    let title = uses.team_name.as_ref().map_or("Fields".to_owned(), |name| format!("Fields of {name}"));
    let head = Head {
        crumbs: vec![(home.as_deref().unwrap_or("/issues"), &crumb)],
        title: &title,
        actions: team.is_none().then(|| html! { a.button href="/found-fields" { "Found in imports" } }),
        lead: "What issues hold besides their state, assignee and the like. A query finds them by field(\"Name\"):value.",
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        div.cols {
            div.stack {
                (idle(&used, &uses))
                @if used.is_empty() { (empty("There are no fields here yet. Add one where something is asked about every issue, such as the customer.", None)) }
                @else { (table(&used, &uses)) }
                @if !away.is_empty() { (put_away(cx, &away, &uses)) }
                @if team.is_some() { (of_everyone(&shared)) }
            }
            div.stack { @if uses.may_change { (new_field(cx, form, team, &people)) } }
        }
    })
}

/// Fields that nobody uses are asked about before more are added.
fn idle(fields: &[&FieldView], uses: &FieldUses) -> Markup {
    let names: Vec<&str> = fields
        .iter()
        .filter(|view| uses.uses.iter().any(|one| one.id == view.field.id && one.idle))
        .map(|view| view.field.name.as_str())
        .collect();
    html! { @if !names.is_empty() { div.ask.warn #idle {
        p.grow { strong { "Not used for a year: " } (names.join(", ")) ". Put away what nobody misses." }
    } } }
}

fn issues_in(field: &CustomField, uses: &FieldUses) -> i64 {
    uses.uses.iter().find(|one| one.id == field.id).map_or(0, |one| one.issues)
}

fn table(fields: &[&FieldView], uses: &FieldUses) -> Markup {
    html! { section.card { table.data.listed {
        caption.vh { "Fields" }
        thead { tr {
            th scope="col" { "Field" } th scope="col" { "Holds" } th scope="col" { "Owner" } th.n scope="col" { "Issues" }
            th.nowrap scope="col" { "Last used" } th scope="col" { span.vh { "Change" } }
        } }
        tbody { @for FieldView { field, choices } in fields {
            tr id={ "field-" (field.id) } {
                td { (field.name) }
                td data-label="Holds" { (field.kind.title()) @if !choices.is_empty() { p.small.muted { (named(choices)) } } }
                td data-label="Owner" { (field.owner_name.as_deref().unwrap_or("Nobody")) }
                td.n data-label="Issues" { (issues_in(field, uses)) }
                td.nowrap data-label="Last used" { @match field.used_on { Some(day) => (date_long(day)), None => "Never" } }
                td.n { @if uses.may_change {
                    a.button.quiet.small.icon-only href={ "/custom-fields/" (field.id) "/edit" } aria-label={ "Edit " (field.name) } title="Edit" { (icon("pencil")) }
                } }
            }
        } }
    } } }
}

/// The first choices by name.
fn named(all: &[Choice]) -> String {
    const FEW: usize = 4;
    let open: Vec<&str> = all.iter().filter(|one| one.archived_at.is_none()).map(|one| one.name.as_str()).collect();
    match open.len() {
        ..=FEW => open.join(", "),
        many => format!("{} and {} more", open[..FEW].join(", "), many - FEW),
    }
}

fn put_away(cx: &Cx, fields: &[&FieldView], uses: &FieldUses) -> Markup {
    html! { section.card #away {
        header { h2 { "Put away" } span.right.small.muted { "Issues keep what they hold in them" } }
        ul.list.plain { @for FieldView { field, .. } in fields { li id={ "field-" (field.id) } {
            div.what { p { (field.name) " " span.muted { (issues_in(field, uses)) " issues" } } }
            @if uses.may_change {
                form method="post" action={ "/custom-fields/" (field.id) "/restoration" } {
                    (ui::token(cx)) button.button.small { "Bring back" }
                }
            }
        } } }
    } }
}

fn of_everyone(fields: &[&FieldView]) -> Markup {
    let used = fields.iter().filter(|view| view.field.archived_at.is_none());
    html! { section.card #everyone {
        header { h2 { "Of everyone" } span.right.small { a.link href="/custom-fields" { "Change them" } } }
        div.body { div.row.wrap.gap-1 {
            @if fields.is_empty() { p.muted { "There are none." } }
            @for view in used { (chip("line", &view.field.name)) }
        } }
    } }
}

fn new_field(cx: &Cx, form: &Form, team: Option<Id<Team>>, people: &Picker) -> Markup {
    let kinds: Vec<(String, String)> =
        Kind::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    html! { section.card #new { header { h2 { "Add a field" } } div.body {
        form.form method="post" action="/custom-fields" {
            (ui::token(cx)) (form.summary())
            @if let Some(team) = team { input type="hidden" name="team" value=(team); }
            (form.text("name", "Name", ""))
            (form.select("kind", "Holds", "This never changes.", None, &kinds))
            (people.field(form, "owner", "Owner", "Who says what it is for.", Some("Me"), None))
            (form.area("choices", "What can be chosen", "For a choice: one on each line, in the order of lists.", 4))
            div.buttons { button.button.primary { "Add the field" } }
        }
    } } }
}

async fn form_page(cx: &Cx, view: &FieldView, refused: Option<Form>) -> Result<Markup> {
    let field = &view.field;
    let uses = cx.read(ListFieldUses { team: field.team_id }).await?;
    if !uses.may_change {
        return Err(Error::Forbidden);
    }
    let form = refused.unwrap_or_default();
    let people = Picker::load(cx, form.value("owner")).await?;
    let owner = field.owner_id.zip(field.owner_name.clone()).map(|(id, name)| Named { id, name });
    let back = place(field.team_id);
    let title = format!("Field {}", field.name);
    Ok(html! {
        (Head { crumbs: vec![("/issues", "Issues"), (&back, "Fields")], title: &title, lead: field.kind.title(), ..Head::default() }.show())
        div.cols {
            div.stack {
                (settings(cx, view, &form, &people, owner.as_ref()))
                @if !view.choices.is_empty() { (choices_card(cx, view)) }
            }
            div.stack { (end(cx, field, issues_in(field, &uses))) }
        }
    })
}

fn settings(
    cx: &Cx,
    view: &FieldView,
    refused: &Form,
    people: &Picker,
    owner: Option<&Named<kernel::Person>>,
) -> Markup {
    let field = &view.field;
    let open = view.choices.iter().filter(|one| one.archived_at.is_none());
    let lines: Vec<&str> = open.map(|one| one.name.as_str()).collect();
    let now = Form::of([("name", field.name.clone()), ("owner", people.text(owner)), ("choices", lines.join("\n"))]);
    let form = if refused.has("name") && refused.has("owner") { refused } else { &now };
    html! { section.card { div.body { form.form method="post" action={ "/custom-fields/" (field.id) "/edit" } data-guard {
        (ui::token(cx)) (form.summary())
        (form.text("name", "Name", ""))
        (people.field(form, "owner", "Owner", "Who says what it is for.", Some("Nobody"), owner))
        @if field.kind == Kind::Choice {
            (form.area("choices", "What can be chosen", "One on each line, in the order of lists. What you take out here stays on the issues that have it.", 8))
        }
        footer.form-foot {
            button.button.primary data-key="mod+enter" { "Save" }
            a.button.quiet href=(place(field.team_id)) { "Cancel" }
        }
    } } } }
}

/// Each can be called something else, on all issues at once.
fn choices_card(cx: &Cx, view: &FieldView) -> Markup {
    html! { section.card #choices {
        header { h2 { "Call one something else" } span.right.small.muted { "On all issues at once" } }
        ul.list.plain { @for choice in &view.choices {
            @let name = format!("name-{}", choice.id);
            li id={ "choice-" (choice.id) } {
                div.what { p { (choice.name) @if choice.archived_at.is_some() { " " span.muted { "put away" } } } }
                details.menu name="menu" {
                    summary.button.quiet.small { "Rename" span.vh { " " (choice.name) } }
                    div.panel { form method="post" action={ "/custom-fields/" (view.field.id) "/choices/" (choice.id) } {
                        (ui::token(cx)) label.vh for=(name) { "New name" }
                        input id=(name) name="name" value=(choice.name) required maxlength="100";
                        button { "Rename" }
                    } }
                }
            }
        } }
    } }
}

fn end(cx: &Cx, field: &CustomField, issues: i64) -> Markup {
    let held = match issues {
        0 => "No issue holds anything in it.".to_owned(),
        1 => "One issue holds something in it.".to_owned(),
        many => format!("{many} issues hold something in it."),
    };
    html! { section.card #end { header { h2 { "Used no more" } } div.body.stack.tight {
        p.small.muted { (held) " A field that was put away stays on the issues that have it, and is offered no more." }
        div.buttons {
            @if field.archived_at.is_none() {
                form method="post" action={ "/custom-fields/" (field.id) "/archive" } { (ui::token(cx)) button.button { "Put away" } }
            } @else {
                form method="post" action={ "/custom-fields/" (field.id) "/restoration" } { (ui::token(cx)) button.button { "Bring back" } }
            }
            @if issues == 0 {
                form method="post" action={ "/custom-fields/" (field.id) "/deletion" } data-confirm={ "Delete the field " (field.name) "?" } {
                    (ui::token(cx)) button.button.danger { "Delete" }
                }
            }
        }
    } } }
}
