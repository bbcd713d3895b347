//! Which elements are open, so that all of them end, and neither their depth nor their number passes its limit.

use crate::MAX_DEPTH;

/// A table of short rows has many more cells than its text has characters.
const MAX_ELEMENTS: usize = 50_000;

/// The elements of Markdown that are open, and within each those of HTML that the author wrote.
pub struct Nesting {
    frames: Vec<Frame>,
    depth: usize,
    left: usize,
}

struct Frame {
    shown: bool,
    raw: Vec<&'static str>,
}

impl Nesting {
    pub fn new() -> Nesting {
        Nesting { frames: vec![Frame { shown: true, raw: Vec::new() }], depth: 0, left: MAX_ELEMENTS }
    }

    /// Enters an element of Markdown, and says whether it is to be written.
    pub fn enter(&mut self) -> bool {
        let shown = self.depth < MAX_DEPTH && self.left > 0;
        self.left -= usize::from(shown);
        self.frames.push(Frame { shown, raw: Vec::new() });
        self.depth += 1;
        shown
    }

    /// Leaves an element of Markdown: whether it was written, and what of HTML has to end before it, inmost first.
    pub fn leave(&mut self) -> (bool, Vec<&'static str>) {
        let Some(mut frame) = self.frames.pop() else { return (false, Vec::new()) };
        self.depth = self.depth.saturating_sub(1 + frame.raw.len());
        frame.raw.reverse();
        (frame.shown, frame.raw)
    }

    /// Opens an element of HTML unless it would lie too deep.
    pub fn open_raw(&mut self, name: &'static str) -> bool {
        let fits = self.depth < MAX_DEPTH;
        if let Some(frame) = self.frames.last_mut().filter(|_| fits) {
            frame.raw.push(name);
            self.depth += 1;
        }
        fits
    }

    /// Ends an element of HTML together with those within it, inmost first: none when it is not open here.
    pub fn close_raw(&mut self, name: &str) -> Vec<&'static str> {
        let Some(frame) = self.frames.last_mut() else { return Vec::new() };
        let Some(place) = frame.raw.iter().rposition(|open| *open == name) else { return Vec::new() };
        let mut closed = frame.raw.split_off(place);
        self.depth -= closed.len();
        closed.reverse();
        closed
    }
}
