#[path = "/work/scratch/import-pg/import.rs"]
mod import;
