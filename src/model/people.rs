//! Who is involved: people who own and decide, and parties outside: vendors, partners, processors.

use super::facts::Day;
use super::reference::PersonLink;
use super::reflect::{choice, element};
use super::text::Text;

choice! {
    /// The part of the team that a person speaks for.
    pub enum Function {
        /// Builds it.
        Development,
        /// Secures it.
        Security,
        /// Decides what is built.
        Product,
        /// Answers for data.
        DataOwner,
        /// Law and privacy.
        Legal,
        /// Runs it.
        Operations,
        /// Leads the organisation.
        Management,
    }
}

element! {
    /// A person, or a desk that one can call.
    pub struct Person {
        /// The part of the team that this person speaks for.
        function: Option<Function>,
        /// Who steps in.
        deputy: Option<PersonLink>,
        /// How to reach this person.
        contact: Option<Text>,
    }
}

choice! {
    /// What a party is to us.
    pub enum PartyKind {
        /// Sells us something.
        Vendor,
        /// Works with us.
        Partner,
        /// Processes data on our behalf.
        Processor,
        /// Buys from us.
        Customer,
        /// Supervises us.
        Authority,
    }
}

element! {
    /// An organisation outside: a vendor, a partner, a processor.
    pub struct Party {
        /// What it is to us.
        kind: Option<PartyKind>,
        /// Where it works: a country or region.
        region: Option<Text>,
        /// When it was reviewed before it was let in.
        onboarding_review: Option<Day>,
        /// When it was last reviewed.
        last_review: Option<Day>,
        /// Whether a data processing agreement is signed.
        dpa: Option<bool>,
        /// When the data processing agreement ends.
        dpa_until: Option<Day>,
        /// When the contract ends.
        contract_end: Option<Day>,
        /// How its access is taken away.
        revocation: Option<Text>,
    }
}
