mod checker;
mod commonmark;
mod constructs;
mod dom;
mod features;
mod limits;
mod payloads;
mod properties;
mod published;

use std::path::{Path, PathBuf};

use crate::{Context, Known, Record};

const SITE: &str = "https://cairn.example.org";

fn known() -> Known {
    let record = |title: &str, address: &str, kind| Record { title: title.into(), address: address.into(), kind };
    Known::from([
        ("PAY-482".into(), record("Refunds <twice>", "/issues/PAY-482", "issue")),
        ("/issues/PAY-482".into(), record("Refunds <twice>", "/issues/PAY-482", "issue")),
        ("/people/mara".into(), record("Mara Lindqvist", "/people/mara", "person")),
        ("/teams/payments".into(), record("Payments", "/teams/payments", "team")),
    ])
}

fn html(text: &str) -> String {
    crate::render(text, &Context { prefix: "", site: SITE, known: &known() }).into_string()
}

fn mail(text: &str) -> String {
    crate::mail(text, &Context { prefix: "", site: SITE, known: &known() }).into_string()
}

/// A folder of published data that stands beside the repository, or where `CAIRN_TEST_DATA` says, as its licence keeps it
/// out of the repository. None where it is not there, which the test says.
fn shared(folder: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("CAIRN_TEST_DATA").map_or_else(beside, PathBuf::from).join(folder);
    if !path.exists() {
        eprintln!("skipped: there is no data in {folder}");
    }
    path.exists().then_some(path)
}
