//! What pages are made of: the shell, components, forms, and the way from a request to an operation and back.
mod aside;
mod assets;
pub mod chart;
mod clock;
mod code;
mod components;
pub mod cookie;
mod cx;
mod failure;
mod flash;
mod form;
mod input;
mod pages;
mod prose;
mod shell;
mod site;
mod submitted;

pub use aside::{asides, course};
pub use assets::{asset, serve as serve_asset, url as asset_url};
pub use clock::{ago, date, date_long, date_range, day_and_time, minutes, time_of_day};
pub use code::code_changes;
pub use components::{
    Head, avatar, avatar_large, avatar_small, chip, empty, face, facts, hue, icon, initials, load_more, person_link,
    team_tabs,
};
pub use cx::Cx;
pub use failure::{ErrorPage, Failure, Problem, status};
pub use flash::Flash;
pub use form::{Form, proven, token};
pub use input::{Fields, fields};
pub use pages::{PageRoute, Pages};
pub use prose::{private_prose, prose};
pub use shell::{alone, alone_and_live, document};
pub use site::{NavItem, NavPlace, Site, Theme, Viewer};
pub use submitted::{LARGEST_FORM, Submitted, Upload, Uploads};

pub use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

pub type Answer = Result<axum::response::Response, Failure>;
