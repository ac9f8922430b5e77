//! The kinds of steps that an attacker takes, each with the chance that it works: one table, and the only place in which
//! these numbers stand.
//!
//! Every chance is an assumption, made so that paths can be compared: it says that taking over an account without a
//! second factor is more likely than one with, not how often either happens. Nothing of it was measured.
//! `docs/ATTACK.md` is made from this table.

macro_rules! kinds {
    ($( $kind:ident $name:literal $chance:literal $doc:literal; )*) => {
        /// The kind of a step.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $( #[doc = $doc] $kind ),* }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Kind] = &[$( Kind::$kind ),*];

            /// As JSON output writes it.
            pub fn name(self) -> &'static str {
                match self { $( Kind::$kind => $name ),* }
            }

            /// The chance that it works: an assumption.
            pub fn chance(self) -> f64 {
                match self { $( Kind::$kind => $chance ),* }
            }

            /// What it is, in a sentence.
            pub fn doc(self) -> &'static str {
                match self { $( Kind::$kind => $doc ),* }
            }
        }
    };
}

kinds! {
    HoldsRole "holds_role" 1.0 "The attacker has the role: the model says so, or the way in which the attacker comes in.";
    SignsUp "signs_up" 0.95 "The attacker opens an account that anybody can open.";
    TakesOver "takes_over" 0.2 "The attacker takes over an account of the role; there is no second factor.";
    TakesOverDespiteFactor "takes_over_despite_factor" 0.02 "The attacker takes over an account of the role in spite of its second factor.";
    StandsInside "stands_inside" 1.0 "The attacker is inside of the boundary.";
    ControlsElement "controls_element" 1.0 "The attacker controls the element from the beginning.";
    IsParty "is_party" 1.0 "The attacker comes as this vendor or partner.";
    RunsForUs "runs_for_us" 0.8 "The party runs the element, so that it can do what the element can do.";
    MayBuild "may_build" 1.0 "The attacker builds apps and flows on the platform.";
    Publishes "publishes" 0.6 "What a maker publishes runs with the rights of the platform.";
    ReadsFiles "reads_files" 0.8 "The attacker reads the files of the project.";
    FindsSecret "finds_secret" 0.7 "A secret that stands in the files opens the service.";
    ActsAs "acts_as" 0.9 "Who controls an actor takes its roles.";
    Asks "asks" 0.95 "The role may ask at the endpoint.";
    AsksInternal "asks_internal" 0.6 "The role may ask at the endpoint, which is meant for our own people alone and has to be reached first.";
    AsksWithoutLogin "asks_without_login" 0.9 "The endpoint asks nobody who they are.";
    Delivers "delivers" 0.9 "The actor calls the endpoint by a declared flow.";
    ReadsAll "reads_all" 0.95 "A grant hands out every row.";
    ReadsSome "reads_some" 0.6 "A grant hands out the rows of a condition, the same for everybody.";
    ReadsTenant "reads_tenant" 0.3 "A grant hands out the rows of the caller's organisation; those of others need a mistake in it.";
    ReadsOwn "reads_own" 0.1 "A grant hands out rows that depend on who asks; those of others need a mistake in it.";
    ReadsThrough "reads_through" 0.8 "A relation leads from rows that the role may ask for to these.";
    ChangesAll "changes_all" 0.9 "A grant lets any row be written.";
    ChangesSome "changes_some" 0.4 "A grant lets the rows of a condition be written.";
    ChangesOwn "changes_own" 0.1 "A grant lets rows be written that depend on who asks; those of others need a mistake in it.";
    FindsPasswords "finds_passwords" 0.3 "A grant hands out passwords, which open accounts of the role; there is no second factor.";
    UsesSharedAccount "uses_shared_account" 0.1 "All callers work with one account behind the endpoint: a mistake in front of it hands out whatever that account may do.";
    BreaksIn "breaks_in" 0.02 "Input that is not checked strictly makes the service do what it should not.";
    NoAdminSecret "no_admin_secret" 0.9 "The platform has no administrative secret: whoever reaches it is an administrator.";
    Administers "administers" 0.9 "An administrator of the platform does whatever it can do.";
    ServesFrom "serves_from" 0.9 "Whoever controls a service reads and writes what its endpoints serve.";
    CallsOn "calls_on" 0.6 "Whoever controls a service uses the connection that it has to the next one.";
    UsesConnection "uses_connection" 0.85 "Whoever controls a service uses the account with which it works on the data.";
    SeesFlow "sees_flow" 0.9 "Whoever controls an end of a flow sees what it carries.";
    Listens "listens" 0.1 "The flow is not encrypted, and whoever is inside a boundary that it passes may listen.";
    ListensOutside "listens_outside" 0.01 "The flow is not encrypted and passes a boundary where anybody is: who happens to be on the way may listen.";
}
