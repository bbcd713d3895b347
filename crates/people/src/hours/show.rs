use super::{
    calendars::holidays_of,
    exception::{Exception, exceptions_from},
};
use crate::{
    access::{Nearness, today},
    person::{Named, Record},
};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Tx, calendar::Week};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Failure, Form, Head, Markup, Submitted, date, empty, facts, html};

/// When a person works: the week, the dates on which it does not hold, and the public holidays of twelve months.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHours {
    pub person: Id<Person>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoursView {
    pub person: Named<Person>,
    pub zone: String,
    /// Such as `Mon-Fri 09:00-17:00`, in the person's own wall time.
    pub week: String,
    pub minutes_per_week: i64,
    /// Of a week of 40 hours, in percent.
    pub share: i64,
    /// From today on.
    pub exceptions: Vec<Exception>,
    /// From today on, with their names.
    pub holidays: Vec<(Date, String)>,
    /// The code of a bundled place, or the id of a calendar of the workspace's own; empty for none.
    pub holiday_calendar: String,
    /// Whether the reader may change the hours of single dates.
    pub may_change: bool,
    /// Whether the reader may change the week.
    pub may_change_week: bool,
}

const FULL_WEEK_MINUTES: i64 = 40 * 60;

impl Operation for ShowHours {
    const NAME: &str = "hours.show";
    const ROUTE: Route = Route(Get, "/people/{person}/hours");
    const READS: bool = true;
    type Target = (Record, Nearness);
    type Output = HoursView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, Nearness::of(tx, self.person).await?))
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, near): Self::Target) -> Result<HoursView> {
        let (first, last) = (today(tx), today(tx).saturating_add(1.year()));
        let minutes = i64::from(person.hours.parse::<Week>()?.minutes_per_week());
        Ok(HoursView {
            exceptions: exceptions_from(tx, person.id, first).await?,
            holidays: holidays_of(tx, &person.holidays, first, last).await?.to_vec(),
            minutes_per_week: minutes,
            share: (minutes * 100 + FULL_WEEK_MINUTES / 2) / FULL_WEEK_MINUTES,
            may_change: near.is_close(tx.actor()),
            may_change_week: near.own || crate::access::cares_for_people(tx.actor()),
            person: Named { id: person.id, name: person.name },
            zone: person.zone,
            week: person.hours,
            holiday_calendar: person.holidays,
        })
    }
}

/// `GET /people/{person}/hours`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowHours>().await?;
    let id = view.person.id.to_string();
    Ok(cx.live_page(&title(&view), &[&id, "hours", "holiday_calendar"], body(&cx, &view, &Form::default())?))
}

/// The page with what is wrong about its form.
pub(super) async fn again(form: &Submitted, state: &Form) -> Answer {
    let view = form.cx.read(ShowHours { person: form.text("person").parse()? }).await?;
    Ok(form.again(&title(&view), body(&form.cx, &view, state)?))
}

fn title(view: &HoursView) -> String {
    format!("Working hours of {}", view.person.name)
}

fn body(cx: &Cx, view: &HoursView, state: &Form) -> Result<Markup, Failure> {
    let person = format!("/people/{}", view.person.id);
    let actions = html! { @if view.may_change_week { a.button href={ (person) "/edit" } data-key="e" data-key-label="Change the week" { "Change the week" kbd { "E" } } } };
    let head = Head {
        crumbs: vec![("/people", "People"), (&person, &view.person.name)],
        title: &title(view),
        actions: Some(actions),
        ..Head::default()
    };
    Ok(html! {
        (head.show())
        div.cols {
            div.stack { (week_card(view)?) (exceptions_card(cx, view, state)) }
            div.stack { (holidays_card(cx, view)) }
        }
    })
}

fn week_card(view: &HoursView) -> Result<Markup> {
    let week: Week = view.week.parse()?;
    let days = std::iter::successors(Some(Weekday::Monday), |day| Some(day.next())).take(7);
    let hours = |day| Some(week.day(day).to_string()).filter(|hours| !hours.is_empty());
    let mut pairs: Vec<(&str, Markup)> = days
        .map(|day| {
            (
                weekday(day),
                html! { @if let Some(hours) = hours(day) { span.num { (hours) } } @else { span.muted { "Free" } } },
            )
        })
        .collect();
    pairs
        .push(("Together", html! { (ui::minutes(view.minutes_per_week)) ", " (view.share) "% of a week of 40 hours" }));
    pairs.push(("Zone", html! { (view.zone) }));
    Ok(html! { section.card #week { header { h2 { "Week" } } div.body { (facts(&pairs)) } } })
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn exceptions_card(cx: &Cx, view: &HoursView, state: &Form) -> Markup {
    let page = format!("/people/{}/hours", view.person.id);
    html! {
        section.card #exceptions { header { h2 { "Other hours on single days" } }
            @if view.exceptions.is_empty() { div.body { p.muted { "The week holds on all days ahead." } } }
            ul.list.plain { @for one in &view.exceptions { li id={ "on-" (one.on_date) } {
                div.what {
                    p { (date(one.on_date, cx.today())) ", " (if one.hours.is_empty() { "day off" } else { &one.hours }) }
                    @if !one.note.is_empty() { p.small.muted { (one.note) } }
                }
                @if view.may_change {
                    form method="post" action={ (page) "/" (one.on_date) "/clear" } { (ui::token(cx)) button.button.small { "Remove" } }
                }
            } } }
            @if view.may_change { div.body {
                form.form method="post" action=(page) {
                    (ui::token(cx)) (state.summary())
                    div.field-row {
                        (state.input("date", "date", "Day", "", false))
                        (state.optional("hours", "Hours", "Such as 10:00-14:00; empty for a day off."))
                    }
                    (state.optional("note", "Note", "Every colleague reads it."))
                    div.buttons { button.button { "Save" } }
                }
            } }
        }
    }
}

fn holidays_card(cx: &Cx, view: &HoursView) -> Markup {
    html! {
        @if view.holidays.is_empty() {
            (empty("No public holidays in the next twelve months. They come from the place in the profile.", None))
        } @else {
            section.card #holidays { header { h2 { "Public holidays" } a.link.right.small href={ "/admin/holidays/" (view.holiday_calendar) } { "Calendar" } }
                ul.list.plain { @for (day, name) in &view.holidays { li {
                    div.what.wrap { p { (name) } p.small.muted { (day.strftime("%A").to_string()) ", " (date(*day, cx.today())) } }
                } } }
            }
        }
    }
}
