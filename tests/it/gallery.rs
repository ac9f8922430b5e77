//! The gallery: what the map looks like at every level, as the program draws it. `SANDTABLE_BLESS=1 cargo test docs`
//! makes it anew.

use super::cli::run;
use super::docs::{compare, root};
use sandtable::app::legend;
use std::fmt::Write;
use std::path::Path;

/// What people do in the company that the large example is about, and the two datasets in which they keep it.
const AREAS: [(&str, &str, &str); 10] = [
    ("Sales", "Orders", "Quotes"),
    ("Billing", "Invoices", "Payments"),
    ("Shipping", "Parcels", "Routes"),
    ("Support", "Tickets", "Recordings"),
    ("Stock", "Articles", "Counts"),
    ("Purchase", "Contracts", "Suppliers"),
    ("Payroll", "Salaries", "Absences"),
    ("Hiring", "Applicants", "Interviews"),
    ("Insight", "Reports", "Events"),
    ("Identity", "Accounts", "Logins"),
];

/// Networks, each inside of the boundary before the slash, and how many areas each holds.
const NETWORKS: [(&str, &str, usize); 4] =
    [("office", "company", 3), ("plant", "company", 2), ("people", "company", 3), ("analytics", "cloud", 2)];

/// A company of sixty elements in nested boundaries; the same at every run.
fn sixty() -> String {
    let mut seed = 20_261_126_u32;
    let mut dice = move |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % below
    };
    let (mut boundaries, mut datasets, mut actors) = (String::new(), String::new(), String::new());
    let (mut services, mut endpoints, mut flows) = (String::new(), String::new(), String::new());
    for (slug, title) in [("company", "Company"), ("cloud", "Cloud tenant"), ("outside", "Outside")] {
        writeln!(boundaries, "\"{slug}\": (title: \"{title}\"),").unwrap();
    }
    for (slug, parent, _) in NETWORKS {
        let title = format!("{}{} network", slug[..1].to_uppercase(), &slug[1..]);
        writeln!(boundaries, "\"{slug}\": (title: \"{title}\", parent: \"{parent}\"),").unwrap();
    }
    let mut flow = |from: &str, to: &str, data: &str, protocol: &str, encrypted: u32| {
        let encrypted = ["encrypted: true", "encrypted: true", "encrypted: false", ""][encrypted as usize];
        let slug = format!("{from}-{to}");
        let line = format!(
            "\"{slug}\": (from: \"{from}\", to: \"{to}\", data: [\"{data}\"], protocol: \"{protocol}\", {encrypted}),"
        );
        writeln!(flows, "{line}").unwrap();
    };
    let homes: Vec<&str> = NETWORKS.iter().flat_map(|(slug, _, count)| std::iter::repeat_n(*slug, *count)).collect();
    for (at, (area, first, second)) in AREAS.iter().enumerate() {
        let (slug, home) = (area.to_lowercase(), homes[at]);
        writeln!(boundaries, "\"{slug}\": (title: \"{area}\", parent: \"{home}\"),").unwrap();
        for (dataset, place) in [(first, 0), (second, 1)] {
            let class = ["internal", "confidential", "restricted", "public"][(at + place) % 4];
            let name = dataset.to_lowercase();
            writeln!(datasets, "\"{name}\": (title: \"{dataset}\", boundary: \"{slug}\", class: \"{class}\"),")
                .unwrap();
        }
        let outside = if at % 3 == 0 { "outside" } else { home };
        let noun = if at % 3 == 0 { "customers" } else { "desk" };
        writeln!(actors, "\"{slug}-{noun}\": (title: \"{area} {noun}\", kind: Person, boundary: \"{outside}\"),")
            .unwrap();
        for (kind, word) in [("Application", "engine"), ("Job", "job")] {
            writeln!(services, "\"{slug}-{word}\": (title: \"{area} {word}\", kind: {kind}, boundary: \"{slug}\"),")
                .unwrap();
        }
        let endpoint = format!("title: \"{area} API\", kind: Rest, service: \"{slug}-engine\", boundary: \"{slug}\"");
        writeln!(endpoints, "\"{slug}-api\": ({endpoint}),").unwrap();
        let (first, second) = (first.to_lowercase(), second.to_lowercase());
        let (api, engine, job) = (format!("{slug}-api"), format!("{slug}-engine"), format!("{slug}-job"));
        flow(&format!("{slug}-{noun}"), &api, &first, "HTTPS", dice(2));
        flow(&engine, &first, &first, "SQL", dice(4));
        flow(&job, &second, &second, "SQL", dice(4));
        // Every area asks one of those before it.
        if at > 0 {
            let other = AREAS[dice(at as u32) as usize].0.to_lowercase();
            flow(&engine, &format!("{other}-api"), &first, "gRPC", dice(4));
        }
    }
    format!(
        "#![enable(implicit_some)]\nModel(format: 1, title: \"Sixty\", boundaries: {{{boundaries}}}, datasets: {{{datasets}}}, \
         actors: {{{actors}}}, services: {{{services}}}, endpoints: {{{endpoints}}}, flows: {{{flows}}})"
    )
}

/// A heading, what is to be seen, and the arguments that draw it.
type Picture = (&'static str, &'static str, &'static [&'static str]);

const CLINIC: [Picture; 8] = [
    ("Zones", "The outermost boundaries, what they hold, and how many flows run between them.", &["--zoom", "zones"]),
    ("Rows", "Every element on one row: the most on a screen.", &["--zoom", "rows"]),
    ("Boxes", "A line of facts, and badges in the lower edge.", &["--zoom", "boxes"]),
    ("Cards", "The facts that matter.", &["--zoom", "cards"]),
    (
        "Detail",
        "One element with everything that is known of it, and each of its flows.",
        &["--zoom", "detail", "--view", "around:records-connector"],
    ),
    (
        "Around an element",
        "What comes in on the left, what goes out on the right, the boundaries as walls between.",
        &["--zoom", "rows", "--view", "around:records-connector", "--turn", "right"],
    ),
    (
        "The journey of a dataset",
        "Everywhere it goes, and how many steps that is from where it is kept.",
        &["--view", "journey:patients"],
    ),
    ("Without box drawing", "For terminals and fonts that have none.", &["--zoom", "rows", "--ascii"]),
];

const SIXTY: [Picture; 5] = [
    ("Zones of sixty", "", &["--zoom", "zones"]),
    ("Rows of sixty", "", &["--zoom", "rows"]),
    ("Boxes of sixty", "", &["--zoom", "boxes"]),
    ("Cards of sixty", "", &["--zoom", "cards"]),
    ("Detail among sixty", "", &["--zoom", "detail", "--view", "around:sales-api"]),
];

fn picture(out: &mut String, model: &str, folder: &Path, (heading, seen, arguments): &Picture) {
    let arguments: Vec<&str> = ["render", model].into_iter().chain(arguments.iter().copied()).collect();
    let drawn = run(&arguments, folder);
    assert_eq!(drawn.code, 0, "{heading}: {}", drawn.stderr);
    assert!(drawn.stdout.lines().count() > 3, "{heading}: {}", drawn.stdout);
    write!(out, "### {heading}\n\n").unwrap();
    if !seen.is_empty() {
        write!(out, "{seen}\n\n").unwrap();
    }
    write!(out, "```text\n$ sandtable {}\n{}```\n\n", arguments.join(" "), drawn.stdout).unwrap();
}

#[test]
fn docs_gallery_is_what_the_program_draws() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sixty.ron"), sixty()).unwrap();
    let checked = run(&["validate", "sixty.ron"], folder.path());
    assert!(
        checked.code == 0 && checked.stdout.contains(" 0 errors, 0 warnings"),
        "{}{}",
        checked.stdout,
        checked.stderr
    );

    let mut out = String::from(
        "# Gallery\n\nWhat the map looks like, drawn by the program: `SANDTABLE_BLESS=1 cargo test docs` makes this page anew.\n\
         In the workbench `+` and `-` go from level to level; a page shows all of a picture, a screen what fits.\n\n\
         ## Signs\n\n`space l` shows this in the workbench.\n\n",
    );
    for (heading, entries) in [
        ("Boxes", legend::shapes(false)),
        ("Wires", legend::lines_of_wires(false)),
        ("Texts", legend::texts()),
        ("Badges", legend::badges()),
    ] {
        write!(out, "| {heading} | |\n|---|---|\n").unwrap();
        for (sign, meaning) in entries {
            writeln!(out, "| `{sign}` | {meaning} |").unwrap();
        }
        out.push('\n');
    }
    write!(out, "Letters of operations: {}.\n\n", legend::letters()).unwrap();
    out.push_str("## The clinic\n\nThe bundled model of a small clinic.\n\n");
    for entry in &CLINIC {
        picture(&mut out, "models/clinic.ron", &root(), entry);
    }
    out.push_str("## Sixty elements\n\nAn invented company: sixty elements in boundaries that nest three deep.\n\n");
    for entry in &SIXTY {
        picture(&mut out, "sixty.ron", folder.path(), entry);
    }
    compare("docs/GALLERY.md", &format!("{}\n", out.trim_end()));
}

#[test]
fn sixty_are_sixty() {
    let model = sandtable::store::ron::load(&sixty()).unwrap().model;
    let nodes: usize = sandtable::model::Section::NODES.into_iter().map(|section| model.count(section)).sum();
    assert_eq!((nodes, model.boundaries.len()), (60, 17));
}
