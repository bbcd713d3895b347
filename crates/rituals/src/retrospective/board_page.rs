//! The board, as its phase shows it. Everything on it works with forms, so with the keyboard and without script.
use super::{
    Action, ActionState, AddAction, AddCard, Board, Card, Column, DropCard, EndAction, JoinTopic, MoveOn, Phase,
    RateColumn, Retrospective, ShowBoard, ShowFacts, Topic, VoteForTopic, action::ShowAction, facts, group_page, guest,
};
use axum::response::{IntoResponse, Redirect};
use kernel::{Error, Result};
use people::person::{self, choices::Picker};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, face, html, icon, prose, token};

/// `GET /retrospectives/{retrospective}`
pub async fn show(cx: Cx) -> Answer {
    let board = cx.read_here::<ShowBoard>().await?;
    let body = page(&cx, &board, &Form::default()).await?;
    let topic = board.retrospective.id.to_string();
    Ok(cx.live_page(&board.retrospective.name, &[&topic], body))
}

/// The board again, with what is to be mended.
async fn again(form: &Submitted, error: Error) -> Answer {
    let state = form.refused(error)?;
    let board = form.cx.read_here::<ShowBoard>().await?;
    let body = page(&form.cx, &board, &state).await?;
    Ok(form.again(&board.retrospective.name, body))
}

/// `POST /retrospectives/{retrospective}/cards`
pub async fn add(form: Submitted) -> Answer {
    match form.submit::<AddCard>().await {
        Ok(()) => Ok(form.go(
            &form.cx.path.replace("/cards", "#collect"),
            Flash::says("Your card is on the board. Others see it when this phase ends."),
        )),
        Err(error) => again(&form, error).await,
    }
}

/// `POST /retrospectives/{retrospective}/phase`
pub async fn move_on(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Begin the next phase for everyone?", "Begin it");
    }
    let board = form.submit::<MoveOn>().await?;
    Ok(form.go(&board.place(), Flash::says(format!("The board is at “{}” now.", board.phase.title()))))
}

/// `POST /retrospectives/{retrospective}/actions`
pub async fn act(form: Submitted) -> Answer {
    let made = async {
        let form = person::choices::with_ids(&form, &["owner"]).await?;
        form.submit::<AddAction>().await
    };
    match made.await {
        Ok(action) => {
            let to = format!("/retrospectives/{}#action-{}", action.retrospective_id, action.id);
            Ok(form.go(&to, Flash::says("Promised. It opens the next board until it is kept.")))
        }
        Err(error) => again(&form, error).await,
    }
}

/// `GET /retrospective-actions/{action}`: where it stands on its board.
pub async fn find_action(cx: Cx) -> Answer {
    let action = cx.read_here::<ShowAction>().await?;
    Ok(Redirect::to(&action.place()).into_response())
}

/// `POST /retrospective-actions/{action}/end`
pub async fn end_action(form: Submitted) -> Answer {
    let action = form.submit::<EndAction>().await?;
    let words = if action.state == ActionState::Kept { "Kept" } else { "Released" };
    Ok(form.go(&back(&form), Flash::says(format!("{words}: {}", action.body))))
}

/// `POST /retrospective-cards/{card}/removal`
pub async fn remove(form: Submitted) -> Answer {
    form.submit::<DropCard>().await?;
    Ok(form.go(&back(&form), Flash::says("Taken back.")))
}

/// `POST /retrospective-cards/{card}/topic`
pub async fn join(form: Submitted) -> Answer {
    form.submit::<JoinTopic>().await?;
    Ok(form.go(&back(&form), Flash::says("Moved.")))
}

/// `POST /retrospective-topics/{topic}/votes`
pub async fn vote(form: Submitted) -> Answer {
    match form.submit::<VoteForTopic>().await {
        Ok(()) => Ok(form.go(&back(&form), Flash::says("Your votes are counted."))),
        Err(Error::Invalid(flaws)) => {
            let sentence = flaws.first().map_or(String::new(), |flaw| flaw.sentence.clone());
            Ok(form.go(&back(&form), Flash::says(sentence)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /retrospective-columns/{column}/rating`
pub async fn rate(form: Submitted) -> Answer {
    form.submit::<RateColumn>().await?;
    Ok(form.go(&back(&form), Flash::says("Your rating is kept. The team sees the mean, and nobody whose it was.")))
}

/// The board on which it was done.
fn back(form: &Submitted) -> String {
    let board = form.text("board").parse::<kernel::Id<Retrospective>>();
    board.map_or("/retrospectives".to_owned(), |board| format!("/retrospectives/{board}"))
}

pub(super) fn board_field(board: &Retrospective) -> Markup {
    html! { input type="hidden" name="board" value=(board.id); }
}

async fn page(cx: &Cx, view: &Board, form: &Form) -> Result<Markup> {
    let board = &view.retrospective;
    let happened = cx.read(ShowFacts { retrospective: board.id }).await?;
    let opens = board.guests && cx.may(guest::ListLinks { retrospective: board.id }).await?;
    let picker = match board.phase {
        Phase::Discuss => Some(Picker::load(cx, form.value("owner")).await?),
        _ => None,
    };
    let mut lead = format!("{}. {}.", board.team_name, board.format.title());
    if !board.about.is_empty() {
        lead = format!("{lead} {}", board.about);
    }
    Ok(html! {
        (Head { crumbs: vec![("/retrospectives", "Retrospectives")], title: &board.name, lead: &lead, actions: Some(next(cx, board, opens)), ..Head::default() }.show())
        div.stack {
            (form.summary())
            (steps(cx, board))
            @if !view.before.is_empty() { (promised(cx, board, "Promised before, and open still", &view.before)) }
            @match board.phase {
                Phase::Collect => { (collect(cx, view, form)) },
                Phase::Group => { (group_page::view(cx, view)) },
                Phase::Vote => { (vote_page(cx, view)) },
                Phase::Discuss | Phase::Done => { (topics(view)) },
            }
            @if board.format.is_rated() && board.phase != Phase::Collect { (means(cx, view)) }
            @if !view.actions.is_empty() { (promised(cx, board, "What came of it", &view.actions)) }
            @if let Some(picker) = &picker { (promise(cx, view, form, picker)) }
            (facts::card(cx, view, &happened))
        }
    })
}

fn next(cx: &Cx, board: &Retrospective, opens: bool) -> Markup {
    if board.phase == Phase::Done {
        return html! { a.button href={ (board.place()) "/result" } { "The result as a document" } };
    }
    html! {
        @if opens { a.button.quiet href={ (board.place()) "/guests" } { "Guests" } }
        form method="post" action={ (board.place()) "/phase" } data-confirm="Begin the next phase for everyone?" data-confirm-button="Begin it" {
            (token(cx)) input type="hidden" name="phase" value=(board.phase.word());
            button.button { @if board.phase == Phase::Discuss { "Finish now" } @else { "Next phase now" } }
        }
    }
}

fn steps(cx: &Cx, board: &Retrospective) -> Markup {
    let until = board.phase_ends_at.map(|at| format!("until {}", ui::day_and_time(at, &cx.viewer.zone)));
    html! {
        div.steps {
            @for phase in Phase::ALL.iter().filter(|phase| **phase != Phase::Done) {
                div.done[*phase < board.phase] aria-current=[(*phase == board.phase).then_some("step")] { (phase.title())
                    @if *phase == board.phase { @if let Some(until) = &until { span { (until) } } } }
            }
        }
        @if board.anonymous { p.small.muted { "No card has a name here. It is not stored either: nothing tells who wrote what, or in which order." } }
        @if board.guests { p.small.muted { "This board is open to guests who have a link: they see cards, topics and what is decided, and nothing that the team promises." } }
    }
}

fn collect(cx: &Cx, view: &Board, form: &Form) -> Markup {
    let board = &view.retrospective;
    html! {
        div.grid.g3[view.columns.len().is_multiple_of(3)].g2[!view.columns.len().is_multiple_of(3)] #collect { @for column in &view.columns {
            section.card { header { h2 { (column.title) } }
                div.body.stack.tight {
                    @if !column.hint.is_empty() { p.muted { (column.hint) } }
                    @if column.rated { (rating(cx, view, column)) }
                    @for card in view.cards.iter().filter(|card| card.column_id == column.id) { (own_card(cx, board, card)) }
                    (writing(cx, board, column, form))
                } }
        } }
        @if !board.anonymous { p.small.muted { "You see your own cards. Those of others show when this phase ends." } }
    }
}

fn writing(cx: &Cx, board: &Retrospective, column: &Column, form: &Form) -> Markup {
    let field = format!("card-{}", column.id);
    let typed = if form.holds("column", &column.id.to_string()) { form.value("body") } else { "" };
    html! {
        form.form.wide method="post" action={ (board.place()) "/cards" } autocomplete="off" data-guard {
            (token(cx)) input type="hidden" name="column" value=(column.id);
            div.field { label.vh for=(field) { "A card for " (column.title) }
                textarea id=(field) name="body" rows="2" { (typed) } }
            div.buttons { button.button.small data-key="mod+enter" { "Add the card" } }
        }
    }
}

fn own_card(cx: &Cx, board: &Retrospective, card: &Card) -> Markup {
    html! {
        div.ask id={ "card-" (card.id) } { div.grow.prose.compact { (prose(&card.body)) }
            form method="post" action={ "/retrospective-cards/" (card.id) "/removal" } {
                (token(cx)) (board_field(board))
                button.button.quiet.icon-only aria-label="Take this card back" title="Take it back" { (icon("x")) }
            } }
    }
}

fn rating(cx: &Cx, view: &Board, column: &Column) -> Markup {
    let own = view.own_ratings.iter().find(|one| one.column_id == column.id).map(|one| one.rating);
    html! {
        form.row.wrap method="post" action={ "/retrospective-columns/" (column.id) "/rating" } {
            (token(cx)) (board_field(&view.retrospective))
            @for value in 1..=5 {
                button.button.small.primary[own == Some(value)] name="rating" value=(value) aria-pressed=(own == Some(value)) { (value) }
            }
            span.small.muted { "1 not at all, 5 entirely" }
        }
    }
}

pub(super) fn cards_of<'a>(view: &'a Board, topic: &'a Topic) -> impl Iterator<Item = &'a Card> {
    view.cards.iter().filter(|card| card.topic_id == Some(topic.id))
}

pub(super) fn nothing() -> Markup {
    html! { section.card.empty { p { "No card was written. That is an answer too; begin the next phase when you like." } } }
}

fn vote_page(cx: &Cx, view: &Board) -> Markup {
    let board = &view.retrospective;
    let used: i64 = view.votes.iter().map(|one| one.own).sum();
    html! {
        p { strong { (board.votes_each - used) } " of your " (board.votes_each) " votes are left. The sums show when this phase ends." }
        section.card #votes { ul.list.plain { @for topic in &view.topics {
            @let own = view.votes_of(topic).map_or(0, |one| one.own);
            li id={ "topic-" (topic.id) } {
                div.what { p { (view.title(topic)) } p.small.muted { (count(cards_of(view, topic).count(), "card")) } }
                div.row {
                    @if own > 0 { (chip("info", &count(own.unsigned_abs() as usize, "vote"))) }
                    (voting(cx, board, topic, own - 1, "Take one back from", "chevron-down", own > 0))
                    (voting(cx, board, topic, own + 1, "Vote for", "chevron-up", used < board.votes_each))
                }
            }
        } } }
        @if view.topics.is_empty() { (nothing()) }
    }
}

fn voting(cx: &Cx, board: &Retrospective, topic: &Topic, votes: i64, what: &str, sign: &str, open: bool) -> Markup {
    html! {
        form method="post" action={ "/retrospective-topics/" (topic.id) "/votes" } {
            (token(cx)) (board_field(board)) input type="hidden" name="votes" value=(votes);
            button.button.icon-only disabled[!open] aria-label={ (what) " this topic" } title=(what) { (icon(sign)) }
        }
    }
}

fn count(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

fn topics(view: &Board) -> Markup {
    html! {
        section.card #topics { header { h2 { "Topics" } span.right.small.muted { "Those with the most votes first" } }
            @if view.topics.is_empty() { div.body { p.muted { "No card was written." } } }
            ul.list.plain { @for topic in &view.topics {
                li id={ "topic-" (topic.id) } {
                    div.what.wrap {
                        p { a href={ "/retrospective-topics/" (topic.id) } { (view.title(topic)) } }
                        p.small.muted { (count(cards_of(view, topic).count(), "card")) }
                        @if !topic.outcome.is_empty() { div.prose.compact { (prose(&topic.outcome)) } }
                    }
                    @if let Some(all) = view.votes_of(topic).and_then(|one| one.all).filter(|all| *all > 0) { (chip("info", &count(all.unsigned_abs() as usize, "vote"))) }
                }
            } }
        }
    }
}

/// What the team said of itself, and before.
fn means(cx: &Cx, view: &Board) -> Markup {
    let digits = |hundredths: i64| format!("{}.{}", hundredths / 100, hundredths % 100 / 10);
    html! {
        section.card #means { header { h2 { "Health" } span.right.small.muted { "The mean of 1 to 5, from three people on" } }
            ul.list.plain { @for column in &view.columns {
                @let all: Vec<_> = view.means.iter().filter(|mean| mean.title == column.title).collect();
                li { div.what.wrap { p { (column.title) } p.small.muted { (column.hint) }
                        @if all.len() > 1 { p.small.muted { "Before: " @for mean in &all[..all.len() - 1] { (digits(mean.hundredths)) " (" (ui::date(mean.started_at.date(&cx.viewer.zone), cx.today())) ") " } } } }
                    @match all.last().filter(|mean| mean.retrospective_id == view.retrospective.id) {
                        Some(mean) => { span.num { (digits(mean.hundredths)) } span.small.muted { "of " (mean.people) } },
                        None => { span.small.muted { "Too few" } },
                    }
                }
            } }
        }
    }
}

fn promised(cx: &Cx, board: &Retrospective, title: &str, actions: &[Action]) -> Markup {
    html! {
        section.card { header { h2 { (title) } }
            ul.list { @for action in actions {
                li id={ "action-" (action.id) } {
                    (face(&action.owner_id, &action.owner_name, action.owner_photo.as_deref(), ""))
                    div.what { p { @if action.state == ActionState::Open { (action.body) } @else { s { (action.body) } } }
                        p.small.muted { (action.owner_name) @if let Some(day) = action.due_on { ", by " (ui::date(day, cx.today())) } } }
                    @match action.state {
                        ActionState::Kept => { (chip("good", "Kept")) },
                        ActionState::Released => { (chip("", "Released")) },
                        ActionState::Open => {
                            form.row method="post" action={ "/retrospective-actions/" (action.id) "/end" } {
                                (token(cx)) (board_field(board))
                                button.button.small name="state" value="kept" { "Kept" }
                                button.button.small.quiet name="state" value="released" { "Release" }
                            }
                        },
                    }
                }
            } }
        }
    }
}

fn promise(cx: &Cx, view: &Board, form: &Form, picker: &Picker) -> Markup {
    html! {
        section.card { header { h2 { "Promise something" } }
            div.body { form.form.wide method="post" action={ (view.retrospective.place()) "/actions" } data-guard {
                (token(cx))
                (form.text("body", "What", ""))
                div.field-row {
                    (picker.field(form, "owner", "Who", "They find it in their inbox.", None, None))
                    (form.input("date", "due_on", "By", "", true))
                }
                div.buttons { button.button.primary { "Promise" } }
            } }
        }
    }
}
