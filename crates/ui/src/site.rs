use crate::{Cx, Markup};
use axum::body::Bytes;
use jiff::tz::TimeZone;
use kernel::{Actor, App, BlobStore, Id, Later, Person, Reference, Team, Time};
use std::{net::IpAddr, sync::Arc};

/// What all requests share.
#[derive(Clone)]
pub struct Site {
    pub app: App,
    pub workspace: Id<kernel::Workspace>,
    pub nav: &'static [NavItem],
    /// A demonstration: a visitor chooses whose eyes to look through, and nobody signs in.
    pub demonstration: bool,
    /// The address under which people reach this server, without a slash at its end.
    pub base_url: Arc<str>,
    /// What the first person types to become the owner; the server prints it while the workspace is new.
    pub setup_code: Option<Arc<str>>,
    /// Where the bytes are kept that people bring.
    pub blobs: Arc<dyn BlobStore>,
    /// The conversation about a record, to be shown on the page of its owner.
    pub conversation: fn(Cx, Reference) -> Later<'static, Markup>,
    /// Keeps a file of the reader, by its name and its bytes, for a text about a record; returns what the text says to show it.
    pub bring: fn(Cx, Reference, (String, Bytes)) -> Later<'static, String>,
}

/// A line of the sidebar and of the command palette.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    pub place: NavPlace,
    pub href: &'static str,
    pub label: &'static str,
    pub icon: &'static str,
    /// The keys that lead there, as in `g p`.
    pub key: &'static str,
    pub shown: fn(&Actor) -> bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavPlace {
    Mine,
    /// A page of each team; the address is what comes after that of the team.
    Team,
    Across,
    Run,
    /// Only in the palette: something to do.
    Palette,
}

/// Who looks at a page.
#[derive(Clone)]
pub struct Viewer {
    pub actor: Actor,
    pub name: String,
    pub workspace_name: String,
    pub zone: TimeZone,
    pub zone_name: String,
    pub team: Option<(Id<Team>, String)>,
    pub theme: Theme,
    /// Proves that a form came from a page of this session; nothing without a session.
    pub secret: Option<Arc<str>>,
    pub address: IpAddr,
    /// How many things wait behind a line of the sidebar, by its address.
    pub badges: Vec<(&'static str, i64)>,
    /// Some of the reader's roles do not count until they have a second factor.
    pub lacks_factor: bool,
    /// In a demonstration, those through whose eyes one can look.
    pub personas: Arc<[(Id<Person>, String, String)]>,
    pub now: Time,
}

impl NavItem {
    /// The address of the line; a page of the team leads to that of the reader's own.
    pub fn address(&self, team: Option<&Id<Team>>) -> Option<String> {
        match self.place {
            NavPlace::Team => team.map(|team| format!("/teams/{team}/{}", self.href)),
            NavPlace::Mine | NavPlace::Across | NavPlace::Run | NavPlace::Palette => Some(self.href.to_owned()),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn named(text: &str) -> Theme {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}
