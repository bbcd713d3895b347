#![expect(clippy::unwrap_used, reason = "a test ends where something fails")]

mod history;
mod jobs;
mod mutation;
mod speed;
mod support;
mod tamper;
