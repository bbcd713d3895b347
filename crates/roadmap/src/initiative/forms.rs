//! The forms around an initiative.
use super::{AddInitiative, EditInitiative, InitiativeView, ShowInitiative};
use crate::project::{State, period};
use kernel::{Error, Person, Result};
use people::person::{
    Named,
    choices::{Picker, with_ids},
};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// `GET /initiatives/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let me = Named { id: cx.actor().person, name: cx.viewer.name.clone() };
    let picker = Picker::load(&cx, "").await?;
    let form = Form::of([("owner", picker.text(Some(&me))), ("state", "planned".to_owned())]);
    let body = new_view(&cx, &form).await?;
    Ok(cx.page("New initiative", body))
}

/// `POST /initiatives`
pub async fn add(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["owner"]).await?.submit::<AddInitiative>().await }.await;
    match done {
        Ok(one) => Ok(form.go(&one.href(), Flash::says(format!("{} is begun.", one.name)))),
        Err(error) => {
            let refused = form.refused(error)?;
            let body = new_view(&form.cx, &refused).await?;
            Ok(form.again("New initiative", body))
        }
    }
}

async fn new_view(cx: &Cx, form: &Form) -> Result<Markup> {
    let lead = "A name is enough. Projects are put into it one by one.";
    let crumbs = vec![("/initiatives", "Initiatives")];
    let ways = ("/initiatives", "/initiatives", "Begin it");
    Ok(html! {
        (Head { crumbs, title: "New initiative", lead, ..Head::default() }.show())
        (view(cx, form, ways, None).await?)
    })
}

/// `GET /initiatives/{initiative}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowInitiative>().await?;
    if !found.may_change {
        return Err(Error::Forbidden.into());
    }
    let owner = owner_of(&found);
    let picker = Picker::load(&cx, "").await?;
    let one = &found.initiative;
    let form = Form::of([
        ("name", one.name.clone()),
        ("about", found.about.clone()),
        ("owner", picker.text(owner.as_ref())),
        ("state", one.state.word().to_owned()),
        ("target", one.target.map(|target| target.to_string()).unwrap_or_default()),
    ]);
    let body = edit_view(&cx, &found, &form).await?;
    Ok(cx.page(&format!("Edit {}", one.name), body))
}

/// `POST /initiatives/{initiative}/edit`
pub async fn save(form: Submitted) -> Answer {
    let done = async { with_ids(&form, &["owner"]).await?.submit::<EditInitiative>().await }.await;
    match done {
        Ok(one) => Ok(form.go(&one.href(), Flash::says("The initiative is saved."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let found = form.cx.read_here::<ShowInitiative>().await?;
            let body = edit_view(&form.cx, &found, &refused).await?;
            Ok(form.again("Edit the initiative", body))
        }
    }
}

fn owner_of(found: &InitiativeView) -> Option<Named<Person>> {
    found.initiative.owner_id.zip(found.initiative.owner_name.clone()).map(|(id, name)| Named { id, name })
}

async fn edit_view(cx: &Cx, found: &InitiativeView, form: &Form) -> Result<Markup> {
    let href = found.initiative.href();
    let crumbs = vec![("/initiatives", "Initiatives"), (href.as_str(), found.initiative.name.as_str())];
    let action = format!("{href}/edit");
    let owner = owner_of(found);
    Ok(html! {
        (Head { crumbs, title: "Edit the initiative", ..Head::default() }.show())
        (view(cx, form, (&action, &href, "Save"), owner.as_ref()).await?)
    })
}

async fn view(
    cx: &Cx,
    form: &Form,
    (action, back, button): (&str, &str, &str),
    owner: Option<&Named<Person>>,
) -> Result<Markup> {
    let picker = Picker::load(cx, form.value("owner")).await?;
    let states: Vec<(String, String)> =
        State::ALL.iter().map(|one| (one.word().to_owned(), one.title().to_owned())).collect();
    Ok(html! {
        section.card { div.body { form.form.wide method="post" action=(action) data-guard {
            (ui::token(cx)) (form.summary())
            (form.text("name", "Name", ""))
            (form.area("about", "What it is for", "What will be different, and how one sees that. Markdown.", 10))
            (picker.field(form, "owner", "Owner", "", Some("Nobody"), owner))
            (form.select("state", "State", "", None, &states))
            (period(form, "target", "Target", cx.today()))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { (button) }
                a.button.quiet href=(back) { "Cancel" }
            }
        } } }
    })
}
