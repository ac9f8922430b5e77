//! Hasura GraphQL Engine v2: its metadata of version 3.

pub mod yaml;
