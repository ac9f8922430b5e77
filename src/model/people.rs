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
        #[ask = "For which part of the team does {name} speak?"]
        function: Option<Function>,
        /// Who steps in.
        #[ask = "Who steps in for {name}?"]
        deputy: Option<PersonLink>,
        /// Whether this person still does this work here.
        #[ask = "Does {name} still do this work here?"]
        active: Option<bool>,
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
        #[ask = "What is {name} to us?"]
        kind: Option<PartyKind>,
        /// Where it works: a country or region.
        #[ask = "In which country or region does {name} work?"]
        region: Option<Text>,
        /// Whether it stands in our record of those who process data.
        #[ask = "Does {name} stand in our record of those who process data?"]
        recorded: Option<bool>,
        /// When it was reviewed before it was let in.
        #[ask = "On which day was {name} reviewed before it was let in?"]
        onboarding_review: Option<Day>,
        /// When it was last reviewed.
        #[ask = "On which day was {name} last reviewed?"]
        last_review: Option<Day>,
        /// Whether a data processing agreement is signed.
        #[ask = "Has {name} signed a data processing agreement?"]
        dpa: Option<bool>,
        /// When the data processing agreement ends.
        #[ask = "Until which day does the data processing agreement with {name} run?"]
        dpa_until: Option<Day>,
        /// When the contract ends.
        #[ask = "On which day does the contract with {name} end?"]
        contract_end: Option<Day>,
        /// How its access is taken away.
        #[ask = "How is the access of {name} taken away?"]
        revocation: Option<Text>,
    }
}
