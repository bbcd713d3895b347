//! The page that shows who is away in a month.
use super::{
    CalendarPage, LeaveCalendar,
    calendar::{Days, PersonDays},
};
use crate::{
    hours::strip::cut,
    team::{Branch, ListTeams},
};
use jiff::{ToSpan, civil::Date};
use kernel::{Id, Team};
use ui::{Answer, Cx, Head, Markup, date_range, empty, html, load_more};

const LEFT: i32 = 164;
const DAY: i32 = 20;
const TOP: i32 = 36;
const ROW: i32 = 26;

/// One month of the page, for all people or those of a team.
struct Month {
    first: Date,
    today: Date,
    team: Option<Id<Team>>,
}

/// `GET /leaves`
pub async fn month(cx: Cx) -> Answer {
    let first: Option<Date> = format!("{}-01", cx.text("month")).parse().ok();
    let month = Month {
        first: first.unwrap_or(cx.today().first_of_month()),
        today: cx.today(),
        team: Some(cx.text("team")).filter(|text| !text.is_empty()).map(str::parse).transpose()?,
    };
    let (from, to, after) = (month.first, month.last(), cx.text("after").to_owned());
    let page = cx.read(LeaveCalendar { from, to, team: month.team, after }).await?;
    let teams = cx.read(ListTeams {}).await?;
    let title = format!("Who is away in {}", month.first.strftime("%B %Y"));
    let enter = format!("/people/{}/leaves/new", cx.actor().person);
    let actions =
        html! { a.button.primary href=(enter) data-key="c" data-key-label="Enter leave" { "Enter leave" kbd { "C" } } };
    let body = html! {
        (Head { title: &title, actions: Some(actions), ..Head::default() }.show())
        div.stack #away {
            (month.filters(&teams))
            @if page.people.is_empty() {
                (empty("Nobody is away in this month. Leave that people enter shows here.", Some((&enter, "Enter leave"))))
            } @else {
                section.card { div.body { (month.grid(&page)) (legend()) } }
                (load_more(page.next.as_ref().map(|next| month.href(month.first, next)).as_deref()))
            }
        }
    };
    Ok(cx.live_page(&title, &["leave", "hours", "holiday_calendar"], body))
}

impl Month {
    fn last(&self) -> Date {
        self.first.last_of_month()
    }

    fn days(&self) -> impl Iterator<Item = Date> {
        let last = self.last();
        std::iter::successors(Some(self.first), |day| day.tomorrow().ok()).take_while(move |day| *day <= last)
    }

    fn href(&self, month: Date, after: &str) -> String {
        let (month, team) = (month.strftime("%Y-%m").to_string(), self.team.map(|id| id.to_string()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("month", &month).append_pair("team", team.as_deref().unwrap_or_default());
        if !after.is_empty() {
            query.append_pair("after", after);
        }
        format!("/leaves?{}", query.finish())
    }

    fn filters(&self, teams: &[Branch]) -> Markup {
        let (before, after) = (self.first.saturating_sub(1.month()), self.first.saturating_add(1.month()));
        let name = |month: Date| month.strftime("%B").to_string();
        html! {
            div.row.wrap {
                nav.pages aria-label="Months" {
                    a.button rel="prev" href=(self.href(before, "")) data-key="h" data-key-label="Month before" { (name(before)) }
                    a.button href=(self.href(self.today.first_of_month(), "")) data-key="t" data-key-label="This month" { "Today" }
                    a.button rel="next" href=(self.href(after, "")) data-key="l" data-key-label="Month after" { (name(after)) }
                }
                auto-submit.right {
                    form.toolbar method="get" action="/leaves" {
                        input type="hidden" name="month" value=(self.first.strftime("%Y-%m"));
                        label.vh for="team" { "Team" }
                        select #team name="team" {
                            option value="" { "Everyone who is away" }
                            @for branch in teams { option value=(branch.id) selected[Some(branch.id) == self.team] { (branch.name) } }
                        }
                        button.button.no-script { "Show" }
                    }
                }
            }
        }
    }

    fn grid(&self, page: &CalendarPage) -> Markup {
        let (width, height) =
            (LEFT + DAY * i32::from(self.first.days_in_month()), TOP + ROW * page.people.len() as i32);
        let label = format!("Who is away in {}", self.first.strftime("%B %Y"));
        let rows = || (TOP..).step_by(ROW as usize).zip(&page.people);
        html! {
            div.scroll tabindex="0" role="region" aria-label=(label) {
                svg.chart.month viewBox=(format!("0 0 {width} {height}")) role="group" aria-label=(label) {
                    @for (y, person) in rows() { (self.free(person, y)) }
                    @for day in self.days() {
                        @if day == self.today { rect.band x=(self.x(day)) y="0" width=(DAY) height=(height) {} }
                        text x=(self.x(day) + 5) y="11" { (&day.strftime("%a").to_string()[..1]) }
                        text x=(self.x(day) + 4) y="26" { (day.day()) }
                    }
                    @for (y, person) in rows() { (self.row(person, y)) }
                }
            }
            (self.table(page, &label))
        }
    }

    fn free(&self, person: &PersonDays, y: i32) -> Markup {
        let holiday = |day: &Date| person.holidays.iter().find(|holiday| holiday.on == *day);
        html! {
            @for day in &person.free {
                rect class=(if holiday(day).is_some() { "holiday" } else { "off" }) x=(self.x(*day)) y=(y) width=(DAY) height=(ROW) {
                    @if let Some(holiday) = holiday(day) { title { (holiday.name) } }
                }
            }
        }
    }

    fn row(&self, person: &PersonDays, y: i32) -> Markup {
        html! {
            line.axis x1="0" x2=(self.x(self.last()) + DAY) y1=(y) y2=(y) {}
            a href={ "/people/" (person.person.id) } { text.who x="0" y=(y + 17) { (cut(&person.person.name, 24)) title { (person.person.name) } } }
            @for days in &person.leaves { (self.bar(person, days, y)) }
        }
    }

    fn bar(&self, person: &PersonDays, days: &Days, y: i32) -> Markup {
        let (first, last) = (days.first_on.max(self.first), days.last_on.min(self.last()));
        let height = if days.hours.is_some() { 8 } else { 16 };
        html! {
            a href={ "/leaves/" (days.leave) } {
                rect.leave x=(self.x(first) + 1) y=(y + 5) width=(self.x(last) - self.x(first) + DAY - 2) height=(height) rx="4" {
                    title { (person.person.name) ": " (self.in_words(days)) }
                }
            }
        }
    }

    fn table(&self, page: &CalendarPage, label: &str) -> Markup {
        html! {
            div.vh { table {
                caption { (label) }
                thead { tr { th scope="col" { "Person" } th scope="col" { "Away" } th scope="col" { "Public holidays" } } }
                tbody { @for person in &page.people { tr {
                    td { (person.person.name) }
                    td { (person.leaves.iter().map(|days| self.in_words(days)).collect::<Vec<_>>().join("; ")) }
                    td { (person.holidays.iter().map(|one| format!("{} {}", one.on.day(), one.name)).collect::<Vec<_>>().join(", ")) }
                } } }
            } }
        }
    }

    /// `3 to 14 August, handed to Tomasz Nowak`
    fn in_words(&self, days: &Days) -> String {
        let dates = Some(date_range(days.first_on, days.last_on, self.today));
        let handed = days.handed_to.as_ref().map(|to| format!("handed to {}", to.name));
        let note = Some(days.note.clone()).filter(|note| !note.is_empty());
        [dates, days.hours.clone(), note, handed].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn x(&self, day: Date) -> i32 {
        LEFT + DAY * (day - self.first).get_days()
    }
}

fn legend() -> Markup {
    html! {
        p.legend {
            span { i.s1 {} "Leave, thin for part of a day" } span { i.off {} "Free of work" } span { i.holiday {} "Public holiday" }
        }
    }
}
