//! Invitations: how a person who is known here gets an account.
mod accept;
mod list;
mod send;

pub(super) use list::of;

pub use accept::{Acceptance, FindInvitation, Invited, accept};
pub use list::{Invitation, ListInvitations, RevokeInvitation};
pub use send::{SendInvitation, Sent};
