//! Facts about a file that stand in its tree.

use crate::file::AsdfFile;
use crate::tree::Value;

impl AsdfFile {
    /// The library that wrote the file, with its version: from `asdf_library`, or `asdf/library` as
    /// asdf-cxx and ASDF.jl write it.
    pub fn writer(&self) -> Option<String> {
        let root = self.tree().root();
        let library = root.get("asdf_library").or_else(|| root.get("asdf/library"))?;
        let text = |key| match library.get(key)?.value() {
            Value::Str(text) => Some(text.to_owned()),
            _ => library.get(key)?.text().map(str::to_owned),
        };
        let name = text("name")?;
        Some(text("version").map_or_else(|| name.clone(), |version| format!("{name} {version}")))
    }
}
