use asdf_core::*;
use std::io::Write;
fn main() {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for path in std::env::args().skip(1) {
        match AsdfFile::open(&path) {
            Ok(file) => {
                let mut buf = Vec::new();
                let at = FileNode { file: &file, node: file.tree().root() };
                let r = write_json(at, References::Keep, &mut buf, file.limits());
                let ws: Vec<String> = file.warnings().map(|w| w.to_string()).collect();
                writeln!(out, "{}", serde_json::json!({"path": path, "tree": String::from_utf8(buf).unwrap(), "err": r.err().map(|e| e.to_string()), "warn": ws, "index": format!("{:?}", file.block_table().index()), "std": file.header().standard_version, "has_tree": file.tree_span().is_some(), "comments": file.header().comments,
                 "blocks": file.block_table().headers().iter().map(|h| serde_json::json!([h.offset, h.header_size, h.flags, h.allocated, h.used, h.data_size])).collect::<Vec<_>>() })).unwrap();
            }
            Err(e) => writeln!(out, "{}", serde_json::json!({"path": path, "open": e.to_string()})).unwrap(),
        }
    }
}
