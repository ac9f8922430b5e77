//! Who may do what: roles, and grants, the declared exposure facts.

use super::facts::{Certainty, Fields, Limit, Operation, PostCheck, Rows};
use super::reference::{DatasetLink, EndpointLink, RoleLink};
use super::reflect::{choice, element};
use super::text::Text;

choice! {
    /// What kind of role.
    pub enum RoleKind {
        /// Whoever comes without credentials.
        Anonymous,
        /// Whoever proved who they are.
        Authenticated,
        /// Given to people by name.
        Named,
        /// May do everything.
        Admin,
        /// Taken by programs.
        Service,
    }
}

element! {
    /// A role: what a caller may be to the platform.
    pub struct Role {
        /// What kind of role.
        kind: Option<RoleKind>,
        /// The roles whose grants it has, too.
        inherits: Vec<RoleLink>,
        /// Whether holders prove themselves with a second factor.
        mfa: Option<bool>,
        /// Whether it can change what others may do.
        privileged: Option<bool>,
        /// About how many people or programs hold it.
        holders: Option<u32>,
    }
}

element! {
    /// A grant: a role may do one operation on one dataset at one endpoint. The declared exposure fact.
    pub struct Grant {
        /// Who may.
        role: RoleLink,
        /// Where.
        endpoint: EndpointLink,
        /// What.
        op: Option<Operation>,
        /// On which data; absent where the grant is to call something.
        dataset: Option<DatasetLink>,
        /// Which fields.
        fields: Option<Fields>,
        /// Which rows.
        rows: Option<Rows>,
        /// What is checked of a row after it was written.
        post_check: Option<PostCheck>,
        /// Fields whose value the platform sets itself.
        presets: Vec<Text>,
        /// How many rows at once.
        limit: Option<Limit>,
        /// Whether counts, sums and the like over all matching rows can be asked for.
        aggregates: Option<bool>,
        /// Whether the data can be asked for directly; no means that it is reached through relations alone.
        root: Option<bool>,
        /// The direct ways in, where not all are open: select, select_by_pk, select_aggregate, select_stream ...
        root_fields: Vec<Text>,
        /// Whether only our own back end can use it.
        backend_only: Option<bool>,
        /// How sure this is.
        certainty: Option<Certainty>,
    }
}
