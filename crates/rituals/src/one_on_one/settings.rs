use super::{Cadence, OneOnOne, ShowOneOnOne, invitation, place, start, tell};
use kernel::{Actor, Id, Method::Patch, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Change how often and how long the two talk.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditOneOnOne {
    pub one_on_one: Id<OneOnOne>,
    #[serde(default)]
    pub cadence: Option<Cadence>,
    #[serde(default)]
    pub minutes: Option<i64>,
}

impl Operation for EditOneOnOne {
    const NAME: &str = "one_on_one.edit";
    const ROUTE: Route = Route(Patch, "/one-on-ones/{one_on_one}");
    type Target = OneOnOne;
    type Output = OneOnOne;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<OneOnOne> {
        one_on_one.refuse_ended()?;
        let (cadence, minutes) =
            (self.cadence.unwrap_or(one_on_one.cadence), self.minutes.unwrap_or(one_on_one.minutes));
        start::check_minutes(minutes)?;
        let update = sql!("update one_on_ones set cadence = $3, minutes = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), one_on_one.id, cadence, minutes]).await?;
        if minutes != one_on_one.minutes {
            invitation::changed_next(tx, &one_on_one).await?;
        }
        tell(tx, "one_on_one.changed", &one_on_one);
        OneOnOne::visible(tx, one_on_one.id).await
    }
}

/// `GET /one-on-ones/{one_on_one}/settings`
pub async fn form(cx: Cx) -> Answer {
    let one_on_one = cx.read_here::<ShowOneOnOne>().await?.one_on_one;
    let form =
        Form::of([("cadence", one_on_one.cadence.word().to_owned()), ("minutes", one_on_one.minutes.to_string())]);
    Ok(cx.page("How you two talk", view(&cx, &one_on_one, &form)))
}

/// `POST /one-on-ones/{one_on_one}/settings`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditOneOnOne>().await {
        Ok(changed) => Ok(form.go(&place(changed.id), Flash::says("Saved. You both see it."))),
        Err(error) => {
            let state = form.refused(error)?;
            let one_on_one = form.cx.read_here::<ShowOneOnOne>().await?.one_on_one;
            Ok(form.again("How you two talk", view(&form.cx, &one_on_one, &state)))
        }
    }
}

fn view(cx: &Cx, one_on_one: &OneOnOne, form: &Form) -> Markup {
    let (title, place) = (one_on_one.title(), place(one_on_one.id));
    let crumbs = vec![("/one-on-ones", "One-on-ones"), (place.as_str(), title.as_str())];
    html! {
        (Head { crumbs, title: "How you two talk", ..Head::default() }.show())
        div.stack.loose {
            form.form method="post" action={ (place) "/settings" } data-guard {
                (token(cx)) (form.summary())
                (start::rhythm(form))
                footer.form-foot { button.button.primary data-key="mod+enter" { "Save" } a.button.quiet href=(place) { "Cancel" } }
            }
            section.card #end {
                header { h2 { "When it is over" } }
                div.body.stack.tight {
                    p { "Ended, it stays as it is, and only the two of you read it. A new manager never sees it: the two of them begin a page of their own." }
                    @if one_on_one.ended_at.is_some() {
                        form method="post" action={ (place) "/resume" } { (token(cx)) button.button { "Take it up again" } }
                    } @else {
                        form method="post" action={ (place) "/end" } { (token(cx)) button.button { "End this one-on-one" } }
                    }
                }
            }
        }
    }
}
