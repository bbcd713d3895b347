use super::{
    Absence, Leave, LeaveView, ShowLeave,
    change::ChangeLeave,
    show::{body, title},
};
use crate::{
    access::Nearness,
    person::choices::{Picker, with_ids},
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Take over during somebody's leave, as was asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptHandover {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
}

impl Operation for AcceptHandover {
    const NAME: &str = "leave.accept_handover";
    const ROUTE: Route = Route(Post, "/leaves/{leave}/handover/accept");
    type Target = Leave;
    type Output = Absence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Leave> {
        Leave::visible(tx, self.leave).await
    }

    fn allows(actor: &Actor, leave: &Leave) -> bool {
        leave.handover_to == Some(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, leave: Leave) -> Result<Absence> {
        let accept = sql!(
            "update leaves set handover_accepted_at = $3, handover_declined_at = null, handover_reason = ''
              where workspace_id = $1 and id = $2 and handover_accepted_at is null"
        );
        if tx.run(accept, args![tx.workspace(), leave.id, tx.now()]).await? > 0 {
            tx.record("leave.handover_accepted", leave.id, json!({ "person": leave.person_id, "by": tx.me() }));
        }
        answered(tx, leave.id).await
    }
}

/// Say that one cannot take over, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineHandover {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
    pub reason: Name<300>,
}

impl Operation for DeclineHandover {
    const NAME: &str = "leave.decline_handover";
    const ROUTE: Route = Route(Post, "/leaves/{leave}/handover/decline");
    type Target = Leave;
    type Output = Absence;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Leave> {
        Leave::visible(tx, self.leave).await
    }

    fn allows(actor: &Actor, leave: &Leave) -> bool {
        leave.handover_to == Some(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, leave: Leave) -> Result<Absence> {
        let decline = sql!(
            "update leaves set handover_accepted_at = null, handover_declined_at = $3, handover_reason = $4
              where workspace_id = $1 and id = $2"
        );
        tx.run(decline, args![tx.workspace(), leave.id, tx.now(), self.reason]).await?;
        tx.record("leave.handover_declined", leave.id, json!({ "person": leave.person_id, "by": tx.me() }));
        answered(tx, leave.id).await
    }
}

async fn answered(tx: &mut Tx<'_>, leave: Id<Leave>) -> Result<Absence> {
    let leave = Leave::visible(tx, leave).await?;
    let near = Nearness::of(tx, leave.person_id).await?;
    Ok(leave.seen_by(tx.actor(), near))
}

/// `POST /leaves/{leave}/handover/accept`
pub async fn accept(form: Submitted) -> Answer {
    let leave = form.submit::<AcceptHandover>().await?;
    Ok(form.go(&format!("/leaves/{}", leave.id), Flash::says(format!("You take over from {}.", leave.person.name))))
}

/// `POST /leaves/{leave}/handover/decline`
pub async fn decline(form: Submitted) -> Answer {
    match form.submit::<DeclineHandover>().await {
        Ok(leave) => {
            let flash = Flash::says(format!("Declined. {} sees why.", leave.person.name));
            Ok(form.go(&format!("/leaves/{}", leave.id), flash))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read(form.input::<ShowLeave>()?).await?;
            Ok(form.again(&title(&view.leave, &form.cx), body(&form.cx, &view, &state)))
        }
    }
}

/// `GET /leaves/{leave}/handover`
pub async fn edit(cx: Cx) -> Answer {
    let (view, picker) = choice(&cx).await?;
    let handover = view.leave.handover.as_ref();
    let state = Form::of([
        ("handover_to", picker.text(handover.map(|handover| &handover.to))),
        ("handover_note", handover.and_then(|handover| handover.note.clone()).unwrap_or_default()),
    ]);
    Ok(cx.page(&question(&view), choice_form(&cx, &view, &picker, &state)))
}

/// `POST /leaves/{leave}/handover`
pub async fn save(form: Submitted) -> Answer {
    let changed = async { with_ids(&form, &["handover_to"]).await?.submit::<ChangeLeave>().await };
    match changed.await {
        Ok(leave) => {
            let flash = match &leave.handover {
                Some(handover) => Flash::says(format!("{} is asked to take over.", handover.to.name)),
                None => Flash::says("Nobody takes over."),
            };
            Ok(form.go(&format!("/leaves/{}", leave.id), flash))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let (view, picker) = choice(&form.cx).await?;
            Ok(form.again(&question(&view), choice_form(&form.cx, &view, &picker, &state)))
        }
    }
}

async fn choice(cx: &Cx) -> Result<(LeaveView, Picker)> {
    let view = cx.read(ShowLeave { leave: cx.text("leave").parse()? }).await?;
    if !view.may_change {
        return Err(Error::Forbidden);
    }
    Ok((view, Picker::load(cx, "").await?))
}

fn question(view: &LeaveView) -> String {
    format!("Who takes over while {} is away?", view.leave.person.name)
}

fn choice_form(cx: &Cx, view: &LeaveView, picker: &Picker, state: &Form) -> Markup {
    let leave = format!("/leaves/{}", view.leave.id);
    let dates = title(&view.leave, cx);
    let lead = view.outlook.in_words(cx.today());
    let now = view.leave.handover.as_ref().map(|handover| &handover.to);
    html! {
        (Head { crumbs: vec![(&leave, &dates)], title: &question(view), lead: &lead, ..Head::default() }.show())
        form.form method="post" action={ (leave) "/handover" } data-guard {
            (ui::token(cx)) (state.summary())
            (picker.field(state, "handover_to", "Hand over to", "They are asked whether they take over.", Some("Nobody"), now))
            @if view.reads_note {
                (state.area("handover_note", "What they need to know", "Read by the person, the one who takes over, and the manager line.", 6))
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Hand over" }
                a.button.quiet href=(leave) { "Not needed" }
            }
        }
    }
}
