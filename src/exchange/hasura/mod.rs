//! Hasura GraphQL Engine v2: its metadata of version 3, as a folder of YAML files or as an export in one piece.
//!
//! `files` makes one document of the files, `tables` turns the tables into datasets, and then every other module
//! adds its part of the model. What the files can not say stays unknown: whether the admin secret is set, which role a
//! request without credentials gets, whether the allow list is enforced. Nothing here is guessed silently.

mod actions;
mod callouts;
mod files;
mod filter;
mod functions;
mod permissions;
mod platform;
mod relations;
mod secrets;
mod tables;
pub mod yaml;

use super::{FileTree, ImportError, Imported, Note, NoteKind};
use crate::model::access::{Grant, Role};
use crate::model::conduct::SecretPlace;
use crate::model::facts::{Certainty, Operation, Source};
use crate::model::reference::{EndpointLink, PlatformLink, RoleLink, ServiceLink};
use crate::model::text::{Text, one_line};
use crate::model::topology::{Endpoint, EndpointKind};
use crate::model::{Model, Section, Slug};
use std::collections::BTreeSet;
pub use tables::UNTRACKED;
use yaml::Node;

/// Whether the files hold Hasura metadata.
pub fn recognises(tree: &FileTree) -> bool {
    files::recognises(tree)
}

/// Makes a model of Hasura metadata.
///
/// The files may be the metadata folder, the project around it (`config.yaml` beside `metadata/`), any folder above,
/// or an export in one piece.
pub fn read(tree: &FileTree) -> Result<Imported, ImportError> {
    let mut import = Import::default();
    let metadata = files::load(tree, &mut import.notes)?;
    import.model.title = Text::from("Hasura");
    platform::read(&mut import, &metadata);
    let tables = tables::read(&mut import, &metadata);
    relations::read(&mut import, &tables);
    permissions::read(&mut import, &tables);
    functions::read(&mut import, &metadata, &tables);
    actions::read(&mut import, metadata.items("actions"));
    callouts::read(&mut import, &metadata, &tables);
    let Import { model, mut notes, .. } = import;
    notes.sort_by(|a, b| (&a.source.file, a.source.line).cmp(&(&b.source.file, b.source.line)));
    Ok(Imported { model, notes })
}

/// The model as far as it was read, and what there is to say about the files.
#[derive(Default)]
struct Import {
    model: Model,
    notes: Vec<Note>,
    /// The endpoints that were added, by the slugs that were wanted for them.
    endpoints: BTreeSet<String>,
}

impl Import {
    fn note(&mut self, kind: NoteKind, at: &Node, message: impl Into<String>) {
        self.notes.push(Note { kind, source: at.source(), message: message.into() });
    }

    /// The role that a node names. Roles have no list of their own in the metadata: naming one makes it.
    fn role(&mut self, node: &Node) -> Option<RoleLink> {
        let name = node.text().filter(|name| !name.is_empty());
        let Some(name) = name else {
            self.note(NoteKind::Incomplete, node, "the name of a role is missing: the entry was left out");
            return None;
        };
        let slug = Slug::from_name(name);
        let role = self.model.roles.entry(slug.clone()).or_insert_with(|| Role {
            // Whether a role stands for strangers, people or programs is not in the files, and a name proves nothing.
            kind: None,
            source: Some(node.source()),
            ..Role::default()
        });
        if name != slug.as_str() {
            role.title = Text::new(name);
        }
        Some(RoleLink(slug))
    }

    /// Adds an endpoint under a slug near to the wanted one: actors, services, endpoints and datasets share theirs.
    ///
    /// The wanted one is made of the kind and the name. The same again is a second entry for the same thing, which
    /// Hasura refuses.
    fn add_endpoint(&mut self, wanted: &str, endpoint: Endpoint, at: &Node) -> Option<EndpointLink> {
        if !self.endpoints.insert(wanted.to_owned()) {
            self.note(NoteKind::Incomplete, at, "an entry of this name was read already: left out here");
            return None;
        }
        let slug = Slug::from_name(wanted).free(|slug| self.is_node(slug));
        self.model.endpoints.insert(slug.clone(), endpoint);
        Some(EndpointLink(slug))
    }

    fn is_node(&self, slug: &Slug) -> bool {
        Section::NODES.iter().any(|section| self.model.has(*section, slug.as_str()))
    }

    /// Adds a grant to call an endpoint for every `role` in a list of permissions.
    fn grant_execute(&mut self, permissions: &[Node], endpoint: &EndpointLink) {
        for permission in permissions {
            let at = permission.get("role").unwrap_or(permission);
            let Some(role) = self.role(at) else { continue };
            let grant = Grant {
                role,
                endpoint: endpoint.clone(),
                op: Some(Operation::Execute),
                certainty: Some(Certainty::Declared),
                source: Some(at.source()),
                ..Grant::default()
            };
            self.add_grant(endpoint.slug().as_str(), grant, at);
        }
    }

    /// Adds a grant under a slug made of its role, what it is on, and its operation.
    fn add_grant(&mut self, subject: &str, grant: Grant, at: &Node) {
        let operation = grant.op.map_or("any", Operation::word);
        let wanted = Slug::from_name(&format!("{}-{subject}-{operation}", grant.role));
        let says = |grant: &Grant| (grant.role.clone(), grant.endpoint.clone(), grant.dataset.clone(), grant.op);
        if self.model.grants.get(&wanted).is_some_and(|other| says(other) == says(&grant)) {
            // Hasura refuses it, so that nobody knows which of the two is meant.
            self.note(NoteKind::Incomplete, at, "the role has a permission for this already: left out here");
            return;
        }
        let slug = wanted.free(|slug| self.model.grants.contains_key(slug));
        self.model.grants.insert(slug, grant);
    }

    /// Reports the secrets that stand under a node as they are, and returns their places.
    fn report_secrets(&mut self, node: &Node) -> Vec<SecretPlace> {
        let places = secrets::scan(node);
        for place in &places {
            let message = format!(
                "a secret stands in the file as it is (`{}`): change it, and take it from an environment variable",
                place.name
            );
            let source = place.source.clone().unwrap_or_default();
            self.notes.push(Note { kind: NoteKind::Warning, source, message });
        }
        places
    }

    /// Reports the secrets under a node that belong to the platform itself.
    fn add_platform_secrets(&mut self, node: &Node) {
        let places = self.report_secrets(node);
        if let Some(platform) = self.model.platforms.get_mut(platform().slug()) {
            platform.literal_secrets.extend(places);
        }
    }
}

/// An endpoint of the platform, called as its operation is.
fn endpoint_of(kind: EndpointKind, operation: &str, source: Source) -> Endpoint {
    Endpoint {
        title: Text::new(operation),
        kind: Some(kind),
        operation: Some(Text::new(operation)),
        service: Some(service()),
        source: Some(source),
        ..Endpoint::default()
    }
}

/// The service that stands for the platform.
fn service() -> ServiceLink {
    ServiceLink(Slug::from_title("hasura", "hasura"))
}

/// The installed product, with its settings.
fn platform() -> PlatformLink {
    PlatformLink(Slug::from_title("hasura", "hasura"))
}

/// The endpoint at which tables are reached.
fn graphql() -> EndpointLink {
    EndpointLink(Slug::from_title("graphql", "graphql"))
}

/// A name for a message.
fn quoted(name: &str) -> String {
    format!("`{}`", one_line(name, 80))
}
