//! Where things are and what moves between them: boundaries, actors, services, endpoints, flows.

use super::conduct::{Credential, Handling, Observation, Processing, SecretPlace};
use super::facts::{Day, Limit};
use super::reference::{
    BoundaryLink, ClassLink, DatasetLink, EndpointLink, NodeLink, PartyLink, PersonLink, PlatformLink, RoleLink,
    ServiceLink,
};
use super::reflect::{choice, element, record};
use super::text::Text;

choice! {
    /// What a trust boundary separates.
    pub enum BoundaryKind {
        /// A network zone.
        Network,
        /// A tenant of a shared platform.
        Tenant,
        /// An organisation.
        Organisation,
        /// A country or another jurisdiction.
        Jurisdiction,
        /// What a vendor runs.
        Vendor,
        /// A process or a container.
        Process,
        /// A database or one of its schemas.
        Database,
    }
}

choice! {
    /// How far what is inside is trusted.
    pub enum Trust {
        /// Anybody.
        Untrusted,
        /// A known outside party.
        Partner,
        /// Our own.
        Internal,
        /// Our own, and closed off further.
        Restricted,
    }
}

element! {
    /// A trust boundary; boundaries nest.
    pub struct Boundary {
        /// What it separates.
        #[ask = "What does the boundary {name} separate?"]
        kind: Option<BoundaryKind>,
        /// The boundary around it.
        #[ask = "Inside which boundary is {name}?"]
        parent: Option<BoundaryLink>,
        /// How far what is inside is trusted.
        #[ask = "How far is what is inside {name} trusted?"]
        trust: Option<Trust>,
        /// The country or region.
        #[ask = "In which country or region is {name}?"]
        region: Option<Text>,
        /// Who runs it, where it is not us.
        #[ask = "Who runs {name}?"]
        party: Option<PartyLink>,
    }
}

choice! {
    /// What an actor is.
    pub enum ActorKind {
        /// People.
        Person,
        /// A system outside.
        System,
    }
}

element! {
    /// Somebody or something outside that uses the system.
    pub struct Actor {
        /// What it is.
        #[ask = "Is {name} people or a system?"]
        kind: Option<ActorKind>,
        /// The boundary inside which it acts.
        #[ask = "Inside which boundary does {name} act?"]
        boundary: Option<BoundaryLink>,
        /// The roles that it can take.
        roles: Vec<RoleLink>,
        /// The organisation to which it belongs.
        #[ask = "To which organisation does {name} belong?"]
        party: Option<PartyLink>,
    }
}

choice! {
    /// What a service is.
    pub enum ServiceKind {
        /// What a platform runs to serve endpoints: Hasura, Supabase, Directus ...
        Platform,
        /// A gateway or proxy in front.
        Gateway,
        /// A program of our own.
        Application,
        /// A job that runs by itself.
        Job,
        /// A connector to another system.
        Connector,
        /// A workflow of a low-code platform.
        Workflow,
        /// A database server.
        Database,
    }
}

element! {
    /// A service: something inside that works on requests or by itself.
    pub struct Service {
        /// What it is, in a sentence.
        about: Text,
        /// What kind of service.
        #[ask = "What kind of service is {name}?"]
        kind: Option<ServiceKind>,
        /// The product, such as "PostgreSQL".
        product: Option<Text>,
        /// The platform on which it runs, with the settings that hold there.
        #[ask = "On which platform does {name} run?"]
        platform: Option<PlatformLink>,
        /// The boundary inside which it runs.
        #[ask = "Inside which boundary does {name} run?"]
        boundary: Option<BoundaryLink>,
        /// Who answers for it.
        #[ask = "Who answers for {name}?"]
        owner: Option<PersonLink>,
        /// Who runs it, where it is not us.
        #[ask = "Who runs {name}?"]
        party: Option<PartyLink>,
        /// Whose credentials it uses.
        #[ask = "Whose credentials does {name} use?"]
        credential_owner: Option<PersonLink>,
        /// What it does with what it is given.
        #[ask = "What does {name} do with what it is given?"]
        processing: Option<Processing>,
        /// Secrets that stand in its files as they are.
        literal_secrets: Vec<SecretPlace>,
        /// Whether its own log of accesses is kept.
        #[ask = "Does {name} keep a log of accesses?"]
        audit_log: Option<bool>,
    }
}

choice! {
    /// What an endpoint is.
    pub enum EndpointKind {
        /// A resource over HTTP.
        Rest,
        /// A GraphQL schema.
        GraphQl,
        /// A page for people.
        Page,
        /// A handler that acts, called through the platform.
        Action,
        /// A database function.
        Function,
        /// A schema of another server, passed through.
        RemoteSchema,
        /// An address that other systems call.
        Webhook,
        /// A call out to another system when something changed.
        Event,
        /// A call out to another system on a schedule.
        Schedule,
        /// A file or an export.
        File,
    }
}

choice! {
    /// Where an endpoint stands in its life.
    pub enum Stage {
        /// Planned.
        Proposed,
        /// In use.
        Live,
        /// In use, and going away.
        Deprecated,
        /// Gone.
        Retired,
    }
}

choice! {
    /// Who is meant to reach an endpoint.
    pub enum Visibility {
        /// Our own people and systems.
        Internal,
        /// Known outside parties.
        Partner,
        /// Anybody.
        Public,
    }
}

choice! {
    /// How a caller proves who it is.
    pub enum Authentication {
        /// It does not.
        NoAuth,
        /// A key that all requests carry.
        ApiKey,
        /// A name and a password with every request.
        Basic,
        /// A session after a login.
        Session,
        /// A signed token.
        Jwt,
        /// An access token of an authorisation server.
        OAuth2,
        /// A certificate of the caller.
        MutualTls,
        /// A signature over the request.
        Signature,
        /// The login of the platform.
        PlatformLogin,
    }
}

choice! {
    /// How strictly what goes in or out is described and checked.
    pub enum SchemaCheck {
        /// Nothing is described.
        NoSchema,
        /// Described, and more is let through.
        Loose,
        /// Exactly what is described.
        Strict,
    }
}

record! {
    /// The decision to expose an endpoint.
    pub struct OptIn {
        /// Who decided.
        #[ask = "Who decided to expose {name}?"]
        by: Option<PersonLink>,
        /// When.
        #[ask = "On which day was it decided to expose {name}?"]
        on: Option<Day>,
        /// Why.
        rationale: Text,
    }
}

record! {
    /// A review that took place.
    pub struct Review {
        /// What was reviewed: security, privacy, law ...
        kind: Text,
        /// Who reviewed.
        #[ask = "Who did the review {part} of {name}?"]
        by: Option<PersonLink>,
        /// When.
        #[ask = "On which day was the review {part} of {name}?"]
        on: Option<Day>,
        /// What came out.
        outcome: Text,
    }
}

element! {
    /// An endpoint: a place at which data can be asked for or changed.
    pub struct Endpoint {
        /// What it is for, in a sentence.
        purpose: Text,
        /// What kind of endpoint.
        #[ask = "What kind of endpoint is {name}?"]
        kind: Option<EndpointKind>,
        /// The HTTP method.
        #[ask = "Which HTTP method does {name} take?"]
        method: Option<Text>,
        /// The path.
        #[ask = "Under which path is {name}?"]
        path: Option<Text>,
        /// The operation, for example the GraphQL field.
        #[ask = "Which operation is {name}?"]
        operation: Option<Text>,
        /// The platform on which it runs, where its service does not say so.
        #[ask = "On which platform does {name} run?"]
        platform: Option<PlatformLink>,
        /// The service that serves it.
        #[ask = "Which service serves {name}?"]
        service: Option<ServiceLink>,
        /// The boundary inside which it is served.
        #[ask = "Inside which boundary is {name} served?"]
        boundary: Option<BoundaryLink>,
        /// Its version.
        #[ask = "Which version is {name}?"]
        version: Option<Text>,
        /// Test, staging, production ...
        #[ask = "Is {name} for development, test, staging or production?"]
        environment: Option<Text>,
        /// Where it stands in its life.
        #[ask = "Is {name} planned, in use, going away, or gone?"]
        stage: Option<Stage>,
        /// The day on which it goes away.
        #[ask = "On which day does {name} go away?"]
        sunset: Option<Day>,
        /// Who is meant to reach it.
        #[ask = "Who is meant to reach {name}: our own, known parties outside, or anybody?"]
        visibility: Option<Visibility>,
        /// Who answers for it.
        #[ask = "Who answers for {name}?"]
        owner: Option<PersonLink>,
        /// How a caller proves who it is.
        #[ask = "How does a caller of {name} prove who it is?"]
        authentication: Option<Authentication>,
        /// Where the credential travels: header, query, cookie, body.
        #[ask = "Where does the credential for {name} travel: header, query, path, cookie or body?"]
        credential_location: Option<Text>,
        /// How long a credential lives, in minutes.
        #[ask = "For how many minutes is a credential for {name} good?"]
        credential_minutes: Option<u32>,
        /// What is known of the credentials with which it is called.
        #[ask = "What is known of the credentials with which {name} is called?"]
        credential: Option<Credential>,
        /// Whether every caller works with the same account behind it.
        #[ask = "Does every caller of {name} work with the same account behind it?"]
        shared_connection: Option<bool>,
        /// Whether the account behind it passes every rule on rows: an administrator, the platform's own secret.
        #[ask = "Does {name} work with an account behind it that no rule on rows holds back?"]
        privileged_connection: Option<bool>,
        /// What it does with a request.
        #[ask = "What does {name} do with a request?"]
        handling: Option<Handling>,
        /// How strictly what comes in is checked.
        #[ask = "How strictly is what comes in at {name} checked?"]
        input_schema: Option<SchemaCheck>,
        /// How strictly what goes out is checked.
        #[ask = "How strictly is what {name} answers checked?"]
        response_schema: Option<SchemaCheck>,
        /// Requests in a minute.
        #[ask = "How many requests a minute does {name} take from one caller?"]
        rate_limit: Option<Limit>,
        /// Rows in one answer.
        #[ask = "How many rows does {name} give in one answer at most?"]
        page_limit: Option<Limit>,
        /// Sites that a browser lets call it.
        #[ask = "Which sites may call {name} from a browser?"]
        cors: Option<Text>,
        /// What caches may keep.
        #[ask = "What may caches keep of the answers of {name}?"]
        cache_control: Option<Text>,
        /// Whether errors carry internals.
        #[ask = "Do errors of {name} tell about the inside?"]
        error_detail: Option<bool>,
        /// Whether accesses are logged.
        #[ask = "Is it logged who used {name}?"]
        audit_log: Option<bool>,
        /// Whether logs leave sensitive values out.
        #[ask = "Do the logs of {name} leave sensitive values out?"]
        log_redaction: Option<bool>,
        /// Whether the log says which person or program asked, and not only which account was used.
        #[ask = "Does the log of {name} say who asked, and not only which account was used?"]
        log_names_caller: Option<bool>,
        /// When it was last used.
        #[ask = "On which day was {name} last used?"]
        last_used: Option<Day>,
        /// For which purposes of the data it is used, in the words of the datasets.
        serves: Vec<Text>,
        /// Older versions whose place it takes.
        replaces: Vec<EndpointLink>,
        /// Whether the caller's headers, credentials included, are passed on.
        #[ask = "Does {name} pass the caller's headers on, credentials included?"]
        forwards_client_headers: Option<bool>,
        /// Where it hands requests on to.
        #[ask = "Where does {name} hand requests on to?"]
        handler: Option<Text>,
        /// Secrets that stand in its files as they are.
        literal_secrets: Vec<SecretPlace>,
        /// The decision to expose it.
        #[ask = "Who decided to expose {name}, when, and why?"]
        opt_in: Option<OptIn>,
        /// Reviews that took place.
        #[ask = "Which other reviews of {name} took place?"]
        reviews: Vec<Review>,
        /// Whether `reviews` is the whole list.
        #[ask = "Are all reviews of {name} on record here?"]
        reviews_complete: Option<bool>,
        /// What was seen in operation, and is not as it should be.
        observed: Vec<Observation>,
    }
}

element! {
    /// What moves from one element to another.
    pub struct Flow {
        /// Where it starts.
        from: NodeLink,
        /// Where it ends.
        to: NodeLink,
        /// The datasets whose data it carries.
        data: Vec<DatasetLink>,
        /// The classes of what it carries, where no dataset says so.
        classes: Vec<ClassLink>,
        /// The protocol.
        #[ask = "By which protocol does {from} talk to {to}?"]
        protocol: Option<Text>,
        /// Whether it is encrypted on the way.
        #[ask = "Is what goes from {from} to {to} encrypted on the way?"]
        encrypted: Option<bool>,
        /// What is done to the data on the way: masked, aggregated ...
        #[ask = "What is done to the data between {from} and {to}: masked, summed up, nothing?"]
        transformation: Option<Text>,
        /// Whether its start makes sure that it talks to the right end.
        #[ask = "Does {from} make sure that it really talks to {to}?"]
        peer_verified: Option<bool>,
        /// Whether what arrives is checked before it is believed.
        #[ask = "Is what {from} sends checked at {to} before it is believed?"]
        checked_on_arrival: Option<bool>,
        /// What allows the transfer to another jurisdiction.
        #[ask = "What allows the transfer from {from} to {to} in another jurisdiction?"]
        mechanism: Option<Text>,
    }
}
