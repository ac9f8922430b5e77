//! Public catalogues to which rules refer: which one an id belongs to, and what it is called where that may be said.
//!
//! The titles stand in files of their own, one for each licence, beside the terms; `NOTICE` tells them apart. Of ASVS and
//! of single CSF outcomes the ids are given alone.

/// A catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Catalogue {
    /// OWASP API Security Top 10, 2023: `API1`.
    OwaspApi,
    /// OWASP Low-Code/No-Code Top 10, 2022: `LCNC-SEC-01`.
    OwaspLcnc,
    /// Common Weakness Enumeration: `CWE-639`.
    Cwe,
    /// Common Attack Pattern Enumeration and Classification: `CAPEC-1`.
    Capec,
    /// ATT&CK: `T1078.004`.
    Attack,
    /// NIST Cybersecurity Framework 2.0: `PR.AA-05`.
    Csf,
    /// NIST SP 800-53, revision 5: `AC-6(5)`.
    Nist80053,
    /// ISO/IEC 27001:2022, annex A: `A.8.3`.
    Iso27001,
    /// ISO/IEC 27701:2019: `27701:7.4.7`.
    Iso27701,
    /// OWASP Application Security Verification Standard 5.0: `V8.2.2`.
    Asvs,
    /// D3FEND: `D3-MFA`.
    D3fend,
}

/// The titles, by licence.
const TITLES: [&str; 5] = [
    include_str!("catalogues/owasp.tsv"),
    include_str!("catalogues/mitre.tsv"),
    include_str!("catalogues/nist.tsv"),
    include_str!("catalogues/iso.tsv"),
    include_str!("catalogues/d3fend.tsv"),
];

impl Catalogue {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Catalogue::OwaspApi => "OWASP API Top 10",
            Catalogue::OwaspLcnc => "OWASP LCNC Top 10",
            Catalogue::Cwe => "CWE",
            Catalogue::Capec => "CAPEC",
            Catalogue::Attack => "ATT&CK",
            Catalogue::Csf => "NIST CSF 2.0",
            Catalogue::Nist80053 => "NIST SP 800-53",
            Catalogue::Iso27001 => "ISO/IEC 27001",
            Catalogue::Iso27701 => "ISO/IEC 27701",
            Catalogue::Asvs => "OWASP ASVS 5.0",
            Catalogue::D3fend => "D3FEND",
        }
    }

    /// The catalogue of an id, by its form; people's own rules may refer to others.
    pub fn of(id: &str) -> Option<Catalogue> {
        let number = |text: &str| !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
        let numbers = |text: &str, count: usize| text.split('.').count() == count && text.split('.').all(number);
        let capitals = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        let after = |prefix: &str| id.strip_prefix(prefix);
        if after("API").is_some_and(number) {
            return Some(Catalogue::OwaspApi);
        }
        if after("LCNC-SEC-").is_some_and(number) {
            return Some(Catalogue::OwaspLcnc);
        }
        if after("CWE-").is_some_and(number) {
            return Some(Catalogue::Cwe);
        }
        if after("CAPEC-").is_some_and(number) {
            return Some(Catalogue::Capec);
        }
        if after("D3-").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_uppercase())) {
            return Some(Catalogue::D3fend);
        }
        if after("27701:").is_some_and(|rest| numbers(rest, 3)) {
            return Some(Catalogue::Iso27701);
        }
        if after("A.").is_some_and(|rest| numbers(rest, 2)) {
            return Some(Catalogue::Iso27001);
        }
        if after("V").is_some_and(|rest| numbers(rest, 3)) {
            return Some(Catalogue::Asvs);
        }
        if after("T").is_some_and(|rest| rest.len() >= 4 && (number(rest) || numbers(rest, 2))) {
            return Some(Catalogue::Attack);
        }
        let (family, rest) = id.split_once('-')?;
        if let Some((function, category)) = family.split_once('.') {
            return (capitals(function) && capitals(category) && number(rest)).then_some(Catalogue::Csf);
        }
        let (control, enhancement) = match rest.split_once('(') {
            Some((control, enhancement)) => (control, Some(enhancement.strip_suffix(')')?)),
            None => (rest, None),
        };
        (capitals(family) && number(control) && enhancement.is_none_or(number)).then_some(Catalogue::Nist80053)
    }
}

/// What an id is called, where that may be said; an outcome of the CSF by its category.
pub fn title(id: &str) -> Option<&'static str> {
    let id = match Catalogue::of(id)? {
        Catalogue::Csf => id.split_once('-')?.0,
        _ => id,
    };
    let lines = TITLES.iter().flat_map(|titles| titles.lines()).filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).find(|(known, _)| *known == id).map(|(_, title)| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_by_their_form() {
        for (id, catalogue) in [
            ("API10", Some(Catalogue::OwaspApi)),
            ("LCNC-SEC-08", Some(Catalogue::OwaspLcnc)),
            ("CWE-639", Some(Catalogue::Cwe)),
            ("CAPEC-1", Some(Catalogue::Capec)),
            ("T1078.004", Some(Catalogue::Attack)),
            ("PR.AA-05", Some(Catalogue::Csf)),
            ("AC-6(5)", Some(Catalogue::Nist80053)),
            ("A.8.3", Some(Catalogue::Iso27001)),
            ("27701:7.4.7", Some(Catalogue::Iso27701)),
            ("V8.2.2", Some(Catalogue::Asvs)),
            ("D3-MFA", Some(Catalogue::D3fend)),
            ("AC-6(", None),
            ("AC-6()", None),
            ("CWE-", None),
            ("T10", None),
            ("OURS-1", None),
            ("", None),
        ] {
            assert_eq!(Catalogue::of(id), catalogue, "{id}");
        }
        assert_eq!(title("PR.AA-05"), Some("Identity Management, Authentication, and Access Control"));
        assert_eq!(title("V8.2.2"), None);
    }

    #[test]
    fn every_title_belongs_to_an_id() {
        for line in TITLES.iter().flat_map(|titles| titles.lines()).filter(|line| !line.starts_with('#')) {
            let (id, title) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
            let is_category = Catalogue::of(&format!("{id}-01")) == Some(Catalogue::Csf);
            assert!(is_category || Catalogue::of(id).is_some(), "{line}");
            assert!(!title.is_empty() && title.trim() == title, "{line}");
        }
    }
}
