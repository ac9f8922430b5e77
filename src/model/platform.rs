//! Platforms: the installed products on which endpoints and services run, and what is set once for all of them.

use super::conduct::{Observation, SecretPlace};
use super::facts::{Day, Limit};
use super::reference::{PartyLink, PersonLink, RoleLink};
use super::reflect::{choice, element, record};
use super::text::Text;
use std::collections::BTreeMap;

record! {
    /// A ceiling on requests, for everybody or for one role.
    pub struct Ceilings {
        /// Requests in a minute.
        #[ask = "How many requests a minute does {name} take?"]
        requests_per_minute: Option<Limit>,
        /// How deep a query may nest.
        #[ask = "How deep may a query to {name} nest?"]
        depth: Option<Limit>,
        /// How many nodes a query may have.
        #[ask = "How many nodes may a query to {name} have?"]
        nodes: Option<Limit>,
        /// How many operations one request may carry.
        #[ask = "How many operations may one request to {name} carry?"]
        batch: Option<Limit>,
        /// How many seconds a request may take.
        #[ask = "How many seconds may a request to {name} take?"]
        seconds: Option<Limit>,
        /// What tells callers apart when requests are counted: the address, a session variable ...
        #[ask = "By what does {name} tell callers apart when it counts requests?"]
        counted_by: Option<Text>,
    }
}

choice! {
    /// What keeps callers to their own rows.
    pub enum RowGuard {
        /// The platform, by the rules of each role.
        Platform,
        /// The database, by its own row policies.
        Database,
        /// The code of each app or endpoint.
        Application,
    }
}

choice! {
    /// Which components, plugins and templates of others makers may use.
    pub enum Components {
        /// Whatever they find.
        Anything,
        /// Those on a list, in versions that were looked at.
        Reviewed,
        /// None.
        OwnOnly,
    }
}

record! {
    /// How a platform logs, and who looks.
    pub struct Logging {
        /// How many days logs are kept.
        #[ask = "For how many days does {name} keep its logs?"]
        retention_days: Option<u32>,
        /// When somebody last went through the accesses.
        #[ask = "On which day did somebody last go through the logs of {name}?"]
        reviewed: Option<Day>,
        /// Whether those whose acts are logged can change or delete the log.
        #[ask = "Can those whose acts {name} logs change or delete that log?"]
        alterable: Option<bool>,
        /// Whether somebody is told of reads in bulk, of new consumers and of refused requests in number.
        #[ask = "Is somebody told when {name} sees reads in bulk, a new consumer, or many refused requests?"]
        alerts: Option<bool>,
        /// Whether changes of permissions and settings are logged.
        #[ask = "Does {name} log who changed permissions and settings?"]
        permission_changes: Option<bool>,
    }
}

record! {
    /// How what a platform holds is brought back.
    pub struct Backup {
        /// Whether there is one.
        #[ask = "Is there a backup of what {name} holds?"]
        kept: Option<bool>,
        /// When bringing it back was last tried.
        #[ask = "On which day was bringing back the data of {name} last tried?"]
        restore_tested: Option<Day>,
    }
}

element! {
    /// A platform: one installed product that serves endpoints or stands in front of them, with the settings that hold
    /// for all of them.
    pub struct Platform {
        /// What it is, in a sentence.
        about: Text,
        /// The product, such as "Hasura".
        product: Option<Text>,
        /// Who answers for it.
        owner: Option<PersonLink>,
        /// Who runs it, where it is not us.
        party: Option<PartyLink>,
        /// Whether its administrative secret is set; without it everybody is an administrator.
        #[ask = "Is the administrative secret of {name} set?"]
        admin_secret_set: Option<bool>,
        /// The role that a request without credentials gets; absent means that nobody knows whether there is one.
        #[ask = "Which role does a request to {name} without credentials get?"]
        unauthenticated_role: Option<RoleLink>,
        /// Whether requests without credentials are refused.
        #[ask = "Does {name} refuse requests without credentials?"]
        refuses_unauthenticated: Option<bool>,
        /// Whether strangers can make an account for themselves.
        #[ask = "Can strangers make an account on {name} for themselves?"]
        open_signup: Option<bool>,
        /// Whether a stranger can get a session that counts as signed in.
        #[ask = "Can a stranger get a session on {name} that counts as signed in?"]
        anonymous_sign_in: Option<bool>,
        /// Whether its console is reachable.
        #[ask = "Can the console of {name} be reached from outside?"]
        console_enabled: Option<bool>,
        /// Whether errors carry internals.
        #[ask = "Do errors of {name} tell about the inside?"]
        development_mode: Option<bool>,
        /// Whether only listed queries run.
        #[ask = "Does {name} run listed queries alone?"]
        allow_list_enforced: Option<bool>,
        /// Whether functions get their permissions from the table that they return.
        #[ask = "Do functions of {name} get their permissions from the table that they return?"]
        functions_inferred: Option<bool>,
        /// Whether the schema can be asked for.
        #[ask = "Can {name} be asked for its schema?"]
        introspection: Option<bool>,
        /// Roles that can not ask for the schema.
        introspection_disabled_for: Vec<RoleLink>,
        /// Ceilings for everybody.
        #[ask = "Which ceilings on requests does {name} have?"]
        ceilings: Option<Ceilings>,
        /// Ceilings by role, where they differ.
        role_ceilings: BTreeMap<RoleLink, Ceilings>,
        /// What keeps callers to their own rows.
        #[ask = "What keeps callers of {name} to their own rows: the platform, the database, or the code of each app?"]
        rows_guarded_by: Option<RowGuard>,
        /// Whether callers can filter or sort by fields that they may not read.
        #[ask = "Can callers of {name} filter or sort by fields that they may not read?"]
        hidden_filters: Option<bool>,
        /// Whether operations that nobody asked for are switched off.
        #[ask = "Are operations that {name} makes by itself, and nobody asked for, switched off?"]
        operations_curated: Option<bool>,
        /// Which components, plugins and templates of others makers may use.
        #[ask = "Which components, plugins and templates of others may makers use on {name}?"]
        components: Option<Components>,
        /// Whether a policy says which connectors may exchange data.
        #[ask = "Does a policy say which connectors of {name} may exchange data with which?"]
        data_policy: Option<bool>,
        /// Whether data can not be forwarded to mailboxes and drives outside.
        #[ask = "Does {name} keep flows from forwarding data to mailboxes and drives outside?"]
        forwarding_blocked: Option<bool>,
        /// Whether sensitive apps have an environment of their own, with makers of their own.
        #[ask = "Do sensitive apps on {name} have an environment of their own, with makers of their own?"]
        makers_separated: Option<bool>,
        /// How it logs, and who looks.
        #[ask = "How does {name} log, and who looks?"]
        logging: Option<Logging>,
        /// How what it holds is brought back.
        #[ask = "How is what {name} holds brought back?"]
        backup: Option<Backup>,
        /// When an incident on it was last rehearsed.
        #[ask = "On which day was an incident on {name} last rehearsed?"]
        last_drill: Option<Day>,
        /// Secrets that stand in its files as they are.
        literal_secrets: Vec<SecretPlace>,
        /// What was seen in operation, and is not as it should be.
        observed: Vec<Observation>,
    }
}
