use super::{DeleteHolidayCalendar, HolidayCalendar, ImportHolidayCalendar, ListHolidayCalendars, ShowHolidayCalendar};
use crate::{access::cares_for_people, person::folded};
use holidays::Country;
use kernel::Error;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, Upload, date_long, empty, html, icon};

const TITLE: &str = "Public holidays";

/// `GET /admin/holidays`
pub async fn list(cx: Cx) -> Answer {
    let own = cx.read(ListHolidayCalendars {}).await?;
    Ok(cx.live_page(TITLE, &["holiday_calendar", "person"], body(&cx, &own, &Form::default())))
}

/// `POST /admin/holidays`
pub async fn upload(Upload { mut form, bytes, .. }: Upload) -> Answer {
    let imported = match String::from_utf8(bytes.to_vec()) {
        Ok(text) => {
            form.texts.push(("file".into(), text));
            form.submit::<ImportHolidayCalendar>().await
        }
        Err(_) => Err(Error::invalid("file", "This is not a text in UTF-8, as calendar files are.")),
    };
    match imported {
        Ok(done) => {
            let mut sentence = format!("{}: {} days.", done.name, done.days);
            if let Some(first) = done.left_out.first() {
                let count = match done.left_out.len() {
                    1 => "1 event was".to_owned(),
                    n => format!("{n} events were"),
                };
                sentence.push_str(&format!(" {count} left out. {first}"));
            }
            Ok(form.go(&format!("/admin/holidays/{}", done.id), Flash::says(sentence)))
        }
        Err(error) => {
            form.texts.retain(|(name, _)| name != "file");
            let state = form.refused(error)?;
            let own = form.cx.read(ListHolidayCalendars {}).await?;
            Ok(form.again(TITLE, body(&form.cx, &own, &state)))
        }
    }
}

/// `GET /admin/holidays/{calendar}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowHolidayCalendar>().await?;
    let own = view.own.filter(|_| cares_for_people(cx.actor()));
    let actions = html! { @if let Some(id) = own {
        form method="post" action={ "/admin/holidays/" (id) "/delete" } data-confirm={ "Delete the calendar " (view.name) "?" } data-confirm-button="Delete" {
            (ui::token(&cx)) button.button.danger { "Delete" }
        }
    } };
    let regions = holidays::find(cx.text("calendar")).map(|place| place.country).ok();
    let head =
        Head { crumbs: vec![("/admin/holidays", TITLE)], title: &view.name, actions: Some(actions), ..Head::default() };
    let body = html! {
        (head.show())
        div.cols {
            @if view.days.is_empty() { (empty("This calendar holds no day of this year or the next.", None)) }
            @else { section.card {
                table.data.listed {
                    caption.vh { "Days of " (view.name) }
                    thead { tr { th scope="col" { "Day" } th scope="col" { "Weekday" } th scope="col" { "Name" } } }
                    tbody { @for (day, name) in &view.days { tr {
                        td.num { (date_long(*day)) } td.muted data-label="Weekday" { (day.strftime("%A").to_string()) } td data-label="Name" { (name) }
                    } } }
                }
            } }
            @if let Some(country) = regions.filter(|country| !country.regions.is_empty()) { (regions_card(country)) }
        }
    };
    Ok(cx.live_page(&view.name, &["holiday_calendar"], body))
}

fn regions_card(country: &Country) -> Markup {
    html! {
        section.card { header { h2 { "Regions of " (country.name) } }
            ul.list.plain { @for region in &country.regions { li {
                div.what { p { a href={ "/admin/holidays/" (country.code) "-" (region.code) } { (region.name) } } }
            } } }
        }
    }
}

/// `POST /admin/holidays/{calendar}/delete`
pub async fn delete(form: Submitted) -> Answer {
    if !form.confirmed() {
        return form.ask("Delete this calendar?", "Delete");
    }
    match form.submit::<DeleteHolidayCalendar>().await {
        Ok(name) => Ok(form.go("/admin/holidays", Flash::says(format!("The calendar {name} is deleted.")))),
        Err(error) => {
            let state = form.refused(error)?;
            let own = form.cx.read(ListHolidayCalendars {}).await?;
            Ok(form.again(TITLE, body(&form.cx, &own, &state)))
        }
    }
}

fn body(cx: &Cx, own: &[HolidayCalendar], state: &Form) -> Markup {
    let lead = "A person has the calendar of their country or region, or one of your own. On its days nothing is due.";
    html! {
        (Head { title: TITLE, lead, ..Head::default() }.show())
        div.cols {
            div.stack { (countries_card(cx)) }
            div.stack { (own_card(own)) @if cares_for_people(cx.actor()) { (upload_card(cx, state)) } }
        }
    }
}

fn own_card(own: &[HolidayCalendar]) -> Markup {
    html! {
        section.card #own { header { h2 { "Your own" } }
            @if own.is_empty() { div.body { p.muted { "None yet. Make one for days off that only your company has." } } }
            ul.list { @for calendar in own { li id={ "calendar-" (calendar.id) } {
                (icon("calendar"))
                div.what {
                    p { a href={ "/admin/holidays/" (calendar.id) } { (calendar.name) } }
                    p.small.muted {
                        (calendar.days) " days" @if let Some(last) = calendar.last_on { ", until " (date_long(last)) }
                        ". " (people(calendar.people))
                    }
                }
            } } }
        }
    }
}

fn people(count: i64) -> String {
    match count {
        0 => "Nobody has it.".into(),
        1 => "One person has it.".into(),
        n => format!("{n} people have it."),
    }
}

fn upload_card(cx: &Cx, state: &Form) -> Markup {
    html! {
        section.card #import { header { h2 { "Import a calendar" } } div.body {
            form.form method="post" action="/admin/holidays" enctype="multipart/form-data" {
                (ui::token(cx)) (state.summary())
                (state.text("name", "Name", "Under the name of one that is here, its days are replaced."))
                drop-file data-max-bytes="1048576" { div.field {
                    label for="file" { "Calendar file" }
                    p.hint #file-hint { "An .ics file of at most 1 MB." }
                    input #file type="file" name="file" accept=".ics,text/calendar" required aria-describedby="file-hint";
                } }
                div.buttons { button.button { "Import" } }
            }
        } }
    }
}

fn countries_card(cx: &Cx) -> Markup {
    let q = folded(cx.text("q").trim());
    let fits = |country: &&Country| folded(country.name).contains(&q) || country.code.eq_ignore_ascii_case(&q);
    let mut found: Vec<&Country> = holidays::countries().filter(fits).collect();
    found.sort_by_key(|country| folded(country.name));
    html! {
        auto-submit { form.toolbar method="get" action="/admin/holidays" {
            label.vh for="q" { "Find a country" }
            div.search { (icon("search")) input #q type="search" name="q" value=(cx.text("q")) placeholder="Country"; }
            button.button.no-script { "Find" }
        } }
        @if found.is_empty() { (empty("No country has this name.", Some(("/admin/holidays", "Show all")))) } @else {
            section.card #countries {
                table.data.listed {
                    caption.vh { "Countries" }
                    thead { tr { th scope="col" { "Country" } th scope="col" { "Code" } th.n scope="col" { "Regions" } th.n scope="col" { "Known until" } } }
                    tbody { @for country in found { tr {
                        td { a href={ "/admin/holidays/" (country.code) } { (country.name) } }
                        td.muted data-label="Code" { (country.code) }
                        td.n data-label="Regions" { @if !country.regions.is_empty() { (country.regions.len()) } }
                        td.n data-label="Known until" { (country.last_year) }
                    } } }
                }
            }
        }
    }
}
