//! The forms around a debt.
use super::{AddDebt, DebtView, EditDebt, RemoveDebt, RestoreDebt, ShowDebt, UndoDebt, page::standings};
use kernel::{Error, Person, Result};
use people::person::{
    Named,
    choices::{Picker, teams, with_ids},
};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// `GET /debts/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let me = Named { id: cx.actor().person, name: cx.viewer.name.clone() };
    let picker = Picker::load(&cx, "").await?;
    let team = cx.viewer.team.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
    let form = Form::of([("team", team), ("owner", picker.text(Some(&me))), ("standing", "open".to_owned())]);
    let body = new_view(&cx, &form).await?;
    Ok(cx.page("Note a debt", body))
}

/// `POST /debts`
pub async fn add(form: Submitted) -> Answer {
    let done = async { lines(with_ids(&form, &["owner"]).await?).submit::<AddDebt>().await }.await;
    match done {
        Ok(debt) => {
            let flash = Flash::says(format!("{} is noted.", debt.name));
            Ok(form.go(&debt.href(), flash.undo(format!("{}/removal", debt.href()))))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let body = new_view(&form.cx, &refused).await?;
            Ok(form.again("Note a debt", body))
        }
    }
}

/// A line of the text areas for each of several values.
fn lines(form: Submitted) -> Submitted {
    let each = |(name, text): &(String, String)| -> Vec<(String, String)> {
        match name.as_str() {
            "issues" => parts(text, |c| c.is_whitespace() || c == ',').map(|part| (name.clone(), part)).collect(),
            "places" => parts(text, |c| c == '\n').map(|part| (name.clone(), part)).collect(),
            _ => vec![(name.clone(), text.clone())],
        }
    };
    let emptied = ["issues", "places"].map(|name| (name.to_owned(), String::new()));
    let texts = form.texts.iter().flat_map(each).chain(emptied).collect();
    Submitted { cx: form.cx, texts }
}

fn parts(text: &str, ends: impl Fn(char) -> bool) -> impl Iterator<Item = String> {
    let all: Vec<String> = text.split(ends).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    all.into_iter()
}

async fn new_view(cx: &Cx, form: &Form) -> Result<Markup> {
    let lead = "Something in the code or around it that makes work slower as long as it stays.";
    let head = Head { crumbs: vec![("/debts", "Technical debt")], title: "Note a debt", lead, ..Head::default() };
    let teams = teams(cx).await?;
    let team = html! { (form.combo("team", "Team", "", None, &teams)) };
    Ok(html! { (head.show()) (view(cx, form, ("/debts", "/debts", "Note it"), None, team).await?) })
}

/// `GET /debts/{debt}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let found = cx.read_here::<ShowDebt>().await?;
    if !found.may_change {
        return Err(Error::Forbidden.into());
    }
    let picker = Picker::load(&cx, "").await?;
    let form = stored(&found, &picker);
    let body = edit_view(&cx, &found, &form).await?;
    Ok(cx.page(&format!("Edit {}", found.debt.name), body))
}

fn stored(found: &DebtView, picker: &Picker) -> Form {
    let debt = &found.debt;
    let hours = |hours: Option<f64>| hours.map(|hours| hours.to_string()).unwrap_or_default();
    let issues: Vec<&str> = found.issues.iter().map(|one| one.key.as_str()).collect();
    let places: Vec<String> = found.places.iter().map(|one| format!("{}: {}", one.repository_name, one.path)).collect();
    Form::of([
        ("name", debt.name.clone()),
        ("about", found.about.clone()),
        ("owner", picker.text(owner_of(found).as_ref())),
        ("standing", debt.standing.word().to_owned()),
        ("hours_a_week", hours(debt.hours_a_week)),
        ("hours_to_repay", hours(debt.hours_to_repay)),
        ("issues", issues.join(", ")),
        ("places", places.join("\n")),
    ])
}

fn owner_of(found: &DebtView) -> Option<Named<Person>> {
    found.debt.owner_id.zip(found.debt.owner_name.clone()).map(|(id, name)| Named { id, name })
}

/// `POST /debts/{debt}/edit`
pub async fn save(form: Submitted) -> Answer {
    let done = async { lines(with_ids(&form, &["owner"]).await?).submit::<EditDebt>().await }.await;
    match done {
        Ok(debt) => Ok(form.go(&debt.href(), Flash::says("The debt is saved. The change can be taken back here."))),
        Err(error) => {
            let refused = form.refused(error)?;
            let found = form.cx.read_here::<ShowDebt>().await?;
            let body = edit_view(&form.cx, &found, &refused).await?;
            Ok(form.again("Edit the debt", body))
        }
    }
}

async fn edit_view(cx: &Cx, found: &DebtView, form: &Form) -> Result<Markup> {
    let href = found.debt.href();
    let crumbs = vec![("/debts", "Technical debt"), (href.as_str(), found.debt.name.as_str())];
    let action = format!("{href}/edit");
    let owner = owner_of(found);
    Ok(html! {
        (Head { crumbs, title: "Edit the debt", ..Head::default() }.show())
        div.stack {
            (view(cx, form, (&action, &href, "Save"), owner.as_ref(), html! {}).await?)
            section.card { div.body { form method="post" action={ (href) "/removal" } {
                (ui::token(cx))
                p { "What was noted by mistake can be removed. What is repaid stays as repaid." }
                button.button.danger { "Remove it" }
            } } }
        }
    })
}

/// To where it is sent, where one comes who cancels, and what the button says.
type Ways<'a> = (&'a str, &'a str, &'a str);

async fn view(
    cx: &Cx,
    form: &Form,
    (action, back, button): Ways<'_>,
    owner: Option<&Named<Person>>,
    team: Markup,
) -> Result<Markup> {
    let picker = Picker::load(cx, form.value("owner")).await?;
    Ok(html! {
        form.form.wide method="post" action=(action) data-guard {
            (ui::token(cx)) (form.summary())
            div.cols {
                section.card { div.body { div.form.wide {
                    (form.text("name", "Name", ""))
                    (form.area("about", "What it is", "How one notices it, and what repaying would be. Markdown.", 8))
                    (form.optional("issues", "Issues about it", "Their keys, such as PAY-12, LED-3."))
                    (form.area("places", "Where it lies", "A line for each place, as repository: path, such as ledger: src/journal.", 3))
                } } }
                section.card { div.body { div.form {
                    (team)
                    (picker.field(form, "owner", "Owner", "", Some("Nobody"), owner))
                    (form.select("standing", "State", "", None, &standings()))
                    (form.optional("hours_a_week", "It costs, in hours a week", "Of all together, as long as it stays: waiting, working round it, mending what it breaks."))
                    (form.optional("hours_to_repay", "Repaying costs, in hours", "Of all together, once."))
                } } }
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { (button) }
                a.button.quiet href=(back) { "Cancel" }
            }
        }
    })
}

/// `POST /debts/{debt}/removal`
pub async fn remove(form: Submitted) -> Answer {
    let debt = form.submit::<RemoveDebt>().await?;
    let flash = Flash::says(format!("{} is removed.", debt.name));
    Ok(form.go("/debts", flash.undo(format!("{}/restoration", debt.href()))))
}

/// `POST /debts/{debt}/restoration`
pub async fn restore(form: Submitted) -> Answer {
    let debt = form.submit::<RestoreDebt>().await?;
    Ok(form.go(&debt.href(), Flash::says(format!("{} is back.", debt.name))))
}

/// `POST /debt-versions/{version}/undoing`
pub async fn undo(form: Submitted) -> Answer {
    let debt = form.submit::<UndoDebt>().await?;
    Ok(form.go(&debt.href(), Flash::says("It is taken back. What was known before holds again.")))
}
