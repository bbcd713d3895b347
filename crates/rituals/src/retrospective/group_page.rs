//! Putting cards together that say the same: dragged, moved with the arrow keys, or by a form that needs neither.
use super::{
    Board, Card, Topic,
    board_page::{board_field, cards_of, nothing},
};
use ui::{Cx, Markup, html, icon, prose, token};

pub(super) fn view(cx: &Cx, view: &Board) -> Markup {
    let chosen = view.cards.iter().find(|card| card.id.to_string() == cx.text("card"));
    html! {
        p.muted { "Put cards together that say the same: drag one onto another, move it with the arrow keys, or choose “Move”. A card that stays alone is fine." }
        @if let Some(card) = chosen { (moving(cx, view, card)) }
        @if view.topics.is_empty() { (nothing()) } @else {
            topic-board {
                div.board.wrapped role="list" aria-label="Topics" {
                    @for topic in &view.topics { (lane(view, topic)) }
                    section.lane.script-only #lane-alone role="listitem" data-value="" aria-label="On its own" {
                        header { h2 { "On its own" } }
                        ol.cards {}
                        p.small.muted { "Drop a card here to part it from the others." }
                    }
                }
            }
        }
    }
}

fn lane(view: &Board, topic: &Topic) -> Markup {
    let title = view.title(topic);
    let cards: Vec<&Card> = cards_of(view, topic).collect();
    let alone = cards.len() == 1;
    html! {
        section.lane id={ "topic-" (topic.id) } role="listitem" data-value=(topic.id) aria-label={ (title) ", " (cards.len()) } {
            header {
                h2.vh[topic.title.is_empty()] { (title) }
                @if !alone { span.muted.small { (cards.len()) " cards" } a.button.small.quiet.right href={ "/retrospective-topics/" (topic.id) } { "Name it" } }
            }
            ol.cards { @for card in cards { (ticket(view, card)) } }
        }
    }
}

fn ticket(view: &Board, card: &Card) -> Markup {
    let column = view.columns.iter().find(|column| column.id == card.column_id);
    let begins: String = card.body.chars().take(60).collect();
    html! {
        li.ticket id={ "card-" (card.id) } data-card=(card.id) data-title=(begins) tabindex="-1" {
            div.row {
                span.muted.small { @if let Some(column) = column { (column.title) } }
                span.row.right {
                    a.button.small.quiet href={ (view.retrospective.place()) "?card=" (card.id) "#move" } aria-label={ "Move " (begins) } { "Move" }
                    button.grip.button.quiet.icon-only.script-only type="button" aria-label={ "Drag " (begins) } title="Drag, or move with the arrow keys" { (icon("grip")) }
                }
            }
            div.prose.compact { (prose(&card.body)) }
            @if let Some(name) = &card.author_name { p.small.muted { (name) } }
        }
    }
}

/// Where a card goes, chosen by words.
fn moving(cx: &Cx, view: &Board, card: &Card) -> Markup {
    let board = &view.retrospective;
    let others = view.topics.iter().filter(|topic| Some(topic.id) != card.topic_id);
    html! {
        section.card #move { header { h2 { "Move a card" } }
            div.body.stack.tight {
                div.prose.compact { (prose(&card.body)) }
                form.form method="post" action={ "/retrospective-cards/" (card.id) "/topic" } {
                    (token(cx)) (board_field(board))
                    div.field { label for="topic" { "Together with" }
                        combo-box { select #topic name="topic" autofocus {
                            option value="" { "Nothing: on its own" }
                            @for topic in others { option value=(topic.id) { (view.title(topic)) } }
                        } } }
                    div.buttons { button.button.primary data-key="mod+enter" { "Move" } a.button.quiet href=(board.place()) { "Cancel" } }
                }
            } }
    }
}
