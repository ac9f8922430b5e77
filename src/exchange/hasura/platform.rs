//! The platform itself: its settings, the service that it runs, its GraphQL endpoint, ceilings, introspection, inherited roles, settings.

use super::files::Metadata;
use super::secrets::safe_address;
use super::yaml::{Node, Value};
use super::{Import, graphql, platform, service};
use crate::exchange::NoteKind;
use crate::model::facts::{Limit, Source};
use crate::model::platform::{Ceilings, Platform, RowGuard};
use crate::model::reference::{BoundaryLink, RoleLink};
use crate::model::text::Text;
use crate::model::topology::{Boundary, BoundaryKind, Endpoint, EndpointKind, Service, ServiceKind, Trust};
use std::collections::BTreeMap;

/// Adds the platform.
pub fn read(import: &mut Import, metadata: &Metadata) {
    let source = Source { file: Text::new(&metadata.file), line: None };
    let boundary = service().slug().clone();
    import.model.boundaries.insert(
        boundary.clone(),
        Boundary {
            title: Text::from("Hasura"),
            kind: Some(BoundaryKind::Process),
            trust: Some(Trust::Internal),
            source: Some(source.clone()),
            // Who runs the platform, we or its vendor, is not in the files.
            assumed: vec![Text::from("kind"), Text::from("trust")],
            ..Boundary::default()
        },
    );
    let engine = Service {
        title: Text::from("Hasura"),
        kind: Some(ServiceKind::Platform),
        platform: Some(platform()),
        boundary: Some(BoundaryLink(boundary)),
        source: Some(source.clone()),
        ..Service::default()
    };
    // What is granted to a role is granted by the metadata; the policies of the database are for others.
    let mut installed = Platform {
        title: Text::from("Hasura"),
        product: Some(Text::from("Hasura")),
        rows_guarded_by: Some(RowGuard::Platform),
        source: Some(source.clone()),
        ..Platform::default()
    };
    if let Some(part) = metadata.part("graphql_schema_introspection") {
        let roles = part.items_at("disabled_for_roles");
        installed.introspection_disabled_for = roles.iter().filter_map(|role| import.role(role)).collect();
    }
    if let Some(limits) = metadata.part("api_limits") {
        read_limits(import, limits, &mut installed);
    }
    let mut endpoint = Endpoint {
        title: Text::from("GraphQL"),
        kind: Some(EndpointKind::GraphQl),
        path: Some(Text::from("/v1/graphql")),
        method: Some(Text::from("POST")),
        service: Some(service()),
        source: Some(source),
        ..Endpoint::default()
    };
    if let Some(config) = &metadata.config {
        read_config(config, &mut installed, &mut endpoint);
    }
    import.model.services.insert(service().slug().clone(), engine);
    import.model.platforms.insert(platform().slug().clone(), installed);
    import.model.endpoints.insert(graphql().slug().clone(), endpoint);
    read_inherited_roles(import, metadata.items("inherited_roles"));
    read_secrets(import, metadata);
}

/// What `config.yaml`, the settings of the command line tool, says of the server.
fn read_config(config: &Node, platform: &mut Platform, endpoint: &mut Endpoint) {
    if config.get("admin_secret").is_some() {
        // The tool would not need the secret if the server had none; but the server's own settings are elsewhere.
        platform.admin_secret_set = Some(true);
        platform.assumed.push(Text::from("admin_secret_set"));
    }
    if let Some(address) = config.text_at("endpoint") {
        endpoint.notes = Text::from(format!("The project's config.yaml names the server {}.", safe_address(address)));
    }
}

fn read_inherited_roles(import: &mut Import, entries: &[Node]) {
    for entry in entries {
        let Some(role) = import.role(entry.get("role_name").unwrap_or(entry)) else { continue };
        let inherits: Vec<RoleLink> = entry.items_at("role_set").iter().filter_map(|role| import.role(role)).collect();
        if let Some(role) = import.model.roles.get_mut(role.slug()) {
            role.inherits = inherits;
            // The place that says from whom it inherits is worth more than the first one that names it.
            role.source = Some(entry.get("role_name").unwrap_or(entry).source());
        }
    }
}

/// The secrets in settings; those of actions, events and the like stand at their endpoints.
fn read_secrets(import: &mut Import, metadata: &Metadata) {
    if let Some(config) = &metadata.config {
        import.add_platform_secrets(config);
    }
    for source in &metadata.sources {
        for part in ["configuration", "customization"] {
            if let Some(node) = source.get(part) {
                import.add_platform_secrets(node);
            }
        }
    }
    for (name, node) in metadata.parts() {
        if !["actions", "cron_triggers", "remote_schemas"].contains(&name) {
            import.add_platform_secrets(node);
        }
    }
}

fn read_limits(import: &mut Import, limits: &Node, platform: &mut Platform) {
    platform.ceilings = Some(if limits.get("disabled").and_then(Node::flag) == Some(true) {
        let none = Some(Limit::Unlimited);
        Ceilings { requests_per_minute: none, depth: none, nodes: none, batch: none, seconds: none, counted_by: None }
    } else {
        platform.role_ceilings = role_ceilings(import, limits);
        Ceilings {
            requests_per_minute: everybody(limits, "rate_limit"),
            depth: everybody(limits, "depth_limit"),
            nodes: everybody(limits, "node_limit"),
            batch: everybody(limits, "batch_limit"),
            seconds: everybody(limits, "time_limit"),
            counted_by: limits.at(&["rate_limit", "global"]).and_then(counted_by),
        }
    });
    let message = "these limits work in the Cloud and Enterprise editions alone: make sure that yours is one";
    import.note(NoteKind::Info, limits, message);
}

/// The ceiling for everybody: none where the limits do not speak of it.
fn everybody(limits: &Node, name: &str) -> Option<Limit> {
    match limits.at(&[name, "global"]) {
        Some(ceiling) => limit(ceiling),
        None => Some(Limit::Unlimited),
    }
}

/// A ceiling; unknown where it is not a number.
fn limit(ceiling: &Node) -> Option<Limit> {
    let number = ceiling.get("max_reqs_per_min").unwrap_or(ceiling);
    number.count().map(Limit::AtMost)
}

fn counted_by(rate: &Node) -> Option<Text> {
    let params = rate.get("unique_params")?;
    match &params.value {
        Value::Text(one) => Some(Text::new(one)),
        _ => Some(Text::from(params.items().iter().filter_map(Node::text).collect::<Vec<_>>().join(", "))),
    }
}

fn role_ceilings(import: &mut Import, limits: &Node) -> BTreeMap<RoleLink, Ceilings> {
    let mut found: BTreeMap<RoleLink, Ceilings> = BTreeMap::new();
    for name in ["rate_limit", "depth_limit", "node_limit", "batch_limit", "time_limit"] {
        for (role, ceiling) in limits.at(&[name, "per_role"]).map_or(&[][..], Node::entries) {
            // The role is a name here, not a value: give it the place of its ceiling.
            let named = Node { value: Value::Text(role.clone()), ..ceiling.clone() };
            let Some(role) = import.role(&named).filter(|_| !ceiling.is_null()) else { continue };
            let ceilings = found.entry(role).or_default();
            match name {
                "rate_limit" => {
                    ceilings.requests_per_minute = limit(ceiling);
                    ceilings.counted_by = counted_by(ceiling);
                }
                "depth_limit" => ceilings.depth = limit(ceiling),
                "node_limit" => ceilings.nodes = limit(ceiling),
                "batch_limit" => ceilings.batch = limit(ceiling),
                _ => ceilings.seconds = limit(ceiling),
            }
        }
    }
    found
}
