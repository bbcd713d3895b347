use super::{Offer, OfferState, is_delegate, offers};
use crate::ask::{Ask, SELECT, due_chip, what};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Tx, args, sql};
use people::{
    leave::Leave,
    person::{Named, choices::Picker},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Form, Head, Markup, avatar, chip, date_range, html};

/// What somebody who goes on leave owes, and to whom they offer it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHandover {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Handover {
    #[schemars(with = "String")]
    pub leave: Id<Leave>,
    pub person: Named<Person>,
    pub first_on: jiff::civil::Date,
    pub last_on: jiff::civil::Date,
    /// Who takes over the leave itself, and is proposed for the asks.
    pub proposed: Option<Named<Person>>,
    /// All offers for the one who is away; for a delegate those to them.
    pub offers: Vec<Offer>,
    /// For the one who is away: the asks that are on offer to nobody.
    pub kept: Vec<Ask>,
}

/// The leave, and whether the actor is a delegate of it.
pub struct Seen {
    pub leave: Leave,
    pub delegate: bool,
}

impl Operation for ShowHandover {
    const NAME: &str = "handover.show";
    const ROUTE: Route = Route(Get, "/leaves/{leave}/asks");
    const READS: bool = true;
    type Target = Seen;
    type Output = Handover;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Seen> {
        let leave = Leave::visible(tx, self.leave).await?;
        let delegate = is_delegate(tx, self.leave).await?;
        Ok(Seen { leave, delegate })
    }

    fn allows(actor: &Actor, seen: &Seen) -> bool {
        seen.delegate || seen.leave.person().id == actor.person
    }

    async fn run(&self, tx: &mut Tx<'_>, seen: Seen) -> Result<Handover> {
        let (me, person) = (tx.me(), seen.leave.person());
        let own = person.id == me;
        let mut offers = offers(tx, self.leave).await?;
        offers.retain(|offer| own || (offer.to == me && offer.concerns_delegate()));
        let open = sql!(
            SELECT,
            "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' order by a.due_at, a.id limit 500"
        );
        let mut kept: Vec<Ask> = if own { tx.all(open, args![tx.workspace(), me]).await? } else { Vec::new() };
        let pending =
            |ask: &Ask| offers.iter().any(|offer| offer.ask.id == ask.id && offer.state == OfferState::Offered);
        kept.retain(|ask| !pending(ask));
        let (first_on, last_on) = seen.leave.days();
        let proposed = seen.leave.handover_to();
        Ok(Handover { leave: self.leave, person, first_on, last_on, proposed, offers, kept })
    }
}

/// `GET /leaves/{leave}/asks`
pub async fn show(cx: Cx) -> Answer {
    let (title, body) = page(&cx, &Form::default()).await?;
    let topic = crate::inbox::topic(&cx);
    Ok(cx.live_page(&title, &[cx.text("leave"), &topic], body))
}

pub(super) async fn page(cx: &Cx, state: &Form) -> Result<(String, Markup)> {
    let handover = cx.read_here::<ShowHandover>().await?;
    let own = handover.person.id == cx.actor().person;
    let title = match own {
        true => "Who answers while you are away?".to_owned(),
        false => format!("{} offers you what they owe", handover.person.name),
    };
    let lead = format!("Away {}.", date_range(handover.first_on, handover.last_on, cx.today()));
    let leave = format!("/leaves/{}", handover.leave);
    let picker = Picker::load(cx, "").await?;
    let body = html! {
        (Head { crumbs: vec![(&leave, "Leave")], title: &title, lead: &lead, ..Head::default() }.show())
        (state.summary())
        div.stack {
            @if own { (kept(cx, &handover, state, &picker)) } @else { (question(cx, &handover)) }
            @if !handover.offers.is_empty() { (offered(cx, &handover, own)) }
        }
    };
    Ok((title, body))
}

/// What the one who goes may still offer.
fn kept(cx: &Cx, handover: &Handover, state: &Form, picker: &Picker) -> Markup {
    html! {
        section.card #kept { header { h2 { "What you owe" } span.right.small.muted { "Its clock stops while you are away" } }
            @if handover.kept.is_empty() {
                div.body { p.muted { "You owe nothing else. What comes while you are away waits for your return." } }
            } @else {
                form method="post" action={ "/leaves/" (handover.leave) "/asks" } {
                    (ui::token(cx))
                    ul.list { @for ask in &handover.kept { li id={ "ask-" (ask.id) } {
                        input type="checkbox" name="asks" value=(ask.id) checked[ask.verb != kernel::Verb::Read] aria-label={ "Offer " (ask.subject) };
                        (what(ask, &format!("/asks/{}", ask.id), ask.asker_name.as_deref().unwrap_or("Cairn"), None))
                        (due_chip(cx, ask))
                    } } }
                    div.body.stack.tight {
                        (picker.field(state, "to", "Offer the chosen ones to", "They accept them or not; until then you owe them.", None, handover.proposed.as_ref()))
                        div.buttons { button.button.primary { "Offer" } }
                    }
                }
            }
        }
    }
}

/// For a delegate: yes, or no with a reason.
fn question(cx: &Cx, handover: &Handover) -> Markup {
    let path = format!("/leaves/{}/asks", handover.leave);
    html! { @if handover.offers.iter().any(|offer| offer.state == OfferState::Offered) {
        section.card #question { header { h2 { "Do you take them over?" } }
            div.body.stack.tight {
                p { "You owe them from then on, each with its time counted in your working hours. Whoever asked sees it." }
                form method="post" action={ (path) "/accept" } { (ui::token(cx)) button.button.primary { "I take them over" } }
                form method="post" action={ (path) "/decline" } { (ui::token(cx))
                    div.field { label for="reason" { "Why you cannot" } input #reason name="reason" required maxlength="300"; }
                    div.buttons { button.button { "Decline" } } }
            }
        }
    } }
}

fn offered(cx: &Cx, handover: &Handover, own: bool) -> Markup {
    html! {
        section.card #offered { header { h2 { (if own { "Offered" } else { "What they owe" }) } }
            ul.list { @for offer in &handover.offers { li {
                (avatar(&offer.to, &offer.to_name))
                (what(&offer.ask, &format!("/asks/{}", offer.ask.id), &offer.to_name, None))
                span.row {
                    @match offer.state {
                        OfferState::Offered => (chip("warn", "Offered")),
                        OfferState::Accepted => (chip("good", "Accepted")),
                        OfferState::Declined => (chip("bad", "Declined")),
                    }
                    @if offer.state != OfferState::Accepted { (due_chip(cx, &offer.ask)) }
                }
            } } }
        }
    }
}
