//! Objects of S3.

use crate::exposure;
use crate::moto::Moto;
use asdf_core::OpenOptions;
use asdf_remote::{Remote, RemoteOptions};
use std::path::Path;
use std::sync::Arc;

fn open(moto: &Moto) -> (OpenOptions, Arc<Remote>) {
    let mut options = RemoteOptions::default();
    options.endpoint = Some(moto.endpoint());
    options.no_sign_request = true;
    let remote = Arc::new(Remote::new(options));
    (OpenOptions::default().opener(remote.clone()), remote)
}

#[test]
fn objects_of_a_bucket() {
    let Some(moto) = Moto::start() else {
        return;
    };
    moto.put("night", b"");
    for name in ["b/x.asdf", "a/y 1.asdf", "a/z.txt"] {
        moto.put(&format!("night/{name}"), &exposure());
    }
    let (open, remote) = open(&moto);
    for name in ["s3://night/b/x.asdf", "s3://night/a/y 1.asdf"] {
        let file = open.open(name).unwrap();
        assert_eq!(file.name(), Path::new(name));
        assert_eq!(
            file.array("roman/data").unwrap().load().unwrap().shape(),
            [64, 64]
        );
    }
    let found = remote.list(Path::new("s3://night/")).unwrap().unwrap();
    let names: Vec<_> = found.iter().map(|path| path.to_string_lossy()).collect();
    assert_eq!(
        names,
        [
            "s3://night/a/y 1.asdf",
            "s3://night/a/z.txt",
            "s3://night/b/x.asdf"
        ]
    );
    let found = remote.list(Path::new("s3://night/b/")).unwrap().unwrap();
    assert_eq!(found.len(), 1);
    for (name, text) in [
        ("s3://night/no.asdf", "there is no such object (404)"),
        ("s3://no-such-bucket/x.asdf", "(404)"),
    ] {
        let error = open.open(name).unwrap_err().to_string();
        assert!(error.contains(text), "{error}");
    }
}
