//! What was found in imports, with a form to make a field of each.
use super::{Foreign, ListForeign, TakeForeign};
use crate::{
    custom::{AddField, CustomField, FieldView, Kind, ListFields},
    import::Tracker,
};
use kernel::{Error, Id, Result, text::Name};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, empty, html};

const TITLE: &str = "Found in imports";

/// `GET /found-fields`
pub async fn list(cx: Cx) -> Answer {
    let body = view(&cx, &Form::default()).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /found-fields`: into a field that is there, else into a new one of everyone.
pub async fn save(form: Submitted) -> Answer {
    let done = async {
        let field = into(&form).await?;
        let source =
            form.text("source").parse::<Tracker>().map_err(|_| Error::invalid("source", "This is no tracker."))?;
        let name: Name<300> = name_of(form.text("name"))?;
        form.change(TakeForeign { source, name, field }).await
    };
    match done.await {
        Ok(taken) => {
            let holds = match taken.taken {
                1 => "One issue holds it now.".to_owned(),
                many => format!("{many} issues hold it now."),
            };
            let unfit = match taken.unfit {
                0 => String::new(),
                1 => " One issue has something that does not fit; it stays beside it.".to_owned(),
                many => format!(" {many} issues have something that does not fit; it stays beside them."),
            };
            let more = if taken.more { " There are more: move it once again." } else { "" };
            let flash = Flash::says(format!("{holds}{unfit}{more}"));
            let flash = match taken.batch {
                Some(batch) => flash.undo(format!("/issue-changes/{batch}/undo")),
                None => flash,
            };
            Ok(form.go("/found-fields", flash))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            Ok(form.again(TITLE, view(&form.cx, &refused).await?))
        }
    }
}

fn name_of<const MOST: usize>(text: &str) -> Result<Name<MOST>> {
    text.parse().map_err(|sentence: String| Error::invalid("name", sentence))
}

async fn into(form: &Submitted) -> Result<Id<CustomField>> {
    let into = form.text("into");
    let Some(kind) = Kind::ALL.iter().copied().find(|kind| kind.word() == into) else { return into.parse() };
    let called = if form.text("called").is_empty() { form.text("name") } else { form.text("called") };
    let choices = if kind == Kind::Choice { vec![name_of(form.text("example"))?] } else { Vec::new() };
    let field = AddField { name: name_of(called)?, kind, team: None, owner: None, choices };
    Ok(form.change(field).await?.id)
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let found = cx.read(ListForeign {}).await?;
    let fields = cx.read(ListFields { team: None, all: false }).await?;
    let lead = "What former trackers held in fields of their own. It stands beside the issues as it was, and can be moved into a field.";
    let head = Head {
        crumbs: vec![("/issues", "Issues"), ("/custom-fields", "Fields")],
        title: TITLE,
        lead,
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        (form.summary())
        @if found.is_empty() { (empty("Nothing stands beside issues that a field could hold.", None)) }
        @else { section.card { ul.list.plain { @for (place, one) in found.iter().enumerate() { (line(cx, place, one, &fields)) } } } }
    })
}

fn line(cx: &Cx, place: usize, one: &Foreign, fields: &[FieldView]) -> Markup {
    let issues = if one.issues == 1 { "1 issue".to_owned() } else { format!("{} issues", one.issues) };
    let (into, called) = (format!("into-{place}"), format!("called-{place}"));
    let holds = |kind: Kind| fields.iter().map(|view| &view.field).filter(move |field| field.kind == kind);
    html! { li id={ "found-" (place) } {
        div.what.wrap {
            p { strong { (one.name) } " " span.muted { (one.source.title()) ", " (issues) } }
            p.small.muted { "Such as: " (one.example) }
        }
        details.menu name="menu" {
            summary.button.small { "Make a field" span.vh { " of " (one.name) } }
            div.panel { form.form method="post" action="/found-fields" {
                (ui::token(cx))
                @for (name, text) in [("source", one.source.word()), ("name", one.name.as_str()), ("example", one.example.as_str())] {
                    input type="hidden" name=(name) value=(text);
                }
                div.field { label for=(into) { "Into" } select id=(into) name="into" {
                    @for kind in [Kind::Text, Kind::Choice, Kind::Number, Kind::Day, Kind::Link] {
                        option value=(kind.word()) { "A new field: " (kind.title().to_lowercase()) }
                    }
                    @for kind in [Kind::Text, Kind::Choice, Kind::Number, Kind::Day, Kind::Link] { @for field in holds(kind) {
                        option value=(field.id) { (field.name) @if let Some(team) = &field.team_name { " of " (team) } }
                    } }
                } }
                div.field { label for=(called) { "Name of a new one" } input id=(called) name="called" value=(one.name) maxlength="60"; }
                div.buttons { button.button.primary { "Move" } }
            } }
        }
    } }
}
