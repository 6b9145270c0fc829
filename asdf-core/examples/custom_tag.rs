//! Writes and reads a tag of one's own beside tags of the standard, and checks the file with a schema that is part of the program.
//!
//! `cargo run --example custom_tag -- out.asdf`
#![expect(clippy::print_stdout, reason = "it is for people")]

use asdf_core::file::FileNode;
use asdf_core::schema::{SchemaLibrary, Validator};
use asdf_core::tagged::{Quantity, SkyCoord, Tagged, Time};
use asdf_core::tree::NewNode;
use asdf_core::{AsdfFile, Draft, Error, Result, WriteOptions};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

const SCHEMA: &str = "
id: asdf://example.org/schemas/dither-1.0.0
type: object
properties:
  pattern: {enum: [line, box]}
  steps: {type: array, minItems: 1}
required: [pattern, steps]
";
const MANIFEST: &str = "
id: asdf://example.org/manifests/example-1.0.0
extension_uri: asdf://example.org/extensions/example-1.0.0
tags:
- tag_uri: asdf://example.org/tags/dither-1.0.0
  schema_uri: asdf://example.org/schemas/dither-1.0.0
";

/// Where the telescope points during an observation.
#[derive(Debug, Serialize, Deserialize)]
struct Dither {
    pattern: String,
    steps: Vec<[f64; 2]>,
}

impl<'f> Tagged<'f> for Dither {
    const TAG: &'static str = "asdf://example.org/tags/dither-1.0.0";

    fn from_node(at: FileNode<'f>) -> Result<Self> {
        at.node.read()
    }

    fn to_node(&self, draft: &mut Draft<'f>) -> Result<NewNode> {
        draft.nodes().value(self)
    }
}

fn main() -> Result<()> {
    run(&std::env::args().skip(1).collect::<Vec<_>>())
}

pub(crate) fn run(args: &[String]) -> Result<()> {
    let [out] = args else {
        return Err(Error::of_caller("usage: custom_tag OUT"));
    };
    let dither = Dither {
        pattern: "line".to_owned(),
        steps: vec![[0.0, 0.0], [0.5, 0.0]],
    };
    let mut draft = Draft::new();
    draft.set_tagged("dither", &dither)?;
    draft.set_tagged("exposure", &Quantity::new(107.5, "s"))?;
    draft.set_tagged("start", &Time::new("2027-03-14T15:09:26.535"))?;
    draft.set_tagged("target", &SkyCoord::of_degrees("icrs", 10.6847, 41.2688))?;
    draft.save(out, &WriteOptions::default())?;

    let file = AsdfFile::open(out)?;
    println!("{:?}", file.tagged::<Dither>("dither")?);
    let mut library = SchemaLibrary::new();
    library.add_texts("example", [SCHEMA, MANIFEST])?;
    let outcome = file.validate(&Validator::new(Arc::new(library)));
    match outcome.violations.first() {
        None => println!("valid"),
        Some(violation) => return Err(Error::of_caller(violation.to_string())),
    }
    Ok(())
}
