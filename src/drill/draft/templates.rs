//! What a step of an attack path looks like in a drill, a row for each kind of step: the signal where somebody watches, how
//! it comes to light where nobody does, what is lost with it, and what cuts it.
//!
//! `{from}` and `{to}` are the positions between which the step leads, `{at}` is the element at which it can be cut.

use crate::analysis::attack::kinds::Kind;
use crate::drill::containment::Verb;

/// A row.
pub struct Template {
    /// What cuts the step; nothing where the model has nothing to cut.
    pub cut: Option<Verb>,
    /// The signal where somebody watches.
    pub seen: &'static str,
    /// How it comes to light where nobody does.
    pub unseen: &'static str,
    /// What is lost with it; hidden from players.
    pub lost: &'static str,
}

macro_rules! templates {
    ($( $($kind:ident)|+ => $cut:expr, $seen:literal, $unseen:literal, $lost:literal; )*) => {
        /// The row of a kind.
        pub fn template(kind: Kind) -> Template {
            match kind {
                $( $(Kind::$kind)|+ => Template { cut: $cut, seen: $seen, unseen: $unseen, lost: $lost }, )*
            }
        }
    };
}

templates! {
    HoldsRole => Some(Verb::Suspend),
        "An account with the {to} is used at an hour and from a place that nobody knows of it.",
        "The holder of an account asks why things were done in their name last night.",
        "Whoever holds this needs no trick for what comes next.";
    SignsUp => Some(Verb::Suspend),
        "Forty accounts with the {to} were opened within an hour, from addresses of two providers.",
        "Marketing is pleased about the sign-ups of this week, and sends you the curve.",
        "With an account of their own they look like everybody else from here on.";
    TakesOver | TakesOverDespiteFactor => Some(Verb::Challenge),
        "Somebody with the {to} signed in from two countries within ten minutes, after six failures.",
        "The service desk notes that a holder of the {to} is locked out, the third one today.",
        "One account is in other hands, and its owner does not know.";
    StandsInside => None,
        "A device that nobody knows was seen {to}.",
        "Facilities finds a device behind a printer, and asks whose it is.",
        "From there they hear and reach what the wall was meant to keep.";
    ControlsElement => None,
        "{to} does things that no release explains.",
        "A customer asks what has changed in {to}, since nobody here changed anything.",
        "What this may do they may do, from the beginning.";
    IsParty | RunsForUs => Some(Verb::Revoke),
        "A session of {from} reached {to} outside of every agreed window.",
        "{from} writes that it is looking into something on its side, and asks you to stay calm.",
        "Its keys are in use by somebody who does not work there.";
    MayBuild | Publishes => Some(Verb::Isolate),
        "Something new was published on {at}, by an account that never published before.",
        "A colleague thanks you for the new feature on {at}. You have no new feature.",
        "It runs with the rights of the platform, whatever its maker may do.";
    ReadsFiles => None,
        "The repository was cloned twice in the night, by an account of a machine.",
        "A paste with lines of your configuration turns up in a search.",
        "Every file of the project is in their hands, with its history.";
    FindsSecret => Some(Verb::Rotate),
        "{at} was asked with its own key, from an address that is none of yours.",
        "The provider of {at} writes that a key of yours was seen in public.",
        "The key stands in a file, and opens it without any further question.";
    ActsAs => Some(Verb::Suspend),
        "{at} asks for things for which it has never asked before.",
        "Somebody wonders why {at} was at work over the weekend.",
        "Its roles are theirs as long as it is trusted.";
    Asks | AsksInternal => Some(Verb::Disable),
        "Requests to {to} are ten times those of an ordinary day.",
        "The invoice of the provider is ten times that of an ordinary month, for {at}.",
        "It answers them as it answers everybody with this role.";
    AsksWithoutLogin => Some(Verb::Close),
        "{at} was called 61,000 times in an hour, without a session.",
        "A stranger writes: {at} can be asked without signing in, and was that the intention?",
        "It has no way of telling a stranger from a colleague.";
    Delivers => Some(Verb::Cut),
        "{to} got deliveries that {from} says it never sent.",
        "The sum of what {from} sent and of what {to} took differ in the monthly report.",
        "What comes this way is believed.";
    ReadsAll | ReadsSome | ReadsThrough => Some(Verb::Revoke),
        "One caller read more rows of {to} in an hour than all others in a month.",
        "Somebody is called by a stranger who knows what only {to} has about them.",
        "All rows that the grant lets out are copied, page by page, in the order of their numbers.";
    ReadsTenant | ReadsOwn => Some(Verb::Revoke),
        "One caller was refused four hundred times at {to}, and was not refused at the end.",
        "A customer writes that they see somebody else's entries in {to}.",
        "The condition has a gap, and they count through it one number after the other.";
    ChangesAll | ChangesSome | ChangesOwn => Some(Verb::Revoke),
        "{to} came in a pattern that no person types.",
        "A customer asks who has altered what is stored about them.",
        "What is wrong now is mixed with what is right, and no column says which is which.";
    FindsPasswords => Some(Verb::Revoke),
        "A column with passwords was read as a whole, from {from}.",
        "Passwords of your users turn up in a collection that is being sold.",
        "They open accounts with what they read, here and elsewhere.";
    UsesSharedAccount => Some(Verb::Disable),
        "The account behind {at} ran statements that no part of the application has.",
        "The database team asks what the new report is that runs every night.",
        "Behind it all callers are one, so that no log can tell them apart.";
    BreaksIn => Some(Verb::Disable),
        "Input to {at} holds what looks like commands, and some of it was answered slowly.",
        "{at} was restarted twice in the night, and nobody knows by whom.",
        "They run what they like on the machine behind it.";
    NoAdminSecret => Some(Verb::Rotate),
        "The console of the platform was used from an address that is none of yours.",
        "Settings of {to} differ from what was released, and nobody remembers why.",
        "It asked them for no secret at all, and made them administrators.";
    Administers => Some(Verb::Suspend),
        "An administrator changed rights on {to} in the night.",
        "A colleague can suddenly see things that are none of their business, and says so.",
        "With this they can give themselves whatever is missing, and take the traces away.";
    ServesFrom => Some(Verb::Isolate),
        "{at} read all of {to}, in the order in which it is stored.",
        "A copy of {to} is offered for sale, with twenty rows as a proof.",
        "Nothing that stands in front of it is asked any more.";
    CallsOn | UsesConnection => Some(Verb::Cut),
        "The connection from {from} carried forty times its ordinary volume.",
        "The network team asks whether the nightly copy was moved to the day.",
        "The connection has an account that is allowed more than anybody needs.";
    SeesFlow | Listens | ListensOutside => Some(Verb::Cut),
        "Traffic of {at} was mirrored to a port that nobody ordered.",
        "Word for word, a sentence from {to} stands in a letter of a competitor.",
        "They only listen, so that there is nothing to be seen at either end.";
}
