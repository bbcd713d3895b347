//! One row against the person it is about: what the person's record will be, or why the row cannot be imported.
use super::{
    headers::Field,
    places,
    plan::Planner,
    reader::{EmploymentType, Parsed, Row, RowError, Status},
    teams::DEEPEST,
};
use crate::person::{Employment, Record};
use jiff::civil::Date;
use kernel::{
    calendar::Week,
    text::{Email, Line, Name},
};

pub struct Draft<'s, 'p> {
    pub line: u64,
    pub row: &'p Parsed,
    pub old: Option<&'s Record>,
    pub new: Record,
    pub errors: Vec<RowError>,
    pub notes: Vec<RowError>,
}

impl Draft<'_, '_> {
    pub fn refuse(&mut self, column: Option<String>, sentence: impl Into<String>) {
        self.errors.push(RowError { line: self.line, column, sentence: sentence.into() });
    }

    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(RowError { line: self.line, column: None, sentence: sentence.into() });
    }

    /// Team and manager of someone who has left stay as they were.
    pub fn has_left(&self) -> bool {
        self.new.deactivated_at.is_some()
    }

    /// The day from which a new team or manager holds. The past of someone who is here already stays as it was.
    pub fn begins_on(&self, today: Date) -> Date {
        match (self.old, self.new.starts_on) {
            (None, Some(start)) => start,
            (Some(_), Some(start)) => start.max(today),
            (_, None) => today,
        }
    }
}

/// A row of which it cannot be told whom it is about.
pub fn refused<'p>(row: &'p Row, sentence: String) -> Draft<'static, 'p> {
    let new = blank(kernel::Id::from_u128(0));
    let mut draft = Draft { line: row.line, row: &row.person, old: None, new, errors: Vec::new(), notes: Vec::new() };
    draft.refuse(None, sentence);
    draft
}

pub fn draft<'s, 'p>(planner: &mut Planner<'s, '_>, row: &'p Row, old: Option<&'s Record>) -> Draft<'s, 'p> {
    let new = old.cloned().unwrap_or_else(|| blank(planner.id()));
    let draft = Draft { line: row.line, row: &row.person, old, new, errors: Vec::new(), notes: Vec::new() };
    let mut writer = Writer { planner, draft };
    writer.texts();
    writer.place();
    writer.hours();
    writer.employment();
    writer.team();
    writer.standing();
    writer.draft
}

fn blank(id: kernel::Id<kernel::Person>) -> Record {
    Record {
        id,
        name: String::new(),
        pronouns: String::new(),
        email: None,
        employee_id: None,
        title: String::new(),
        level: String::new(),
        location: String::new(),
        holidays: String::new(),
        zone: String::new(),
        hours: String::new(),
        employment: Employment::Permanent,
        starts_on: None,
        ends_on: None,
        about: String::new(),
        photo: None,
        deactivated_at: None,
    }
}

struct Writer<'w, 's, 'r, 'p> {
    planner: &'w mut Planner<'s, 'r>,
    draft: Draft<'s, 'p>,
}

impl Writer<'_, '_, '_, '_> {
    fn texts(&mut self) {
        let row = self.draft.row;
        let name = self.fitting::<Name<120>>(Field::Name, Some(&row.name));
        let pronouns = self.fitting::<Line<40>>(Field::Pronouns, row.pronouns.as_ref());
        let title = self.fitting::<Line<120>>(Field::Title, row.title.as_ref());
        let level = self.fitting::<Line<40>>(Field::Level, row.level.as_ref());
        let email = self.fitting::<Email>(Field::Email, row.email.as_ref());
        let employee_id = self.fitting::<Name<60>>(Field::EmployeeId, row.employee_id.as_ref());
        let email = self.settled(email);
        let new = &mut self.draft.new;
        let fields =
            [(&mut new.name, name), (&mut new.pronouns, pronouns), (&mut new.title, title), (&mut new.level, level)];
        for (field, text) in fields {
            text.into_iter().for_each(|text| *field = text);
        }
        new.email = email.or(new.email.take());
        new.employee_id = employee_id.or(new.employee_id.take());
    }

    /// Whoever reads the mail of an account can have a new password for it, so a file does not say where that mail goes.
    fn settled(&mut self, email: Option<String>) -> Option<String> {
        let email = email.filter(|email| self.draft.new.email.as_ref() != Some(email))?;
        if self.is_out_of_reach() {
            self.refuse(Field::Email, "You cannot change the address of someone who may do more than you.");
        }
        let has_account = self.draft.old.is_some_and(|old| self.planner.state.accounts.binary_search(&old.id).is_ok());
        if has_account {
            self.draft.note("The mail address stays as it is, as somebody signs in with it. Change it on their page.");
        }
        (!has_account).then_some(email)
    }

    fn place(&mut self) {
        let row = self.draft.row;
        let place = row.location.as_ref().or(row.city.as_ref()).or(row.country.as_ref());
        if let Some(place) = self.fitting::<Line<120>>(Field::Location, place) {
            self.draft.new.location = place;
        }
        let is_new = self.draft.old.is_none();
        let default = || places::zone(row).or_else(|| self.planner.rules.zone.clone());
        match row.zone.clone().or_else(|| if is_new { default() } else { None }) {
            Some(zone) => self.draft.new.zone = zone,
            None if is_new => self.refuse(
                Field::Zone,
                "Nothing tells the time zone. Add a column with it, or choose a time zone for those without one.",
            ),
            None => {}
        }
        if is_new {
            let country = row.country.as_deref().and_then(places::country);
            let country = country.or_else(|| holidays::for_zone(&self.draft.new.zone));
            self.draft.new.holidays = country.unwrap_or_default().to_owned();
        }
    }

    /// Hours in words hold for everyone, and hours a week only for those who are new: whoever is here may have said more.
    fn hours(&mut self) {
        let row = self.draft.row;
        let is_new = self.draft.old.is_none();
        match row.working_hours.as_deref().map(|words| (words, words.parse::<Week>())) {
            Some((_, Ok(week))) => return self.draft.new.hours = week.to_string(),
            Some((words, Err(_))) => {
                let words: String = words.chars().take(40).collect();
                self.draft
                    .note(format!("“{words}” is not used, as working hours are written like Mon-Fri 09:00-17:00."));
            }
            None => {}
        }
        if is_new {
            let usual = &self.planner.rules.hours;
            let share = row.full_time_share.map(|share| share * f64::from(usual.minutes_per_week()));
            let minutes = row.weekly_hours.map(|hours| hours * 60.0).or(share).map(f64::round);
            let same = minutes.is_none_or(|minutes| minutes == f64::from(usual.minutes_per_week()));
            let week = if same { None } else { minutes.and_then(five_days) };
            self.draft.new.hours = week.as_ref().unwrap_or(usual).to_string();
        }
    }

    fn employment(&mut self) {
        let row = self.draft.row;
        let new = &mut self.draft.new;
        new.starts_on = row.start_date.or(new.starts_on);
        new.ends_on = row.end_date.or(new.ends_on);
        if let Some(kind) = &row.employment_type {
            new.employment = match kind {
                EmploymentType::Permanent => Employment::Permanent,
                EmploymentType::FixedTerm => Employment::FixedTerm,
                EmploymentType::Contractor => Employment::Contractor,
                EmploymentType::PartTime => Employment::PartTime,
                EmploymentType::Intern => Employment::Intern,
                EmploymentType::Other(_) => Employment::Other,
            };
        }
        if let (Some(first), Some(last)) = (new.starts_on, new.ends_on)
            && last < first
        {
            self.refuse(
                Field::EndDate,
                format!("The last day {last} is before the first day {first}. Correct one of them."),
            );
        }
    }

    fn team(&mut self) {
        let path = &self.draft.row.team;
        if path.is_empty() {
            return;
        }
        if path.len() > DEEPEST {
            return self.refuse(Field::Team, format!("This team is more than {DEEPEST} levels deep."));
        }
        for name in path {
            self.fitting::<Name<80>>(Field::Team, Some(name));
        }
        if !self.planner.rules.create_teams && self.planner.teams.find(path).is_none() && !self.is_on_team() {
            let name = path.join(" / ");
            self.refuse(
                Field::Team,
                format!("There is no team “{name}”. Add it, or let the import make missing teams."),
            );
        }
    }

    fn is_out_of_reach(&self) -> bool {
        self.planner.state.out_of_reach.contains(&self.draft.new.id)
    }

    /// On one of several teams with that name.
    fn is_on_team(&self) -> bool {
        let memberships = self.draft.old.and_then(|old| self.planner.state.memberships.get(&old.id));
        let mut teams = memberships.into_iter().flatten().map(|membership| membership.team_id);
        teams.any(|team| self.planner.teams.is_within(team, &self.draft.row.team))
    }

    /// Who has left stays away until someone brings them back: a file does not open a door.
    fn standing(&mut self) {
        let ends = self.draft.row.status == Some(Status::Ended);
        if self.draft.has_left() {
            if self.draft.row.status.is_some() && !ends {
                let sentence =
                    format!("{} has left. Bring them back on their page if they are here again.", self.draft.new.name);
                self.draft.note(sentence);
            }
            return;
        }
        if !ends || !self.draft.errors.is_empty() {
            return;
        }
        let id = self.draft.new.id;
        if id == self.planner.me {
            return self.refuse(Field::Status, "You cannot end your own access. Ask another owner or admin.");
        }
        if self.is_out_of_reach() {
            return self.refuse(Field::Status, "You cannot end the access of someone who may do more than you.");
        }
        if self.planner.state.owners.contains(&id) {
            if self.planner.owners == 1 {
                return self.refuse(Field::Status, "This is the only owner. Make someone else an owner first.");
            }
            self.planner.owners -= 1;
        }
        self.draft.new.deactivated_at = Some(self.planner.now);
    }

    /// The text as a form would take it.
    fn fitting<T: std::str::FromStr<Err = String> + ToString>(
        &mut self,
        field: Field,
        text: Option<&String>,
    ) -> Option<String> {
        match text?.parse::<T>() {
            Ok(text) => Some(text.to_string()),
            Err(sentence) => {
                self.refuse(field, sentence);
                None
            }
        }
    }

    fn refuse(&mut self, field: Field, sentence: impl Into<String>) {
        let column = self.planner.columns.iter().find(|column| column.field == Some(field));
        self.draft.refuse(column.map(|column| column.header.clone()), sentence);
    }
}

/// Five days of the same length from nine in the morning; `None` for more minutes than end at midnight.
fn five_days(minutes: f64) -> Option<Week> {
    let end = 9 * 60 + (minutes / 5.0).round() as i64;
    format!("Mon-Fri 09:00-{:02}:{:02}", end / 60, end % 60).parse().ok()
}
