#[path = "it/import.rs"]
mod import;
