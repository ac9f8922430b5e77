//! How endpoints and services behave: what they check of a credential and of a request, what they do with what they are
//! given, what was seen of them in operation, and secrets that stand in their files.

use super::facts::{Day, Limit, Source};
use super::reflect::{choice, record};
use super::text::Text;

choice! {
    /// What kind of secret was found.
    pub enum SecretKind {
        /// A password, key or token.
        Credential,
        /// A connection string with a password in it.
        ConnectionString,
    }
}

record! {
    /// A secret that stands in a file as it is. Only its place is kept, never its value.
    pub struct SecretPlace {
        /// What kind of secret.
        kind: Option<SecretKind>,
        /// The setting that holds it.
        name: Text,
        /// Where.
        source: Option<Source>,
    }
}

record! {
    /// What is known of the credentials with which an endpoint is called.
    pub struct Credential {
        /// Whether only those are accepted that were made for this endpoint, by the issuer that we chose.
        #[ask = "Does {name} accept only tokens that were made for it, by the issuer that we chose?"]
        pinned: Option<bool>,
        /// Whether it is bound to the caller, so that it is of no use to a thief.
        #[ask = "Is a credential for {name} bound to its caller, so that it is of no use to a thief?"]
        bound: Option<bool>,
        /// Whether the caller can choose its role or tenant itself: by a header, a field, or a profile that it may edit.
        #[ask = "Can a caller of {name} choose its role or tenant itself, by a header, a field or its own profile?"]
        self_chosen: Option<bool>,
        /// Whether several consumers use one and the same.
        #[ask = "Do several consumers call {name} with one and the same credential?"]
        shared: Option<bool>,
        /// Whether that of one consumer can be taken away without touching the others.
        #[ask = "Can the credential of one consumer of {name} be taken away without touching the others?"]
        revocable: Option<bool>,
        /// Whether guessing is slowed down or locked out.
        #[ask = "Does {name} slow down or lock out whoever guesses?"]
        guessing_limited: Option<bool>,
    }
}

choice! {
    /// How the ids are made with which a caller names a row.
    pub enum Ids {
        /// Counted up, or otherwise easy to guess.
        Guessable,
        /// Random, and too long to guess.
        Random,
    }
}

choice! {
    /// Where what comes in is checked.
    pub enum CheckedBy {
        /// By the app or form of the caller alone.
        Caller,
        /// By us, where it is worked on.
        Server,
    }
}

record! {
    /// What an endpoint does with a request.
    pub struct Handling {
        /// Where what comes in is checked.
        #[ask = "Who checks what comes in at {name}: the caller's app alone, or our side?"]
        checked_by: Option<CheckedBy>,
        /// Whether the size of requests, texts and lists is limited.
        #[ask = "Does {name} limit how large a request, a text and a list in it may be?"]
        size_limited: Option<bool>,
        /// Whether a request that is sent twice is carried out once.
        #[ask = "Is a request to {name} that is sent twice carried out once?"]
        repeat_safe: Option<bool>,
        /// Whether programs are kept from filling it in.
        #[ask = "Are programs kept from filling in {name}?"]
        automation_limited: Option<bool>,
        /// Whether prices, amounts, states and identities are looked up, and not taken from the caller.
        #[ask = "Does {name} look up prices, amounts, states and identities itself, and not take them from the caller?"]
        recomputed: Option<bool>,
        /// Whether the steps that come before are known to be done.
        #[ask = "Does {name} make sure that the steps before it were done?"]
        order_checked: Option<bool>,
        /// Whether callers can send filters or queries of their own.
        #[ask = "Can callers of {name} send filters or queries of their own?"]
        raw_queries: Option<bool>,
        /// Whether one request can pull in related data.
        #[ask = "Can one request to {name} pull in related data as well?"]
        expands: Option<bool>,
        /// How the ids are made with which a caller names a row.
        #[ask = "How are the ids made with which callers of {name} name a row?"]
        ids: Option<Ids>,
        /// Whether files that come in are checked for type, size and content.
        #[ask = "Are files that {name} takes checked for type, size and content?"]
        files_checked: Option<bool>,
        /// Whether callers can list all files.
        #[ask = "Can callers of {name} list all files?"]
        listing: Option<bool>,
        /// Whether texts are written into tables so that a spreadsheet does not run them.
        #[ask = "Does {name} write texts so that a spreadsheet does not run them as formulas?"]
        cells_escaped: Option<bool>,
        /// How many large exports one caller may start in a day.
        #[ask = "How many large exports may one caller of {name} start in a day?"]
        exports_per_day: Option<Limit>,
        /// Whether a person confirms what an assistant asks for.
        #[ask = "Does a person confirm what an assistant asks of {name}?"]
        confirmed_by_person: Option<bool>,
    }
}

record! {
    /// What a connector, workflow or job does with what it is given.
    pub struct Processing {
        /// Whether what it is given decides which host it calls.
        #[ask = "Can what {name} is given decide which host it calls?"]
        target_from_input: Option<bool>,
        /// Whether it follows redirects to other hosts with its credentials.
        #[ask = "Does {name} follow a redirect to another host, and take its credentials along?"]
        follows_redirects: Option<bool>,
        /// Whether it makes queries by putting what it is given into their text.
        #[ask = "Does {name} make queries by putting what it is given into their text?"]
        queries_from_input: Option<bool>,
        /// Whether it runs what it is given: as code, a template or an expression.
        #[ask = "Does {name} run what it is given, as code, a template or an expression?"]
        runs_input: Option<bool>,
    }
}

choice! {
    /// What kind of difference was seen.
    pub enum ObservationKind {
        /// It is there, and nobody had it on a list.
        Unlisted,
        /// It gives a field that nobody approved.
        UndeclaredField,
        /// A setting is not what the model says.
        Setting,
    }
}

record! {
    /// Something that was seen in operation, and is not as it should be.
    pub struct Observation {
        /// What kind of difference.
        #[ask = "What kind of difference is the observation {part} of {name}?"]
        kind: Option<ObservationKind>,
        /// When it was seen first.
        #[ask = "On which day was the observation {part} of {name} made?"]
        on: Option<Day>,
        /// What was seen.
        what: Text,
    }
}
