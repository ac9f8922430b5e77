//! What the data is: the classification ladder, datasets, their fields and relations.

use super::facts::Day;
use super::reference::{BoundaryLink, ClassLink, DatasetLink, PersonLink};
use super::reflect::{choice, element, record};
use super::text::Text;
use std::collections::BTreeMap;

/// The ladder that holds where a model has none of its own, low to high.
pub const DEFAULT_CLASSES: [&str; 4] = ["public", "internal", "confidential", "restricted"];

element! {
    /// A step of the classification ladder.
    pub struct Class {
        /// Its place on the ladder, 1 for the lowest.
        #[ask = "Which step of the ladder is {name}, counted from the least sensitive?"]
        rank: Option<u32>,
        /// What belongs here, in a sentence.
        about: Text,
    }
}

choice! {
    /// How the values of a field are protected where they are kept.
    pub enum Protection {
        /// As they are.
        Plain,
        /// Shown in part.
        Masked,
        /// Replaced by a digest.
        Hashed,
        /// Encrypted, with a key kept elsewhere.
        Encrypted,
        /// Replaced by a token.
        Tokenised,
    }
}

record! {
    /// A field of a dataset: a column, an attribute, a key of a document.
    pub struct Field {
        /// How sensitive it is.
        #[ask = "How sensitive is the field {part} of {name}?"]
        class: Option<ClassLink>,
        /// What it holds: Email, Card, Health, Name, Phone ...
        #[ask = "What does the field {part} of {name} hold?"]
        kind: Option<Text>,
        /// Its type as the platform writes it.
        #[ask = "Of which type is the field {part} of {name}?"]
        dtype: Option<Text>,
        /// How its values are protected where they are kept.
        #[ask = "How are the values of the field {part} of {name} kept?"]
        protection: Option<Protection>,
        /// The unit of its values.
        unit: Option<Text>,
        /// What does not fit elsewhere.
        notes: Text,
    }
}

choice! {
    /// How many rows a relation leads to.
    pub enum Cardinality {
        /// At most one row.
        One,
        /// Any number of rows.
        Many,
    }
}

record! {
    /// A way from a row of one dataset to rows of another, which a query can follow.
    pub struct Relation {
        /// The dataset that it leads to.
        to: DatasetLink,
        /// How many rows it leads to.
        cardinality: Option<Cardinality>,
        /// The fields that join, as `here = there`.
        on: Vec<Text>,
        /// The place in the imported files that says so.
        source: Option<super::facts::Source>,
    }
}

choice! {
    /// Why the data may be processed (GDPR, article 6).
    pub enum LegalBasis {
        /// The person agreed.
        Consent,
        /// A contract with the person needs it.
        Contract,
        /// A law demands it.
        LegalObligation,
        /// It protects somebody's life.
        VitalInterests,
        /// A public task needs it.
        PublicTask,
        /// An interest that outweighs the person's.
        LegitimateInterests,
    }
}

choice! {
    /// How much it hurts when the data can not be reached.
    pub enum Availability {
        /// Days without are bearable.
        Low,
        /// Hours without are bearable.
        Medium,
        /// Minutes without are bearable.
        High,
        /// Nothing is bearable.
        Critical,
    }
}

choice! {
    /// What the database itself does to keep callers to their rows.
    pub enum RowPolicy {
        /// It has policies, and they are in force.
        Enforced,
        /// It has none, or they are switched off.
        Off,
        /// It can have none: a materialised view, a foreign table.
        Impossible,
        /// It reads with its owner's rights, and passes them by: a view or a function.
        OwnersRights,
    }
}

record! {
    /// What is known of the people whom data is about.
    pub struct Privacy {
        /// Whether it holds what needs more than a legal basis: health, belief, sexual life, biometric data, crimes, children.
        #[ask = "Does {name} hold data about health, belief, sexual life, biometrics, crimes or children?"]
        special: Option<bool>,
        /// Whether it was assessed what the processing means for these people, with the condition that allows it.
        #[ask = "Was it assessed, and written down, what processing {name} means for the people in it?"]
        impact_assessed: Option<bool>,
        /// Whether a person can get, correct and delete what it holds of him or her, in every copy.
        #[ask = "Can a person get, correct and delete what {name} holds of him or her, in every copy?"]
        subject_requests: Option<bool>,
        /// How many people at least share any combination of what describes them.
        #[ask = "How many people in {name} share the same age, place, job and the like, at least?"]
        smallest_group: Option<u32>,
    }
}

record! {
    /// What is known of how data is kept.
    pub struct Keeping {
        /// Whether it holds what is real, and not what was made up or masked for tests.
        #[ask = "Does {name} hold real data, and not what was made up or masked for tests?"]
        real: Option<bool>,
        /// What the database itself does to keep callers to their rows.
        #[ask = "What does the database itself do to keep callers of {name} to their rows?"]
        row_policy: Option<RowPolicy>,
        /// Whether its keys protect data of another class or environment as well.
        #[ask = "Do the keys of {name} protect data of another class or environment as well?"]
        key_shared: Option<bool>,
    }
}

element! {
    /// A dataset: a table, a view, a collection, a bucket, a sheet.
    pub struct Dataset {
        /// What it is, in a sentence.
        about: Text,
        /// The boundary inside which it lives.
        #[ask = "Inside which boundary does {name} live?"]
        boundary: Option<BoundaryLink>,
        /// Who answers for it.
        #[ask = "Who answers for {name}?"]
        steward: Option<PersonLink>,
        /// The highest class of what it holds; unknown is not public.
        #[ask = "How sensitive is the most sensitive thing in {name}?"]
        class: Option<ClassLink>,
        /// Its fields by name.
        #[ask = "Which other fields does {name} hold?"]
        fields: BTreeMap<Text, Field>,
        /// Whether `fields` is the whole list.
        #[ask = "Are all fields of {name} listed here?"]
        fields_complete: Option<bool>,
        /// The relations that a query can follow, by name.
        #[ask = "Which other relations of {name} can a query follow?"]
        relations: BTreeMap<Text, Relation>,
        /// Whether `relations` is the whole list.
        #[ask = "Are all relations of {name} listed here?"]
        relations_complete: Option<bool>,
        /// Whom the data is about: patients, employees, customers ...
        subjects: Vec<Text>,
        /// What is known of the people whom it is about.
        #[ask = "What is known of the people whom {name} is about?"]
        privacy: Option<Privacy>,
        /// About how many people.
        #[ask = "About how many people is {name}?"]
        subject_count: Option<u64>,
        /// Where it is kept: a country or region.
        #[ask = "In which country or region is {name} kept?"]
        residency: Option<Text>,
        /// What it is used for.
        purposes: Vec<Text>,
        /// Why it may be processed.
        #[ask = "What allows us to process {name}?"]
        legal_basis: Option<LegalBasis>,
        /// How long it is kept, in days.
        #[ask = "After how many days is {name} deleted?"]
        retention_days: Option<u32>,
        /// How it is deleted.
        #[ask = "How is {name} deleted?"]
        deletion: Option<Text>,
        /// The oldest record.
        #[ask = "From which day is the oldest record of {name}?"]
        oldest_record: Option<Day>,
        /// Where it comes from.
        #[ask = "Where does {name} come from?"]
        provenance: Option<Text>,
        /// Its copies: backups, exports, caches, extracts.
        copies: Vec<DatasetLink>,
        /// Fields that no consumer was seen to use.
        unused_fields: Vec<Text>,
        /// What is known of how it is kept.
        #[ask = "What is known of how {name} is kept?"]
        keeping: Option<Keeping>,
        /// Whether it is encrypted where it is kept.
        #[ask = "Is {name} encrypted where it is kept?"]
        encrypted_at_rest: Option<bool>,
        /// When its keys were last changed.
        #[ask = "On which day were the keys of {name} last changed?"]
        key_rotated: Option<Day>,
        /// How much it hurts when it can not be reached.
        #[ask = "How much does it hurt when {name} can not be reached?"]
        availability: Option<Availability>,
    }
}
