//! `imgshare schema`

use clap::Args;
use imgshare_host::Shelf;

use crate::args::PluginFolder;
use crate::failure::Failure;
use crate::out;
use crate::session::folders;

/// Print the config's JSON Schema, with what the installed plugins know
///
/// For editors: save it as `imgshare.schema.json` beside the config, whose first line then is
/// `#:schema ./imgshare.schema.json`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    #[command(flatten)]
    plugins: PluginFolder,
}

impl Schema {
    pub(crate) fn run(&self) -> Result<u8, Failure> {
        let shelf = Shelf::open(&folders(&self.plugins));
        let plugins = shelf.candidates().iter().filter_map(|file| shelf.load(&file.claims()).ok());
        let providers = plugins.map(|plugin| (plugin.description.name.clone(), plugin.description)).collect();
        out::json(&imgshare_config::schema(&providers));
        Ok(0)
    }
}
