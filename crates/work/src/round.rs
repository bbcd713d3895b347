//! What a team does in writing, each in their own hours: what the planning and the review of a sprint have in common.
use crate::team::Kept;
use axum::{http::header, response::IntoResponse};
use kernel::{
    Actor, Card, Document, Due, Error, Id, NewAsk, Operation, Person, Reader, Reference, Result, Silence, Team, Time,
    Tx, Verb, columns,
};
use std::fmt::Write;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, chip, day_and_time, empty, html, team_tabs, token};

/// A round as lists show it.
pub(crate) trait Round {
    /// The kind of the record, such as `planning`.
    const KIND: &'static str;
    fn key(&self) -> String;
    fn title(&self) -> String;
    fn team_name(&self) -> &str;
    fn href(&self) -> String;
    fn ends_at(&self) -> Time;
    fn ended_at(&self) -> Option<Time>;
    /// How its chip looks, and what it says.
    fn mark(&self) -> (&'static str, &'static str);

    fn about(&self) -> Reference {
        Reference::to(Self::KIND, self.key())
    }

    fn still_runs(&self) -> Result<()> {
        match self.ended_at() {
            None => Ok(()),
            Some(_) => Err(Error::conflict("This round has ended and does not change any more.")),
        }
    }
}

/// So many working hours everyone has, if nothing is said.
pub(crate) fn eight() -> i64 {
    8
}

/// Whether a team can begin a round with so many working hours for each.
pub(crate) fn may_begin(kept: &Kept, hours: i64) -> Result<()> {
    if kept.team.archived_at.is_some() {
        return Err(Error::conflict("This team is archived."));
    }
    match (1..=80).contains(&hours) {
        true => Ok(()),
        false => Err(Error::invalid("hours", "Choose between 1 and 80 working hours.")),
    }
}

/// Whoever began the round, while the team lets them, and those who lead the team.
pub(crate) fn leads(actor: &Actor, kept: &Kept, began: Id<Person>) -> bool {
    let began = began == actor.person && kept.may_change(actor);
    !actor.is_system() && (began || kept.leads)
}

/// Asks people for what a round wants of them.
pub(crate) fn ask<R: Round>(
    tx: &mut Tx<'_>,
    round: &R,
    to: Vec<Id<Person>>,
    verb: Verb,
    wanted: &str,
    due: Due,
) -> Result<()> {
    tx.ask(&NewAsk {
        to,
        from: None,
        verb,
        subject: format!("{}: {wanted}", round.title()),
        about: Some(round.about()),
        due: Some(due),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}

/// A part of a record in Markdown; nothing without lines.
pub(crate) fn section(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "## {title}\n");
    lines.iter().for_each(|line| {
        let _ = writeln!(text, "- {line}");
    });
    text.push('\n');
}

/// A record that has ended, for saving.
pub(crate) fn saved<R: Round>(round: &R, summary: &str) -> Answer {
    if round.ended_at().is_none() {
        return Err(Error::NotFound.into());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.md\"", R::KIND.replace('_', "-"))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, format!("# {}\n\n{summary}\n", trackers::escaped(&round.title()))).into_response())
}

/// Where a record that has ended is saved from.
pub(crate) fn saving<R: Round>(round: &R) -> Option<Markup> {
    let href = format!("{}/record.md", round.href());
    round.ended_at().map(|_| html! { a.button href=(href) download { "As Markdown" } })
}

/// A round as others point at it, if the actor sees it.
pub(crate) fn card<R: Round>(found: Result<R>) -> Result<Option<Card>> {
    match found {
        Ok(round) => Ok(Some(Card { title: format!("{}, {}", round.title(), round.team_name()), href: round.href() })),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// More of a record is not searched, in characters.
const LONGEST: usize = 100_000;

/// What is searched of a round.
pub(crate) struct Text {
    pub title: String,
    pub body: String,
    pub team_id: Id<Team>,
    pub started_by: Id<Person>,
    pub started_at: Time,
}
columns!(Text { title, body, team_id, started_by, started_at });

impl Text {
    pub fn document(self) -> Document {
        Document {
            title: self.title,
            body: markdown::plain(&self.body, LONGEST),
            mark: "",
            author: Some(self.started_by),
            team: Some(self.team_id),
            at: self.started_at,
            readers: vec![Reader::Colleagues],
        }
    }
}

/// A round in a list.
pub(crate) fn line<R: Round>(cx: &Cx, round: &R) -> Markup {
    let (look, words) = round.mark();
    html! {
        li id={ (R::KIND) "-" (round.key()) } {
            div.what {
                p { a href=(round.href()) { (round.title()) } }
                p.small.muted {
                    @match round.ended_at() {
                        Some(at) => { "Ended on " (ui::date(at.date(&cx.viewer.zone), cx.today())) },
                        None => { "Until " (day_and_time(round.ends_at(), &cx.viewer.zone)) },
                    }
                }
            }
            (chip(look, words))
        }
    }
}

/// What a list of rounds of a team says of itself.
pub(crate) struct Listed<'a, R> {
    pub title: &'a str,
    pub lead: &'a str,
    /// What stands there before the first one.
    pub none: &'a str,
    pub team: (&'a str, &'a str),
    pub rounds: &'a [R],
}

impl<R: Round> Listed<'_, R> {
    pub fn page(&self, cx: &Cx) -> Answer {
        let (team, name) = self.team;
        let (home, sprints) = (format!("/teams/{team}"), format!("/teams/{team}/sprints"));
        let crumbs = vec![(home.as_str(), name), (&sprints, "Sprints")];
        let (running, ended): (Vec<_>, Vec<_>) = self.rounds.iter().partition(|round| round.ended_at().is_none());
        let body = html! {
            (Head { crumbs, title: self.title, lead: self.lead, ..Head::default() }.show())
            (team_tabs(cx, team))
            div.stack {
                @if self.rounds.is_empty() { (empty(self.none, Some((sprints.as_str(), "Sprints")))) }
                @for (title, rounds) in [("Now", running), ("Before", ended)].iter().filter(|(_, rounds)| !rounds.is_empty()) {
                    section.card { header { h2 { (title) } } ul.list.plain { @for round in rounds { (line(cx, *round)) } } }
                }
            }
        };
        Ok(cx.live_page(&format!("{} of {name}", self.title), &[R::KIND], body))
    }
}

/// The form in which a round about a sprint is begun.
pub(crate) struct Beginning<'a> {
    pub title: &'a str,
    pub lead: &'a str,
    /// What the hours are for.
    pub hours: &'a str,
    pub sprint: &'a crate::sprint::Sprint,
    /// Where it is sent, below the address of the sprint.
    pub place: &'a str,
}

impl Beginning<'_> {
    /// With what stands besides the hours.
    pub fn form(&self, cx: &Cx, form: &Form, more: Markup) -> Markup {
        let page = self.sprint.href();
        let all = format!("/teams/{}/sprints", self.sprint.team_id);
        let crumbs = vec![(all.as_str(), "Sprints"), (&page, self.sprint.name.as_str())];
        html! {
            (Head { crumbs, title: self.title, lead: self.lead, ..Head::default() }.show())
            section.card { div.body { form.form method="post" action={ (page) "/" (self.place) } data-guard {
                (token(cx)) (form.summary())
                (form.input("number", "hours", "Working hours", self.hours, false))
                (more)
                footer.form-foot { button.button.primary data-key="mod+enter" { "Begin" } a.button.quiet href=(page) { "Cancel" } }
            } } }
        }
    }
}

/// Where the page of a round is, with its crumbs.
pub(crate) fn head<R: Round>(round: &R, team: (&str, &str), sprint: (&str, &str), lead: &str) -> Markup {
    let (home, all) = (format!("/teams/{}", team.0), format!("/teams/{}/sprints", team.0));
    let sprint_href = format!("/sprints/{}", sprint.0);
    let crumbs = vec![(home.as_str(), team.1), (&all, "Sprints"), (&sprint_href, sprint.1)];
    Head { crumbs, title: &round.title(), lead, actions: saving(round), ..Head::default() }.show()
}

/// What each form of the page of a round says of itself.
pub(crate) fn hidden<R: Round>(cx: &Cx, round: &R) -> Markup {
    html! { (token(cx)) input type="hidden" name="round" value=(round.key()); }
}

/// Does what a form on the page of a round says, and shows the page again, with what is to be mended if it is refused.
pub(crate) async fn done<R: Round, O: Operation>(
    form: Submitted,
    path: &str,
    says: &str,
    again: impl AsyncFnOnce(&Submitted, Id<R>, &Form) -> Answer,
) -> Answer {
    let round: Id<R> = form.text("round").parse().map_err(|_| Error::NotFound)?;
    match form.submit::<O>().await {
        Ok(_) => Ok(form.go(&format!("{path}{round}"), Flash::says(says))),
        Err(error) => {
            let state = form.refused(error)?;
            again(&form, round, &state).await
        }
    }
}
