use super::{Commitment, Kept, ShowCommitment, add::check, snapshot::snapshot};
use jiff::civil::Date;
use kernel::{
    Actor, Id,
    Method::Patch,
    Operation, Result, Route, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use people::access::today;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Change what a commitment says, or its date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCommitment {
    pub commitment: Id<Commitment>,
    #[serde(default)]
    pub name: Option<Name<160>>,
    #[serde(default)]
    pub promised_on: Option<Date>,
    #[serde(default)]
    pub promised_to: Option<Line<160>>,
    #[serde(default)]
    pub note: Option<Markdown>,
}

impl Operation for EditCommitment {
    const NAME: &str = "commitment.edit";
    const ROUTE: Route = Route(Patch, "/commitments/{commitment}");
    type Target = Kept;
    type Output = Commitment;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.commitment).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Commitment> {
        check(0, None, self.promised_on, today(tx))?;
        let old = kept.commitment;
        let update = sql!(
            "update commitments set name = $3, promised_on = $4, promised_to = $5, note = $6
              where workspace_id = $1 and id = $2"
        );
        let (name, to) =
            (self.name.as_deref().unwrap_or(&old.name), self.promised_to.as_deref().unwrap_or(&old.promised_to));
        let (date, note) = (self.promised_on.unwrap_or(old.promised_on), self.note.as_deref().unwrap_or(&old.note));
        tx.run(update, args![tx.workspace(), old.id, name, date, to, note]).await?;
        changed(tx, old.id, "commitment.changed").await
    }
}

/// After every change the chance is computed anew, and the world is told.
pub async fn changed(tx: &mut Tx<'_>, id: Id<Commitment>, verb: &'static str) -> Result<Commitment> {
    let commitment = Commitment::visible(tx, id).await?;
    if commitment.ending.is_none() {
        snapshot(tx, &commitment).await?;
    }
    tx.record(verb, id, json!({ "team": commitment.team_id }));
    Ok(commitment)
}

/// `GET /commitments/{commitment}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowCommitment>().await?;
    let one = &view.commitment;
    let state = Form::of([
        ("name", one.name.clone()),
        ("promised_on", one.promised_on.to_string()),
        ("promised_to", one.promised_to.clone()),
        ("note", one.note.clone()),
    ]);
    Ok(cx.page(&one.name, form_view(&cx, one, &state)))
}

/// `POST /commitments/{commitment}/edit`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditCommitment>().await {
        Ok(saved) => Ok(form.go(&format!("/commitments/{}", saved.id), Flash::says("The commitment is saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read_here::<ShowCommitment>().await?;
            Ok(form.again(&view.commitment.name, form_view(&form.cx, &view.commitment, &state)))
        }
    }
}

fn form_view(cx: &Cx, one: &Commitment, state: &Form) -> Markup {
    let page = format!("/commitments/{}", one.id);
    let crumbs = vec![("/commitments", "Commitments"), (&*page, &*one.name)];
    html! {
        (Head { crumbs, title: "Change the commitment", ..Head::default() }.show())
        form.form method="post" action={ (page) "/edit" } data-guard {
            (ui::token(cx)) (state.summary())
            (state.text("name", "What is promised", ""))
            div.field-row {
                (state.input("date", "promised_on", "By the end of", "A date that moves is told as what moved the chance.", false))
                (state.optional("promised_to", "To whom", ""))
            }
            (state.area("note", "Note", "", 4))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(page) { "Cancel" }
            }
        }
    }
}
