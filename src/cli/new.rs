//! `sandtable new`: a workspace or a model from a template.

use super::output::{Outcome, print};
use crate::app::outline::capitalised;
use crate::library::{TEMPLATES, Template, template};
use crate::model::text::nearest;
use crate::store::document::save_text;
use crate::store::ron::{load, weave};
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// Make a workspace, or a model, from a template
///
/// A path that ends in `.ron` becomes a model; any other becomes a folder with `models/` and `scenarios/`. Nothing
/// that exists is overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  sandtable new portal --from portal\n  sandtable new models/second.ron")]
pub struct Args {
    /// The folder or the model file
    #[arg(required_unless_present = "list")]
    path: Option<PathBuf>,
    /// The template
    #[arg(long, value_name = "TEMPLATE", default_value = "empty")]
    from: String,
    /// List the templates
    #[arg(long)]
    list: bool,
}

pub fn run(args: Args) -> Result<Outcome> {
    if args.list {
        let lines: Vec<String> =
            TEMPLATES.iter().map(|template| format!("{:<8} {}\n", template.name, template.about)).collect();
        return print(&lines.concat());
    }
    let chosen = template(&args.from).ok_or_else(|| {
        let names: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        let hint = nearest(&args.from, names.iter().copied())
            .map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        anyhow!("there is no template `{}`{hint} (there are {})", args.from, names.join(", "))
    })?;
    let path = args.path.ok_or_else(|| anyhow!("say where"))?;
    let model = if path.extension().is_some_and(|ending| ending == "ron") { path.clone() } else { workspace(&path)? };
    make(chosen, &model)?;
    print(&format!(
        "{} was made from the template `{}`; open it: sandtable {}\n",
        model.display(),
        chosen.name,
        path.display()
    ))
}

/// Makes the folders of a workspace, and says where its model goes.
pub fn workspace(path: &Path) -> Result<PathBuf> {
    for folder in ["models", "scenarios"] {
        let folder = path.join(folder);
        std::fs::create_dir_all(&folder).with_context(|| format!("{} can not be made", folder.display()))?;
    }
    let absolute = std::path::absolute(path)?;
    let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let slug = crate::model::Slug::from_title(&name, "model");
    Ok(path.join("models").join(format!("{slug}.ron")))
}

/// Writes a template to a file that is not there yet; one that is to be filled in gets its title from the file's name.
pub fn make(template: &Template, path: &Path) -> Result<()> {
    let loaded = load(template.text).map_err(|diagnostic| anyhow!("the template `{}`: {diagnostic}", template.name))?;
    let mut model = loaded.model.clone();
    if template.is_blank {
        let name = path.file_stem().map(|name| name.to_string_lossy().replace(['-', '_'], " ")).unwrap_or_default();
        model.title = capitalised(&name).into();
    }
    save_text(path, &weave(template.text, &loaded.model, &model)?, &model, None)?;
    Ok(())
}
