//! Ticking a task in the text itself.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::parse::events;

/// A task of a text: what is to be done, without markup, and whether it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub text: String,
    pub done: bool,
}

/// The tasks of a text in their order; the place of each is the index that [`toggle_task`] takes.
pub fn tasks(text: &str) -> Vec<Task> {
    let mut all: Vec<Task> = Vec::new();
    let mut within = false;
    for (event, _) in events(text) {
        match event {
            Event::TaskListMarker(done) => {
                all.push(Task { text: String::new(), done });
                within = true;
            }
            Event::Text(words) | Event::Code(words) if within => {
                if let Some(task) = all.last_mut() {
                    task.text.push_str(&words);
                }
            }
            Event::SoftBreak | Event::HardBreak if within => {
                if let Some(task) = all.last_mut() {
                    task.text.push(' ');
                }
            }
            Event::Start(Tag::List(_)) | Event::End(TagEnd::Item | TagEnd::Paragraph) => within = false,
            _ => {}
        }
    }
    all
}

/// The text with its task of this index ticked or not, where the first task has the index 0, as `data-task` in the HTML
/// says. Exactly the byte between the brackets changes, and none when the task is so already. None when the text has no
/// such task.
pub fn toggle_task(text: &str, index: usize, done: bool) -> Option<String> {
    let (was_done, bracket) = events(text)
        .filter_map(|(event, range)| match event {
            Event::TaskListMarker(was_done) => Some((was_done, range.start)),
            _ => None,
        })
        .nth(index)?;
    let mut changed = text.to_owned();
    if was_done != done {
        let mark = bracket + 1;
        changed.replace_range(mark..=mark, if done { "x" } else { " " });
    }
    Some(changed)
}
