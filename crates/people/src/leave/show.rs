use super::{Absence, Handover, HandoverState, Kind, Leave, Outlook, preview::outlook};
use crate::access::Nearness;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Form, Head, Markup, chip, date_range, facts, html, icon, person_link, prose};

/// One leave, as the reader may see it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowLeave {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeaveView {
    pub leave: Absence,
    pub outlook: Outlook,
    /// Whether the reader may change and withdraw it.
    pub may_change: bool,
    /// Whether the hand-over note is for the reader.
    pub reads_note: bool,
    /// Whether the reader is the one who takes over.
    pub receives: bool,
}

impl Operation for ShowLeave {
    const NAME: &str = "leave.show";
    const ROUTE: Route = Route(Get, "/leaves/{leave}");
    const READS: bool = true;
    type Target = (Leave, Nearness);
    type Output = LeaveView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let leave = Leave::visible(tx, self.leave).await?;
        let near = Nearness::of(tx, leave.person_id).await?;
        Ok((leave, near))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (leave, near): Self::Target) -> Result<LeaveView> {
        let receives = leave.handover_to == Some(tx.me());
        Ok(LeaveView {
            outlook: outlook(tx, leave.person_id, &leave.stretch()?, Some(leave.id)).await?,
            may_change: near.is_close(tx.actor()),
            reads_note: near.own || near.leads || receives,
            receives,
            leave: leave.seen_by(tx.actor(), near),
        })
    }
}

/// `GET /leaves/{leave}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowLeave>().await?;
    let title = title(&view.leave, &cx);
    let conversation = cx.conversation("leave", view.leave.id).await?;
    let body = html! { (body(&cx, &view, &Form::default())) (conversation) };
    Ok(cx.live_page(&title, &[view.leave.id.as_str(), "leave"], body))
}

pub(super) fn title(leave: &Absence, cx: &Cx) -> String {
    format!("{} is away {}", leave.person.name, date_range(leave.first_on, leave.last_on, cx.today()))
}

pub(super) fn body(cx: &Cx, view: &LeaveView, state: &Form) -> Markup {
    let leave = &view.leave;
    let (person, leaves) = (format!("/people/{}", leave.person.id), format!("/people/{}/leaves", leave.person.id));
    let actions = html! { @if view.may_change {
        a.button href={ "/leaves/" (leave.id) "/edit" } data-key="e" data-key-label="Change" { "Change" kbd { "E" } }
        form method="post" action={ "/leaves/" (leave.id) "/withdraw" } { (ui::token(cx)) button.button { "Withdraw" } }
    } };
    let head = Head {
        crumbs: vec![("/people", "People"), (&person, &leave.person.name), (&leaves, "Leave")],
        title: &title(leave, cx),
        lead: &leave.note,
        actions: Some(actions),
        face: None,
    };
    html! {
        (head.show())
        div.cols {
            div.stack {
                section.card { header { h2 { "Dates" } } div.body { (facts(&dates(cx, view))) } }
                (handover_card(cx, view, state))
            }
            div.stack { @if let Some(kind) = leave.kind { (kind_card(kind)) } }
        }
    }
}

fn dates(cx: &Cx, view: &LeaveView) -> Vec<(&'static str, Markup)> {
    let leave = &view.leave;
    let mut pairs = vec![("When", html! { (date_range(leave.first_on, leave.last_on, cx.today())) })];
    if let Some(hours) = &leave.hours {
        pairs.push(("Hours", html! { (hours) ", in the time of " (leave.person.name) }));
    }
    pairs.push(("Comes to", html! { (view.outlook.in_words(cx.today())) }));
    pairs
}

fn kind_card(kind: Kind) -> Markup {
    html! {
        section.card.private {
            header { (icon("lock")) h2 { "Kind" } }
            div.body { p { (kind.title()) } p.small.muted { "Read by this person, their manager line, people partners, owners and admins." } }
        }
    }
}

fn handover_card(cx: &Cx, view: &LeaveView, state: &Form) -> Markup {
    let change = view.may_change.then(|| format!("/leaves/{}/handover", view.leave.id));
    html! {
        section.card #handover {
            header { h2 { "Hand-over" } @if let Some(handover) = &view.leave.handover { span.right { (state_chip(handover)) } } }
            div.body.stack.tight {
                @match &view.leave.handover {
                    None => p.muted { "Nobody takes over." },
                    Some(handover) => {
                        p { (person_link(&handover.to.id, &handover.to.name)) }
                        @if let Some(reason) = &handover.reason { p { "They say: " (reason) } }
                        @if let Some(note) = &handover.note { div.prose.small { (prose(note)) } }
                        @if view.receives { (answer_forms(cx, view, handover, state)) }
                    }
                }
                @if let Some(change) = &change { p { a.link href=(change) { @if view.leave.handover.is_some() { "Change the hand-over" } @else { "Hand over" } } } }
                @if view.leave.person.id == cx.actor().person { p { a.link href={ "/leaves/" (view.leave.id) "/asks" } { "Offer what you owe to somebody" } } }
            }
        }
    }
}

pub(super) fn state_chip(handover: &Handover) -> Markup {
    match handover.state {
        HandoverState::Asked => chip("warn", "Asked"),
        HandoverState::Accepted => chip("good", "Accepted"),
        HandoverState::Declined => chip("bad", "Declined"),
    }
}

/// For the one who takes over: yes, or no with a reason.
fn answer_forms(cx: &Cx, view: &LeaveView, handover: &Handover, state: &Form) -> Markup {
    let path = format!("/leaves/{}/handover", view.leave.id);
    html! {
        @if handover.state != HandoverState::Accepted {
            form method="post" action={ (path) "/accept" } { (ui::token(cx)) button.button.primary { "I take over" } }
        }
        @if handover.state != HandoverState::Declined {
            form.form method="post" action={ (path) "/decline" } {
                (ui::token(cx)) (state.summary())
                (state.text("reason", "Why you cannot", "Read by them and their manager line."))
                div.buttons { button.button { "Decline" } }
            }
        }
    }
}
