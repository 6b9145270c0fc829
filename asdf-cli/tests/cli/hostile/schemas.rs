//! Schemas that ask for the same again and again.

use super::{Place, tree};
use std::fs;

/// Schemas in a folder: each of a chain asks for the next one twice.
fn doubling(place: &Place, keyword: &str) {
    let id = |number: usize| format!("asdf://bomb.org/schemas/s{number}-1.0.0");
    let folder = place.path("bomb");
    fs::create_dir(&folder).unwrap();
    let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
    let head = "%YAML 1.1\n---\n$schema: http://stsci.edu/schemas/yaml-schema/draft-01\n";
    for number in 0..40 {
        let next = format!("{{$ref: '{}'}}", id(number + 1));
        let text = format!("{head}id: {}\n{keyword}: [{next}, {next}]\n", id(number));
        write(&format!("s{number}.yaml"), text);
    }
    write("s40.yaml", format!("{head}id: {}\ntype: object\n", id(40)));
    let manifest = format!(
        "%YAML 1.1\n---\nid: asdf://bomb.org/manifests/m-1.0.0\nextension_uri: asdf://bomb.org/extensions/m-1.0.0\ntags:\n- {{tag_uri: 'asdf://bomb.org/tags/t-1.0.0', schema_uri: '{}'}}\n",
        id(0)
    );
    write("manifest.yaml", manifest);
}

#[test]
fn a_schema_that_doubles_ends() {
    let text = "a: !<asdf://bomb.org/tags/t-1.0.0> {b: 1}";
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let place = Place::new().with("x.asdf", tree(text));
        doubling(&place, keyword);
        let done = place.run("validate --schemas bomb x.asdf");
        // It was not checked, so that the answer is neither yes nor no.
        assert_eq!(done.code, Some(2), "{keyword}: {}", done.out);
        assert!(done.out.starts_with("x.asdf: not known to be valid"));
        let schema = "schema asdf://bomb.org/schemas/s0-1.0.0 cannot be used: ";
        assert!(done.err.contains(schema), "{}", done.err);
    }
}
