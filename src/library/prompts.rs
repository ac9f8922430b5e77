//! What a team asks itself in the walk through STRIDE and LINDDUN: one question a category, and what to think of, in our
//! own words.

use crate::model::threats::Category;

/// What is asked of an element for a category of threats.
#[derive(Debug, Clone, Copy)]
pub struct Prompt {
    /// The question; `it` is the element.
    pub question: &'static str,
    /// What to think of behind low-code APIs.
    pub think_of: [&'static str; 3],
}

/// What is asked for a category.
pub fn prompt(category: Category) -> Prompt {
    let (question, think_of) = match category {
        Category::Spoofing => (
            "Could somebody pass for somebody else here?",
            [
                "keys in pages, apps and workflows that stand for everybody who has them",
                "a webhook that believes whoever calls it",
                "a session header that the caller may set",
            ],
        ),
        Category::Tampering => (
            "Could somebody change what they should not?",
            [
                "fields that the server should own, written by the caller",
                "one account behind the API that may write everything",
                "an import or a bulk call that nobody checks",
            ],
        ),
        Category::Repudiation => (
            "Could somebody deny what they did?",
            [
                "one shared account, so that the log names nobody",
                "a log that whoever acts can change, or that is gone in a week",
                "who exported what, and how much",
            ],
        ),
        Category::InformationDisclosure => (
            "Could somebody read what is not for them?",
            [
                "every row although only their own are shown on the page",
                "fields that no screen shows and every answer holds",
                "errors, previews, exports and backups",
            ],
        ),
        Category::DenialOfService => (
            "Could somebody keep others from it?",
            [
                "queries without an end: no page limit, no depth, no timeout",
                "a quota of the platform that one caller uses up",
                "what stops when this stops",
            ],
        ),
        Category::ElevationOfPrivilege => (
            "Could somebody do more than was meant?",
            [
                "a role that the caller names itself",
                "what works with the rights of its maker instead of the caller's",
                "who may edit the workflow, and with it use its credentials",
            ],
        ),
        Category::Linking => (
            "Could data about one person be put together?",
            [
                "the same identifier in several datasets",
                "small groups in totals and reports",
                "what a vendor sees of several of our systems",
            ],
        ),
        Category::Identifying => (
            "Could a person be found in data that names nobody?",
            [
                "birthday, postcode and sex together",
                "free text and attachments",
                "test data that was copied from people",
            ],
        ),
        Category::NonRepudiation => (
            "Does it prove of a person what they may want to deny?",
            [
                "logs of what somebody read or asked",
                "signatures and receipts that are kept longer than needed",
                "who can see them",
            ],
        ),
        Category::Detecting => (
            "Does it tell that there is data about somebody?",
            [
                "another answer for a known address than for an unknown one",
                "numbers that count upwards",
                "a mail or a message that somebody else sees",
            ],
        ),
        Category::DataDisclosure => (
            "Is more personal data collected, passed on or kept than needed?",
            ["whole records where one field would do", "copies in sheets, caches and logs", "data of people who left"],
        ),
        Category::Unawareness => (
            "Do people know, and can they act?",
            [
                "whom they ask to see, correct or delete their data",
                "whether they know of the vendor in between",
                "what they agreed to, and how they take it back",
            ],
        ),
        Category::NonCompliance => (
            "Is a rule that applies not kept?",
            [
                "purpose, legal basis, retention, and a place for each",
                "a vendor without a contract on processing",
                "data that leaves its region",
            ],
        ),
    };
    Prompt { question, think_of }
}
