#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod awake;
mod cases;
mod flaky;
mod lens;
mod properties;

use kernel::Time;
use measures::{Act, Verdict, What};

const MINUTE: i64 = 60_000_000;

fn minute(number: i64) -> Time {
    Time(number * MINUTE)
}

fn act(at: i64, by: &str, what: &str) -> Act<String> {
    let what = match what {
        "drafted" => What::Drafted,
        "ready" => What::Ready,
        "closed" => What::Closed,
        "reopened" => What::Reopened,
        "requested" => What::Requested,
        "pushed" => What::Pushed,
        "force_pushed" => What::ForcePushed,
        "commented" => What::Commented,
        verdict => What::Reviewed(verdict.parse::<Verdict>().unwrap()),
    };
    Act { at: minute(at), by: Some(by.to_owned()), bot: by == "bot", what }
}
