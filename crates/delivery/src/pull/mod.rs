//! Pull requests as code hosts tell of them: what is stored, and how it gets there in any order.
mod export;
mod facts;
mod heard;
mod import;
mod linked;
mod log;
mod phase;
mod place;
mod requested;
mod rows;
mod save;

pub use export::{ExportPulls, ExportThings};
pub(crate) use facts::Facts;
pub use import::{ImportRecords, Taken};
pub use log::{ForgeImport, ListImports, LogImport};
pub(crate) use place::{known, same_place};
pub(crate) use requested::is_requested;
pub(crate) use rows::PullRow;

use kernel::words;
use ui::Pages;

words! {
    /// The systems whose pull requests are read.
    pub enum Host {
        GitHub = "github",
        GitLab = "gitlab",
    }
}

impl Host {
    pub fn system(self) -> forge::System {
        match self {
            Host::GitHub => forge::System::GitHub,
            Host::GitLab => forge::System::GitLab,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Host::GitHub => "GitHub",
            Host::GitLab => "GitLab",
        }
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/code-imports", log::page)
}
