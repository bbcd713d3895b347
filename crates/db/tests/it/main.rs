//! What the core promises, on both engines. One binary: it links once.
#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing says why it failed")]

mod core;
mod demo;
mod dump;
mod jobs;
mod migrate;
mod support;
