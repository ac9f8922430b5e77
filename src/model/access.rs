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
        /// Taken by an assistant or agent that acts on what it reads.
        Agent,
    }
}

element! {
    /// A role: what a caller may be to the platform.
    pub struct Role {
        /// What kind of role.
        #[ask = "Who holds the role {name}: anybody, signed-in users, people by name, administrators, programs, an assistant?"]
        kind: Option<RoleKind>,
        /// The roles whose grants it has, too.
        inherits: Vec<RoleLink>,
        /// Whether holders prove themselves with a second factor.
        #[ask = "Do the holders of {name} prove themselves with a second factor?"]
        mfa: Option<bool>,
        /// Whether it can change what others may do.
        #[ask = "Can the role {name} change what others may do?"]
        privileged: Option<bool>,
        /// About how many people or programs hold it.
        #[ask = "About how many people or programs hold the role {name}?"]
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
        #[ask = "What may {role} do with {dataset} at {endpoint}?"]
        op: Option<Operation>,
        /// On which data; absent where the grant is to call something.
        #[ask = "Which data does {role} get at {endpoint}?"]
        dataset: Option<DatasetLink>,
        /// Which fields.
        #[ask = "Which fields of {dataset} does {role} get?"]
        fields: Option<Fields>,
        /// Which rows.
        #[ask = "Which rows of {dataset} does {role} get: all, its own, those of its tenant?"]
        rows: Option<Rows>,
        /// What is checked of a row after it was written.
        #[ask = "What is checked of a row of {dataset} after {role} has written it?"]
        post_check: Option<PostCheck>,
        /// Fields whose value the platform sets itself.
        presets: Vec<Text>,
        /// How many rows at once.
        #[ask = "How many rows of {dataset} does {role} get at once?"]
        limit: Option<Limit>,
        /// Whether counts, sums and the like over all matching rows can be asked for.
        #[ask = "May {role} ask for counts, sums and averages over {dataset}?"]
        aggregates: Option<bool>,
        /// Whether the data can be asked for directly; no means that it is reached through relations alone.
        #[ask = "May {role} ask for {dataset} directly?"]
        root: Option<bool>,
        /// The direct ways in, where not all are open: select, select_by_pk, select_aggregate, select_stream ...
        root_fields: Vec<Text>,
        /// Whether only our own back end can use it.
        #[ask = "Is what {role} may do with {dataset} for our own back end alone?"]
        backend_only: Option<bool>,
        /// How sure this is.
        #[ask = "How sure is it what {role} may do with {dataset}?"]
        certainty: Option<Certainty>,
    }
}
