use kernel::calendar::Calendar;
use std::collections::HashMap;

/// Who may review a pull request: the members of a team without its author.
pub(crate) struct Reviewers {
    everybody: Vec<Calendar>,
    /// The others of each member, by their ids.
    without: HashMap<String, Vec<Calendar>>,
}

impl Reviewers {
    pub fn new(members: &HashMap<String, Calendar>) -> Reviewers {
        let others = |id: &String| {
            members.iter().filter(|(other, _)| *other != id).map(|(_, calendar)| calendar.clone()).collect()
        };
        Reviewers {
            everybody: members.values().cloned().collect(),
            without: members.keys().map(|id| (id.clone(), others(id))).collect(),
        }
    }

    /// The hours of all of them; of somebody who is no member everybody may review.
    pub fn of(&self, author: Option<&String>) -> &[Calendar] {
        author.and_then(|author| self.without.get(author)).unwrap_or(&self.everybody)
    }
}
