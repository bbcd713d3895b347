use crate::{Id, Person, Session, Workspace};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// On whose behalf something happens, and through which door they came.
#[derive(Clone, Debug)]
pub struct Actor {
    pub workspace: Id<Workspace>,
    pub person: Id<Person>,
    pub roles: Roles,
    pub door: Door,
    /// The generation of this person's access. Every change of role, manager or password raises it, and what carries
    /// an older one (a session, a token, a stream, a job) ends.
    pub epoch: i64,
    /// What a token may be used for; a session has no such limit.
    pub scopes: Option<Arc<[Scope]>>,
    /// The session they came with, if any; what wants a fresh proof of who they are looks there.
    pub session: Option<Id<Session>>,
}

impl Actor {
    /// Cairn itself, when it runs a job that nobody in particular asked for.
    pub fn system(workspace: Id<Workspace>) -> Actor {
        let person = Id::from_u128(0);
        Actor { workspace, person, roles: Roles::NONE, door: Door::System, epoch: 0, scopes: None, session: None }
    }

    /// A visitor who has not signed in: may only call operations that are open to strangers.
    pub fn stranger(workspace: Id<Workspace>, door: Door) -> Actor {
        Actor { door, roles: Roles::NONE, ..Actor::system(workspace) }
    }

    pub fn is_system(&self) -> bool {
        self.door == Door::System
    }

    pub fn is_stranger(&self) -> bool {
        !self.is_system() && self.person == Id::from_u128(0)
    }

    pub fn is(&self, role: Role) -> bool {
        self.roles.has(role)
    }

    /// Owner or admin: runs the workspace. It opens no private record.
    pub fn runs_workspace(&self) -> bool {
        self.is(Role::Owner) || self.is(Role::Admin)
    }

    /// A person of the company, as opposed to a guest stakeholder or a stranger.
    pub fn belongs(&self) -> bool {
        self.is_system() || self.is(Role::Member)
    }

    /// Whether this actor's token, if it came with one, reaches an operation.
    pub fn in_scope(&self, operation: &str, reads: bool) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| scope.covers(operation, reads)))
    }
}

/// What a person is in the workspace. Managing is no role: it follows from the reporting line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    PeoplePartner,
    Recruiter,
    Finance,
    Member,
    Guest,
}

impl Role {
    pub const ALL: [Role; 7] =
        [Role::Owner, Role::Admin, Role::PeoplePartner, Role::Recruiter, Role::Finance, Role::Member, Role::Guest];

    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::PeoplePartner => "people_partner",
            Role::Recruiter => "recruiter",
            Role::Finance => "finance",
            Role::Member => "member",
            Role::Guest => "guest",
        }
    }

    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Role::Owner => "Owner",
            Role::Admin => "Admin",
            Role::PeoplePartner => "People partner",
            Role::Recruiter => "Recruiter",
            Role::Finance => "Finance",
            Role::Member => "Member",
            Role::Guest => "Guest stakeholder",
        }
    }
}

/// A set of roles, stored as their names with a space between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u8);

impl Roles {
    pub const NONE: Roles = Roles(0);

    pub fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    pub fn with(self, role: Role) -> Roles {
        Roles(self.0 | 1 << role as u8)
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Roles {
        roles.into_iter().fold(Roles::NONE, Roles::with)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Role::name).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Roles {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Roles> {
        let one = |name: &str| {
            let found = Role::ALL.into_iter().find(|role| role.name() == name);
            found.ok_or_else(|| crate::Error::invalid("roles", format!("`{name}` is not a role.")))
        };
        text.split_whitespace().map(one).collect()
    }
}

/// How a request came in. All doors lead to the same operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Page,
    Api,
    Mcp,
    Command,
    Mail,
    Import,
    System,
}

impl Door {
    pub fn name(self) -> &'static str {
        match self {
            Door::Page => "page",
            Door::Api => "api",
            Door::Mcp => "mcp",
            Door::Command => "command",
            Door::Mail => "mail",
            Door::Import => "import",
            Door::System => "system",
        }
    }
}

/// `person:read`, `team:write`, `*:read`: the operations of one noun, or of all, that read or that change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    noun: String,
    writes: bool,
}

impl Scope {
    /// A scope that changes also covers reading.
    pub fn covers(&self, operation: &str, reads: bool) -> bool {
        let noun = operation.split('.').next().unwrap_or_default();
        (self.noun == "*" || self.noun == noun) && (reads || self.writes)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.noun, if self.writes { "write" } else { "read" })
    }
}

impl FromStr for Scope {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Scope> {
        let wrong =
            || crate::Error::invalid("scopes", format!("`{text}` is not a scope; write `person:read` or `*:write`."));
        let (noun, verb) = text.split_once(':').ok_or_else(wrong)?;
        let named = noun == "*" || (!noun.is_empty() && noun.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        match (named, verb) {
            (true, "read") => Ok(Scope { noun: noun.into(), writes: false }),
            (true, "write") => Ok(Scope { noun: noun.into(), writes: true }),
            _ => Err(wrong()),
        }
    }
}
